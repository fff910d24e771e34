import { fillRecords } from './fill-records.ts';
import { gateReason } from './gates.ts';
import { limitOf, type Limits, watchedMs } from './limits.ts';
import type { Ids, Log, Tick } from './ports.ts';
import type { AssignmentDraft, Change, RunProgress } from './store-ports.ts';
import { retryReason } from './retry.ts';
import { onlineTestbeds, overdueEvent, type WatchDeps } from './watchdog.ts';
import { findingOf } from '../domain/case-record.ts';
import { type Instant, instant, isoTime, type LeaseId, type RunId } from '../domain/ids.ts';
import { type Grant, HOLDING_LEASE_STATES, type Lease, type LeaseEvent, stepLease } from '../domain/lease.ts';
import { type Hold, type Run, type RunEvent, type RunLife, stepRun } from '../domain/run.ts';
import { rollUp } from '../domain/verdict.ts';
import { HarnessError, reason, type Reason } from '../kernel/errors.ts';

export interface AdvanceRunDeps extends WatchDeps {
  readonly ids: Ids;
  readonly ring: (ticks: readonly Tick[]) => Promise<void>;
  readonly log: Log;
}

/**
 * Moves a run on as far as it can go now. Idempotent: it reads the store, takes one step at a time by compare-and-set,
 * and stops when nothing changes. Killed between two steps, the next tick goes on from the last one written.
 */
export function makeAdvanceRun(deps: AdvanceRunDeps): (id: RunId) => Promise<void> {
  return async (id) => {
    for (;;) {
      const run = await deps.store.run(id);
      if (run === null || run.life.state === 'final') return;
      try {
        if (!(await stepOnce(deps, run))) return;
      } catch (error) {
        if (error instanceof HarnessError && error.code === 'CONFLICT') continue;
        throw error;
      }
    }
  };
}

/** One step; `false` when the run has to wait for something. */
async function stepOnce(deps: AdvanceRunDeps, run: Run): Promise<boolean> {
  switch (run.life.state) {
    case 'queued':
      return requestLease(deps, run);
    case 'leasing':
      return acquireLease(deps, run, run.life);
    case 'preparing':
    case 'running':
    case 'lost':
    case 'cancelling':
    case 'aborting':
      return watch(deps, run);
    case 'collecting':
      return collect(deps, run);
    case 'judging':
      return judge(deps, run, run.life);
    case 'final':
      return false;
  }
}

async function requestLease(deps: AdvanceRunDeps, run: Run): Promise<boolean> {
  const at = deps.clock.now();
  if (run.testbeds.length === 0) {
    return refuse(deps, run, reason('CAPABILITY_MISSING', 'no testbed can do what the plan needs'));
  }
  const gate = await gateReason(deps.store, run);
  if (gate?.closed === true) return refuse(deps, run, gate.reason);
  if (at >= run.startBy) return refuse(deps, run, windowClosed());
  if (gate !== null) return wait(deps, run, gate.reason);
  const turn = await turnReason(deps, run);
  if (turn !== null) return wait(deps, run, turn);
  const lease: Lease = {
    id: deps.ids.next('lease') as LeaseId,
    run: run.id,
    life: { state: 'requested' },
    version: 0,
  };
  await deps.store.commit({
    runs: [moved(run, { type: 'leaseRequested', at, lease: lease.id })],
    newLeases: [lease],
  });
  return true;
}

/** What its plan puts before it. */
async function turnReason({ store, clock }: AdvanceRunDeps, run: Run): Promise<Reason | null> {
  const place = await store.placeOf(run.id);
  if (place === null) return null;
  if (place.after !== null) return reason('PLACE_WAITS', `by the plan, run ${place.after} comes first`);
  if (clock.now() >= place.notBefore) return null;
  return reason('PLACE_WAITS', `by the plan, not before ${isoTime(place.notBefore)}`);
}

