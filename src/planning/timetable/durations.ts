import type { PlannedMode } from './problem.ts';

/** As many of its own kind are needed before history counts more than the guess. */
const ENOUGH = 5;

/**
 * Learns from runs that ended: planned is the median, kept free before what is due is the difference to the 90th
 * percentile. With few runs the guess still counts, as if it had been seen `ENOUGH` times less those.
 *
 * @param guess of whoever wrote the plan, in minutes
 * @param seen minutes that such runs took, oldest first; the last 100 count
 */
export function learnDuration(
  guess: number,
  seen: readonly number[],
): Pick<PlannedMode, 'duration' | 'buffer'> {
  const own = seen.slice(-100).filter((minutes) => Number.isFinite(minutes) && minutes >= 0);
  const sorted = [...own, ...Array.from({ length: Math.max(0, ENOUGH - own.length) }, () => guess)];
  sorted.sort((a, b) => a - b);
  const duration = Math.max(1, Math.ceil(percentile(sorted, 0.5)));
  return { duration, buffer: Math.max(0, Math.ceil(percentile(sorted, 0.9)) - duration) };
}

/** Between the two nearest when it falls between them. */
function percentile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
  return low + (high - low) * (at - Math.floor(at));
}
