import { reason, type Reason } from '../../kernel/errors.ts';
import { longestOf, openSpans } from './calendar.ts';
import { sortedRuns } from './compile.ts';
import { linePieces } from './line/pieces.ts';
import {
  RUN_HOURS,
  TIMETABLE_CAPS,
  type PlannedMode,
  type PlannedResource,
  type PlannedRun,
  type PlannedTestbed,
  type Span,
  type TimetableProblem,
} from './problem.ts';

/**
 * Everything that makes a problem impossible or meaningless, one reason each; nothing when it can be planned. Sizes come
 * first: what is too large is not looked at further.
 */
export function checkProblem(problem: TimetableProblem): readonly Reason[] {
  const large = sizes(problem);
  if (large.length > 0) return large;
  const names = [
    ...twice('testbed', problem.testbeds),
    ...twice('resource', problem.resources),
    ...twice('budget', problem.budgets),
    ...twice('run', problem.runs),
  ];
  if (names.length > 0) return names;
  const known = { ...problem, ...indices(problem) };
  const parts = [
    ...problem.testbeds.flatMap((testbed) => checkTestbed(testbed)),
    ...problem.resources.flatMap((resource) => checkResource(resource)),
    ...problem.budgets.flatMap(({ id, amount }) => notNegative(`budget ${id}: amount`, amount)),
    ...Object.entries(problem.shares).flatMap(([id, share]) =>
      share > 0 && Number.isFinite(share) ? [] : [invalid(`share of ${id}: ${share} is not more than 0`)],
    ),
    ...checkLines(problem, known.beds),
    ...problem.runs.flatMap((run) => checkRun(run, known)),
  ];
  if (parts.length > 0) return parts;
  return [
    ...circle(problem),
    ...homeless({ ...known, hours: hoursOf(problem) }),
    ...unfinishable(problem),
    ...overspent(problem),
  ];
}

interface Known extends TimetableProblem {
  readonly beds: ReadonlyMap<string, PlannedTestbed>;
  readonly things: ReadonlyMap<string, PlannedResource>;
  readonly amounts: ReadonlySet<string>;
  readonly ids: ReadonlySet<string>;
  /** By testbed: the longest time for which it is not closed, and for which somebody is there besides. */
  readonly hours: ReadonlyMap<string, { readonly open: number; readonly staffed: number }>;
}

function indices({
  testbeds,
  resources,
  budgets,
  runs,
}: TimetableProblem): Omit<Known, keyof TimetableProblem> {
  return {
    beds: new Map(testbeds.map((testbed) => [testbed.id, testbed])),
    things: new Map(resources.map((resource) => [resource.id, resource])),
    amounts: new Set(budgets.map(({ id }) => id)),
    ids: new Set(runs.map(({ id }) => id)),
    hours: new Map(),
  };
}

function hoursOf({ testbeds, horizon }: TimetableProblem): Known['hours'] {
  return new Map(
    testbeds.map(({ id, staffed, closed }) => {
      const open = longestOf(openSpans(null, closed, horizon));
      return [
        id,
        { open, staffed: staffed === null ? open : longestOf(openSpans(staffed, closed, horizon)) },
      ];
    }),
  );
}

function sizes({ runs, testbeds, resources, budgets, horizon, lines }: TimetableProblem): readonly Reason[] {
  const caps = TIMETABLE_CAPS;
  const modes = runs.reduce((sum, run) => sum + run.modes.length, 0);
  const rules = new Set(testbeds.map(({ setUp }) => JSON.stringify(setUp))).size;
  const longest = [
    ...testbeds.flatMap(({ staffed, closed }) => [staffed ?? [], closed]),
    ...resources.map(({ open }) => open ?? []),
  ].reduce((most, spans) => Math.max(most, spans.length), 0);
  const measured: readonly (readonly [string, number, number])[] = [
    ['runs', runs.length, caps.runs],
    ['testbeds', testbeds.length, caps.testbeds],
    ['resources', resources.length, caps.resources],
    [
      'units of all resources',
      resources.reduce((sum, { capacity }) => sum + (capacity > 0 ? capacity : 0), 0),
      caps.units,
    ],
    ['budgets', budgets.length, caps.budgets],
    ['modes of all runs', modes, caps.modes],
    ['lines', lines.length, caps.lines],
    ['minutes of the horizon', horizon, caps.horizon],
    ['spans of a calendar', longest, caps.spansOfACalendar],
    ['pairs of runs, for each set-up rule', rules * runs.length * runs.length, caps.setUpCells],
    [
      'runs that one waits for',
      runs.reduce((most, { after }) => Math.max(most, after.length), 0),
      caps.linksOfARun,
    ],
    [
      'roles of a run',
      runs.reduce((most, { roles }) => Math.max(most, Object.keys(roles).length), 0),
      caps.roles,
    ],
  ];
  const over = measured.filter(([, size, cap]) => size > cap);
  const reasons = over.map(([what, size, cap]) =>
    reason('INPUT_TOO_LARGE', `${size} ${what}: ${cap} are the most`),
  );
  return Number.isSafeInteger(horizon) && horizon > 0
    ? reasons
    : [invalid(`horizon: ${horizon} is no length`)];
}

