/** Pieces that pass the same stations in the same order, none overtaking another; set-up depends on who was there before. */
export interface Line {
  readonly pieces: number;
  readonly stations: number;
  /** By piece and station. */
  readonly durations: Int32Array;
  /** By station, piece before and piece. */
  readonly setUps: Int32Array;
}

/** What inserting one piece needs to know: ends from the front, and times to the end from the back. */
export interface LineDesk {
  readonly line: Line;
  /** By position and station; the first row stands before the first piece. */
  readonly heads: Int32Array;
  readonly tails: Int32Array;
}

export function makeLineDesk(line: Line): LineDesk {
  const cells = (line.pieces + 2) * line.stations;
  return { line, heads: new Int32Array(cells), tails: new Int32Array(cells) };
}

/** When the last piece leaves the last station; heads and tails of the sequence are on the desk afterwards. */
export function measure(desk: LineDesk, sequence: Int32Array, length: number): number {
  const { line, heads, tails } = desk;
  const { pieces, stations, durations, setUps } = line;
  heads.fill(0, 0, stations);
  for (let x = 0; x < length; x++) {
    const j = sequence[x] ?? 0;
    const i = x === 0 ? -1 : (sequence[x - 1] ?? 0);
    let end = 0;
    for (let k = 0; k < stations; k++) {
      const setUp = i < 0 ? 0 : (setUps[(k * pieces + i) * pieces + j] ?? 0);
      const free = (heads[x * stations + k] ?? 0) + setUp;
      end = (free > end ? free : end) + (durations[j * stations + k] ?? 0);
      heads[(x + 1) * stations + k] = end;
    }
  }
  tails.fill(0, length * stations, (length + 1) * stations);
  for (let x = length - 1; x >= 0; x--) {
    const i = sequence[x] ?? 0;
    const j = x === length - 1 ? -1 : (sequence[x + 1] ?? 0);
    let tail = 0;
    for (let k = stations - 1; k >= 0; k--) {
      const setUp = j < 0 ? 0 : (setUps[(k * pieces + i) * pieces + j] ?? 0);
      const free = (tails[(x + 1) * stations + k] ?? 0) + setUp;
      tail = (free > tail ? free : tail) + (durations[i * stations + k] ?? 0);
      tails[x * stations + k] = tail;
    }
  }
  return heads[(length + 1) * stations - 1] ?? 0;
}

/**
 * Where a piece goes best into a measured sequence: every place is judged in one pass over heads and tails (after
 * Taillard 1990, with set-ups). Ties go to `prefer`.
 */
export function bestPlace(desk: LineDesk, sequence: Int32Array, { piece, length, prefer }: Insertion): Place {
  const { line, heads, tails } = desk;
  const { pieces, stations, durations, setUps } = line;
  let [at, makespan] = [0, Infinity];
  for (let x = 0; x <= length; x++) {
    const i = x === 0 ? -1 : (sequence[x - 1] ?? 0);
    const j = x === length ? -1 : (sequence[x] ?? 0);
    let [end, longest] = [0, 0];
    for (let k = 0; k < stations; k++) {
      const from = i < 0 ? 0 : (setUps[(k * pieces + i) * pieces + piece] ?? 0);
      const free = (heads[x * stations + k] ?? 0) + from;
      end = (free > end ? free : end) + (durations[piece * stations + k] ?? 0);
      const to = j < 0 ? 0 : (setUps[(k * pieces + piece) * pieces + j] ?? 0);
      const whole = end + to + (j < 0 ? 0 : (tails[x * stations + k] ?? 0));
      if (whole > longest) longest = whole;
    }
    if (longest < makespan || (longest === makespan && prefer())) [at, makespan] = [x, longest];
  }
  return { at, makespan };
}

export interface Insertion {
  readonly piece: number;
  /** Pieces in the sequence so far. */
  readonly length: number;
  readonly prefer: () => boolean;
}

export interface Place {
  readonly at: number;
  readonly makespan: number;
}
