import {
  afterOpenMinutes,
  beforeOpenMinutes,
  NEVER,
  spanAt,
  whenOpenFor,
  type OpenTimes,
} from './calendar.ts';
import type { Compiled, CompiledMode, CompiledRun, Needed } from './compile.ts';

/** A timetable under construction, and the one last made: by run, and what each testbed and unit is busy with. */
export interface Board {
  readonly compiled: Compiled;
  readonly setUpStarts: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Which of its modes each run is in. */
  readonly modes: Int32Array;
  readonly front: Front;
  readonly slot: Slot;
  /** By testbed: set-up minutes by run before and run. */
  readonly setUps: readonly Int32Array[];
}

/** Everything that decides how it goes on: small, so that it can be put aside and taken up again. */
export interface Front {
  /** By testbed: when it is free, and the run it is cabled for (-1: as at first). */
  readonly free: Int32Array;
  readonly last: Int32Array;
  /** By unit of each resource: when it is free. */
  readonly unitFree: Int32Array;
  readonly budgets: Int32Array;
  /** By organisation: the ends of its runs, summed. */
  readonly ends: Float64Array;
  /** Late minutes times weight, makespan, set-up minutes, runs that found no place before the horizon. */
  readonly sums: Float64Array;
}

export const TARDINESS = 0;
export const MAKESPAN = 1;
export const SET_UP = 2;
export const UNPLACED = 3;

const NONE: Needed = { resources: new Int32Array(0), amounts: new Int32Array(0) };

export interface Slot {
  begin: number;
  start: number;
  end: number;
}

export function makeBoard(compiled: Compiled): Board {
  const count = compiled.runs.length;
  const row = (): Int32Array => new Int32Array(count);
  return {
    compiled,
    setUpStarts: row(),
    starts: row(),
    ends: row(),
    modes: row(),
    front: makeFront(compiled),
    slot: { begin: 0, start: 0, end: 0 },
    setUps: compiled.testbeds.map(({ setUps }) => setUps()),
  };
}

export function makeFront({ testbeds, units, budgets, organisations }: Compiled): Front {
  return {
    free: new Int32Array(testbeds.length),
    last: new Int32Array(testbeds.length).fill(-1),
    unitFree: new Int32Array(units),
    budgets: budgets.slice(),
    ends: new Float64Array(organisations),
    sums: new Float64Array(4),
  };
}

export function copyFront(from: Front, to: Front): void {
  to.free.set(from.free);
  to.last.set(from.last);
  to.unitFree.set(from.unitFree);
  to.budgets.set(from.budgets);
  to.ends.set(from.ends);
  to.sums.set(from.sums);
}

/**
 * Puts a run at the end of what is there: in the mode wanted, or (negative) in the one in which it ends first, then with
 * the least set-up. Everything that it waits for must have been put there before.
 */
export function append(board: Board, run: CompiledRun, wanted: number): void {
  const { slot } = board;
  const ready = readyAt(board, run);
  let [best, bestEnd, bestSetUp, begin, start] = [-1, NEVER, NEVER, 0, 0];
  let [needed, had] = [NONE, ready];
  const { free } = board.front;
  for (let m = 0; m < run.modes.length; m++) {
    const mode = run.modes[m];
    if (mode === undefined || (wanted >= 0 && m !== wanted) || !affordable(board.front, mode)) continue;
    if (mode.needed !== needed) {
      needed = mode.needed;
      had = availableAt(board, needed, ready);
    }
    const bedFree = mode.testbed < 0 ? 0 : (free[mode.testbed] ?? 0);
    const from = bedFree > had ? bedFree : had;
    if (from + mode.duration > bestEnd) continue;
    const setUp = setUpOf(board, mode.testbed, run.index);
    if (from + setUp + mode.duration > bestEnd) continue;
    findSlot(board, run, { mode, from, setUp });
    if (slot.end > bestEnd || (slot.end === bestEnd && setUp >= bestSetUp)) continue;
    [best, bestEnd, bestSetUp, begin, start] = [m, slot.end, setUp, slot.begin, slot.start];
  }
  const mode = run.modes[best];
  if (mode === undefined || bestEnd > board.compiled.problem.horizon) {
    giveUp(board, run);
    return;
  }
  slot.begin = begin;
  slot.start = start;
  slot.end = bestEnd;
  board.modes[run.index] = best;
  book(board, run, mode);
  const { sums } = board.front;
  sums[SET_UP] = (sums[SET_UP] ?? 0) + bestSetUp;
}

