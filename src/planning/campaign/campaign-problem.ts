import type { Priority } from '../../domain/campaign.ts';
import type { Instant } from '../../domain/ids.ts';
import type { Testbed } from '../../domain/testbed.ts';
import { chooseTestbeds } from '../choose-testbeds.ts';
import { openSpans } from '../timetable/calendar.ts';
import type {
  PlannedMode,
  PlannedResource,
  PlannedRun,
  PlannedTestbed,
  Span,
  TimetableProblem,
} from '../timetable/problem.ts';
import { type Expected, expectedOf } from './durations.ts';
import type { Pairing } from './pairings.ts';
import { hoursOf, type Stretch, union } from './staffed-spans.ts';

/** A testbed with those of its slots that can be planned: none of them is quarantined. */
export interface PlannableTestbed {
  readonly testbed: Testbed;
  readonly slots: readonly number[];
}

/** A unit that somebody else has. */
export interface Busy {
  readonly resource: string;
  readonly unit: number;
  readonly from: Instant;
  readonly to: Instant;
}

export interface ProblemInput {
  readonly stretch: Stretch;
  readonly runs: readonly RunToPlace[];
  readonly testbeds: readonly PlannableTestbed[];
  readonly busy: readonly Busy[];
  readonly priority: Priority;
  /** Milliseconds that former runs took, by plan. */
  readonly former: Readonly<Record<string, readonly number[]>>;
  /** What is cabled at each slot, by role; nothing when absent. */
  readonly holds?: Holds;
}

/** By slot: what the run that was there last has cabled, by role. */
export type Holds = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface RunToPlace {
  readonly key: string;
  readonly pairing: Pairing;
  /** Minute before which it cannot begin; 0 when absent. */
  readonly release?: number;
  /** How long it was expected to take before; learnt anew when absent. */
  readonly expected?: Pick<Expected, 'duration' | 'buffer'>;
}

const WEIGHTS: Readonly<Record<Priority, number>> = { critical: 8, high: 3, normal: 1, low: 0.3 };
const MINUTE_MS = 60_000;

/** `north/one#0`: a slot of a testbed, as a place of its own. */
export function slotId(testbed: string, slot: number): string {
  return `${testbed}#${slot}`;
}

export function slotOf(id: string): { readonly testbed: string; readonly slot: number } {
  const at = id.lastIndexOf('#');
  return { testbed: id.slice(0, at), slot: Number(id.slice(at + 1)) };
}

/** When and where the pairings may run, as a problem in whole minutes from the start of the stretch. */
export function campaignProblem(input: ProblemInput): TimetableProblem {
  const { stretch, runs, testbeds } = input;
  const busy = busySpans(input);
  return {
    horizon: stretch.minutes,
    testbeds: testbeds.flatMap((one) => slotsOf(one, input, busy)),
    resources: resourcesOf(input, busy),
    budgets: [],
    lines: [],
    shares: {},
    runs: runs.map((run) => plannedRun(input, run)),
  };
}

type BusySpans = ReadonlyMap<string, readonly Span[]>;

function busySpans({ busy, stretch }: ProblemInput): BusySpans {
  const spans = new Map<string, Span[]>();
  for (const { resource, unit, from, to } of busy) {
    const span = {
      from: Math.max(0, Math.floor((from - stretch.from) / MINUTE_MS)),
      to: Math.min(stretch.minutes, Math.ceil((to - stretch.from) / MINUTE_MS)),
    };
    if (span.from >= span.to) continue;
    // Of what there are several of, nothing is planned while somebody else has one: which of them it is may change.
    const name = resource.startsWith('slot:') ? `${resource}#${unit}` : resource;
    spans.set(name, [...(spans.get(name) ?? []), span]);
  }
  return spans;
}

function slotsOf(
  { testbed, slots }: PlannableTestbed,
  { stretch, holds = {} }: ProblemInput,
  busy: BusySpans,
): readonly PlannedTestbed[] {
  const { staffed, closed } = hoursOf(testbed.calendar, stretch);
  return slots.map((slot) => ({
    id: slotId(testbed.id, slot),
    staffed,
    closed: union([...closed, ...(busy.get(`slot:${slotId(testbed.id, slot)}`) ?? [])]),
    setUp: { kind: 'byRole', minutes: testbed.setUp.minutesPerChangedRole },
    holds: holds[slotId(testbed.id, slot)] ?? {},
  }));
}

function resourcesOf({ runs, testbeds, stretch }: ProblemInput, busy: BusySpans): readonly PlannedResource[] {
  const products = new Set(
    runs.flatMap(({ pairing }) => pairing.subjects.map(({ id }) => `equipment:${id}`)),
  );
  const instruments = testbeds.flatMap(({ testbed }) =>
    testbed.instruments.map(({ id, capacity }) => ({ id: `instrument:${testbed.id}/${id}`, capacity })),
  );
  return [...[...products].sort().map((id) => ({ id, capacity: 1 })), ...instruments].map((resource) => {
    const taken = busy.get(resource.id);
    return { ...resource, open: taken === undefined ? null : openSpans(null, taken, stretch.minutes) };
  });
}

function plannedRun(
  { runs, testbeds, stretch, priority, former }: ProblemInput,
  { key, pairing, release = 0, expected }: RunToPlace,
): PlannedRun {
  const { plan, subjects } = pairing;
  const { duration, buffer } = expected ?? expectedOf(plan, former[plan.id] ?? []);
  const known = testbeds.map(({ testbed }) => testbed);
  const products = subjects.map(({ id }) => [`equipment:${id}`, 1] as const);
  const modes = chooseTestbeds(plan, subjects, known).testbeds.flatMap((id): readonly PlannedMode[] => {
    const place = testbeds.find(({ testbed }) => testbed.id === id);
    const instruments = (place?.testbed.instruments ?? []).map(
      (one) => [`instrument:${id}/${one.id}`, 1] as const,
    );
    const needs = Object.fromEntries([...products, ...instruments]);
    return (place?.slots ?? []).map((slot) => ({
      testbed: slotId(id, slot),
      duration,
      buffer,
      needs,
      takes: {},
    }));
  });
  const gates = runs.filter(
    (other) => plan.gates.includes(other.pairing.plan.id) && sameProducts(other.pairing, pairing),
  );
  return {
    id: key,
    organisation: subjects[0]?.organisation ?? '',
    weight: WEIGHTS[priority],
    release,
    due: stretch.minutes,
    after: gates.map((gate) => gate.key),
    roles: rolesOf(subjects),
    hours: 'any',
    modes,
  };
}

/** What is cabled for products, by role. */
export function rolesOf(subjects: Pairing['subjects']): Readonly<Record<string, string>> {
  return Object.fromEntries(subjects.map(({ role, id }) => [role, id]));
}

function sameProducts(a: Pairing, b: Pairing): boolean {
  return (
    a.subjects.length === b.subjects.length &&
    a.subjects.every(({ id }, index) => id === b.subjects[index]?.id)
  );
}
