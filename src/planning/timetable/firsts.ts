import type { Compiled } from './compile.ts';

/** First come, first served: as they stand in the problem, what they wait for before them. */
export function asTheyCome({ sorted }: Compiled): Int32Array {
  return sorted.slice();
}

/** Most important and most urgent first; organisations in turns, by their shares. */
export function byUrgency({ runs, shares, sorted }: Compiled): Int32Array {
  const used = new Float64Array(shares.length);
  const turn = new Float64Array(runs.length);
  for (const index of sorted) {
    const run = runs[index];
    if (run === undefined) continue;
    used[run.organisation] = (used[run.organisation] ?? 0) + (run.modes[0]?.duration ?? 0);
    turn[index] = (used[run.organisation] ?? 0) / (shares[run.organisation] ?? 1);
  }
  const due = (index: number): number => runs[index]?.due ?? 0;
  const weight = (index: number): number => runs[index]?.weight ?? 1;
  return sorted
    .slice()
    .sort((a, b) => due(a) - due(b) || weight(b) - weight(a) || (turn[a] ?? 0) - (turn[b] ?? 0) || a - b);
}
