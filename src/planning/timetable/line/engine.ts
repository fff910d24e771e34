import { boundOf } from '../bounds.ts';
import type { Compiled } from '../compile.ts';
import type { Engine, Sketch } from '../engine.ts';
import type { PlannedEntry } from '../plan.ts';
import type { PlannedRun } from '../problem.ts';
import type { Random } from '../../random.ts';
import { iterate } from './iterate.ts';
import type { Line } from './line.ts';

/** By index: the testbeds of the line, and by piece its run at each of them. */
interface LineRuns {
  readonly testbeds: readonly number[];
  readonly pieces: readonly (readonly number[])[];
}

/** @param chains by piece, its run at each testbed of the line */
export function lineEngine(
  compiled: Compiled,
  chains: readonly (readonly PlannedRun[])[],
  random: Random,
): Engine {
  const places = new Map(compiled.problem.runs.map(({ id }, index) => [id, index]));
  const pieces = chains.map((chain) => chain.map(({ id }) => places.get(id) ?? 0));
  const testbeds = (pieces[0] ?? []).map((index) => compiled.runs[index]?.modes[0]?.testbed ?? 0);
  const line: Line = {
    pieces: pieces.length,
    stations: testbeds.length,
    durations: Int32Array.from(pieces.flat(), (index) => compiled.runs[index]?.modes[0]?.duration ?? 0),
    setUps: Int32Array.from(
      testbeds.flatMap((bed, k) =>
        pieces.flatMap((before) =>
          pieces.map((piece) => compiled.testbeds[bed]?.setUpAfter(before[k] ?? 0, piece[k] ?? 0) ?? 0),
        ),
      ),
    ),
  };
  const bound = boundOf(compiled);
  return {
    name: 'line',
    bound: () => bound,
    endsAtBound: true,
    search: sketches(compiled, pieces, iterate(line, random)),
  };
}

function* sketches(
  compiled: Compiled,
  pieces: LineRuns['pieces'],
  search: ReturnType<typeof iterate>,
): Iterator<Sketch | null> {
  for (const found of search)
    if (found === null) yield null;
    else yield { makespan: found.makespan, entries: () => entriesOf(compiled, pieces, found.sequence) };
}

/** Every run as early as its piece and its testbed allow. */
function entriesOf(
  { problem, runs, testbeds }: Compiled,
  pieces: LineRuns['pieces'],
  sequence: Int32Array,
): readonly PlannedEntry[] {
  const entries: PlannedEntry[] = [];
  const last = new Map<number, { readonly index: number; readonly end: number }>();
  for (const piece of sequence) {
    let ready = 0;
    for (const index of pieces[piece] ?? []) {
      const mode = runs[index]?.modes[0];
      const bed = mode?.testbed ?? -1;
      const before = last.get(bed);
      const setUp = before === undefined ? 0 : (testbeds[bed]?.setUpAfter(before.index, index) ?? 0);
      const start = Math.max(ready, (before?.end ?? 0) + setUp);
      const end = start + (mode?.duration ?? 0);
      const testbed = problem.testbeds[bed]?.id ?? null;
      entries.push({
        run: problem.runs[index]?.id ?? '',
        mode: 0,
        testbed,
        setUpStart: start - setUp,
        start,
        end,
      });
      last.set(bed, { index, end });
      ready = end;
    }
  }
  return entries;
}
