import type { Command } from 'commander';
import { readShelf, renderProblems } from '../read-shelf.ts';
import { renderTable } from '../render-table.ts';

const GOOD = 0;
const WRONG_INPUT = 2;

/** `patchbay plan list`: what can be tested with this release. */
export function registerPlanList(plan: Command): void {
  plan
    .command('list')
    .description('list the test plans of this release')
    .option('--dir <dir>', 'a folder of plans, instead of those of this release')
    .option('--json', 'print the result as JSON')
    .action(async ({ dir, json }: { readonly dir?: string; readonly json?: true }) => {
      const { plans, problems } = await readShelf(dir === undefined ? [] : [dir]);
      const rows = plans.map(({ plan: { id, version, planKind, subjects, cases, title } }) => ({
        id,
        version,
        planKind,
        roles: subjects.map(({ role }) => role),
        cases: cases.length,
        title,
      }));
      const table = rows.map((row) => [
        `${row.id}@${row.version}`,
        row.planKind,
        row.roles.join(' + '),
        String(row.cases),
        row.title,
      ]);
      process.stdout.write(
        json === true
          ? `${JSON.stringify(rows, null, 2)}\n`
          : `${renderTable(['plan', 'kind', 'subject', 'cases', 'title'], table)}\n`,
      );
      process.stderr.write(renderProblems(problems));
      process.exitCode = problems.length === 0 ? GOOD : WRONG_INPUT;
    });
}
