import type { Equipment } from '../domain/equipment.ts';
import type { TestbedId } from '../domain/ids.ts';
import type { TestPlan } from '../domain/plan.ts';
import type { Testbed } from '../domain/testbed.ts';
import { reason, type Reason } from '../kernel/errors.ts';

export interface TestbedChoice {
  /** That can host the run, best first. */
  readonly testbeds: readonly TestbedId[];
  /** What speaks for each of them. */
  readonly because: Readonly<Record<TestbedId, string>>;
  /** Why there is none: `CAPABILITY_MISSING`; null when there are some. */
  readonly none: Reason | null;
}

/**
 * The testbeds on which a plan can meet these products, best first: where the products stand, then those of an
 * organisation that owns one of them, then those that do least besides what is needed, then by id.
 *
 * A product that stands at a testbed can be tested there only.
 */
export function chooseTestbeds(
  plan: Pick<TestPlan, 'id' | 'capabilities'>,
  subjects: readonly Equipment[],
  testbeds: readonly Testbed[],
): TestbedChoice {
  const places = [...new Set(subjects.flatMap(({ location }) => location?.testbed ?? []))];
  const [place, elsewhere] = places;
  if (elsewhere !== undefined) return refuse(plan, `its products stand apart, at ${places.join(' and ')}`);
  const near = testbeds.filter(({ id }) => place === undefined || id === place);
  if (place !== undefined && near.length === 0)
    return refuse(plan, `no testbed ${place}, where a product stands, is known`);
  const able = near.filter(({ capabilities }) => missingOf(plan, capabilities).length === 0);
  if (able.length === 0) return refuse(plan, whyNone(plan, near));
  const owners = new Set(subjects.map(({ organisation }) => organisation));
  const best = [...able].sort((a, b) => rank(a, owners) - rank(b, owners) || compare(a.id, b.id));
  const why = (testbed: Testbed): string =>
    place === undefined ? whyThis(testbed, owners) : 'a product stands there';
  return {
    testbeds: best.map(({ id }) => id),
    because: Object.fromEntries(best.map((testbed) => [testbed.id, why(testbed)])),
    none: null,
  };
}

/** Capabilities that the plan needs and this list does not have. */
function missingOf(plan: Pick<TestPlan, 'capabilities'>, has: readonly string[]): readonly string[] {
  return plan.capabilities.filter((wanted) => !has.includes(wanted));
}

/** Lower is better: own testbeds before others, specialists before those that can do everything. */
function rank({ organisation, capabilities }: Testbed, owners: ReadonlySet<string>): number {
  return (owners.has(organisation) ? 0 : 1000) + Math.min(capabilities.length, 999);
}

function whyThis({ organisation }: Testbed, owners: ReadonlySet<string>): string {
  return owners.has(organisation)
    ? `${organisation} owns a product and the testbed`
    : 'it can do what the plan needs';
}

function whyNone(plan: Pick<TestPlan, 'capabilities'>, testbeds: readonly Testbed[]): string {
  if (testbeds.length === 0) return 'no testbed is known';
  const misses = [...testbeds]
    .sort((a, b) => compare(a.id, b.id))
    .map(({ id, capabilities }) => `${id} lacks ${missingOf(plan, capabilities).join(', ')}`);
  return misses.join('; ');
}

function refuse(plan: Pick<TestPlan, 'id'>, text: string): TestbedChoice {
  const none = reason('CAPABILITY_MISSING', `no testbed for ${plan.id}: ${text}`);
  return { testbeds: [], because: {}, none };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
