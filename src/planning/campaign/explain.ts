import { openMinutesUntil, makeOpenTimes, openSpans } from '../timetable/calendar.ts';
import type { PlannedEntry } from '../timetable/plan.ts';
import type { PlannedRun, PlannedTestbed } from '../timetable/problem.ts';
import type { CampaignPlan, PlanRun } from './campaign-plan.ts';
import { lengthText, makeTimeText } from './times.ts';

/**
 * Why something of a plan is where it is, in sentences: a run by its key, a product, products joined by `+`.
 *
 * @returns null when the plan has never heard of it
 */
export function explain(plan: CampaignPlan, what: string): readonly string[] | null {
  const view = makeView(plan);
  const run = view.runs.get(what);
  if (run !== undefined) return explainRun(view, run);
  const products = what.split('+').map((part) => part.trim());
  if (products.some((product) => !view.known.has(product))) return null;
  const [product = ''] = products;
  return products.length === 1 ? explainProduct(view, product) : explainPairing(view, products);
}

interface View {
  readonly plan: CampaignPlan;
  readonly runs: ReadonlyMap<string, PlanRun>;
  readonly entries: ReadonlyMap<string, PlannedEntry>;
  readonly planned: ReadonlyMap<string, PlannedRun>;
  readonly known: ReadonlySet<string>;
  readonly at: (minute: number) => string;
}

function makeView(plan: CampaignPlan): View {
  return {
    plan,
    runs: new Map(plan.runs.map((run) => [run.key, run])),
    entries: new Map(plan.timetable.entries.map((entry) => [entry.run, entry])),
    planned: new Map(plan.problem.runs.map((run) => [run.id, run])),
    known: new Set([
      ...plan.coverage.flatMap(({ factors }) => factors.flatMap(({ levels }) => levels)),
      ...plan.leftOut.flatMap(({ subjects }) => subjects),
    ]),
    at: makeTimeText(plan),
  };
}

function explainRun(view: View, run: PlanRun): readonly string[] {
  const { at } = view;
  const entry = view.entries.get(run.key);
  const planned = view.planned.get(run.key);
  if (entry === undefined || planned === undefined) return [`${run.key} has no place in the plan`];
  const waits = holdersOf(view, entry, planned);
  const bed = view.plan.problem.testbeds.find(({ id }) => id === entry.testbed);
  return [
    `${run.key} is ${run.plan.id} on ${run.subjects.join(' + ')}, at ${entry.testbed ?? 'no testbed'} from ${at(entry.start)} to ${at(entry.end)}`,
    `in the plan because: ${run.because}`,
    ...(waits.length > 0 ? waits : [freeFromTheStart(view, entry, bed)]),
    ...(bed === undefined ? [] : setUpOf(view, entry, { planned, bed })),
    ...elsewhere(view, entry, planned),
  ];
}

/** What was in its way until the moment it begins: each with who has it, until when, and what would free it. */
function holdersOf(view: View, entry: PlannedEntry, planned: PlannedRun): readonly string[] {
  const { at, plan } = view;
  const begin = entry.setUpStart;
  const needs = Object.keys(planned.modes[entry.mode]?.needs ?? {});
  const before = plan.timetable.entries.filter(({ run, end }) => run !== entry.run && end <= begin);
  const uses = (other: PlannedEntry, thing: string): boolean =>
    (view.planned.get(other.run)?.modes[other.mode]?.needs[thing] ?? 0) > 0;
  const lastWith = (holds: (other: PlannedEntry) => boolean): PlannedEntry | undefined =>
    before.filter(holds).sort((a, b) => b.end - a.end)[0];
  const held = [
    ...needs.map((thing) => ({ thing, last: lastWith((other) => uses(other, thing)) })),
    { thing: `testbed ${entry.testbed ?? ''}`, last: lastWith((other) => other.testbed === entry.testbed) },
  ].flatMap(({ thing, last }) => (last === undefined ? [] : [{ thing, last }]));
  const latest = Math.max(-1, ...held.map(({ last }) => last.end));
  const gates = planned.after.flatMap((id) => {
    const gate = view.entries.get(id);
    return gate === undefined ? [] : [`it waits for ${id}, which has to pass first, until ${at(gate.end)}`];
  });
  const holding = held
    .filter(({ last }) => last.end === latest)
    .map(
      ({ thing, last }) =>
        `it waits for ${nameOf(thing)}, which ${last.run} has until ${at(last.end)}; ${freeing(thing)} would free it`,
    );
  return [...gates, ...holding, ...(holding.length > 0 ? pauseOf(view, entry, latest) : [])];
}

/** What keeps it from beginning the moment that everything is free. */
function pauseOf({ plan, at }: View, entry: PlannedEntry, free: number): readonly string[] {
  if (free >= entry.setUpStart) return [];
  const bed = plan.problem.testbeds.find(({ id }) => id === entry.testbed);
  const closed = (bed?.closed ?? []).some(({ from, to }) => from < entry.setUpStart && to > free);
  const unstaffed =
    bed !== undefined &&
    entry.setUpStart < entry.start &&
    open(bed, plan.problem.horizon, { from: free, to: entry.setUpStart }) === 0;
  const why = closed
    ? `${bed?.id ?? ''} is closed or reserved by others`
    : unstaffed
      ? `nobody is there to set up`
      : 'the plan leaves it for later: something else is more urgent';
  return [`from ${at(free)} to ${at(entry.setUpStart)}: ${why}`];
}

function open(
  bed: PlannedTestbed,
  horizon: number,
  span: { readonly from: number; readonly to: number },
): number {
  const times = makeOpenTimes(openSpans(bed.staffed, bed.closed, horizon), horizon);
  return openMinutesUntil(times, span.to) - openMinutesUntil(times, span.from);
}

