import { anneal, type Settled } from './anneal.ts';
import { boundOf } from './bounds.ts';
import type { Compiled } from './compile.ts';
import type { Engine, Sketch } from './engine.ts';
import { asTheyCome, byUrgency } from './firsts.ts';
import type { Bound, PlannedEntry, Weights } from './plan.ts';
import type { Random } from '../random.ts';

export interface CampaignOptions {
  readonly random: Random;
  readonly weights: Weights;
  readonly spent: () => number;
}

export function campaignEngine(compiled: Compiled, options: CampaignOptions): Engine {
  const lists = [asTheyCome(compiled), byUrgency(compiled)];
  let bound: Bound | null = null;
  return {
    name: 'campaign',
    bound: () => (bound ??= boundOf(compiled)),
    endsAtBound: false,
    search: sketches(
      compiled,
      anneal(compiled, { ...options, lists, base: { runs: compiled.sorted, book: () => {} } }),
    ),
  };
}

function* sketches(compiled: Compiled, search: Iterator<Settled | null>): Iterator<Sketch | null> {
  for (let next = search.next(); next.done !== true; next = search.next()) {
    const found = next.value;
    if (found === null || found.modes.some((mode) => mode < 0)) yield null;
    else
      yield {
        makespan: found.ends.reduce((a, b) => Math.max(a, b), 0),
        entries: () => entriesOf(compiled, found),
      };
  }
}

function entriesOf({ problem }: Compiled, found: Settled): readonly PlannedEntry[] {
  return problem.runs.map(({ id, modes }, index) => {
    const mode = found.modes[index] ?? 0;
    return {
      run: id,
      mode,
      testbed: modes[mode]?.testbed ?? null,
      setUpStart: found.setUpStarts[index] ?? 0,
      start: found.starts[index] ?? 0,
      end: found.ends[index] ?? 0,
    };
  });
}
