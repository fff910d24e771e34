import type { Command } from 'commander';
import { runVerify } from '../../attest/verify/command.ts';
import type { Cli } from '../cli.ts';

interface VerifyOptions {
  readonly trust: string;
  readonly disclosures?: readonly string[];
  readonly status?: readonly string[];
  readonly timestamps?: string;
  readonly evidence?: string;
  readonly json?: true;
}

/** `patchbay verify FILE --trust DIR`: exit code 0 accepted, 1 refused, 2 wrong use. Works off line. */
export function registerVerify(program: Command, cli: Pick<Cli, 'io' | 'exit'>): void {
  program
    .command('verify')
    .description('check a signed report off line, with keys you already trust')
    .argument('<file>', 'the envelope: report.dsse.json')
    .requiredOption('--trust <dir>', 'folder of trusted keys: <lab>/keys.json and <lab>/<keyid>.pem')
    .option(
      '--disclosures <file>',
      'what you were given to open the hidden parts: disclosures/<partner>.json; may be given again',
      collect,
    )
    .option('--status <file>', 'a status statement about the report; may be given again', collect)
    .option('--timestamps <dir>', 'RFC 3161 time-stamps over the signatures: *.tsr')
    .option('--evidence <dir>', 'check the evidence in this folder: sha256/ab/abcd…')
    .option('--json', 'print the result as JSON')
    .action(async (file: string, options: VerifyOptions) => {
      const { status: statuses, json = false, ...rest } = options;
      const files = { ...rest, file, statuses };
      const end = await runVerify(files, { json, now: Date.now(), signal: cli.io.signal });
      cli.io.stdout(end.stdout);
      cli.io.stderr(end.stderr);
      cli.exit(end.code);
    });
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
