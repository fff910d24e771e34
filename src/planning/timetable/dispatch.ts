import { NEVER, openMinutesUntil, type OpenTimes } from './calendar.ts';
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
    testbeds: 1 + random.below(4),
  };
}

const KNOWN: readonly Rule[] = [
  { setUp: 0.6, staffed: 1, length: 0.25, load: 0.07, due: 0.2, noise: 0, testbeds: 4 },
  { setUp: 0.5, staffed: 1, length: 0.3, load: 0.05, due: 0.2, noise: 0, testbeds: 3 },
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
  /** By resource: work still to do, by unit. */
  readonly loads: Float64Array;
  /** By run: how many it still waits for. */
  readonly waits: Int32Array;
  readonly noise: Float64Array;
  /** By run: a value that it is never below. */
  readonly least: Float64Array;
  /** The moment last looked up. */
  readonly looked: { times: OpenTimes | null; moment: number; minutes: number };
}

/** Puts down one run after the other, each time the one that the rule likes best; now and then somebody may look up. */
export function* dispatch(compiled: Compiled, base: Base, { rule, random }: Draw): Generator<null, Draft> {
  const { runs } = compiled;
  const among = new Set(base.runs);
  const floor: Floor = {
    board: makeBoard(compiled),
    rule,
    loads: loadsOf(compiled, base),
    waits: Int32Array.from(runs, ({ after }) => after.reduce((n, i) => n + (among.has(i) ? 1 : 0), 0)),
    noise: Float64Array.from(runs, () => (rule.noise > 0 ? 60 * rule.noise * random.next() : 0)),
    least: new Float64Array(runs.length).fill(-Infinity),
    looked: { times: null, moment: 0, minutes: 0 },
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

/**
 * The place in the open list, and the mode, of the run that is best next. What a run was worth at least when it was last
 * looked at holds for good, so most need no second look.
 */
function nextOn(floor: Floor, open: Int32Array): { readonly place: number; readonly mode: number } {
  const { board, rule, least: atLeast } = floor;
  const { free } = board.front;
  const latest = latestOf(free, rule.testbeds);
  const soonest = free.reduce((a, b) => Math.min(a, b), NEVER);
  const first = likeliest(floor, open);
  let [place, mode, least] = [first, -1, Infinity];
  const look = (x: number): void => {
    const run = board.compiled.runs[open[x] ?? 0];
    if (run === undefined || !isReady(floor, run.index)) return;
    const found = valueOf(floor, run, { latest, soonest, least });
    if (found.value < least) [place, mode, least] = [x, found.mode, found.value];
  };
  look(first);
  for (let x = 0; x < open.length; x++) if (x !== first && (atLeast[open[x] ?? 0] ?? 0) < least) look(x);
  return { place, mode };
}

/** Of the runs that wait for nothing the one that may be worth least. */
function likeliest(floor: Floor, open: Int32Array): number {
  let [place, least] = [-1, Infinity];
  for (let x = 0; x < open.length; x++) {
    const value = floor.least[open[x] ?? 0] ?? 0;
    if ((place < 0 || value < least) && isReady(floor, open[x] ?? 0)) [place, least] = [x, value];
  }
  return place;
}

function isReady({ waits }: Floor, run: number): boolean {
  return (waits[run] ?? 0) === 0;
}

/** When so many testbeds are free. */
function latestOf(free: Int32Array, testbeds: number): number {
  if (free.length <= testbeds) return NEVER;
  const sorted = free.slice().sort();
  return sorted[testbeds - 1] ?? NEVER;
}

function valueOf(floor: Floor, run: CompiledRun, { latest, soonest, least }: Mark): Value {
  const { board, rule } = floor;
  const { compiled, slot, front } = board;
  const ready = readyAt(board, run);
  const base = baseOf(floor, run);
  let [best, value, atLeast] = [-1, Infinity, Infinity];
  let [needed, had] = [run.modes[0]?.needed, -1];
  for (let m = 0; m < run.modes.length; m++) {
    const mode = run.modes[m];
    if (mode === undefined) continue;
    const bedFree = front.free[mode.testbed] ?? 0;
    if (bedFree <= latest && (had < 0 || mode.needed !== needed)) {
      needed = mode.needed;
      had = availableAt(board, needed, ready);
    }
    const staffed = compiled.testbeds[mode.testbed]?.staffed ?? null;
    const known = base - rule.length * mode.duration;
    const sure = mode.needed === needed ? Math.max(had, ready) : ready;
    atLeast = Math.min(
      atLeast,
      staffedUntil(floor, staffed, Math.max(sure, Math.min(soonest, bedFree))) + known,
    );
    const from = Math.max(had, bedFree);
    if (bedFree > latest || staffedUntil(floor, staffed, from) + known >= Math.min(least, value)) continue;
    const setUp = setUpOf(board, mode.testbed, run.index);
    findSlot(board, run, { mode, from, setUp });
    if (slot.end >= NEVER) continue;
    const start = staffedUntil(floor, staffed, slot.start);
    const during = staffedUntil(floor, staffed, slot.end) - start;
    const now = start + known + rule.setUp * setUp + rule.staffed * during;
    if (now < value) [best, value] = [m, now];
  }
  floor.least[run.index] = atLeast;
  return { mode: best, value };
}

/** What does not depend on when and where it would run; it only grows as others are put down. */
function baseOf({ rule, loads, noise }: Floor, run: CompiledRun): number {
  const base = noise[run.index] ?? 0;
  const load = rule.load > 0 ? rule.load * busiest(loads, run) : 0;
  return base - load + (run.due < NEVER ? rule.due * run.due : 0);
}

function staffedUntil({ looked }: Floor, staffed: OpenTimes | null, moment: number): number {
  if (staffed === null) return moment;
  if (looked.times !== staffed || looked.moment !== moment) {
    looked.times = staffed;
    looked.moment = moment;
    looked.minutes = openMinutesUntil(staffed, moment);
  }
  return looked.minutes;
}

interface Mark {
  readonly latest: number;
  /** When the first testbed is free. */
  readonly soonest: number;
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
