import type { Reason } from '../kernel/errors.ts';
import { advance, type Moves } from '../kernel/machine.ts';
import type {
  CampaignId,
  EquipmentId,
  Instant,
  LeaseId,
  OrganisationId,
  PlanId,
  RunId,
  TestbedId,
} from './ids.ts';
import type { Finding } from './verdict.ts';

/** The hold a run has on a testbed slot. `fence` counts up per slot; an older one is refused everywhere. */
export interface Hold {
  readonly lease: LeaseId;
  readonly testbed: TestbedId;
  readonly slot: number;
  readonly fence: number;
}

/** How a run was stopped before its plan was through. */
export interface Stop {
  readonly by: 'cancel' | 'abort' | 'lost' | 'deadline' | 'runner';
  readonly reason: Reason;
}

/** The runner proved that it put everything back, or said why not. */
export type TearDownProof = { readonly clean: true } | { readonly clean: false; readonly reason: Reason };

export type RunEnd = 'completed' | 'cancelled' | 'aborted' | 'neverStarted';

/** Where a run is in its life. Every state but `final` has a deadline; see `src/campaigns/limits.ts`. */
export type RunLife =
  | { readonly state: 'queued'; readonly since: Instant; readonly waitsFor: Reason | null }
  | {
      readonly state: 'leasing';
      readonly since: Instant;
      readonly lease: LeaseId;
      readonly waitsFor: Reason | null;
    }
  | { readonly state: 'preparing'; readonly since: Instant; readonly hold: Hold }
  | { readonly state: 'running'; readonly since: Instant; readonly hold: Hold }
  | {
      readonly state: 'lost';
      readonly since: Instant;
      readonly hold: Hold;
      readonly runningSince: Instant | null;
    }
  | { readonly state: 'cancelling'; readonly since: Instant; readonly hold: Hold; readonly stop: Stop }
  | { readonly state: 'aborting'; readonly since: Instant; readonly hold: Hold; readonly stop: Stop }
  | {
      readonly state: 'collecting';
      readonly since: Instant;
      readonly hold: Hold;
      readonly stop: Stop | null;
      readonly tearDown: TearDownProof;
    }
  | {
      readonly state: 'judging';
      readonly since: Instant;
      readonly hold: Hold;
      readonly stop: Stop | null;
      readonly tearDown: TearDownProof;
      /** Set when evidence that a record refers to never arrived. */
      readonly missingEvidence: Reason | null;
    }
  | {
      readonly state: 'final';
      readonly since: Instant;
      readonly hold: Hold | null;
      readonly end: RunEnd;
      readonly reason: Reason | null;
      readonly finding: Finding;
    };

export type RunState = RunLife['state'];
export const RUN_STATES = [
  'queued',
  'leasing',
  'preparing',
  'running',
  'lost',
  'cancelling',
  'aborting',
  'collecting',
  'judging',
  'final',
] as const satisfies readonly RunState[];

export type RunEvent =
  | { readonly type: 'leaseRequested'; readonly at: Instant; readonly lease: LeaseId }
  | { readonly type: 'waits'; readonly reason: Reason }
  | { readonly type: 'leaseGranted'; readonly at: Instant; readonly hold: Hold }
  | { readonly type: 'leaseRefused'; readonly at: Instant; readonly reason: Reason }
  | { readonly type: 'accepted'; readonly at: Instant }
  | { readonly type: 'declined'; readonly at: Instant; readonly reason: Reason }
  | { readonly type: 'runnerSilent'; readonly at: Instant }
  | { readonly type: 'runnerBack'; readonly at: Instant }
  | {
      readonly type: 'runnerFinished';
      readonly at: Instant;
      readonly tearDown: TearDownProof;
      /** Set when the runner itself gave up. */
      readonly stop: Stop | null;
    }
  | { readonly type: 'cancelRequested'; readonly at: Instant; readonly reason: Reason }
  | { readonly type: 'abortRequested'; readonly at: Instant; readonly reason: Reason }
  | { readonly type: 'evidenceComplete'; readonly at: Instant }
  | { readonly type: 'timedOut'; readonly at: Instant; readonly reason: Reason }
  | { readonly type: 'judged'; readonly at: Instant; readonly finding: Finding };

type From<S extends RunState> = Extract<RunLife, { state: S }>;
type On<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

const neverStarted = (_: unknown, { at, reason }: { at: Instant; reason: Reason }): RunLife => ({
  state: 'final',
  since: at,
  hold: null,
  end: 'neverStarted',
  reason,
  finding: 'notRun',
});
const cancelledBeforeStart = (_: unknown, { at, reason }: { at: Instant; reason: Reason }): RunLife => ({
  state: 'final',
  since: at,
  hold: null,
  end: 'cancelled',
  reason,
  finding: 'notRun',
});
const cancel = ({ hold }: { hold: Hold }, { at, reason }: On<'cancelRequested'>): RunLife => ({
  state: 'cancelling',
  since: at,
  hold,
  stop: { by: 'cancel', reason },
});
const abort = ({ hold }: { hold: Hold }, { at, reason }: On<'abortRequested'>): RunLife => ({
  state: 'aborting',
  since: at,
  hold,
  stop: { by: 'abort', reason },
});
const overdue = ({ hold }: { hold: Hold }, { at, reason }: On<'timedOut'>): RunLife => ({
  state: 'aborting',
  since: at,
  hold,
  stop: { by: 'deadline', reason },
});
const collect = (
  from: { hold: Hold; stop?: Stop },
  { at, tearDown, stop }: On<'runnerFinished'>,
): RunLife => ({
  state: 'collecting',
  since: at,
  hold: from.hold,
  stop: from.stop ?? stop,
  tearDown,
});
const judge =
  (missing: boolean) =>
  (
    { hold, stop, tearDown }: From<'collecting'>,
    event: On<'evidenceComplete'> | On<'timedOut'>,
  ): RunLife => ({
    state: 'judging',
    since: event.at,
    hold,
    stop,
    tearDown,
    missingEvidence: missing && event.type === 'timedOut' ? event.reason : null,
  });
