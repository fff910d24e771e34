import { keep, makeTrack, measure, takeBack, type Kept, type Track, type TrackOptions } from './evaluate.ts';
import type { Compiled } from './compile.ts';
import { MAKESPAN } from './decode.ts';
import { dispatch, drawRule, type Draft } from './dispatch.ts';
import { move, undo, type Mover } from './moves.ts';
import { inOrder } from './order.ts';
import type { Random } from '../random.ts';
import { relate } from './related.ts';

export interface AnnealOptions extends Omit<TrackOptions, 'list'> {
  readonly random: Random;
  /** How much of the budget is spent, 0 to 1: what cools the search. */
  readonly spent: () => number;
  /** Lists to start with; the best is taken. */
  readonly lists: readonly Int32Array[];
}

/** A plan as it stands on the board; copy what is to last. */
export interface Settled extends Kept {
  readonly cost: number;
}

/** Of the first plan's makespan: how much worse a plan may be at first, and at last. */
const HOT = 0.0006;
const COLD = 0.00001;
/** Moves between looks at the budget. */
const PACE = 16;
/** The share of the budget in which whole plans are drawn from rules, and how many at most. */
const DRAWN = 0.35;
const MOST_DRAWN = 400;
/** Problems of so few runs are begun anew when nothing came of so many moves. */
const FEW = 12;
const FEW_PATIENCE = 60;

/**
 * Draws plans from rules, then anneals the best: simulated annealing over lists, with moves that bring together what
 * needs little set-up in between. Yields after each plan, for ever.
 */
export function* anneal(compiled: Compiled, options: AnnealOptions): Generator<Settled | null, never> {
  const { random, spent } = options;
  const track = makeTrack(compiled, { ...options, list: new Int32Array(options.base.runs.length) });
  const { figures } = track;
  let best = yield* draw(track, compiled, options);
  let cost = measure(track, 0, Infinity);
  keep(track, 0);
  const mover = makeMover(track, compiled, random);
  const seats = new Uint8Array(compiled.runs.length);
  const warmth = Math.max(1, track.board.front.sums[MAKESPAN] ?? 0) * options.weights.makespan;
  const [start, left] = [spent(), Math.max(0.01, 1 - spent())];
  let [temperature, since] = [warmth * HOT, 0];
  for (let turn = 1; ; turn++, since++) {
    if (track.list.length <= FEW && since > FEW_PATIENCE) {
      [cost, since] = [startAnew(track, { compiled, random, seats }), 0];
      if (figures.cost < best - 1e-9) {
        best = figures.cost;
        yield settled(track, best);
      }
    }
    if (turn % PACE === 0)
      temperature = warmth * HOT * Math.pow(COLD / HOT, Math.min(1, (spent() - start) / left));
    const limit = cost - temperature * Math.log(1 - random.next());
    const now = attempt(track, mover, { compiled, limit, seats });
    if (now > limit) yield null;
    else {
      cost = now;
      if (figures.cost >= best - 1e-9) yield null;
      else {
        [best, since] = [figures.cost, 0];
        yield settled(track, best);
      }
    }
  }
}

/** Plans from the lists and from rules; the best is on the track afterwards. @returns what the best cost, by its objective */
function* draw(track: Track, compiled: Compiled, options: AnnealOptions): Generator<Settled | null, number> {
  const { lists, spent, random, base } = options;
  const any = new Int32Array(compiled.runs.length).fill(-1);
  let [cost, best] = [Infinity, Infinity];
  let top: Draft = { list: track.list.slice(), wanted: any };
  for (let turn = 0; turn < lists.length || (turn < MOST_DRAWN && spent() < DRAWN); turn++) {
    const list = lists[turn];
    const draft =
      list === undefined
        ? yield* dispatch(compiled, base, { rule: drawRule(random, turn - lists.length), random })
        : { list, wanted: any };
    const now = putOn(track, draft);
    if (now < cost) [cost, top] = [now, draft];
    if (track.figures.cost >= best) yield null;
    else {
      best = track.figures.cost;
      keep(track, 0);
      yield settled(track, best);
    }
  }
  putOn(track, top);
  return best;
}

interface Anew {
  readonly compiled: Compiled;
  readonly random: Random;
  readonly seats: Uint8Array;
}

/** With few runs every plan is far from every other: what helps is another one at random. */
function startAnew(track: Track, { compiled, random, seats }: Anew): number {
  const { list, wanted } = track;
  for (let x = list.length - 1; x > 0; x--) {
    const y = random.below(x + 1);
    [list[x], list[y]] = [list[y] ?? 0, list[x] ?? 0];
  }
  for (const index of list)
    wanted[index] = random.next() < 0.5 ? -1 : random.below(compiled.runs[index]?.modes.length ?? 1);
  inOrder(compiled, list, { from: 0, seats });
  const cost = measure(track, 0, Infinity);
  keep(track, 0);
  return cost;
}

interface Attempt {
  readonly compiled: Compiled;
  readonly limit: number;
  readonly seats: Uint8Array;
}

/** Tries one change and keeps it when it costs no more than the limit. @returns what it costs */
function attempt(track: Track, mover: Mover, { compiled, limit, seats }: Attempt): number {
  const { list, wanted } = track;
  const { before, wantedBefore } = mover;
  let from = move(mover);
  if (from < list.length && mover.related.waits) {
    inOrder(compiled, list, { from, seats });
    const same = (place: number): boolean =>
      list[place] === before[place] && wanted[list[place] ?? 0] === wantedBefore[list[place] ?? 0];
    while (from < list.length && same(from)) from++;
  }
  const cost = from < list.length ? measure(track, from, limit) : Infinity;
  if (cost <= limit) keep(track, from);
  else {
    undo(mover);
    takeBack(track);
  }
  return cost;
}

function putOn(track: Track, { list, wanted }: Draft): number {
  track.list.set(list);
  track.wanted.set(wanted);
  return measure(track, 0, Infinity);
}

function makeMover({ list, wanted }: Track, compiled: Compiled, random: Random): Mover {
  return {
    list,
    wanted,
    before: list.slice(),
    wantedBefore: wanted.slice(),
    random,
    related: relate(compiled),
    reach: Math.max(5, Math.floor(list.length * 0.15)),
  };
}

function settled({ kept }: Track, cost: number): Settled {
  return { ...kept, cost };
}
