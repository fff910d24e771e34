import type { Command } from 'commander';

import type { ReportView } from '../../api/views.ts';
import type { Cli, JsonOption } from '../cli.ts';
import { registerDecisions } from './report-decide.ts';
import { registerEligibility } from './report-eligibility.ts';
import { exportReport } from '../export-report.ts';
import { renderDocument, renderRows } from '../render.ts';
import { registerReportTimestamp } from './report-timestamp.ts';

/** `patchbay report …`: signed findings. */
export function registerReport(program: Command, cli: Cli): void {
  const report = program.command('report').description('signed findings');
  report
    .command('list')
    .description('list the reports of a campaign')
    .argument('<campaign>', 'organisation/name')
    .option('--json', 'print the result as JSON')
    .action(async (campaign: string, options: JsonOption) => {
      cli.print(options, await (await cli.orchestrator()).reports(campaign), renderReports);
    });
  report
    .command('show')
    .description('show which files a report has')
    .argument('<report>', 'its id')
    .option('--json', 'print the result as JSON')
    .action(async (id: string, options: JsonOption) => {
      cli.print(options, await (await cli.orchestrator()).report(id), renderDocument);
    });
  report
    .command('export')
    .description('write the files of a report into a folder; each is checked against its digest')
    .argument('<report>', 'its id')
    .requiredOption('--out <dir>', 'the folder')
    .option('--json', 'print the result as JSON')
    .action(async (id: string, options: JsonOption & { readonly out: string }) => {
      const written = await exportReport(await cli.orchestrator(), id, options.out);
      cli.print(options, { id, files: written }, ({ files }) => files.map((file) => `${file}\n`).join(''));
    });
  registerDecisions(report, cli);
  registerEligibility(report, cli);
  registerReportTimestamp(report, cli);
}

function renderReports(reports: readonly ReportView[]): string {
  return renderRows(
    ['report', 'revision', 'kind', 'standing', 'issued', 'sut'],
    reports.map(({ id, revision, kind, standing, issuedAt, sut }) => [
      id,
      String(revision),
      kind,
      standing,
      issuedAt,
      sut,
    ]),
  );
}
