import { type Instant, instant, type RunId } from '../domain/ids.ts';
import type { Equipment } from '../domain/equipment.ts';
import type { ReservedUnit } from '../domain/lease.ts';
import type { Place } from '../domain/reservation.ts';
import type { Testbed } from '../domain/testbed.ts';
import { HarnessError } from '../kernel/errors.ts';
import type { CampaignPlan } from '../planning/campaign/campaign-plan.ts';
import { slotOf } from '../planning/campaign/campaign-problem.ts';
import type { PlannedEntry } from '../planning/timetable/plan.ts';

const MINUTE_MS = 60_000;

export interface PlacesInput {
  readonly plan: Pick<CampaignPlan, 'origin' | 'timetable'>;
  readonly testbeds: readonly Testbed[];
  /** By key of the plan: which run it is, and what it is about. */
  readonly runOf: (key: string) => { readonly run: RunId; readonly subjects: readonly Equipment[] };
  /** Nothing begins before this, whoever is there. */
  readonly opensAt: Instant;
}

/** Every unit that the runs of a plan need, for as long as they need it; in the order in which they begin. */
export function placesOf({ plan, testbeds, runOf, opensAt }: PlacesInput): readonly Place[] {
  const takeUnit = makeTakeUnit();
  const at = (minute: number): Instant => instant(plan.origin + minute * MINUTE_MS);
  return [...plan.timetable.entries]
    .sort((a, b) => a.setUpStart - b.setUpStart)
    .map((entry): Place => {
      if (entry.testbed === null)
        throw new HarnessError('PLAN_BROKEN', `${entry.run} is planned without a place`);
      const { run, subjects } = runOf(entry.run);
      const times = { from: at(entry.setUpStart), to: at(entry.end) };
      const { testbed: id, slot } = slotOf(entry.testbed);
      const instruments = testbeds.find((testbed) => testbed.id === id)?.instruments ?? [];
      const units: readonly ReservedUnit[] = [
        { resource: `slot:${id}`, unit: slot },
        ...subjects.map((subject) => ({ resource: `equipment:${subject.id}`, unit: 0 })),
        ...instruments.map(({ id: name, capacity }) =>
          takeUnit({ resource: `instrument:${id}/${name}`, capacity, ...times }),
        ),
      ];
      return { run, units, ...times, notBefore: isByHand(entry, subjects) ? at(entry.start) : opensAt };
    });
}

/** Nobody re-cables a simulator: it is there at once. People are there when the plan says so. */
function isByHand({ setUpStart, start }: PlannedEntry, subjects: readonly Equipment[]): boolean {
  return setUpStart < start && subjects.some(({ simulator }) => simulator === undefined);
}

type TakeUnit = (wish: {
  readonly resource: string;
  readonly capacity: number;
  readonly from: Instant;
  readonly to: Instant;
}) => ReservedUnit;

/** Asked in the order of beginnings, the first unit that is free by then; the plan never needs more than there are. */
function makeTakeUnit(): TakeUnit {
  const freeAt = new Map<string, number[]>();
  return ({ resource, capacity, from, to }) => {
    const ends = freeAt.get(resource) ?? Array.from({ length: capacity }, () => 0);
    const unit = ends.findIndex((end) => end <= from);
    if (unit < 0) throw new HarnessError('PLAN_BROKEN', `more of ${resource} are planned than there are`);
    ends[unit] = to;
    freeAt.set(resource, ends);
    return { resource, unit };
  };
}
