import type { Random } from '../../random.ts';
import { bestPlace, makeLineDesk, measure, type Line, type LineDesk } from './line.ts';

export interface LineFound {
  readonly sequence: Int32Array;
  readonly makespan: number;
}

/** How many pieces are taken out at a time, and how readily a worse sequence is gone on with. */
const TAKEN = 4;
const WARMTH = 0.5;

interface Search {
  readonly desk: LineDesk;
  readonly random: Random;
  readonly sequence: Int32Array;
  readonly pool: Int32Array;
  readonly order: Int32Array;
}

/** Iterated greedy (Ruiz and Stuetzle 2008): take some out, put each back where it is best, polish, accept or not. */
export function* iterate(line: Line, random: Random): Generator<LineFound | null, never> {
  const count = line.pieces;
  const search: Search = {
    desk: makeLineDesk(line),
    random,
    sequence: new Int32Array(count),
    pool: new Int32Array(count),
    order: Int32Array.from({ length: count }, (_, i) => i),
  };
  let makespan = polish(search, construct(search));
  let [kept, keptSpan] = [search.sequence.slice(), makespan];
  let shortest = makespan;
  yield { sequence: kept.slice(), makespan };
  const temperature = WARMTH * (line.durations.reduce((a, b) => a + b, 0) / line.durations.length / 10);
  for (;;) {
    makespan = polish(search, putBack(search, takeOut(search)));
    const worse = makespan - keptSpan;
    if (worse <= 0 || random.next() < Math.exp(-worse / temperature)) {
      kept.set(search.sequence);
      keptSpan = makespan;
    } else search.sequence.set(kept);
    if (makespan >= shortest) yield null;
    else {
      shortest = makespan;
      kept = search.sequence.slice();
      yield { sequence: kept.slice(), makespan };
    }
  }
}

/** Longest work first, each where it is best (Nawaz, Enscore and Ham 1983). */
function construct({ desk, sequence, pool, random }: Search): number {
  const { pieces, stations, durations } = desk.line;
  const work = (j: number): number =>
    durations.subarray(j * stations, (j + 1) * stations).reduce((a, b) => a + b, 0);
  const sorted = Array.from({ length: pieces }, (_, j) => ({ j, work: work(j) }));
  sorted.sort((a, b) => b.work - a.work || a.j - b.j);
  pool.set(sorted.map(({ j }) => j));
  return putBack({ desk, sequence, pool, random, order: pool }, pieces);
}

/** Moves random pieces from the sequence into the pool. */
function takeOut({ sequence, pool, random }: Search): number {
  const count = sequence.length;
  const taken = Math.min(TAKEN, count - 1);
  for (let k = 0; k < taken; k++) {
    const at = random.below(count - k);
    pool[k] = sequence[at] ?? 0;
    sequence.copyWithin(at, at + 1, count - k);
  }
  return Math.max(0, taken);
}

/** Puts the first `taken` of the pool back, one after the other. */
function putBack({ desk, sequence, pool, random }: Search, taken: number): number {
  let makespan = 0;
  for (let k = 0; k < taken; k++) {
    const length = sequence.length - taken + k;
    measure(desk, sequence, length);
    makespan = insert({ desk, sequence, random }, pool[k] ?? 0, length);
  }
  return makespan;
}

function insert(
  { desk, sequence, random }: Pick<Search, 'desk' | 'sequence' | 'random'>,
  piece: number,
  length: number,
): number {
  let ties = 1;
  const prefer = (): boolean => random.next() * ++ties < 1;
  const { at, makespan } = bestPlace(desk, sequence, { piece, length, prefer });
  sequence.copyWithin(at + 1, at, length);
  sequence[at] = piece;
  return makespan;
}

/** Takes each piece out and puts it where it is best, until none finds a better place. */
function polish(search: Search, first: number): number {
  const { desk, sequence, random, order } = search;
  const count = sequence.length;
  let best = first;
  for (let better = true; better;) {
    better = false;
    for (let x = count - 1; x > 0; x--) {
      const y = random.below(x + 1);
      [order[x], order[y]] = [order[y] ?? 0, order[x] ?? 0];
    }
    for (const piece of order) {
      const from = sequence.indexOf(piece);
      sequence.copyWithin(from, from + 1, count);
      measure(desk, sequence, count - 1);
      const makespan = insert(search, piece, count - 1);
      if (makespan < best) {
        best = makespan;
        better = true;
      }
    }
  }
  return best;
}
