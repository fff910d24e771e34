import { type Command, Option } from 'commander';

import type { Checked } from '../../app/cosign/check.ts';
import { renderVerification, tame, verificationJson } from '../../attest/verify/render.ts';
import type { Refused } from '../../attest/verify/verify.ts';
import { EXIT } from '../../domain/exit-code.ts';
import { HarnessError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Cli, JsonOption } from '../cli.ts';
import { renderRows } from '../render.ts';

const ROLES = ['lab-system', 'authorised-signatory'] as const;
const TRUST = 'folder of trusted keys: <lab>/keys.json and <lab>/<keyid>.pem';

interface SignOptions extends JsonOption {
  readonly trust: string;
  readonly keys: string;
  readonly key: (typeof ROLES)[number];
  readonly out: string;
}

interface MergeOptions extends JsonOption {
  readonly trust: string;
  readonly out?: string;
  readonly bundle?: string;
}

/** `patchbay cosign …`: two labs, one report, by files alone. Exit code 0 done, 1 refused, 2 wrong use. */
export function registerCosign(program: Command, cli: Cli): void {
  const cosign = program
    .command('cosign')
    .description('sign a report together with other labs, by files alone');
  registerRequest(cosign, cli);
  registerCheck(cosign, cli);
  registerSign(cosign, cli);
  registerMerge(cosign, cli);
}

function registerRequest(cosign: Command, cli: Cli): void {
  cosign
    .command('request')
    .description('the lead: write what a co-signer has to see into one file')
    .argument('<bundle>', 'the folder of the report, with report.dsse.json and disclosures/')
    .requiredOption('--for <lab>', 'the co-signer, as the report names it')
    .requiredOption('--out <file>', 'the request')
    .option('--json', 'print the result as JSON')
    .action(async (bundle: string, options: JsonOption & { readonly for: string; readonly out: string }) => {
      const { requestCosign } = await import('../../app/cosign/request.ts');
      await orRefused(cli, options, async () => {
        const done = await requestCosign(bundle, options.for, options.out);
        cli.print(options, done, ({ out, scope }) => `${out}: for ${options.for}, ${scope.join(', ')}\n`);
      });
    });
}

function registerCheck(cosign: Command, cli: Cli): void {
  cosign
    .command('check')
    .description('the co-signer: verify a request, and judge anew every case that it discloses')
    .argument('<request>', 'the file from the lead')
    .requiredOption('--trust <dir>', TRUST)
    .option('--json', 'print the result as JSON')
    .action(async (request: string, options: JsonOption & { readonly trust: string }) => {
      const { checkCosignFile } = await import('../../app/cosign/sign.ts');
      const checked = await checkCosignFile(request, options.trust);
      if (checked.status === 'refused') refuse(cli, options, checked);
      else cli.print(options, checkedJson(checked), () => renderChecked(checked));
    });
}

function registerSign(cosign: Command, cli: Cli): void {
  cosign
    .command('sign')
    .description('the co-signer: check once more, then sign')
    .argument('<request>', 'the file from the lead')
    .requiredOption('--trust <dir>', TRUST)
    .requiredOption('--keys <dir>', 'the folder with the keys of the co-signer: patchbay keys init')
    .addOption(new Option('--key <role>', 'which of them').choices(ROLES).default(ROLES[0]))
    .requiredOption('--out <file>', 'the co-signature')
    .option('--json', 'print the result as JSON')
    .action(async (request: string, { key, ...options }: SignOptions) => {
      const { signCosign } = await import('../../app/cosign/sign.ts');
      await orRefused(cli, options, async () => {
        const { trust, keys, out } = options;
        const { makeOpenToken } = await import('../../app/tokens.ts');
        const openToken = makeOpenToken(cli.environment);
        const done = await signCosign(
          request,
          { trust, keys, out, role: key, openToken },
          { signal: cli.io.signal },
        );
        cli.print(
          options,
          done,
          ({ lab, payloadSha256 }) => `${out}: ${lab} signs sha256:${payloadSha256}\n`,
        );
      });
    });
}

function registerMerge(cosign: Command, cli: Cli): void {
  cosign
    .command('merge')
    .description('the lead: add co-signatures to the report, and verify it before it is written')
    .argument('<envelope>', 'report.dsse.json')
    .argument('<co-signature...>', 'the files from the co-signers')
    .requiredOption('--trust <dir>', TRUST)
    .option('--out <file>', 'write the report with its signatures there, and nothing else')
    .option(
      '--bundle <dir>',
      'renew the folder of the report: envelope, sigstore/ and test-result.intoto.jsonl',
    )
    .option('--json', 'print the result as JSON')
    .action(async (envelope: string, signatures: readonly string[], options: MergeOptions) => {
      const { trust, out, bundle } = options;
      const to = bundle === undefined ? (out === undefined ? null : { out }) : { bundle };
      if (to === null || (out !== undefined && bundle !== undefined))
        throw new HarnessError('WRONG_USE', 'say either --out FILE or --bundle DIR');
      const { mergeCosign } = await import('../../app/cosign/merge.ts');
      await orRefused(cli, options, async () => {
        const done = await mergeCosign(envelope, signatures, { trust, to });
        cli.print(options, done, ({ out, signers, awaited }) =>
          [
            `${out}: ${signers.length} signatures`,
            ...signers.map((signer) => `  ${signer}`),
            ...awaited.map((lab) => `  NOT complete: ${lab} has not signed`),
            '',
          ].join('\n'),
        );
      });
    });
}

/** What the files say is no reason for a co-signature: exit code 1. Wrong use and broken files are thrown on. */
async function orRefused(cli: Cli, options: JsonOption, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof HarnessError) || !/^(?:VERIFY|COSIGN)_/u.test(error.code)) throw error;
    const reasons = [{ code: error.code, text: error.message }] as const;
    refuse(cli, options, { status: 'refused', reasons, steps: [], standing: null });
  }
}

function refuse(cli: Cli, options: JsonOption, refused: Refused): void {
  cli.print(options, verificationJson(refused), () => renderVerification(refused));
  cli.exit(EXIT.failed);
}

function checkedJson({ signatory, report, cases }: Checked): JsonObject {
  const { status, ...verified } = verificationJson(report);
  return {
    status: 'checked',
    verification: status ?? null,
    ...verified,
    signatory: { ...signatory, scope: [...signatory.scope] },
    awaited: report.awaited.map(({ lab, keyid }) => ({ lab, keyid })),
    recomputed: cases.map((one) => ({ ...one })),
  };
}

function renderChecked({ signatory, report, cases }: Checked): string {
  const table = renderRows(
    ['case', 'status', 'finding', 'clauses', 'attempts', 'recomputed'],
    cases.map(({ number, status, finding, machine, clauses, attempts }) => [
      ...[number, status, finding, String(clauses), String(attempts)],
      machine === null ? 'agrees' : `a person overrides ${machine}`,
    ]),
  );
  return [
    renderVerification(report).replace(/^accepted/u, 'sound, and not complete before all have signed'),
    ...report.awaited.map(({ lab, keyid }) => `  awaited   ${tame(lab)}, key ${keyid.slice(0, 16)}…\n`),
    `  you sign  as ${tame(signatory.lab)} for ${signatory.scope.map(tame).join(', ')}\n\n`,
    table,
  ].join('');
}
