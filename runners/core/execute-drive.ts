import { deadline } from '../../src/kernel/deadline.ts';
import { HarnessError, type Reason, reason } from '../../src/kernel/errors.ts';
import type { PlanCase } from '../../src/domain/plan.ts';
import { type Bench, Blocked, type Procedure } from '../procedures/procedure.ts';
import { type Ending, reasonOf } from './execute-verdict.ts';

/** How long a procedure may take to undo what it did once it was told to stop. */
export const STOP_GRACE_MS = 10_000;

/** The clock that runs out when nothing was observed for too long. */
export interface SilenceClock extends Disposable {
  readonly signal: AbortSignal;
  restart(): void;
}

export function silenceClock(ms: number): SilenceClock {
  const own = new AbortController();
  const ring = (): void => own.abort(new HarnessError('NO_PROGRESS', `nothing was observed for ${ms} ms`));
  let timer = setTimeout(ring, ms);
  return {
    signal: own.signal,
    restart() {
      clearTimeout(timer);
      timer = setTimeout(ring, ms);
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}

export interface ToDrive {
  readonly planCase: PlanCase;
  readonly procedure: Procedure;
  readonly bench: Bench;
  readonly silence: SilenceClock;
}

/** How it ended, and whether the procedure is still going although it was told to stop. */
export interface Driven {
  readonly ending: Ending;
  readonly stuck: boolean;
}

/** Drives one case within its deadline and its silence limit. Never throws; the signal aborts it. */
export async function driveCase(
  { planCase, procedure, bench, silence }: ToDrive,
  { signal }: { signal: AbortSignal },
): Promise<Driven> {
  using limit = deadline(signal, planCase.timeoutMs, `case ${planCase.id}`);
  const stop = AbortSignal.any([limit.signal, silence.signal]);
  const driving = Promise.resolve()
    .then(() => procedure.drive(bench, { signal: stop }))
    .then(
      () => ({ kind: 'finished' }) as const,
      (error: unknown) => endingOf(error),
    );
  const ended = await orStuck(driving, stop);
  if (!stop.aborted) return { ending: ended ?? { kind: 'finished' }, stuck: false };
  return { ending: stoppedBy(stop, signal, ended), stuck: ended === null };
}

function endingOf(error: unknown): Ending {
  return error instanceof Blocked
    ? { kind: 'blocked', disposition: error.disposition, reason: error.reason }
    : { kind: 'broke', reason: reasonOf(error) };
}

/** After a stop it counts who asked for it; a procedure that found itself blocked at that moment still is. */
function stoppedBy(stop: AbortSignal, signal: AbortSignal, ended: Ending | null): Ending {
  if (signal.aborted) return { kind: 'aborted', reason: abortReason(signal) };
  if (ended?.kind === 'blocked') return ended;
  return { kind: 'limit', reason: reasonOf(stop.reason) };
}

export function abortReason(signal: AbortSignal): Reason {
  const { code, message } = HarnessError.from(signal.reason, 'ABORTED');
  return reason(code, message);
}

/** The ending, or null when the procedure did not stop within its grace. */
async function orStuck(driving: Promise<Ending>, stop: AbortSignal): Promise<Ending | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    const wait = (): void => {
      timer = setTimeout(() => resolve(null), STOP_GRACE_MS);
    };
    if (stop.aborted) wait();
    else stop.addEventListener('abort', wait, { once: true });
  });
  const ended = await Promise.race([driving, late]);
  clearTimeout(timer);
  return ended;
}
