import type { Command } from 'commander';
import type { Condition, PlanCase, StandardRef, TestPlan } from '../../domain/plan.ts';
import { parsePlanRef } from '../../domain/plan-ref.ts';
import { resolvePlan } from '../../plans/plan-ref.ts';
import { readShelf, renderProblems } from '../read-shelf.ts';
import { MAX_COLUMNS, renderTable, wrap } from '../render-table.ts';

const GOOD = 0;
const WRONG_INPUT = 2;

/** `patchbay plan show ID`: a plan for people, case by case. */
export function registerPlanShow(plan: Command): void {
  plan
    .command('show')
    .description('show a test plan, case by case')
    .argument('<id>', 'the plan: a1-producer, a1-producer@1 …')
    .option('--dir <dir>', 'a folder of plans, instead of those of this release')
    .option('--json', 'print the plan as JSON')
    .action(async (id: string, { dir, json }: { readonly dir?: string; readonly json?: true }) => {
      const { plans, problems } = await readShelf(dir === undefined ? [] : [dir]);
      const ref = parsePlanRef(id);
      const shelf = plans.map((folder) => folder.plan);
      const found = ref.ok ? resolvePlan(ref.value, shelf) : undefined;
      process.stderr.write(renderProblems(problems));
      if (found === undefined) {
        const known = shelf.map((one) => one.id).join(', ');
        process.stderr.write(ref.ok ? `there is no plan ${id}; there are: ${known}\n` : `${ref.error}\n`);
        process.exitCode = WRONG_INPUT;
        return;
      }
      process.stdout.write(json === true ? `${JSON.stringify(found, null, 2)}\n` : renderPlan(found));
      process.exitCode = problems.length === 0 ? GOOD : WRONG_INPUT;
    });
}

/** At most {@link MAX_COLUMNS} wide. */
export function renderPlan(plan: TestPlan): string {
  const facts = [
    ['plan', `${plan.id}@${plan.version}: ${plan.title}`],
    ['kind', plan.planKind],
    ['subjects', plan.subjects.map(({ role, interfaces }) => [role, ...interfaces].join(' ')).join(' + ')],
    ['peers', list(plan.peers.map(({ name, role, simulator }) => `${name} (${simulator ?? role})`))],
    ['needs', list(plan.capabilities)],
    ['gates', list(plan.gates)],
    ['objectives', list(plan.objectives)],
  ];
  return [renderTable(['', ''], facts).trimStart(), ...plan.cases.map(renderCase)].join('\n\n') + '\n';
}

function renderCase(one: PlanCase): string {
  const head = `${one.id}  ${one.title}  [${one.requirement} ${one.level}]`;
  const parameters = Object.entries(one.parameters).map(([name, { value, unit, min, max }]) => {
    const limits = min === undefined || max === undefined ? '' : ` (${min} to ${max})`;
    return `${name} = ${value}${unit === undefined ? '' : ` ${unit}`}${limits}`;
  });
  const facts = [
    ['aim', one.aim],
    ...one.references.map((reference) => ['see', renderReference(reference)]),
    ['procedure', [one.procedure, ...parameters].join(', ')],
    ...(one.adaptation === undefined ? [] : [['adapted', one.adaptation]]),
    ...(one.appliesWhen === undefined ? [] : [['applies when', renderCondition(one.appliesWhen)]]),
    ...(one.requires === undefined ? [] : [['requires', one.requires.join(', ')]]),
    [`rule`, one.rule],
    ...one.clauses.map(({ id, expects, appliesWhen }) => [
      `- ${id}`,
      appliesWhen === undefined ? expects : `${expects} (when ${renderCondition(appliesWhen)})`,
    ]),
  ];
  const body = renderTable(['', ''], facts).trimStart().split('\n');
  return [...wrap(head, MAX_COLUMNS), ...body].join('\n');
}

function renderReference({ body, document, version, clause, confidence }: StandardRef): string {
  return `${body} ${document} ${version} ${clause}${confidence === 'read' ? '' : ` (${confidence})`}`;
}

function renderCondition({ ics, atLeast, ixit, tls }: Condition): string {
  return [
    ...(ics === undefined ? [] : [`${ics} is claimed${atLeast === undefined ? '' : ` at least ${atLeast}`}`]),
    ...(ixit === undefined ? [] : [`the IXIT says ${ixit}`]),
    ...(tls === undefined ? [] : [tls ? 'it speaks TLS' : 'it does not speak TLS']),
  ].join(' and ');
}

function list(items: readonly string[]): string {
  return items.length === 0 ? '-' : items.join(', ');
}