async function acquireLease(
  deps: AdvanceRunDeps,
  run: Run,
  life: Extract<RunLife, { state: 'leasing' }>,
): Promise<boolean> {
  const { store, clock, limits } = deps;
  const lease = await existing(store.lease(life.lease), life.lease);
  const at = clock.now();
  if (at >= run.startBy) return refuse(deps, run, windowClosed(life.waitsFor));
  const place = await store.placeOf(run.id);
  const testbeds = await onlineTestbeds(deps, place === null ? run.testbeds : [place.testbed]);
  if (testbeds.length === 0) {
    const text = `no runner of ${place?.testbed ?? run.testbeds.join(', ')} is attached`;
    return wait(deps, run, reason('RUNNER_OFFLINE', text));
  }
  const draft = await store.draft(run.id);
  const wish = {
    lease,
    testbeds,
    ...(place === null ? {} : { slot: place.slot }),
    resources: run.subjects.map((subject) => `equipment:${subject}`),
    from: at,
    to: instant(at + limits.preparingMs + allowedMs(draft, limits)),
    ttlMs: limits.leaseTtlMs,
  };
  const answer = await store.acquire(wish, (grant) => granted(run, lease, { grant, at: clock.now() }));
  if (answer.granted) return true;
  return wait(deps, run, answer.reason);
}

function granted(run: Run, lease: Lease, { grant, at }: { grant: Grant; at: Instant }): Change {
  const hold: Hold = { lease: lease.id, testbed: grant.testbed, slot: grant.slot, fence: grant.fence };
  return {
    runs: [moved(run, { type: 'leaseGranted', at, hold })],
    leases: [movedLease(lease, { type: 'granted', grant })],
  };
}

/** Everything that holds a slot is watched by two clocks: is the runner there, and does the run get on. */
async function watch(deps: AdvanceRunDeps, run: Run): Promise<boolean> {
  const event = await overdueEvent(deps, run);
  if (event === null) return false;
  deps.log.warn(
    { event: 'run.watchdog', runId: run.id, state: run.life.state, type: event.type },
    'watchdog moved a run on',
  );
  await deps.store.commit({ runs: [moved(run, event)] });
  return true;
}

async function collect(deps: AdvanceRunDeps, run: Run): Promise<boolean> {
  const { store, clock, limits, watchingSince } = deps;
  const [records, evidence, draft] = await Promise.all([
    store.records(run.id),
    store.evidenceOf(run.id),
    store.draft(run.id),
  ]);
  const arrived = new Set(evidence.map(({ digest }) => digest));
  const missing = records.flatMap((record) => record.evidence).filter(({ digest }) => !arrived.has(digest));
  const at = clock.now();
  if (missing.length === 0) {
    await store.commit({ runs: [moved(run, { type: 'evidenceComplete', at })] });
    return true;
  }
  const limit = limitOf(run.life, draft.plan, limits);
  if (limit === null || watchedMs(run.life.since, { watchingSince, now: at }) < limit.ms) return false;
  const text = `${missing.length} item(s) of evidence never arrived, such as ${missing[0]?.digest ?? ''}`;
  await store.commit({
    runs: [moved(run, { type: 'timedOut', at, reason: reason('EVIDENCE_MISSING', text) })],
  });
  return true;
}

async function judge(
  deps: AdvanceRunDeps,
  run: Run,
  life: Extract<RunLife, { state: 'judging' }>,
): Promise<boolean> {
  const { store, clock } = deps;
  const [records, draft, progress, lease] = await Promise.all([
    store.records(run.id),
    store.draft(run.id),
    store.progress(run.id),
    existing(store.lease(life.hold.lease), life.hold.lease),
  ]);
  if (!holds(lease)) throw new HarnessError('CONFLICT', `run ${run.id} was judged by somebody else`);
  const at = clock.now();
  const stop = life.stop?.reason ?? null;
  const startedCase = startedWithoutRecord(progress, records);
  const filled = fillRecords({ run, draft, records, startedCase, stop, fence: life.hold.fence }, at);
  const all = [...records, ...filled];
  const next = moved(run, { type: 'judged', at, finding: rollUp(all.map(findingOf)) });
  const change: Change = { runs: [next], records: filled, ...endOfLease(life, lease) };
  const retry = next.life.state === 'final' && run.retryOf === null ? retryReason(next.life, all) : null;
  await store.commit(retry === null ? change : { ...change, newRuns: [retryRun(deps, run, draft)] });
  deps.log.info(
    {
      event: 'run.final',
      runId: run.id,
      finding: next.life.state === 'final' ? next.life.finding : null,
      retry: retry?.code ?? null,
    },
    'run is final',
  );
  await ringNext(deps, run);
  return false;
}

function holds({ life }: Lease): boolean {
  return (HOLDING_LEASE_STATES as readonly string[]).includes(life.state);
}

