import type { Compiled } from './compile.ts';

/** What makes runs neighbours, for choosing changes that may help. */
export interface Related {
  readonly setUps: Int32Array;
  readonly count: number;
  /** By run: how many modes it has. */
  readonly modes: readonly number[];
  readonly choices: boolean;
  readonly waits: boolean;
}

export function relate({ runs, testbeds }: Compiled): Related {
  const modes = runs.map((run) => run.modes.length);
  return {
    setUps: testbeds[0]?.setUps() ?? new Int32Array(0),
    count: runs.length,
    modes,
    choices: modes.some((count) => count > 1),
    waits: runs.some(({ after }) => after.length > 0),
  };
}

export function setUpBetween({ setUps, count }: Related, before: number, run: number): number {
  return setUps[before * count + run] ?? 0;
}
