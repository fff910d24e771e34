import { criticalTimes, shortestDurations } from './critical.ts';
import type { Project } from './project.ts';

export interface ProjectBound {
  readonly makespan: number;
  readonly by: 'chain' | 'energy' | 'destructive';
}

/**
 * No schedule is shorter: the longest chain, the work of each resource, and, raised while it leads to a contradiction,
 * the work that must lie between any two moments when everything has to be over by then.
 */
export function projectBound(project: Project): ProjectBound {
  const { length } = criticalTimes(project, shortestDurations(project));
  const energy = energyBound(project);
  const first = Math.max(length, energy);
  const makespan = isSmall(project) ? destructiveBound(project, first) : first;
  if (makespan > first) return { makespan, by: 'destructive' };
  return { makespan, by: length >= energy ? 'chain' : 'energy' };
}

/** Checking all pairs of moments takes count^3 steps; with alternatives little is known to lie between two moments. */
function isSmall({ count, durations }: Project): boolean {
  return count <= 200 && durations.length === count;
}

/** By activity and resource: the least that any mode takes of it, amount times duration. */
function leastWork({ count, firstMode, durations, amounts, capacities }: Project, r: number): Int32Array {
  const resources = capacities.length;
  return Int32Array.from({ length: count }, (_, i) => {
    let least = Infinity;
    for (let mode = firstMode[i] ?? 0; mode < (firstMode[i + 1] ?? 0); mode++)
      least = Math.min(least, (amounts[mode * resources + r] ?? 0) * (durations[mode] ?? 0));
    return least;
  });
}

function energyBound(project: Project): number {
  let bound = 0;
  for (const [r, capacity] of project.capacities.entries())
    bound = Math.max(
      bound,
      Math.ceil(leastWork(project, r).reduce((a, b) => a + b, 0) / Math.max(1, capacity)),
    );
  return bound;
}

function destructiveBound(project: Project, from: number): number {
  const shortest = shortestDurations(project);
  const { earliestStarts, tails } = criticalTimes(project, shortest);
  const works = Array.from(project.capacities, (_, r) => leastWork(project, r));
  let makespan = from;
  while (makespan < project.horizon && contradicts()) makespan++;
  return makespan;

  function contradicts(): boolean {
    const begins = [...new Set(earliestStarts)];
    const ends = [...new Set(Array.from(tails, (tail, i) => makespan - tail + (shortest[i] ?? 0)))];
    return begins.some((begin) => ends.some((end) => begin < end && tooMuch(begin, end)));
  }

  /** What must lie between the two: the lesser of pushing all to the left and all to the right. */
  function tooMuch(begin: number, end: number): boolean {
    return works.some((work, r) => {
      let sum = 0;
      for (let i = 0; i < work.length; i++) {
        const duration = shortest[i] ?? 0;
        if ((work[i] ?? 0) === 0 || duration === 0) continue;
        const left = Math.min(end, (earliestStarts[i] ?? 0) + duration) - begin;
        const right = end - Math.max(begin, makespan - (tails[i] ?? 0));
        const inside = Math.max(0, Math.min(left, right, duration, end - begin));
        sum += ((work[i] ?? 0) / duration) * inside;
      }
      return sum > (project.capacities[r] ?? 0) * (end - begin);
    });
  }
}
