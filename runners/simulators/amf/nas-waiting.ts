import { tell } from './nas-sending.ts';
import type { NetworkAction, NetworkTimer, NetworkUe, Wait } from './nas-types.ts';

/** Four repetitions, and nothing more comes of it. */
const EXPIRIES = 5;

/** The UE has to answer what has just been sent, before the timer runs out. */
export function waitFor(ue: NetworkUe, timer: NetworkTimer, wait: Pick<Wait, 'again' | 'giveUp'>): void {
  ue.waits.set(timer, { ...wait, expiries: 0 });
}

/** Sends it, for the first time, and waits. */
export function ask(
  ue: NetworkUe,
  timer: NetworkTimer,
  wait: Pick<Wait, 'again' | 'giveUp'>,
): readonly NetworkAction[] {
  waitFor(ue, timer, wait);
  return wait.again();
}

/** @returns whether that was waited for */
export function answered(ue: NetworkUe, timer: NetworkTimer): boolean {
  return ue.waits.delete(timer);
}

/** Whatever was going on between UE and network is over, but for what is about single sessions. */
export function abandon(ue: NetworkUe): void {
  for (const timer of ue.waits.keys()) if (!timer.startsWith('T3592')) ue.waits.delete(timer);
}

/**
 * The UE has not answered: it is told again under the next COUNT, four times; at the fifth expiry the procedure is over.
 * @see TS 24.501 clauses 4.4.3.1, 5.4.1.3.7 b, 5.4.2.7 b, 5.4.3.6 b, 5.4.4.6 b, 5.5.1.2.8 c, 5.5.2.3.5 a, 6.3.3.5 a
 */
export function expired(ue: NetworkUe, timer: NetworkTimer): readonly NetworkAction[] {
  const wait = ue.waits.get(timer);
  if (wait === undefined) return [];
  const expiries = wait.expiries + 1;
  const timedOut = tell({ fact: 'timed-out', timer });
  if (expiries < EXPIRIES && ue.network.behaviour.repeats) {
    ue.waits.set(timer, { ...wait, expiries });
    return [timedOut, ...wait.again()];
  }
  ue.waits.delete(timer);
  return [timedOut, ...wait.giveUp()];
}