function twice(what: string, things: readonly { readonly id: string }[]): readonly Reason[] {
  const seen = new Set<string>();
  return things.flatMap(({ id }) => {
    if (seen.has(id)) return [invalid(`${what} ${id} is there twice`)];
    seen.add(id);
    return [];
  });
}

/** Lines are planned by themselves; set-up by run, which is done ahead, exists on lines only. */
function checkLines(problem: TimetableProblem, beds: Known['beds']): readonly Reason[] {
  const { lines, testbeds } = problem;
  const unknown = lines.flatMap((line) => line.testbeds.filter((id) => !beds.has(id)));
  if (unknown.length > 0) return unknown.map((id) => invalid(`line: no testbed ${id}`));
  const odd = testbeds.filter(({ setUp }) => (setUp.kind === 'byRun') !== lines.length > 0);
  if (odd.length > 0)
    return odd.map(({ id }) => invalid(`testbed ${id}: set-up by run, and nothing else, is for lines`));
  if (lines.length === 0 || linePieces(problem) !== null) return [];
  return [invalid('line: there is one, every run passes it from end to end, and needs nothing else')];
}

function checkTestbed({ id, staffed, closed, setUp }: PlannedTestbed): readonly Reason[] {
  const minutes =
    setUp.kind === 'byRole'
      ? Object.values(setUp.minutes)
      : Object.values(setUp.minutes).flatMap((row) => Object.values(row));
  const bad = minutes.find((value) => !isWhole(value));
  return [
    ...checkSpans(`testbed ${id}: staffed`, staffed),
    ...checkSpans(`testbed ${id}: closed`, closed),
    ...(bad === undefined ? [] : [invalid(`testbed ${id}: ${bad} is no number of set-up minutes`)]),
  ];
}

function checkResource({ id, capacity, open }: PlannedResource): readonly Reason[] {
  const whole = Number.isSafeInteger(capacity) && capacity >= 1 && capacity <= TIMETABLE_CAPS.capacity;
  return [
    ...(whole
      ? []
      : [invalid(`resource ${id}: capacity ${capacity} is not from 1 to ${TIMETABLE_CAPS.capacity}`)]),
    ...checkSpans(`resource ${id}: open`, open),
  ];
}

/** In order, none meeting another, at least one minute each. */
function checkSpans(what: string, spans: readonly Span[] | null): readonly Reason[] {
  let last = 0;
  for (const { from, to } of spans ?? []) {
    if (!isWhole(from) || !isWhole(to) || from >= to)
      return [invalid(`${what}: ${from} to ${to} is no span of time`)];
    if (from < last) return [invalid(`${what}: ${from} to ${to} is not after the span before it`)];
    last = to;
  }
  return [];
}

function checkRun(run: PlannedRun, known: Known): readonly Reason[] {
  const { id, release, due, weight, after, modes } = run;
  const at = `run ${id}`;
  return [
    ...notNegative(`${at}: release`, release),
    ...(due === null ? [] : notNegative(`${at}: due`, due)),
    ...(due !== null && due <= release
      ? [impossible(`${at}: it is due at ${due}, not after its release at ${release}`)]
      : []),
    ...(Number.isFinite(weight) && weight >= 0
      ? []
      : [invalid(`${at}: weight ${weight} is negative or no number`)]),
    ...(RUN_HOURS.includes(run.hours)
      ? []
      : [invalid(`${at}: hours "${run.hours}" are not one of ${RUN_HOURS.join(', ')}`)]),
    ...after
      .filter((other) => !known.ids.has(other))
      .map((other) => invalid(`${at}: it waits for ${other}, which is not there`)),
    ...(new Set(after).size === after.length ? [] : [invalid(`${at}: it waits twice for the same run`)]),
    ...(modes.length === 0 ? [impossible(`${at}: no testbed can host it`)] : []),
    ...(modes.length > TIMETABLE_CAPS.modesOfARun
      ? [
          reason(
            'INPUT_TOO_LARGE',
            `${at}: ${modes.length} modes: ${TIMETABLE_CAPS.modesOfARun} are the most`,
          ),
        ]
      : []),
    ...modes.flatMap((mode, m) => checkMode(() => `${at}, mode ${m + 1}`, mode, known)),
  ];
}

