import type { Command } from 'commander';
import { renderVerification, verificationJson } from '../../attest/verify/render.ts';
import { verifyFiles } from '../../attest/verify/verify-files.ts';
import type { Io } from '../../app/io.ts';
import { HarnessError } from '../../kernel/errors.ts';
import type { Cli } from '../cli.ts';

interface VerifyOptions {
  readonly trust: string;
  readonly disclosures?: readonly string[];
  readonly status?: readonly string[];
  readonly evidence?: string;
  readonly json?: true;
}

const ACCEPTED = 0;
const REFUSED = 1;
const WRONG_USE = 2;

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
    .option('--evidence <dir>', 'check the evidence in this folder: sha256/ab/abcd…')
    .option('--json', 'print the result as JSON')
    .action(async (file: string, options: VerifyOptions) => {
      cli.exit(await runVerify(cli.io, file, options));
    });
}

async function runVerify(io: Io, file: string, options: VerifyOptions): Promise<number> {
  const { trust, disclosures = [], status: statuses = [], evidence, json } = options;
  const files = { file, trust, disclosures, statuses, ...(evidence === undefined ? {} : { evidence }) };
  try {
    const verification = await verifyFiles(files, { now: Date.now(), signal: io.signal });
    const text =
      json === true
        ? `${JSON.stringify(verificationJson(verification), null, 2)}\n`
        : renderVerification(verification);
    io.stdout(text);
    return verification.status === 'accepted' ? ACCEPTED : REFUSED;
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== 'NOT_FOUND') throw error;
    io.stderr(`${error.code}: ${error.message}\n`);
    return WRONG_USE;
  }
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