function nameOf(thing: string): string {
  return thing.replace(/^equipment:/u, '').replace(/^instrument:/u, 'instrument ');
}

function freeing(thing: string): string {
  if (thing.startsWith('equipment:')) return 'a second item of it';
  return thing.startsWith('instrument:')
    ? 'one more of it'
    : 'one more testbed that can do the same (--what-if testbed)';
}

function freeFromTheStart({ at }: View, entry: PlannedEntry, bed: PlannedTestbed | undefined): string {
  if (entry.setUpStart === 0) return 'nothing holds it up: it begins when the plan does';
  const closed = bed?.closed.find(({ from, to }) => from < entry.setUpStart && to >= entry.setUpStart);
  if (closed !== undefined) return `${bed?.id ?? ''} is closed or reserved by others until ${at(closed.to)}`;
  return `nothing holds it up before ${at(entry.setUpStart)}, when somebody is there to set up (--what-if shift)`;
}

function setUpOf(
  { at, plan }: View,
  entry: PlannedEntry,
  { planned, bed }: { readonly planned: PlannedRun; readonly bed: PlannedTestbed },
): readonly string[] {
  if (entry.setUpStart === entry.start || bed.setUp.kind !== 'byRole') return [];
  const { minutes } = bed.setUp;
  const before = plan.timetable.entries
    .filter(({ testbed, end }) => testbed === bed.id && end <= entry.setUpStart)
    .at(-1);
  const there =
    before === undefined ? bed.holds : (plan.problem.runs.find(({ id }) => id === before.run)?.roles ?? {});
  const changed = Object.entries(planned.roles).filter(
    ([role, id]) => there[role] !== id && (minutes[role] ?? 0) > 0,
  );
  const work = changed.reduce((sum, [role]) => sum + (minutes[role] ?? 0), 0);
  const idle = entry.start - entry.setUpStart - work;
  const roles = changed.map(([role]) => `${role} (${minutes[role] ?? 0} min)`).join(', ');
  return [
    `set-up from ${at(entry.setUpStart)}: ${roles} ${changed.length === 1 ? 'is' : 'are'} changed${idle > 0 ? `, with ${lengthText(idle)} in which nobody is there` : ''}`,
  ];
}

/** What is going on, at its time, where else it could be. */
function elsewhere(view: View, entry: PlannedEntry, planned: PlannedRun): readonly string[] {
  const { plan, at } = view;
  return planned.modes.flatMap(({ testbed }) => {
    if (testbed === null || testbed === entry.testbed) return [];
    const busy = plan.timetable.entries.find(
      (other) => other.testbed === testbed && other.setUpStart < entry.end && other.end > entry.setUpStart,
    );
    return busy === undefined
      ? []
      : [`${testbed} could host it, but is with ${busy.run} until ${at(busy.end)}`];
  });
}

function explainProduct(view: View, product: string): readonly string[] {
  const mine = view.plan.timetable.entries.filter(
    ({ run }) => view.runs.get(run)?.subjects.includes(product) === true,
  );
  const [first] = mine;
  const out = leftOutWith(view, [product]);
  if (first === undefined) return [`${product} is in no run`, ...out, ...unreachable(view, product)];
  const run = view.runs.get(first.run);
  return [
    `${product} is in ${mine.length} run${mine.length === 1 ? '' : 's'}: ${mine.map((entry) => `${entry.run} (${view.at(entry.start)}, ${entry.testbed ?? ''})`).join(', ')}`,
    ...(run === undefined ? [] : ['', 'the first of them:', ...explainRun(view, run)]),
    ...mine.slice(1).flatMap((entry) => betweenRuns(view, entry)),
    ...out,
  ];
}

function betweenRuns(view: View, entry: PlannedEntry): readonly string[] {
  const planned = view.planned.get(entry.run);
  const [why] = planned === undefined ? [] : holdersOf(view, entry, planned);
  return why === undefined ? [] : [`${entry.run}: ${why}`];
}

function explainPairing(view: View, products: readonly string[]): readonly string[] {
  const inIt = (subjects: readonly string[]): boolean =>
    products.every((product) => subjects.includes(product));
  const runs = view.plan.runs.filter(({ subjects }) => inIt(subjects));
  if (runs.length > 0) return runs.flatMap((run) => explainRun(view, run));
  const names = products.join(' + ');
  const refused = view.plan.coverage.flatMap(({ plan, forbidden }) =>
    forbidden
      .filter(({ forbid }) => products.every((product) => Object.values(forbid).includes(product)))
      .map(({ id }) => `${plan}: ${id}`),
  );
  const out = [...leftOutWith(view, products), ...refused];
  if (out.length > 0) return [`${names} do not meet`, ...out];
  const weakest = Math.max(...view.plan.coverage.map(({ strength }) => strength));
  const instead = view.plan.runs.filter(({ subjects }) =>
    products.some((product) => subjects.includes(product)),
  );
  return [
    `${names} do not meet: ${weakest < products.length ? `with strength ${weakest} each of them is covered by` : 'no plan of the campaign brings them together; they are in'} ${instead.map(({ key }) => key).join(', ') || 'no run'}`,
  ];
}

function leftOutWith({ plan }: View, products: readonly string[]): readonly string[] {
  return plan.leftOut
    .filter(({ subjects }) => products.every((product) => subjects.includes(product)))
    .map(({ plan: id, subjects, reason }) => `left out: ${id} on ${subjects.join(' + ')}: ${reason.text}`);
}

function unreachable({ plan }: View, product: string): readonly string[] {
  return plan.coverage.flatMap(({ plan: id, unreachable: levels }) =>
    levels.filter(({ level }) => level === product).map(({ because }) => `${id}: ${because.join(', ')}`),
  );
}