function checkMode(at: () => string, mode: PlannedMode, known: Known): readonly Reason[] {
  const { testbed, needs, takes, duration, buffer } = mode;
  const faults: Reason[] = [];
  const number = (what: string, value: number): void => {
    if (!isWhole(value)) faults.push(...notNegative(`${at()}: ${what}`, value));
  };
  number('duration', duration);
  number('buffer', buffer);
  if (testbed !== null && !known.beds.has(testbed)) faults.push(invalid(`${at()}: no testbed ${testbed}`));
  for (const id of Object.keys(needs)) {
    if (!known.things.has(id)) faults.push(invalid(`${at()}: no resource ${id}`));
    number(id, needs[id] ?? 0);
  }
  for (const id of Object.keys(takes)) {
    if (!known.amounts.has(id)) faults.push(invalid(`${at()}: no budget ${id}`));
    number(id, takes[id] ?? 0);
  }
  return faults;
}

function circle(problem: TimetableProblem): readonly Reason[] {
  const sorted = new Set(sortedRuns(problem));
  if (sorted.size === problem.runs.length) return [];
  const stuck = new Map(problem.runs.filter((_, index) => !sorted.has(index)).map((run) => [run.id, run]));
  const path: string[] = [];
  // Everything stuck waits for something stuck, so that walking back must come round.
  for (let at = stuck.keys().next().value; at !== undefined && !path.includes(at);) {
    path.push(at);
    at = stuck.get(at)?.after.find((id) => stuck.has(id));
    if (at !== undefined && path.includes(at)) path.splice(0, path.indexOf(at));
  }
  return [impossible(`runs wait for each other in a circle: ${[...path].reverse().join(' before ')}`)];
}

/** A run of which no mode can ever take place, with what stands against each. */
function homeless(known: Known): readonly Reason[] {
  return known.runs.flatMap((run) => {
    const whys = new Set<string>();
    for (const mode of run.modes) {
      const why = whyNever(run, mode, known);
      if (why === null) return [];
      whys.add(why);
    }
    return [impossible(`run ${run.id} can take place nowhere: ${[...whys].join('; ')}`)];
  });
}

function whyNever(run: PlannedRun, { testbed, needs, duration }: PlannedMode, known: Known): string | null {
  for (const [id, amount] of Object.entries(needs)) {
    const thing = known.things.get(id);
    if (thing === undefined || amount === 0) continue;
    if (amount > thing.capacity) return `it needs ${amount} of ${id}, of which there are ${thing.capacity}`;
    if (thing.open !== null && longestOf(thing.open) < duration)
      return thing.open.length === 0
        ? `${id} has no free hour`
        : `${id} is never there for ${duration} minutes on end`;
  }
  const bed = known.beds.get(testbed ?? '');
  if (bed === undefined || duration === 0) return null;
  const { open, staffed } = known.hours.get(bed.id) ?? { open: 0, staffed: 0 };
  if (staffed === 0 && (run.hours !== 'any' || needsSetUp(bed, run))) return `${bed.id} has no staffed hour`;
  if (run.hours === 'staffed' && staffed < duration)
    return `${bed.id} is never staffed for ${duration} minutes on end`;
  if (run.hours === 'any' && open < duration) return `${bed.id} is never open for ${duration} minutes on end`;
  return null;
}

function needsSetUp({ setUp, holds }: PlannedTestbed, { roles }: PlannedRun): boolean {
  if (setUp.kind === 'byRun') return false;
  return Object.entries(setUp.minutes).some(
    ([role, minutes]) => minutes > 0 && roles[role] !== undefined && roles[role] !== holds[role],
  );
}

function unfinishable({ runs, horizon }: TimetableProblem): readonly Reason[] {
  return runs
    .filter(({ release, modes }) => release + Math.min(...modes.map(({ duration }) => duration)) > horizon)
    .map(({ id, release }) =>
      impossible(`run ${id}: released at ${release} it cannot end before the horizon at ${horizon}`),
    );
}

/** Even the most sparing modes take more than there is. */
function overspent({ runs, budgets }: TimetableProblem): readonly Reason[] {
  return budgets.flatMap(({ id, amount }) => {
    const least = runs.reduce(
      (sum, { modes }) => sum + Math.min(...modes.map(({ takes }) => takes[id] ?? 0)),
      0,
    );
    return least <= amount
      ? []
      : [impossible(`budget ${id}: at least ${least} is taken, ${amount} is there`)];
  });
}

function notNegative(what: string, value: number): readonly Reason[] {
  return isWhole(value) ? [] : [invalid(`${what}: ${value} is negative, too large or no whole number`)];
}

function isWhole(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value <= 0x3fffffff;
}

function invalid(text: string): Reason {
  return reason('INPUT_INVALID', text);
}

function impossible(text: string): Reason {
  return reason('TIMETABLE_IMPOSSIBLE', text);
}