/** When the run is released and all that it waits for is over. */
export function readyAt({ ends }: Board, { release, after }: CompiledRun): number {
  let ready = release;
  for (let y = 0; y < after.length; y++) {
    const end = ends[after[y] ?? 0] ?? 0;
    if (end > ready) ready = end;
  }
  return ready;
}

/** Minutes of set-up when the run comes next on the testbed. */
export function setUpOf({ compiled, front, setUps }: Board, testbed: number, run: number): number {
  const bed = compiled.testbeds[testbed];
  if (bed === undefined) return 0;
  const last = front.last[testbed] ?? -1;
  return (last < 0 ? bed.firstSetUps[run] : setUps[testbed]?.[last * compiled.runs.length + run]) ?? 0;
}

/** Finds the earliest end of a run in this mode, set-up beginning at `from` or later; the answer is in `slot`. */
export function findSlot(
  { compiled, slot }: Pick<Board, 'compiled' | 'slot'>,
  run: CompiledRun,
  { mode, from: first, setUp }: Beginning,
): void {
  const bed = compiled.testbeds[mode.testbed];
  let from = first;
  for (;;) {
    const start = startAfterSetUp(bed, run, { mode, from, setUp });
    slot.start = start;
    slot.end =
      run.paused && bed?.staffed
        ? afterOpenMinutes(bed.staffed, start, mode.duration)
        : start + mode.duration;
    slot.begin = start;
    if (slot.end >= NEVER) return;
    if (setUp > 0) slot.begin = bed?.staffed ? beforeOpenMinutes(bed.staffed, start, setUp) : start - setUp;
    if (mode.timed.length === 0) return;
    const next = openFrom(mode.timed, slot.begin, slot.end);
    if (next <= slot.begin) return;
    if (next >= NEVER) {
      slot.end = NEVER;
      return;
    }
    from = next;
  }
}

/** When all resources needed are there, and not before `ready`. */
export function availableAt(
  { compiled, front }: Board,
  { resources, amounts }: Needed,
  ready: number,
): number {
  const { firstUnit, capacities } = compiled;
  const { unitFree } = front;
  let from = ready;
  for (let x = 0; x < resources.length; x++) {
    const r = resources[x] ?? 0;
    const first = firstUnit[r] ?? 0;
    const capacity = capacities[r] ?? 1;
    const at =
      capacity === 1
        ? (unitFree[first] ?? 0)
        : unitsFreeAt(unitFree, { first, capacity, amount: amounts[x] ?? 1 });
    if (at > from) from = at;
  }
  return from;
}

interface Beginning {
  readonly mode: CompiledMode;
  readonly from: number;
  readonly setUp: number;
}

/** The first moment at which set-up is done and the run may go on as long as it has to. */
function startAfterSetUp(
  bed: Compiled['testbeds'][number] | undefined,
  run: CompiledRun,
  asked: Beginning,
): number {
  const { mode, from, setUp } = asked;
  if (bed === undefined) return from;
  const { staffed, up } = bed;
  const ready = staffed === null ? from + setUp : afterOpenMinutes(staffed, from, setUp);
  if (ready >= NEVER) return NEVER;
  if (run.staffed && staffed !== null) return whenOpenFor(staffed, ready, mode.duration);
  if (run.paused && staffed !== null) return whenOpenFor(staffed, ready, Math.min(1, mode.duration));
  return up === null ? ready : whenOpenFor(up, ready, mode.duration);
}

