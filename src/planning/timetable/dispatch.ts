import { NEVER, openMinutesUntil } from './calendar.ts';
import type { Compiled, CompiledRun } from './compile.ts';
import { append, availableAt, findSlot, makeBoard, readyAt, setUpOf, type Board } from './decode.ts';
import type { Base } from './evaluate.ts';
import type { Random } from '../random.ts';

/**
 * What makes a run the next one on a testbed that is free: weights, in staffed minutes. Staffed minutes are what is
 * scarce: a long run that starts in the evening costs few of them, a long run in the morning a whole day.
 */
export interface Rule {
  readonly setUp: number;
  /** Staffed minutes during the run. */
  readonly staffed: number;
  /** Length of the run, in favour. */
  readonly length: number;
  /** Work that still needs the busiest of the run's resources, in favour. */
  readonly load: number;
  /** Minutes until it is due. */
  readonly due: number;
  /** A random share of an hour, so that the same rule makes different plans. */
  readonly noise: number;
  /** Of so many testbeds that are free first. */
  readonly testbeds: number;
}

/** Rules that do well on most campaigns come first, then any. */
export function drawRule(random: Random, turn: number): Rule {
  const known = KNOWN[turn];
  if (known !== undefined) return known;
  const staffed = 1.2 * random.next();
  return {
    setUp: 0.3 + random.next(),
    staffed,
    length: staffed * random.next(),
    load: random.next() < 0.3 ? 0 : 0.15 * random.next(),
    due: random.next() < 0.3 ? 0 : random.next(),
    noise: random.next() < 0.3 ? 0 : random.next(),
    testbeds: 1 + random.below(3),
  };
}

const KNOWN: readonly Rule[] = [
  { setUp: 0.5, staffed: 1, length: 0.5, load: 0.1, due: 0.2, noise: 0, testbeds: 2 },
  { setUp: 1, staffed: 1, length: 0.5, load: 0.1, due: 0.2, noise: 0, testbeds: 2 },
  { setUp: 0.5, staffed: 0.5, length: 0.2, load: 0.1, due: 1, noise: 0, testbeds: 2 },
  { setUp: 1, staffed: 0.6, length: 0.6, load: 0.1, due: 0.05, noise: 0, testbeds: 2 },
];

export interface Draw {
  readonly rule: Rule;
  readonly random: Random;
}

/** A list of runs, and the mode of each. */
export interface Draft {
  readonly list: Int32Array;
  readonly wanted: Int32Array;
}

/** Runs put down between looks. */
const PACE = 4;

interface Floor {
  readonly board: Board;
  readonly rule: Rule;
  readonly random: Random;
  /** By resource: work still to do, by unit. */
  readonly loads: Float64Array;
  /** By run: how many it still waits for. */
  readonly waits: Int32Array;
}

/** Puts down one run after the other, each time the one that the rule likes best; now and then somebody may look up. */
export function* dispatch(compiled: Compiled, base: Base, { rule, random }: Draw): Generator<null, Draft> {
  const { runs } = compiled;
  const among = new Set(base.runs);
  const floor: Floor = {
    board: makeBoard(compiled),
    rule,
    random,
    loads: loadsOf(compiled, base),
    waits: Int32Array.from(runs, ({ after }) => after.reduce((n, i) => n + (among.has(i) ? 1 : 0), 0)),
  };
  base.book(floor.board);
  const open = base.runs.slice();
  const [list, wanted] = [new Int32Array(open.length), new Int32Array(runs.length).fill(-1)];
  for (let left = open.length; left > 0; left--) {
    const { place, mode } = nextOn(floor, open.subarray(0, left));
    const index = open[place] ?? 0;
    open[place] = open[left - 1] ?? 0;
    list[open.length - left] = index;
    wanted[index] = mode;
    putDown(floor, runs[index], mode);
    if (left % PACE === 0) yield null;
  }
  return { list, wanted };
}

