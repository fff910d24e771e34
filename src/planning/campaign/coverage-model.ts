import type { Coverage, StrengthCoverage } from '../../domain/campaign.ts';
import type { Equipment } from '../../domain/equipment.ts';
import type { EquipmentId, Instant } from '../../domain/ids.ts';
import { mayBe, type PlanSubject, type TestPlan } from '../../domain/plan.ts';
import type { Testbed } from '../../domain/testbed.ts';
import { reason, type Reason } from '../../kernel/errors.ts';
import { chooseTestbeds } from '../choose-testbeds.ts';
import type { CoverageModel, Factor, PartialRow } from '../coverage/model.ts';
import { type ClaimsOf, findingsOf } from '../weigh.ts';

export interface PairingWish {
  readonly coverage: Coverage;
  readonly plans: readonly TestPlan[];
  readonly equipment: readonly Equipment[];
  readonly testbeds: readonly Testbed[];
  readonly claimsOf: ClaimsOf;
  readonly now: Instant;
}

/** Products that may not stand in one row, and why. */
export interface Forbidden {
  readonly id: string;
  readonly forbid: PartialRow;
}

export interface MadeModel {
  readonly model: CoverageModel & {
    readonly seeds: readonly PartialRow[];
    readonly forbidden: readonly Forbidden[];
  };
  /** For each factor the product of each level. */
  readonly columns: readonly (readonly Equipment[])[];
  readonly found: readonly Reason[];
}

/**
 * The products of each role as factors; what is known to stand between them, and testbeds that could not host them, as constraints.
 * `null` when a role has no product.
 */
export function coverageModelOf(wish: PairingWish, plan: TestPlan): MadeModel | null {
  const asked: StrengthCoverage = 'strength' in wish.coverage ? wish.coverage : { strength: 1 };
  const products = [...wish.equipment].sort((a, b) => (a.id < b.id ? -1 : 1));
  const columns = plan.subjects.map((subject) =>
    products.filter((one) => mayBe(subject, one.role) && speaks(wish.claimsOf(one), subject)),
  );
  if (columns.some((column) => column.length === 0)) return null;
  const factors = plan.subjects.map(({ role }, index): Factor => {
    const name =
      plan.subjects.findIndex((other) => other.role === role) < index ? `${role}-${index + 1}` : role;
    return { name, levels: (columns[index] ?? []).map(({ id }) => id) };
  });
  const pairs = pairsOf(columns, factors);
  const judged = pairs.map((pair) => ({ ...pair, findings: standsBetween(wish, plan, pair.products) }));
  const alone = columns.flatMap((column, index) =>
    column.map((product) => ({ product, factor: factors[index]?.name ?? '' })),
  );
  const forbidden: readonly Forbidden[] = [
    ...alone.flatMap(({ product, factor }) => homeless(wish, plan, { product, factor })),
    ...judged.flatMap(({ choice, findings }) =>
      findings.filter(({ refuses }) => refuses).map(({ why }): Forbidden => ({ id: why, forbid: choice })),
    ),
    ...namedChoices(asked.exclude ?? [], factors).map(({ products: names, choice }): Forbidden => ({
      id: `exclude ${names.join(' + ')}`,
      forbid: choice,
    })),
  ];
  const model: MadeModel['model'] = {
    factors,
    strength: Math.min(asked.strength, factors.length),
    forbidden,
    constraints: forbidden,
    seeds: namedChoices(asked.seeds ?? [], factors).map(({ choice }) => choice),
    weights: Object.entries(asked.weights ?? {}).flatMap(([id, weight]) =>
      namedChoices([[id as EquipmentId]], factors).map(({ choice }) => ({ choice, weight })),
    ),
  };
  const found = judged.flatMap(({ findings }) => findings.flatMap(({ remark }) => remark ?? []));
  return { model, columns, found };
}

interface Pair {
  readonly products: readonly [Equipment, Equipment];
  readonly choice: PartialRow;
}

function pairsOf(columns: MadeModel['columns'], factors: readonly Factor[]): readonly Pair[] {
  return columns.flatMap((column, one) =>
    columns.slice(one + 1).flatMap((other, at) =>
      column.flatMap((a) =>
        other.map((b): Pair => {
          const [first = '', second = ''] = [factors[one]?.name, factors[one + 1 + at]?.name];
          return { products: [a, b], choice: { [first]: a.id, [second]: b.id } };
        }),
      ),
    ),
  );
}

interface Between {
  readonly refuses: boolean;
  readonly why: string;
  readonly remark?: Reason;
}

function standsBetween(
  { claimsOf, testbeds }: PairingWish,
  plan: TestPlan,
  [a, b]: Pair['products'],
): readonly Between[] {
  const names = `${a.id} + ${b.id}`;
  if (a.id === b.id) return [{ refuses: true, why: `${a.id} exists once` }];
  const findings = findingsOf([a, b], claimsOf).map(({ severity, code, why, ric, node }): Between => {
    const left = severity === 'refuse' ? ', so it is left out' : '';
    const remark = reason(code, `${plan.id} on ${names}${left}: ${why}; RIC: ${ric}; node: ${node}`);
    return { refuses: severity === 'refuse', why: `${names}: ${code}`, remark };
  });
  const { none } = chooseTestbeds(plan, [a, b], testbeds);
  const alone = [a, b].some((one) => chooseTestbeds(plan, [one], testbeds).none !== null);
  if (none === null || alone) return findings;
  return [...findings, { refuses: true, why: `${names}: ${none.text}`, remark: none }];
}

/** A product that no testbed can host meets nobody. */
function homeless(
  { testbeds }: PairingWish,
  plan: TestPlan,
  { product, factor }: { readonly product: Equipment; readonly factor: string },
): readonly Forbidden[] {
  const { none } = chooseTestbeds(plan, [product], testbeds);
  return none === null ? [] : [{ id: `${product.id}: ${none.text}`, forbid: { [factor]: product.id } }];
}

/** A product that says nothing of an interface of the plan, neither by an end point nor by a claim, is not for it. */
function speaks(product: Equipment, { interfaces }: PlanSubject): boolean {
  const claims = Object.keys(product.ics);
  return interfaces.every(
    (name) => Object.hasOwn(product.interfaces, name) || claims.some((claim) => claim.startsWith(`${name}.`)),
  );
}

/** For each set of products the ways in which all of them can stand in the factors; none where one has no place in this plan. */
function namedChoices(
  sets: readonly (readonly EquipmentId[])[],
  factors: readonly Factor[],
): readonly { readonly products: readonly EquipmentId[]; readonly choice: PartialRow }[] {
  return sets.flatMap((products) => {
    const ways = products.reduce<readonly PartialRow[]>(
      (rows, id) =>
        rows.flatMap((row) =>
          factors
            .filter(({ name, levels }) => levels.includes(id) && row[name] === undefined)
            .map(({ name }) => ({ ...row, [name]: id })),
        ),
      [{}],
    );
    return ways.map((choice) => ({ products, choice }));
  });
}
