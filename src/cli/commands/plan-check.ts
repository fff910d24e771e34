import type { Command } from 'commander';
import type { PlanFolder } from '../../plans/read-plans.ts';
import { type CheckedShelf, readShelf, renderProblems } from '../read-shelf.ts';
import { renderTable } from '../render-table.ts';

const GOOD = 0;
const WRONG_INPUT = 2;

/** `patchbay plan check [DIR…]`: exit code 0 when every plan is right, 2 when not. */
export function registerPlanCheck(plan: Command): void {
  plan
    .command('check')
    .description('prove every id, parameter, unit and reference of test plans')
    .argument('[dir...]', 'folders of plans; without any, those of this release')
    .option('--json', 'print the result as JSON')
    .action(async (folders: readonly string[], options: { readonly json?: true }) => {
      const shelf = await readShelf(folders);
      process.stdout.write(options.json === true ? renderJson(shelf) : renderText(shelf));
      if (shelf.plans.length + shelf.problems.length === 0)
        process.stderr.write(`there is no plan in ${folders.join(', ')}\n`);
      process.exitCode = isGood(shelf) ? GOOD : WRONG_INPUT;
    });
}

/** Nothing looked at is nothing proved. */
function isGood({ plans, problems }: CheckedShelf): boolean {
  return plans.length > 0 && problems.length === 0;
}

function renderText({ plans, problems }: CheckedShelf): string {
  const rows = plans.map((folder) => [
    wrongFiles(folder, problems) ? 'wrong' : 'good',
    `${folder.plan.id}@${folder.plan.version}`,
    String(folder.plan.cases.length),
    String(folder.plan.cases.reduce((sum, { clauses }) => sum + clauses.length, 0)),
    folder.expected === null ? '-' : String(Object.keys(folder.expected.value.defects).length),
    folder.digest.slice(0, 'sha256:'.length + 12),
  ]);
  const table = rows.length === 0 ? '' : `${renderTable(HEADER, rows)}\n`;
  return table + renderProblems(problems);
}

const HEADER = ['', 'plan', 'cases', 'clauses', 'defects', 'digest'];

function renderJson(shelf: CheckedShelf): string {
  const plans = shelf.plans.map((folder) => ({
    id: folder.plan.id,
    version: folder.plan.version,
    digest: folder.digest,
    file: folder.path,
    cases: folder.plan.cases.length,
    good: !wrongFiles(folder, shelf.problems),
  }));
  return `${JSON.stringify({ good: isGood(shelf), plans, problems: shelf.problems }, null, 2)}\n`;
}

/** Whether a problem is in the folder of the plan. */
function wrongFiles({ path }: PlanFolder, problems: CheckedShelf['problems']): boolean {
  const folder = path.slice(0, -'plan.yaml'.length);
  return problems.some(({ file }) => file.startsWith(folder));
}