function putDown({ board, loads, waits }: Floor, run: CompiledRun | undefined, mode: number): void {
  if (run === undefined) return;
  append(board, run, mode);
  for (const follower of run.before) waits[follower] = (waits[follower] ?? 0) - 1;
  share(board.compiled, run, (r, work) => (loads[r] = (loads[r] ?? 0) - work));
}

function loadsOf(compiled: Compiled, base: Base): Float64Array {
  const loads = new Float64Array(compiled.firstUnit.length);
  for (const index of base.runs) {
    const run = compiled.runs[index];
    if (run !== undefined) share(compiled, run, (r, work) => (loads[r] = (loads[r] ?? 0) + work));
  }
  return loads;
}

function share(
  { capacities }: Compiled,
  { modes }: CompiledRun,
  add: (r: number, work: number) => void,
): void {
  const [mode] = modes;
  for (const [x, r] of (mode?.needed.resources ?? []).entries())
    add(r, ((mode?.duration ?? 0) * (mode?.needed.amounts[x] ?? 0)) / Math.max(1, capacities[r] ?? 1));
}

/** The place in the open list, and the mode, of the run that is best next. */
function nextOn(floor: Floor, open: Int32Array): { readonly place: number; readonly mode: number } {
  const { board, rule, waits } = floor;
  const latest = latestOf(board.front.free, rule.testbeds);
  let [place, mode, least] = [-1, -1, Infinity];
  for (let x = 0; x < open.length; x++) {
    const run = board.compiled.runs[open[x] ?? 0];
    if (run === undefined || (waits[run.index] ?? 0) > 0) continue;
    if (place < 0) place = x;
    const found = valueOf(floor, run, { latest, least });
    if (found.value < least) [place, mode, least] = [x, found.mode, found.value];
  }
  return { place, mode };
}

/** When so many testbeds are free. */
function latestOf(free: Int32Array, testbeds: number): number {
  if (free.length <= testbeds) return NEVER;
  const sorted = free.slice().sort();
  return sorted[testbeds - 1] ?? NEVER;
}

function valueOf({ board, rule, random, loads }: Floor, run: CompiledRun, { latest, least }: Mark): Value {
  const { compiled, slot, front } = board;
  const ready = readyAt(board, run);
  let [best, value] = [-1, Infinity];
  let base = 0;
  if (rule.load > 0) base -= rule.load * busiest(loads, run);
  if (run.due < NEVER) base += rule.due * run.due;
  if (rule.noise > 0) base += 60 * rule.noise * random.next();
  let [needed, had] = [run.modes[0]?.needed, -1];
  for (let m = 0; m < run.modes.length; m++) {
    const mode = run.modes[m];
    const bedFree = front.free[mode?.testbed ?? -1] ?? 0;
    if (mode === undefined || bedFree > latest) continue;
    if (had < 0 || mode.needed !== needed) {
      needed = mode.needed;
      had = availableAt(board, needed, ready);
    }
    const staffed = compiled.testbeds[mode.testbed]?.staffed ?? null;
    const at = (moment: number): number => (staffed === null ? moment : openMinutesUntil(staffed, moment));
    const from = Math.max(had, bedFree);
    const known = base - rule.length * mode.duration;
    if (at(from) + known >= Math.min(least, value)) continue;
    const setUp = setUpOf(board, mode.testbed, run.index);
    findSlot(board, run, { mode, from, setUp });
    if (slot.end >= NEVER) continue;
    const start = at(slot.start);
    const now = start + known + rule.setUp * setUp + rule.staffed * (at(slot.end) - start);
    if (now < value) [best, value] = [m, now];
  }
  return { mode: best, value };
}

interface Mark {
  readonly latest: number;
  readonly least: number;
}

interface Value {
  readonly mode: number;
  readonly value: number;
}

function busiest(loads: Float64Array, { modes }: CompiledRun): number {
  const resources = modes[0]?.needed.resources ?? [];
  let most = 0;
  for (const r of resources) if ((loads[r] ?? 0) > most) most = loads[r] ?? 0;
  return most;
}