function startedWithoutRecord(
  progress: RunProgress,
  records: readonly { case: string }[],
): RunProgress['startedCase'] {
  const { startedCase } = progress;
  return startedCase !== null && records.some((record) => record.case === startedCase) ? null : startedCase;
}

/** The slot is free only when the runner proved tear-down; otherwise it is quarantined until somebody clears it. */
function endOfLease(life: Extract<RunLife, { state: 'judging' }>, lease: Lease): Change {
  if (life.tearDown.clean) {
    const draining =
      lease.life.state === 'draining' ? lease.life : stepLease(lease.life, { type: 'finished' });
    return { leases: [{ ...lease, life: stepLease(draining, { type: 'tornDown' }) }], release: [lease.id] };
  }
  const why = life.tearDown.reason;
  const event: LeaseEvent =
    life.stop?.by === 'lost'
      ? { type: 'revoked', reason: life.stop.reason }
      : { type: 'timedOut', reason: why };
  return { leases: [movedLease(lease, event)], quarantine: [{ lease: lease.id, reason: why }] };
}

/** The same plan on the same SUT once more, as a new run. */
export function retryRun(
  { ids, clock }: Pick<AdvanceRunDeps, 'ids' | 'clock'>,
  run: Run,
  draft: AssignmentDraft,
): { run: Run; draft: AssignmentDraft } {
  const at = clock.now();
  const id = ids.next('run') as RunId;
  return {
    run: {
      ...run,
      id,
      retryOf: run.id,
      createdAt: at,
      life: { state: 'queued', since: at, waitsFor: null },
      version: 0,
    },
    draft: { ...draft, run: id, retryOf: run.id },
  };
}

/** A run ended: its campaign may close, and others may get what it held. */
async function ringNext({ store, ring }: AdvanceRunDeps, run: Run): Promise<void> {
  const [siblings, waiting] = await Promise.all([
    store.runs({ state: 'queued', limit: WAKE_AT_MOST }),
    store.runs({ state: 'leasing', limit: WAKE_AT_MOST }),
  ]);
  await ring([
    { kind: 'campaign', id: run.campaign },
    ...[...waiting, ...siblings].map(({ id }): Tick => ({ kind: 'run', id })),
  ]);
}

const WAKE_AT_MOST = 32;

async function wait(deps: AdvanceRunDeps, run: Run, why: Reason): Promise<boolean> {
  const { life } = run;
  const waits = life.state === 'queued' || life.state === 'leasing' ? life.waitsFor : null;
  if (waits?.code !== why.code || waits.text !== why.text) {
    await deps.store.commit({ runs: [moved(run, { type: 'waits', reason: why })] });
  }
  return false;
}

async function refuse(deps: AdvanceRunDeps, run: Run, why: Reason): Promise<boolean> {
  const at = deps.clock.now();
  const lease =
    run.life.state === 'leasing' ? await existing(deps.store.lease(run.life.lease), run.life.lease) : null;
  const draft = await deps.store.draft(run.id);
  await deps.store.commit({
    runs: [moved(run, { type: 'leaseRefused', at, reason: why })],
    records: fillRecords({ run, draft, records: [], startedCase: null, stop: why, fence: 0 }, at),
    ...(lease === null ? {} : { leases: [movedLease(lease, { type: 'refused', reason: why })] }),
  });
  await ringNext(deps, run);
  return false;
}

function windowClosed(waitedFor: Reason | null = null): Reason {
  const tail = waitedFor === null ? '' : `; it waited for ${waitedFor.code}: ${waitedFor.text}`;
  return reason('WINDOW_CLOSED', `the window of the campaign ended before the run could start${tail}`);
}

function allowedMs(draft: AssignmentDraft, limits: Limits): number {
  return draft.plan.cases.reduce((sum, { timeoutMs }) => sum + timeoutMs, 0) + limits.runningMarginMs;
}

export function moved(run: Run, event: RunEvent): Run {
  return { ...run, life: stepRun(run.life, event) };
}

export function movedLease(lease: Lease, event: LeaseEvent): Lease {
  return { ...lease, life: stepLease(lease.life, event) };
}

export async function existing<T>(found: Promise<T | null>, id: string): Promise<T> {
  const value = await found;
  if (value === null) throw new HarnessError('NOT_FOUND', `there is no ${id}`);
  return value;
}
