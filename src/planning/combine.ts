import type { CoverageMode } from '../domain/campaign.ts';
import type { Equipment } from '../domain/equipment.ts';
import { mayBe, type PlanSubject, type TestPlan } from '../domain/plan.ts';
import { reason, type Reason } from '../kernel/errors.ts';

/** One plan on the products that it is to be run on, in the order of the plan's subjects. */
export interface Sut {
  readonly plan: TestPlan;
  readonly subjects: readonly Equipment[];
}

export interface Combination {
  readonly suts: readonly Sut[];
  /** Which plans and which equipment come to nothing, and why. */
  readonly remarks: readonly Reason[];
}

/**
 * Which products each plan meets. Pure; the same for every order of its input.
 *
 * - `each`: a plan of one subject meets every product that fits; of two, every product meets one partner for each
 *   role, the first that fits, so that nothing is left out and nothing is tested more often than needed.
 * - `pairs`, `full`: every product that fits, every pair of different products. The two differ once a plan has more
 *   than two subjects: `pairs` then lets every two products meet at least once, `full` makes all combinations.
 *
 * A product fits a subject when it has the role. That an interface has no end point is for the review to say, so that
 * there is a record of it.
 */
export function combine({
  mode,
  plans,
  equipment,
}: {
  readonly mode: CoverageMode;
  readonly plans: readonly TestPlan[];
  readonly equipment: readonly Equipment[];
}): Combination {
  const products = inOrder(equipment);
  const [fits, tooMany] = split(inOrder(plans), (plan) => countOf(candidatesOf(plan, products)) <= MAX_ROWS);
  const suts = fits.flatMap((plan) => {
    const combinations = combinationsOf(candidatesOf(plan, products), mode);
    return combinations.map((subjects) => ({ plan, subjects }));
  });
  const idle = [...idlePlans(fits, products, suts), ...idleEquipment(products, suts)];
  return { suts, remarks: [...tooMany.map(tooLarge), ...idle] };
}

/** A plan for which more combinations than this are possible is refused: choose less equipment. */
const MAX_ROWS = 250_000;

/** For each subject of the plan, the products with its role. */
function candidatesOf(plan: TestPlan, products: readonly Equipment[]): readonly (readonly Equipment[])[] {
  return plan.subjects.map((subject) => products.filter(({ role }) => mayBe(subject, role)));
}

type Subjects = readonly Equipment[];

function combinationsOf(candidates: readonly Subjects[], mode: CoverageMode): readonly Subjects[] {
  const all = distinct(product(candidates));
  if (mode === 'full' || candidates.length < 2) return all;
  if (mode === 'pairs') return candidates.length === 2 ? all : coverGreedily(all, pairsOf);
  return coverGreedily(all, (subjects) => subjects.map(({ id }) => id));
}

function countOf(candidates: readonly Subjects[]): number {
  return candidates.reduce((count, column) => count * column.length, 1);
}

function product(candidates: readonly Subjects[]): readonly Subjects[] {
  return candidates.reduce<readonly Subjects[]>(
    (rows, column) => rows.flatMap((row) => column.map((next) => [...row, next])),
    [[]],
  );
}

/** Without products that meet themselves, and without the same products in roles that are the same, twice. */
function distinct(rows: readonly Subjects[]): readonly Subjects[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const ids = row.map(({ id }) => id as string);
    const key = row
      .map(({ id, role }) => `${role} ${id}`)
      .sort()
      .join('\n');
    if (new Set(ids).size < ids.length || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/**
 * Rows, in order, until everything that any row covers is covered: first those that add the most, and none that adds
 * nothing. One look at every row for each amount that it can add.
 */
function coverGreedily(
  rows: readonly Subjects[],
  covers: (row: Subjects) => readonly string[],
): readonly Subjects[] {
  const covered = new Set<string>();
  const chosen = new Set<Subjects>();
  const most = rows[0] === undefined ? 0 : covers(rows[0]).length;
  for (let wanted = most; wanted > 0; wanted -= 1) {
    for (const row of rows) {
      const fresh = covers(row).filter((item) => !covered.has(item));
      if (fresh.length < wanted) continue;
      for (const item of fresh) covered.add(item);
      chosen.add(row);
    }
  }
  return rows.filter((row) => chosen.has(row));
}

function pairsOf(row: Subjects): readonly string[] {
  return row.flatMap((a, i) => row.slice(i + 1).map((b, j) => `${i} ${a.id} ${i + 1 + j} ${b.id}`));
}

function idlePlans(
  plans: readonly TestPlan[],
  products: readonly Equipment[],
  suts: readonly Sut[],
): readonly Reason[] {
  return plans
    .filter((plan) => !suts.some((sut) => sut.plan === plan))
    .map((plan) => reason('NOT_FOUND', `${plan.id} meets nothing: ${whatLacks(plan.subjects, products)}`));
}

function tooLarge({ id }: TestPlan): Reason {
  return reason('INPUT_TOO_LARGE', `${id} could meet over ${MAX_ROWS} combinations: choose less equipment`);
}

function whatLacks(subjects: readonly PlanSubject[], products: readonly Equipment[]): string {
  const roles = subjects.map(({ role, alsoRoles = [] }) => [role, ...alsoRoles].join(' or '));
  const unmet = subjects.map((subject) => !products.some(({ role }) => mayBe(subject, role)));
  const absent = [...new Set(roles.filter((_, index) => unmet[index] === true))];
  return absent.length > 0
    ? `no equipment with role ${absent.join(', ')} was chosen`
    : `it needs ${roles.length} different products with the roles ${roles.join(', ')}`;
}

function idleEquipment(products: readonly Equipment[], suts: readonly Sut[]): readonly Reason[] {
  const busy = new Set(suts.flatMap(({ subjects }) => subjects.map(({ id }) => id)));
  return products
    .filter(({ id }) => !busy.has(id))
    .map(({ id, role }) => reason('NOT_FOUND', `no chosen plan is for ${id} (role ${role})`));
}

function split<T>(items: readonly T[], holds: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [items.filter(holds), items.filter((item) => !holds(item))];
}

/** By id (and version), each once. */
function inOrder<T extends { readonly id: string; readonly version?: string }>(
  items: readonly T[],
): readonly T[] {
  const byKey = new Map(items.map((item) => [`${item.id}@${item.version ?? ''}`, item]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}
