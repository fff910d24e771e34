#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { EXIT } from '../../domain/exit-code.ts';
import { runVerify } from './command.ts';

const USAGE = `usage: patchbay-verify FILE --trust DIR [options]

Checks a signed report off line, with keys you already trust. The same as \`patchbay verify\`, without the rest of Patchbay.

  FILE                  the envelope: report.dsse.json
  --trust DIR           trusted keys: <lab>/keys.json and <lab>/<keyid>.pem
  --disclosures FILE    what you were given to open the hidden parts; may be given again
  --status FILE         a status statement about the report; may be given again
  --timestamps DIR      RFC 3161 time-stamps over the signatures: *.tsr
  --evidence DIR        check the evidence in this folder: sha256/ab/abcd…
  --json                print the result as JSON

Exit code: 0 accepted, 1 refused, 2 wrong use.
`;

const OPTIONS = {
  trust: { type: 'string' },
  disclosures: { type: 'string', multiple: true },
  status: { type: 'string', multiple: true },
  timestamps: { type: 'string' },
  evidence: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false, short: 'h' },
} as const;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const asked = parse(args);
  if (typeof asked === 'string') return complain(asked);
  const { values, positionals } = asked;
  if (values.help) {
    process.stdout.write(USAGE);
    return EXIT.ok;
  }
  const [file] = positionals;
  const { trust, disclosures, status: statuses, timestamps, evidence, json } = values;
  if (file === undefined || positionals.length > 1) return complain('one FILE is expected');
  if (trust === undefined) return complain('--trust DIR is missing');
  const files = { file, trust, disclosures, statuses, timestamps, evidence };
  const { signal } = new AbortController();
  const { code, stdout, stderr } = await runVerify(files, { json, now: Date.now(), signal });
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  return code;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return error.message;
  }
}

function complain(text: string): number {
  process.stderr.write(`patchbay-verify: ${text}\n\n${USAGE}`);
  return EXIT.wrongUse;
}
