import { keep, makeTrack, measure, takeBack, type Kept, type Track, type TrackOptions } from './evaluate.ts';
import type { Compiled } from './compile.ts';
import { MAKESPAN } from './decode.ts';
import { move, undo, type Mover } from './moves.ts';
import { inOrder } from './order.ts';
import type { Random } from './random.ts';
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

/** Of the cost of the first plan: how much worse a plan may be at first, and at last. */
const HOT = 0.002;
const COLD = 0.00002;
/** Moves between looks at the budget. */
const PACE = 16;

/** Simulated annealing over lists, with moves that bring together what needs little set-up in between. */
export function* anneal(compiled: Compiled, options: AnnealOptions): Generator<Settled | null, never> {
  const { random, spent } = options;
  const track = makeTrack(compiled, { ...options, list: new Int32Array(options.lists[0]?.length ?? 0) });
  const mover = makeMover(track, compiled, random);
  const seats = new Uint8Array(compiled.runs.length);
  let cost = startFrom(track, options.lists);
  let best = cost;
  yield settled(track, cost);
  const first = Math.max(1, track.board.front.sums[MAKESPAN] ?? 0) * options.weights.makespan;
  let temperature = first * HOT;
  for (let turn = 1; ; turn++) {
    if (turn % PACE === 0) temperature = first * HOT * Math.pow(COLD / HOT, Math.min(1, spent()));
    let from = move(mover);
    if (from < track.list.length && mover.related.waits) {
      inOrder(compiled, track.list, { from, seats });
      while (
        from < track.list.length &&
        track.list[from] === mover.before[from] &&
        mover.wanted[track.list[from] ?? 0] === mover.wantedBefore[track.list[from] ?? 0]
      )
        from++;
    }
    if (from >= track.list.length) {
      undo(mover);
      yield null;
      continue;
    }
    const limit = cost - temperature * Math.log(1 - random.next());
    const now = measure(track, from, limit);
    if (now > limit) {
      undo(mover);
      takeBack(track);
    } else {
      cost = now;
      keep(track, from);
    }
    if (now < best - 1e-9) {
      best = now;
      yield settled(track, best);
    } else yield null;
  }
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

function startFrom(track: Track, lists: readonly Int32Array[]): number {
  let [best, cost] = [track.list, Infinity];
  for (const list of lists) {
    track.list.set(list);
    const now = measure(track, 0, Infinity);
    if (now < cost || cost === Infinity) [best, cost] = [list, now];
  }
  track.list.set(best);
  cost = measure(track, 0, Infinity);
  keep(track, 0);
  return cost;
}

function settled({ kept }: Track, cost: number): Settled {
  return { ...kept, cost };
}
