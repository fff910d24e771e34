import type { PlannedRun, TimetableProblem } from '../problem.ts';

/**
 * By piece, its run at each testbed of the line, for a problem that is one line and nothing else; null when it is
 * something else.
 */
export function linePieces({
  lines,
  runs,
  testbeds,
  resources,
  budgets,
}: TimetableProblem): readonly (readonly PlannedRun[])[] | null {
  const [line, another] = lines;
  if (line === undefined || another !== undefined || resources.length + budgets.length > 0) return null;
  if (testbeds.some(({ staffed, closed }) => staffed !== null || closed.length > 0)) return null;
  if (
    runs.some(
      ({ modes, release, due, after }) =>
        modes.length !== 1 || release > 0 || due !== null || after.length > 1,
    )
  )
    return null;
  const next = new Map(
    runs.flatMap((run) => (run.after[0] === undefined ? [] : [[run.after[0], run] as const])),
  );
  const pieces = runs
    .filter(({ after }) => after.length === 0)
    .map((first) => {
      const chain = [first];
      for (
        let run = next.get(first.id);
        run !== undefined && chain.length < runs.length;
        run = next.get(run.id)
      )
        chain.push(run);
      return chain;
    });
  const whole = pieces.every(
    (chain) =>
      chain.length === line.testbeds.length &&
      chain.every(({ modes }, k) => modes[0]?.testbed === line.testbeds[k]),
  );
  return whole && pieces.length * line.testbeds.length === runs.length ? pieces : null;
}
