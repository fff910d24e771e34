// Reads published instances, each in its own format, as timetable problems with the shortest makespan known of each.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const numbersOf = (text) => (text.match(/-?\d+/gu) ?? []).map(Number);
const linesOf = (path) => readFileSync(path, 'utf8').split('\n');

/** By set: where it lies below the data folder, how a file is read, and where the best known values are. */
const SETS = {
  j30: { folder: ['rcpsp/j30', 'j30'], ending: '.sm', read: psplib, best: psplibBest },
  j60: { folder: ['rcpsp/j60', 'j60'], ending: '.sm', read: psplib, best: psplibBest },
  j120: { folder: ['rcpsp/j120', 'j120'], ending: '.sm', read: psplib, best: psplibBest },
  mmlib: { folder: ['mmlib'], ending: '.txt', read: psplib, best: mmlibBest },
  sdst: { folder: ['sdst_pfsp'], ending: '.txt', read: flowLine, best: sdstBest },
};

export const SET_NAMES = Object.keys(SETS);

/** Every n-th instance that is there and of which a best value is known, in the order of their list. */
export function* instances(data, set, every) {
  const { folder, ending, read, best } = SETS[set];
  const place = folder.map((name) => join(data, name)).find((path) => existsSync(path));
  if (place === undefined) throw new Error(`no instances of ${set} below ${data}`);
  const known = [...best(data, place, set)].filter(([name]) => existsSync(join(place, `${name}${ending}`)));
  for (const [i, [name, makespan]] of known.entries())
    if (i % every === 0) yield { name, best: makespan, problem: read(join(place, `${name}${ending}`)) };
}

function* psplibBest(data, place, set) {
  for (const line of linesOf(join(place, '..', `ref-${set}.csv`)).slice(1)) {
    const [name, , upper] = line.split(',');
    if (upper !== undefined) yield [name, Number(upper)];
  }
}

/** A `bks.csv` beside the instances, otherwise the published values that are kept here. */
function* mmlibBest(data, place) {
  const beside = join(place, 'bks.csv');
  const file = existsSync(beside) ? beside : new URL('best-known/mmlib50.csv', import.meta.url);
  for (const line of linesOf(file)) {
    const [name, makespan] = line.split(',').slice(-2);
    if (makespan !== undefined && name.endsWith('.txt')) yield [name.slice(0, -4), Number(makespan)];
  }
}

function* sdstBest(data, place) {
  const there = new Set(readdirSync(place));
  for (const line of linesOf(join(place, 'bks.csv'))) {
    const [name, makespan] = line.split(',').slice(-2);
    if (there.has(name)) yield [name.slice(0, -4), Number(makespan)];
  }
}

/** The format of ProGen: activities with modes, renewable resources, and budgets (nonrenewable). */
function psplib(path) {
  const lines = linesOf(path);
  const after = (pattern, skip) => lines.findIndex((line) => pattern.test(line)) + skip;
  const count = numbersOf(lines.find((line) => line.startsWith('jobs')))[0];
  const renewable = numbersOf(lines.find((line) => /- renewable/u.test(line)))[0];
  const waits = Array.from({ length: count }, () => []);
  const links = after(/^PRECEDENCE/u, 2);
  for (let i = 0; i < count; i++)
    for (const to of numbersOf(lines[links + i]).slice(3)) waits[to - 1].push(`a${i + 1}`);
  const amounts = numbersOf(lines[after(/^\s*RESOURCE ?AVAILABILITIES/u, 2)]);
  const modes = Array.from({ length: count }, () => []);
  let current = -1;
  for (let at = after(/^REQUESTS/u, 3); !lines[at].startsWith('*'); at++) {
    let row = numbersOf(lines[at]);
    if (/^\s*\d/u.test(lines[at]) && row.length === amounts.length + 3) {
      current = row[0] - 1;
      row = row.slice(1);
    }
    const [, duration, ...wants] = row;
    modes[current].push({
      testbed: null,
      duration,
      buffer: 0,
      needs: named('r', wants.slice(0, renewable)),
      takes: named('n', wants.slice(renewable)),
    });
  }
  return problemOf({
    resources: amounts.slice(0, renewable).map((capacity, r) => ({ id: `r${r}`, capacity, open: null })),
    budgets: amounts.slice(renewable).map((amount, b) => ({ id: `n${b}`, amount })),
    runs: modes.map((own, i) => runOf({ id: `a${i + 1}`, after: waits[i], modes: own })),
  });
}

/** Pieces and stations, durations by piece, then set-up by station from piece to piece. */
function flowLine(path) {
  const [pieces, stations, ...rest] = numbersOf(readFileSync(path, 'utf8'));
  const id = (piece, station) => `p${piece}.${station}`;
  const beds = Array.from({ length: stations }, (_, k) => `s${k}`);
  const setUp = (k) => (i, j) => rest[pieces * stations + (k * pieces + i) * pieces + j];
  const range = Array.from({ length: pieces }, (_, i) => i);
  return problemOf({
    testbeds: beds.map((bed, k) => ({
      id: bed,
      staffed: null,
      closed: [],
      holds: {},
      setUp: {
        kind: 'byRun',
        minutes: Object.fromEntries(
          range.map((i) => [id(i, k), Object.fromEntries(range.map((j) => [id(j, k), setUp(k)(i, j)]))]),
        ),
      },
    })),
    lines: [{ testbeds: beds }],
    runs: range.flatMap((i) =>
      beds.map((testbed, k) =>
        runOf({
          id: id(i, k),
          after: k === 0 ? [] : [id(i, k - 1)],
          modes: [{ testbed, duration: rest[i * stations + k], buffer: 0, needs: {}, takes: {} }],
        }),
      ),
    ),
  });
}

function named(prefix, amounts) {
  return Object.fromEntries(amounts.flatMap((amount, i) => (amount > 0 ? [[`${prefix}${i}`, amount]] : [])));
}

function runOf(parts) {
  return { organisation: 'lab', weight: 1, release: 0, due: null, roles: {}, hours: 'any', ...parts };
}

function problemOf(parts) {
  return { horizon: 100_000, testbeds: [], resources: [], budgets: [], lines: [], shares: {}, ...parts };
}
