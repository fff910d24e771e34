import { beforeOpenMinutes, NEVER } from '../calendar.ts';
import type { Compiled, CompiledMode, CompiledRun } from '../compile.ts';
import { findSlot, type Slot } from '../decode.ts';

/** A plan in which single runs can be taken out and put into gaps, while all others stay where they are. */
export interface Chart {
  readonly compiled: Compiled;
  /** By run. A mode of -1: not on the chart. */
  readonly modes: Int32Array;
  readonly setUpStarts: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** By testbed: its runs by start. */
  readonly beds: readonly number[][];
  /** By resource: the runs that need it, by start. */
  readonly users: readonly number[][];
  /** The longest run and the longest set-up so far, from start to end: how far one has to look. */
  readonly spans: { run: number; setUp: number };
  /** By run: it has started, and stays. */
  readonly fixed: Uint8Array;
}

export function makeChart(compiled: Compiled): Chart {
  const count = compiled.runs.length;
  return {
    compiled,
    modes: new Int32Array(count).fill(-1),
    setUpStarts: new Int32Array(count),
    starts: new Int32Array(count),
    ends: new Int32Array(count),
    beds: compiled.testbeds.map(() => []),
    users: Array.from(compiled.firstUnit, () => []),
    spans: { run: 0, setUp: 0 },
    fixed: new Uint8Array(count),
  };
}

/** A place for a run: which mode, and when. */
export interface Seat {
  readonly mode: number;
  readonly begin: number;
  readonly start: number;
  readonly end: number;
}

export function modeOf({ compiled, modes }: Chart, run: number): CompiledMode | undefined {
  return compiled.runs[run]?.modes[modes[run] ?? -1];
}

/** Puts a run on the chart as it is told; nothing is checked, and set-up of the run after it is made to fit. */
export function seat(chart: Chart, run: number, { mode, begin, start, end }: Seat): void {
  chart.modes[run] = mode;
  chart.setUpStarts[run] = begin;
  chart.starts[run] = start;
  chart.ends[run] = end;
  const made = modeOf(chart, run);
  chart.spans.run = Math.max(chart.spans.run, end - start);
  chart.spans.setUp = Math.max(chart.spans.setUp, start - begin);
  for (const r of made?.needed.resources ?? []) {
    const users = chart.users[r] ?? [];
    users.splice(placeIn(chart, users, start), 0, run);
  }
  const bed = chart.beds[made?.testbed ?? -1];
  if (made === undefined || bed === undefined) return;
  const place = placeIn(chart, bed, start);
  bed.splice(place, 0, run);
  fitSetUp(chart, made.testbed, place + 1);
}

export function unseat(chart: Chart, run: number): void {
  const mode = modeOf(chart, run);
  for (const r of mode?.needed.resources ?? []) {
    const users = chart.users[r] ?? [];
    users.splice(users.indexOf(run), 1);
  }
  chart.modes[run] = -1;
  const bed = chart.beds[mode?.testbed ?? -1];
  const place = bed?.indexOf(run) ?? -1;
  if (mode === undefined || bed === undefined || place < 0) return;
  bed.splice(place, 1);
  fitSetUp(chart, mode.testbed, place);
}