/** `begin` when all are open from then to the end; otherwise the beginning of the first span in which that may be. */
function openFrom(timed: readonly OpenTimes[], begin: number, end: number): number {
  let at = begin;
  for (const times of timed) {
    let i = spanAt(times, begin);
    if (i < times.to.length && (times.from[i] ?? 0) <= begin) {
      if ((times.to[i] ?? 0) >= end) continue;
      i++;
    }
    const next = times.from[i] ?? NEVER;
    if (next > at) at = next;
  }
  return at;
}

/** When as many units as are wanted are free: the amount-th smallest of their times. */
function unitsFreeAt(unitFree: Int32Array, { first, capacity, amount }: Units): number {
  if (amount === 1) {
    let least = NEVER;
    for (let u = first; u < first + capacity; u++) if ((unitFree[u] ?? 0) < least) least = unitFree[u] ?? 0;
    return least;
  }
  const sorted = unitFree.slice(first, first + capacity).sort();
  return sorted[amount - 1] ?? NEVER;
}

interface Units {
  readonly first: number;
  readonly capacity: number;
  readonly amount: number;
}

function affordable({ budgets }: Front, { takes }: CompiledMode): boolean {
  for (let b = 0; b < takes.length; b++) {
    const take = takes[b] ?? 0;
    if (take > 0 && take > (budgets[b] ?? 0)) return false;
  }
  return true;
}

/** Writes the slot found into the board. */
export function book(board: Board, run: CompiledRun, mode: CompiledMode): void {
  const { compiled, front, slot } = board;
  const { index } = run;
  board.setUpStarts[index] = slot.begin;
  board.starts[index] = slot.start;
  board.ends[index] = slot.end;
  if (mode.testbed >= 0) {
    front.free[mode.testbed] = slot.end;
    front.last[mode.testbed] = index;
  }
  for (let x = 0; x < mode.needed.resources.length; x++) {
    const r = mode.needed.resources[x] ?? 0;
    const first = compiled.firstUnit[r] ?? 0;
    const capacity = compiled.capacities[r] ?? 1;
    if (capacity === 1) front.unitFree[first] = slot.end;
    else takeUnits(front.unitFree, { first, capacity, amount: mode.needed.amounts[x] ?? 1 }, slot);
  }
  for (let b = 0; b < mode.takes.length; b++)
    front.budgets[b] = (front.budgets[b] ?? 0) - (mode.takes[b] ?? 0);
  count(board, run, mode);
}

/** Of the units that are free at the beginning those that were busy longest. */
function takeUnits(unitFree: Int32Array, { first, capacity, amount }: Units, { begin, end }: Slot): void {
  for (let taken = 0; taken < amount; taken++) {
    let best = -1;
    for (let u = first; u < first + capacity; u++) {
      const free = unitFree[u] ?? 0;
      if (free <= begin && (best < 0 || free > (unitFree[best] ?? 0))) best = u;
    }
    if (best >= 0) unitFree[best] = end;
  }
}

function count({ front, slot }: Board, run: CompiledRun, { buffer }: CompiledMode): void {
  const { sums, ends } = front;
  const late = slot.end + buffer - run.due;
  if (late > 0) sums[TARDINESS] = (sums[TARDINESS] ?? 0) + late * run.weight;
  if (slot.end > (sums[MAKESPAN] ?? 0)) sums[MAKESPAN] = slot.end;
  ends[run.organisation] = (ends[run.organisation] ?? 0) + slot.end;
}

function giveUp({ front, setUpStarts, starts, ends, modes }: Board, { index, release }: CompiledRun): void {
  modes[index] = -1;
  setUpStarts[index] = starts[index] = ends[index] = release;
  front.sums[UNPLACED] = (front.sums[UNPLACED] ?? 0) + 1;
}
