import { type Command, Option } from 'commander';

import type { ReportView } from '../../api/views.ts';
import type { Cli, JsonOption } from '../cli.ts';
import { HarnessError } from '../../kernel/errors.ts';
import { registerDecisions } from './report-decide.ts';
import { registerEligibility } from './report-eligibility.ts';
import { registerReportTimestamp } from './report-timestamp.ts';
import { exportReport, printReport } from '../export-report.ts';
import { renderDocument, renderRows } from '../render.ts';
import { REPORT_FORMATS, type ReportFormat } from '../report-formats.ts';

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
    .description(
      'take a report along: all its files into a folder, or one format to stdout; digests are checked',
    )
    .argument('<report>', 'its id')
    .addOption(new Option('--format <format>', 'this format only').choices(Object.keys(REPORT_FORMATS)))
    .option('--out <dir>', 'the folder; without it the format goes to stdout')
    .option('--json', 'print the names of the written files as JSON')
    .action(async (id: string, options: ExportOptions) => {
      const { out, format } = options;
      const orchestrator = await cli.orchestrator();
      if (out !== undefined) {
        const files = await exportReport(orchestrator, id, format === undefined ? { out } : { out, format });
        cli.print(options, { id, files }, (written) => written.files.map((file) => `${file}\n`).join(''));
      } else {
        if (format === undefined || options.json === true)
          throw new HarnessError(
            'WRONG_USE',
            'without --out, one --format goes to stdout, and no --json with it',
          );
        cli.io.stdout(await printReport(orchestrator, id, format));
      }
    });
  registerDecisions(report, cli);
  registerEligibility(report, cli);
  registerReportTimestamp(report, cli);
}

interface ExportOptions extends JsonOption {
  readonly out?: string;
  /** One of the choices, or the command is refused. */
  readonly format?: ReportFormat;
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