const fallSilent = (from: From<'preparing'> | From<'running'>, { at }: On<'runnerSilent'>): RunLife => ({
  state: 'lost',
  since: at,
  hold: from.hold,
  runningSince: from.state === 'running' ? from.since : null,
});

function end({ hold, stop, missingEvidence }: From<'judging'>, { at, finding }: On<'judged'>): RunLife {
  const ends: RunEnd = stop === null ? 'completed' : stop.by === 'cancel' ? 'cancelled' : 'aborted';
  return { state: 'final', since: at, hold, end: ends, reason: stop?.reason ?? missingEvidence, finding };
}

/** The life of a run: one attempt to execute one plan on one SUT at one testbed under one lease. */
export const RUN_MOVES: Moves<RunLife, RunEvent> = {
  queued: {
    waits: (from, { reason }) => ({ ...from, waitsFor: reason }),
    leaseRequested: (_, { at, lease }) => ({ state: 'leasing', since: at, lease, waitsFor: null }),
    leaseRefused: neverStarted,
    cancelRequested: cancelledBeforeStart,
    abortRequested: cancelledBeforeStart,
    timedOut: neverStarted,
  },
  leasing: {
    waits: (from, { reason }) => ({ ...from, waitsFor: reason }),
    leaseGranted: (_, { at, hold }) => ({ state: 'preparing', since: at, hold }),
    leaseRefused: neverStarted,
    cancelRequested: cancelledBeforeStart,
    abortRequested: cancelledBeforeStart,
    timedOut: neverStarted,
  },
  preparing: {
    accepted: ({ hold }, { at }) => ({ state: 'running', since: at, hold }),
    declined: (from, event) => ({
      state: 'judging',
      since: event.at,
      hold: from.hold,
      stop: { by: 'runner', reason: event.reason },
      tearDown: { clean: true },
      missingEvidence: null,
    }),
    runnerSilent: fallSilent,
    runnerFinished: collect,
    cancelRequested: cancel,
    abortRequested: abort,
    timedOut: overdue,
  },
  running: {
    runnerSilent: fallSilent,
    runnerFinished: collect,
    cancelRequested: cancel,
    abortRequested: abort,
    timedOut: overdue,
  },
  lost: {
    accepted: ({ hold }, { at }) => ({ state: 'running', since: at, hold }),
    runnerBack: ({ hold, runningSince }, { at }) =>
      runningSince === null
        ? { state: 'preparing', since: at, hold }
        : { state: 'running', since: runningSince, hold },
    runnerFinished: collect,
    cancelRequested: cancel,
    abortRequested: abort,
    timedOut: ({ hold }, { at, reason }) => ({
      state: 'aborting',
      since: at,
      hold,
      stop: { by: 'lost', reason },
    }),
  },
  cancelling: {
    runnerFinished: collect,
    declined: (from, event) =>
      collect(from, { ...event, type: 'runnerFinished', tearDown: { clean: true }, stop: null }),
    abortRequested: abort,
    timedOut: ({ hold, stop }, { at }) => ({ state: 'aborting', since: at, hold, stop }),
  },
  aborting: {
    runnerFinished: collect,
    declined: (from, event) =>
      collect(from, { ...event, type: 'runnerFinished', tearDown: { clean: true }, stop: null }),
    timedOut: ({ hold, stop }, { at, reason }) => ({
      state: 'judging',
      since: at,
      hold,
      stop,
      tearDown: { clean: false, reason },
      missingEvidence: null,
    }),
  },
  collecting: { evidenceComplete: judge(false), timedOut: judge(true) },
  judging: { judged: end },
  final: {},
};

export function stepRun(from: RunLife, event: RunEvent): RunLife {
  return advance(RUN_MOVES, from, event);
}

/** What never changes about a run. */
export interface RunHeader {
  readonly id: RunId;
  readonly campaign: CampaignId;
  readonly organisation: OrganisationId;
  readonly plan: { readonly id: PlanId; readonly version: string };
  /** One, or several for a pairing or a chain, in the order of the plan's subjects. */
  readonly subjects: readonly EquipmentId[];
  /** Where it may run, best first. */
  readonly testbeds: readonly TestbedId[];
  readonly retryOf: RunId | null;
  readonly createdAt: Instant;
  /** It must have started by then. */
  readonly startBy: Instant;
}

export interface Run extends RunHeader {
  readonly life: RunLife;
  /** Counts up with every change; a change based on an older one is refused with `CONFLICT`. */
  readonly version: number;
}

export function holdOf(life: RunLife): Hold | null {
  return 'hold' in life ? life.hold : null;
}
