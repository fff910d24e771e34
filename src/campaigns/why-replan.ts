import type { PlanHead, Reserved } from './planning-ports.ts';
import type { TestbedView } from './store-ports.ts';
import type { Instant, RunId } from '../domain/ids.ts';
import type { Run } from '../domain/run.ts';
import { reason, type Reason } from '../kernel/errors.ts';

/** What tells whether a plan still holds. */
export interface PlanFacts {
  readonly head: PlanHead;
  readonly runs: readonly Run[];
  readonly reserved: readonly Reserved[];
  readonly testbeds: readonly TestbedView[];
  readonly now: Instant;
}

/** A run that somebody is in the way of is late when so much of its time has gone by. */
const LATE_MS = 60_000;

/**
 * What has happened that a plan did not reckon with; nothing when it still holds. It follows from the store alone, so that
 * whoever looks finds it, however often somebody died before, and it is gone when the campaign has been planned again.
 */
export function whyReplan(facts: PlanFacts): readonly Reason[] {
  return [
    ...facts.runs.filter(isWaiting).flatMap((run) => whyNotThere(facts, run) ?? []),
    ...endedUnbegun(facts).map(({ run, reason: why }) => reason(why.code, `run ${run}: ${why.text}`)),
  ];
}

/** Without a lease that was granted. */
export function isWaiting({ life: { state } }: Run): boolean {
  return state === 'queued' || state === 'leasing';
}

/** Runs of the plan that ended and never had a slot. */
export function endedUnbegun({
  head,
  runs,
}: Pick<PlanFacts, 'head' | 'runs'>): readonly { readonly run: RunId; readonly reason: Reason }[] {
  const planned = new Set(head.runs);
  return runs.flatMap(({ id, life }) => {
    if (!planned.has(id) || life.state !== 'final' || life.hold !== null) return [];
    return [{ run: id, reason: life.reason ?? reason('NOT_REACHED', 'it never began') }];
  });
}

function whyNotThere(facts: PlanFacts, run: Run): Reason | null {
  const { head, reserved, testbeds } = facts;
  const mine = reserved.filter((one) => one.run === run.id && one.state === 'planned');
  const slot = mine.find(({ resource }) => resource.startsWith('slot:'));
  if (slot === undefined) {
    const left = head.leftOut.find((one) => one.run === run.id);
    if (left !== undefined && (left.code !== 'SLOT_QUARANTINED' || !hasSlot(facts, run))) return null;
    return reason('PLACE_MISSING', `run ${run.id} has no place in the plan`);
  }
  const testbed = slot.resource.slice('slot:'.length);
  const view = testbeds.find((one) => one.testbed.id === testbed);
  if (view?.mode !== 'open')
    return reason('TESTBED_DRAINING', `run ${run.id} was planned on ${testbed}, which takes no runs`);
  // A slot that is leased may be quarantined already.
  if (view.slots.find((one) => one.slot === slot.unit)?.reason !== null)
    return reason('SLOT_QUARANTINED', `run ${run.id} was planned on slot ${slot.unit} of ${testbed}`);
  return whyLate(facts, run, mine);
}

/** Now that a slot is clean again. */
function hasSlot({ testbeds }: PlanFacts, run: Run): boolean {
  return testbeds.some(
    ({ testbed, mode, slots }) =>
      mode === 'open' && run.testbeds.includes(testbed.id) && slots.some((slot) => slot.reason === null),
  );
}

/** Its time has come, and something that it needs is still held by another run. */
function whyLate({ reserved, now }: PlanFacts, run: Run, mine: readonly Reserved[]): Reason | null {
  if (!mine.some(({ from }) => from + LATE_MS <= now)) return null;
  const holder = mine.flatMap((wanted) =>
    reserved.filter(
      (other) => other.state === 'leased' && other.resource === wanted.resource && other.unit === wanted.unit,
    ),
  )[0];
  if (holder === undefined) return null;
  return reason(
    'PLACE_LATE',
    `run ${run.id} should have begun, but run ${holder.run} still holds ${holder.resource}`,
  );
}
