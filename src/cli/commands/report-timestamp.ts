import { dirname } from 'node:path';
import type { Command } from 'commander';
import { timestampReport } from '../../app/timestamp-report.ts';
import type { Cli, JsonOption } from '../cli.ts';

interface TimestampOptions extends JsonOption {
  readonly tsa: string;
  readonly out?: string;
}

/** `patchbay report timestamp FILE --tsa URL`: works on files, without an orchestrator. */
export function registerReportTimestamp(report: Command, cli: Cli): void {
  report
    .command('timestamp')
    .description('have a time-stamp authority (RFC 3161) confirm when a report was signed')
    .argument('<file>', 'the envelope: report.dsse.json')
    .requiredOption('--tsa <url>', 'where the authority takes requests')
    .option('--out <dir>', 'where timestamps/<keyid>.tsr go; the folder of the file when not given')
    .option('--json', 'print the result as JSON')
    .action(async (file: string, { tsa, out = dirname(file), ...options }: TimestampOptions) => {
      const stamped = await timestampReport({ file, tsa, out }, { signal: cli.io.signal });
      cli.print(options, stamped, ({ written, kept }) =>
        [...written, ...kept.map((path) => `${path} (was there)`)].map((line) => `${line}\n`).join(''),
      );
    });
}
