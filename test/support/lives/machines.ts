/** Every machine of the domain with examples of each state and event, for tests that look at whole tables. */
import {
  CAMPAIGN_MOVES,
  CAMPAIGN_STATES,
  type CampaignEvent,
  type CampaignLife,
} from '../../../src/domain/campaign.ts';
import { instant } from '../../../src/domain/ids.ts';
import {
  type Grant,
  LEASE_MOVES,
  LEASE_STATES,
  type LeaseEvent,
  type LeaseLife,
} from '../../../src/domain/lease.ts';
import {
  RESERVATION_MOVES,
  RESERVATION_STATES,
  type ReservationEvent,
  type ReservationLife,
} from '../../../src/domain/reservation.ts';
import {
  type Hold,
  RUN_MOVES,
  RUN_STATES,
  type RunEvent,
  type RunLife,
  type Stop,
} from '../../../src/domain/run.ts';
import { reason } from '../../../src/kernel/errors.ts';
import { advance, canAdvance, type Moves } from '../../../src/kernel/machine.ts';

export interface Machine {
  readonly name: string;
  readonly states: readonly string[];
  readonly events: readonly string[];
  /** Where a life begins. */
  readonly first: string;
  /** States that an event leads to; empty when it is not possible. */
  readonly next: (state: string, event: string) => readonly string[];
}

interface Examples<S, E> {
  readonly name: string;
  readonly states: readonly string[];
  readonly lives: readonly S[];
  readonly events: readonly E[];
}

function machine<S extends { readonly state: string }, E extends { readonly type: string }>(
  moves: Moves<S, E>,
  { name, states, lives, events }: Examples<S, E>,
): Machine {
  return {
    name,
    states,
    events: [...new Set(events.map(({ type }) => type))],
    first: states[0] ?? '',
    next: (state, type) => {
      const from = lives.filter((life) => life.state === state);
      const by = events.filter((event) => event.type === type);
      if (from.length === 0 || by.length === 0) throw new Error(`no example of ${name} ${state} ${type}`);
      if (!canAdvance(moves, state as S['state'], type as E['type'])) return [];
      const reached = from.flatMap((life) => by.map((event) => advance(moves, life, event).state));
      return [...new Set(reached)].sort();
    },
  };
}

const at = instant(2);
const since = instant(1);
const why = reason('CANCELLED', 'because');
const lease = 'lease-1' as Hold['lease'];
const hold: Hold = { lease, testbed: 'lab/t' as Hold['testbed'], slot: 0, fence: 1 };
const stop: Stop = { by: 'cancel', reason: why };
const clean = { clean: true } as const;
const grant: Grant = { testbed: hold.testbed, slot: 0, fence: 1, units: [], expiresAt: at };

const runLives: readonly RunLife[] = [
  { state: 'queued', since, waitsFor: null },
  { state: 'leasing', since, lease, waitsFor: null },
  { state: 'preparing', since, hold },
  { state: 'running', since, hold },
  { state: 'lost', since, hold, runningSince: since },
  { state: 'lost', since, hold, runningSince: null },
  { state: 'cancelling', since, hold, stop },
  { state: 'aborting', since, hold, stop },
  { state: 'collecting', since, hold, stop: null, tearDown: clean },
  { state: 'judging', since, hold, stop: null, tearDown: clean, missingEvidence: null },
  { state: 'final', since, hold, end: 'completed', reason: null, finding: 'pass' },
];
const runEvents: readonly RunEvent[] = [
  { type: 'waits', reason: why },
  { type: 'leaseRequested', at, lease },
  { type: 'leaseGranted', at, hold },
  { type: 'leaseRefused', at, reason: why },
  { type: 'accepted', at },
  { type: 'declined', at, reason: why },
  { type: 'runnerSilent', at },
  { type: 'runnerBack', at },
  { type: 'runnerFinished', at, tearDown: clean, stop: null },
  { type: 'evidenceComplete', at },
  { type: 'judged', at, finding: 'pass' },
  { type: 'cancelRequested', at, reason: why },
  { type: 'abortRequested', at, reason: why },
  { type: 'timedOut', at, reason: why },
];

const campaignLives: readonly CampaignLife[] = [
  { state: 'draft', since },
  { state: 'submitted', since, remarks: [] },
  { state: 'reviewed', since, remarks: [] },
  { state: 'scheduled', since },
  { state: 'active', since },
  { state: 'cancelling', since, reason: why },
  { state: 'closing', since, reason: null },
  { state: 'final', since, reason: null },
];
const campaignEvents: readonly CampaignEvent[] = [
  { type: 'submitted', at, remarks: [] },
  { type: 'reviewed', at, remarks: [] },
  { type: 'refused', at, reason: why },
  { type: 'scheduled', at },
  { type: 'firstRunStarted', at },
  { type: 'allRunsFinal', at },
  { type: 'reported', at },
  { type: 'cancelRequested', at, reason: why },
];

const leaseLives: readonly LeaseLife[] = [
  { state: 'requested' },
  { state: 'pending', reason: why },
  { state: 'granted', grant },
  { state: 'preparing', grant },
  { state: 'active', grant },
  { state: 'draining', grant },
  { state: 'released', grant },
  { state: 'unsatisfiable', reason: why },
  { state: 'expired', grant, reason: why },
  { state: 'revoked', grant, reason: why },
];
const leaseEvents: readonly LeaseEvent[] = [
  { type: 'waits', reason: why },
  { type: 'granted', grant },
  { type: 'refused', reason: why },
  { type: 'accepted' },
  { type: 'started' },
  { type: 'renewed', expiresAt: at },
  { type: 'finished' },
  { type: 'tornDown' },
  { type: 'withdrawn' },
  { type: 'timedOut', reason: why },
  { type: 'revoked', reason: why },
];

const reservationLives: readonly ReservationLife[] = RESERVATION_STATES.map((state) => ({ state }));
const reservationEvents: readonly ReservationEvent[] = (
  ['confirmed', 'leased', 'released', 'withdrawn'] as const
).map((type) => ({ type }));

export const MACHINES: readonly Machine[] = [
  machine(CAMPAIGN_MOVES, {
    name: 'campaign',
    states: CAMPAIGN_STATES,
    lives: campaignLives,
    events: campaignEvents,
  }),
  machine(RUN_MOVES, { name: 'run', states: RUN_STATES, lives: runLives, events: runEvents }),
  machine(LEASE_MOVES, { name: 'lease', states: LEASE_STATES, lives: leaseLives, events: leaseEvents }),
  machine(RESERVATION_MOVES, {
    name: 'reservation',
    states: RESERVATION_STATES,
    lives: reservationLives,
    events: reservationEvents,
  }),
];