/** The first place on the testbed of a run that starts later. */
function placeIn({ starts }: Chart, bed: readonly number[], start: number): number {
  let [low, high] = [0, bed.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[bed[middle] ?? 0] ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Set-up of the run at this place follows from the run before it; its start stays. */
function fitSetUp(chart: Chart, testbed: number, place: number): void {
  const run = chart.beds[testbed]?.[place];
  if (run === undefined || chart.fixed[run] === 1) return;
  const begin = setUpStartAfter(chart, testbed, { before: chart.beds[testbed]?.[place - 1] ?? -1, run });
  chart.setUpStarts[run] = begin;
  chart.spans.setUp = Math.max(chart.spans.setUp, (chart.starts[run] ?? 0) - begin);
}

interface Neighbours {
  readonly before: number;
  readonly run: number;
}

/** When set-up has to begin at the latest for the run to start as planned. */
function setUpStartAfter({ compiled, starts }: Chart, testbed: number, { before, run }: Neighbours): number {
  const bed = compiled.testbeds[testbed];
  const minutes = setUpAfter(compiled, testbed, { before, run });
  const start = starts[run] ?? 0;
  return bed?.staffed ? beforeOpenMinutes(bed.staffed, start, minutes) : start - minutes;
}

function setUpAfter({ testbeds }: Compiled, testbed: number, { before, run }: Neighbours): number {
  const bed = testbeds[testbed];
  if (bed === undefined) return 0;
  return (before < 0 ? bed.firstSetUps[run] : bed.setUpAfter(before, run)) ?? 0;
}

/**
 * Runs that do not fit together with the others: too little time for set-up, something that is needed in use elsewhere,
 * closed, or something they wait for not over.
 */
export function misfits(chart: Chart, among: Iterable<number>): readonly number[] {
  return [...among].filter(
    (run) => chart.fixed[run] !== 1 && (chart.modes[run] ?? -1) >= 0 && !fits(chart, run),
  );
}

function fits(chart: Chart, index: number): boolean {
  const { compiled, beds, ends, setUpStarts, starts } = chart;
  const [run, mode] = [compiled.runs[index], modeOf(chart, index)];
  if (run === undefined || mode === undefined) return false;
  const begin = setUpStarts[index] ?? 0;
  if (begin < readyFor(chart, run)) return false;
  const bed = beds[mode.testbed] ?? [];
  const place = bed.indexOf(index);
  if (place > 0 && (ends[bed[place - 1] ?? 0] ?? 0) > begin) return false;
  const slot: Slot = { begin: 0, start: 0, end: 0 };
  const setUp = setUpAfter(compiled, mode.testbed, { before: bed[place - 1] ?? -1, run: index });
  findSlot({ compiled, slot }, run, { mode, from: begin, setUp });
  if (slot.start !== starts[index] || slot.end !== ends[index]) return false;
  return freeFrom(chart, index, { mode, begin, end: slot.end, latest: begin }) <= begin;
}

/** When all that the run waits for is over; `NEVER` when something is not on the chart. */
function readyFor({ ends, modes }: Chart, { release, after }: CompiledRun): number {
  let ready = release;
  for (const before of after)
    ready = Math.max(ready, (modes[before] ?? -1) < 0 ? NEVER : (ends[before] ?? 0));
  return ready;
}

interface Wish {
  readonly mode: CompiledMode;
  readonly begin: number;
  readonly end: number;
  /** Beginning after this is of no use: then one thing in the way is enough to know. */
  readonly latest: number;
}

/** `begin` when enough of everything is free up to the end; otherwise when something that is in the way is over. */
function freeFrom(chart: Chart, self: number, { mode, begin, end, latest }: Wish): number {
  const { resources, amounts } = mode.needed;
  let at = begin;
  for (let x = 0; x < resources.length && at <= latest; x++) {
    const r = resources[x] ?? 0;
    const spare = (chart.compiled.capacities[r] ?? 0) - (amounts[x] ?? 0);
    at = Math.max(at, spareFrom(chart, { self, resource: r, spare, begin, end }));
  }
  return at;
}

interface Spare {
  readonly self: number;
  readonly resource: number;
  /** Others may use so much. */
  readonly spare: number;
  readonly begin: number;
  readonly end: number;
}

function spareFrom(chart: Chart, { self, resource, spare, begin, end }: Spare): number {
  const { users, setUpStarts, starts, ends, compiled, modes, spans } = chart;
  const list = users[resource] ?? [];
  const there: (readonly [number, number, number])[] = [];
  let most = 0;
  for (let x = placeIn(chart, list, begin - spans.run - 1); x < list.length; x++) {
    const user = list[x] ?? 0;
    if ((starts[user] ?? 0) >= end + spans.setUp) break;
    const [from, to] = [setUpStarts[user] ?? 0, ends[user] ?? 0];
    if (user === self || to <= begin || from >= end) continue;
    if (spare <= 0) return to;
    const needed = compiled.runs[user]?.modes[modes[user] ?? 0]?.needed;
    const amount = needed?.amounts[needed.resources.indexOf(resource)] ?? 0;
    there.push([from, to, amount]);
    most += amount;
  }
  if (most <= spare) return begin;
  // The most in use is reached where somebody begins.
  let until = begin;
  for (const at of [begin, ...there.map(([from]) => Math.max(begin, from))]) {
    const using = there.filter(([from, to]) => from <= at && at < to);
    if (using.reduce((sum, [, , amount]) => sum + amount, 0) <= spare) continue;
    until = Math.max(until, Math.min(...using.map(([, to]) => to)));
  }
  return until;
}

/**
 * The seat in which a run ends first, in a gap or after everything, the others staying where they are.
 *
 * @param before ends no later than this
 */
export function bestSeat(chart: Chart, run: CompiledRun, before = NEVER): Seat | null {
  const ready = readyFor(chart, run);
  if (ready >= NEVER) return null;
  let best: Seat | null = null;
  for (const [m, mode] of run.modes.entries()) {
    const limit = Math.min(before, best === null ? NEVER : best.end - 1, chart.compiled.problem.horizon);
    const found = firstSeat(chart, run, { mode, ready, limit });
    if (found !== null) best = { mode: m, ...found };
  }
  return best;
}

interface Search {
  readonly mode: CompiledMode;
  readonly ready: number;
  readonly limit: number;
}

function firstSeat(
  chart: Chart,
  run: CompiledRun,
  { mode, ready, limit }: Search,
): Omit<Seat, 'mode'> | null {
  const bed = chart.beds[mode.testbed] ?? [];
  const first = placeIn(chart, bed, ready);
  for (let place = Math.max(0, first - 1); place <= bed.length; place++) {
    const [before, after] = [bed[place - 1] ?? -1, bed[place] ?? -1];
    const from = Math.max(ready, before < 0 ? 0 : (chart.ends[before] ?? 0));
    if (from + mode.duration > limit) return null;
    if (after >= 0 && (chart.fixed[after] === 1 || (chart.starts[after] ?? 0) < from + mode.duration))
      continue;
    const found = inGap(chart, run, { mode, from, before, after, limit });
    if (found !== null) return found;
  }
  return null;
}

interface Gap {
  readonly mode: CompiledMode;
  readonly from: number;
  readonly before: number;
  readonly after: number;
  readonly limit: number;
}

function inGap(
  chart: Chart,
  run: CompiledRun,
  { mode, from, before, after, limit }: Gap,
): Omit<Seat, 'mode'> | null {
  const { compiled } = chart;
  const setUp = setUpAfter(compiled, mode.testbed, { before, run: run.index });
  let last = limit;
  if (after >= 0) {
    const begin = setUpStartAfter(chart, mode.testbed, { before: run.index, run: after });
    const next = modeOf(chart, after);
    if (next === undefined || begin < 0) return null;
    // Set-up of the run after it may have to begin earlier than it did: is everything there by then?
    const end = chart.setUpStarts[after] ?? 0;
    if (begin < end && freeFrom(chart, after, { mode: next, begin, end, latest: begin }) > begin) return null;
    if (next.timed.length > 0 && begin < end) return null;
    last = Math.min(last, begin);
  }
  const slot: Slot = { begin: 0, start: 0, end: 0 };
  const latest = last - setUp - mode.duration;
  for (let at = from; ;) {
    findSlot({ compiled, slot }, run, { mode, from: at, setUp });
    if (slot.end > last) return null;
    const free = freeFrom(chart, run.index, { mode, begin: slot.begin, end: slot.end, latest });
    if (free <= slot.begin) return { begin: slot.begin, start: slot.start, end: slot.end };
    if (free > latest) return null;
    at = Math.max(at + 1, free);
  }
}
