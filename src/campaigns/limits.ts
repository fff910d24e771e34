import type { Instant } from '../domain/ids.ts';
import type { TestPlan } from '../domain/plan.ts';
import type { RunLife } from '../domain/run.ts';
import { reason, type Reason } from '../kernel/errors.ts';

/** How long things may take, in milliseconds. Every state of a run has its deadline; nothing stays non-final for ever. */
export interface Limits {
  /** A heartbeat is due at least this often. */
  readonly heartbeatMs: number;
  /** A runner not heard of for this long is silent. */
  readonly silentMs: number;
  /** A lost run that does not come back within this time is given up. */
  readonly graceMs: number;
  /** From the grant of the lease to the runner's answer. */
  readonly preparingMs: number;
  /** On top of what the cases of the plan may take. */
  readonly runningMarginMs: number;
  readonly cancellingMarginMs: number;
  readonly abortingMs: number;
  readonly collectingMs: number;
  readonly leaseTtlMs: number;
  /** How often everything that is not final is looked at, whatever the queue says. */
  readonly sweepMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  heartbeatMs: 5_000,
  silentMs: 20_000,
  graceMs: 120_000,
  preparingMs: 60_000,
  runningMarginMs: 120_000,
  cancellingMarginMs: 60_000,
  abortingMs: 60_000,
  collectingMs: 300_000,
  leaseTtlMs: 180_000,
  sweepMs: 5_000,
};

/** How long the run may stay in its state, or `null` where something other than time decides. */
export function limitOf(
  life: RunLife,
  plan: TestPlan,
  limits: Limits,
): { ms: number; reason: Reason } | null {
  switch (life.state) {
    case 'preparing':
      return limit(limits.preparingMs, 'the runner did not take the run');
    case 'running':
      return limit(casesMs(plan) + limits.runningMarginMs, 'the run took longer than all its cases may take');
    case 'lost':
      return {
        ms: limits.graceMs,
        reason: reason('RUNNER_LOST', `the runner was not heard of for over ${limits.graceMs} ms`),
      };
    case 'cancelling':
      return limit(
        longestCaseMs(plan) + limits.cancellingMarginMs,
        'the run did not end after it was cancelled',
      );
    case 'aborting':
      return {
        ms: limits.abortingMs,
        reason: reason('TEARDOWN_FAILED', 'the runner did not prove tear-down after the run was aborted'),
      };
    case 'collecting':
      return {
        ms: limits.collectingMs,
        reason: reason('EVIDENCE_MISSING', 'evidence that records refer to did not arrive in time'),
      };
    default:
      return null;
  }
}

/** How long the watch goes on: it has seen nothing of what happened before it began. */
export function watchedMs(
  since: Instant,
  { watchingSince, now }: { watchingSince: Instant; now: Instant },
): number {
  return now - Math.max(since, watchingSince);
}

/** Longest silence inside a case that the plan allows, plus what set-up and tear-down may take. */
export function allowedSilenceMs(plan: TestPlan, limits: Limits): number {
  return (
    plan.cases.reduce((most, { silenceMs, timeoutMs }) => Math.max(most, silenceMs, timeoutMs), 0) +
    limits.runningMarginMs
  );
}

function casesMs(plan: TestPlan): number {
  return plan.cases.reduce((sum, { timeoutMs }) => sum + timeoutMs, 0);
}

function longestCaseMs(plan: TestPlan): number {
  return plan.cases.reduce((most, { timeoutMs }) => Math.max(most, timeoutMs), 0);
}

function limit(ms: number, text: string): { ms: number; reason: Reason } {
  return { ms, reason: reason('RUN_TIMEOUT', `${text} (${ms} ms)`) };
}
