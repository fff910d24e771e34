import type { Project } from './project.ts';

/** By activity, with the shortest mode of each and all resources in plenty. */
export interface Critical {
  readonly earliestStarts: Int32Array;
  /** Time from the start of an activity to the end of the last, at least. */
  readonly tails: Int32Array;
  /** The longest chain. */
  readonly length: number;
}

export function criticalTimes(project: Project, shortest: Int32Array): Critical {
  const { count, before, after } = project;
  const earliestStarts = new Int32Array(count);
  const tails = new Int32Array(count);
  let length = 0;
  for (let i = 0; i < count; i++) {
    let start = 0;
    for (let y = before.from[i] ?? 0; y < (before.from[i + 1] ?? 0); y++) {
      const j = before.ids[y] ?? 0;
      start = Math.max(start, (earliestStarts[j] ?? 0) + (shortest[j] ?? 0));
    }
    earliestStarts[i] = start;
    length = Math.max(length, start + (shortest[i] ?? 0));
  }
  for (let i = count - 1; i >= 0; i--) {
    let tail = 0;
    for (let y = after.from[i] ?? 0; y < (after.from[i + 1] ?? 0); y++)
      tail = Math.max(tail, tails[after.ids[y] ?? 0] ?? 0);
    tails[i] = tail + (shortest[i] ?? 0);
  }
  return { earliestStarts, tails, length };
}

/** By activity: its shortest mode. */
export function shortestDurations({ count, firstMode, durations }: Project): Int32Array {
  return Int32Array.from({ length: count }, (_, i) =>
    Math.min(...durations.subarray(firstMode[i] ?? 0, firstMode[i + 1] ?? 0)),
  );
}
