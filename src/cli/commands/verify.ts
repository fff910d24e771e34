import { open } from 'node:fs/promises';
import type { Command } from 'commander';
import { MAX_ENVELOPE_BYTES } from '../../attest/format/envelope.ts';
import { readTrust } from '../../attest/verify/trust.ts';
import { renderVerification, verificationJson } from '../../attest/verify/render.ts';
import { refusedBy, type Verification, verifyReport } from '../../attest/verify/verify.ts';
import { HarnessError } from '../../kernel/errors.ts';

interface VerifyOptions {
  readonly trust: string;
  readonly disclosures?: string;
  readonly json?: true;
}

const ACCEPTED = 0;
const REFUSED = 1;
const WRONG_USE = 2;

/** `patchbay verify FILE --trust DIR`: exit code 0 accepted, 1 refused, 2 wrong use. Works off line. */
export function registerVerify(program: Command): void {
  program
    .command('verify')
    .description('check a signed report off line, with keys you already trust')
    .argument('<file>', 'the envelope: report.dsse.json')
    .requiredOption('--trust <dir>', 'folder of trusted keys: <lab>/keys.json and <lab>/<keyid>.pem')
    .option(
      '--disclosures <file>',
      'what you were given to open the hidden parts: disclosures/<partner>.json',
    )
    .option('--json', 'print the result as JSON')
    .action(async (file: string, options: VerifyOptions) => {
      process.exitCode = await runVerify(file, options);
    });
}

async function runVerify(file: string, options: VerifyOptions): Promise<number> {
  try {
    const verification = await verifyFiles(file, options);
    const text =
      options.json === true
        ? `${JSON.stringify(verificationJson(verification), null, 2)}\n`
        : renderVerification(verification);
    process.stdout.write(text);
    return verification.status === 'accepted' ? ACCEPTED : REFUSED;
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== 'NOT_FOUND') throw error;
    process.stderr.write(`${error.code}: ${error.message}\n`);
    return WRONG_USE;
  }
}

async function verifyFiles(file: string, options: VerifyOptions): Promise<Verification> {
  const envelopeBytes = await readAtMost(file, MAX_ENVELOPE_BYTES + 1);
  const { disclosures: path } = options;
  const disclosures = path === undefined ? undefined : await readAtMost(path, MAX_ENVELOPE_BYTES + 1);
  try {
    const trust = await readTrust(options.trust);
    return verifyReport({
      envelopeBytes,
      trust,
      now: Date.now(),
      ...(disclosures === undefined ? {} : { disclosures }),
    });
  } catch (error) {
    if (error instanceof HarnessError && error.code === 'VERIFY_TRUST_INVALID') return refusedBy(error);
    throw error;
  }
}

/** The first `maxBytes` of a file: enough to refuse one that is larger, however large it is. */
async function readAtMost(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    await using handle = await open(path);
    const chunks: Uint8Array[] = [];
    let left = maxBytes;
    for await (const chunk of handle.createReadStream({ end: maxBytes - 1 }) as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      left -= chunk.length;
      if (left <= 0) break;
    }
    return Buffer.concat(chunks);
  } catch (cause) {
    throw new HarnessError('NOT_FOUND', `${path} cannot be read`, { cause });
  }
}
