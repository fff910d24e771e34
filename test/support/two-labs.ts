import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeCli } from '../../src/cli/cli.ts';
import { complain } from '../../src/cli/complain.ts';
import { makeProgram } from '../../src/cli/program.ts';
import { renderEnvelope } from '../../src/attest/format/envelope.ts';
import type { Statement } from '../../src/attest/format/statement.ts';
import { loadLabKeys } from '../../src/attest/sign/lab-keys.ts';
import { signStatement } from '../../src/attest/sign/signer.ts';
import { readTrust } from '../../src/attest/verify/trust.ts';
import { verifyReport } from '../../src/attest/verify/verify.ts';
import type { OpenToken } from '../../src/attest/sign/token-key.ts';
import type { Instant } from '../../src/domain/ids.ts';
import { buildReport } from '../../src/reports/report.ts';
import type { ReportInput } from '../../src/reports/input.ts';
import { renderStatement } from '../../src/reports/statement.ts';
import { anInput, tools } from './reports.ts';
import type { DeepMutable } from './signed-report.ts';

export const LEAD = 'lab-north';
export const CO_SIGNER = 'lab-south';
export const ACCEPTED = '0 accepted';
const never = new AbortController().signal;

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line, with nothing but files to work on. */
export async function patchbay(...args: readonly string[]): Promise<Ended> {
  const ended = { code: 0, stdout: '', stderr: '' };
  const cli = makeCli({
    io: {
      stdout: (text) => void (ended.stdout += String(text)),
      stderr: (text) => void (ended.stderr += text),
      isTty: false,
      signal: never,
    },
    environment: {},
    cwd: '/',
    columns: 80,
    exit: (code) => void (ended.code = code),
  });
  try {
    await makeProgram(cli).parseAsync(args, { from: 'user' });
  } catch (thrown) {
    const { code, text } = complain(thrown, { interrupted: false, debug: false });
    return { ...ended, code, stderr: ended.stderr + text };
  }
  return ended;
}

/** The reason code of a command that refused, with its exit code. */
export async function refusalOf(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await patchbay(...args, '--json');
  if (code === 0) return ACCEPTED;
  const json = stdout === '' ? null : (JSON.parse(stdout) as { reasons: { code: string }[] });
  return `${code} ${json?.reasons[0]?.code ?? /patchbay: (\w+)/u.exec(stderr)?.[1] ?? stderr}`;
}

export interface CoSignerKey {
  readonly lab: string;
  readonly keyid: string;
  readonly scope: readonly string[];
}

/** The keyid of a role, as `patchbay keys list` says it. */
export async function keyidIn(dir: string, use: string): Promise<string> {
  const { keys } = JSON.parse((await patchbay('keys', 'list', '--dir', dir, '--json')).stdout) as {
    keys: { keyid: string; uses: string[]; state: string }[];
  };
  return keys.findLast(({ uses, state }) => uses.includes(use) && state === 'valid')?.keyid ?? '';
}

/** Issues a report as the lead, into `<dir>/report`: the envelope with the lead's two signatures, and disclosures. */
export async function issueReport(
  dir: string,
  coSigners: readonly CoSignerKey[],
  {
    input = {},
    change = () => {},
    openToken,
  }: {
    input?: Partial<ReportInput>;
    change?: Change;
    openToken?: OpenToken;
  } = {},
): Promise<string> {
  await using keys = await loadLabKeys(join(dir, 'keys'), {
    lab: LEAD,
    now: Date.now(),
    ...(openToken === undefined ? {} : { openToken }),
  });
  const own = keys.signers.map(({ lab, role, keyid }) => ({ lab, role, keyid, scope: ['*'] }));
  const others = coSigners.map((one) => ({ ...one, role: 'co-signing-lab' as const }));
  const signatories = [...own, ...others].map((one) => ({ ...one, holder: one.lab, selfDeclared: false }));
  const issuedAt = Date.now() as Instant;
  const rendered = renderStatement(buildReport(anInput({ signatories, issuedAt, ...input })), tools);
  const statement = JSON.parse(new TextDecoder().decode(rendered.bytes)) as DeepMutable<Statement>;
  change(statement);
  const payload = new TextEncoder().encode(JSON.stringify(statement));
  const envelope = await signStatement(payload, keys.signers, { signal: never });
  const report = join(dir, 'report');
  await put(join(report, 'report.dsse.json'), renderEnvelope(envelope));
  for (const [lab, list] of rendered.disclosures)
    await put(join(report, 'disclosures', `${lab}.json`), JSON.stringify(list));
  return report;
}

export async function put(path: string, bytes: Uint8Array | string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  return path;
}

/** A JSON file, changed. */
export async function edit(path: string, change: (json: never) => void): Promise<void> {
  const json = JSON.parse(await readFile(path, 'utf8')) as never;
  change(json);
  await writeFile(path, JSON.stringify(json));
}

export type Change = (statement: DeepMutable<Statement>) => void;
export type Given = Pick<CoSignerKey, 'scope'>;
export const ALL: Given = { scope: ['*'] };
export const PART: Given = { scope: ['items', 'case:a1-producer:A1-003'] };

/** Two labs in two folders that share nothing; what one sends to the other is a file. All give `0 accepted` or a refusal. */
export interface TwoLabs extends AsyncDisposable {
  readonly root: string;
  readonly north: string;
  readonly south: string;
  readonly envelope: string;
  readonly sig: string;
  readonly merged: string;
  cosigner(given?: Given): Promise<CoSignerKey>;
  /** Report and request, as far as the co-signer's door. */
  request(given?: Given, change?: Change): Promise<string>;
  check(file: string): Promise<string>;
  sign(file: string, keys?: string, ...more: readonly string[]): Promise<string>;
  merge(from?: string): Promise<string>;
  /** Two more of the same. */
  copy(): Promise<TwoLabs>;
  /** The whole way. */
  both(): Promise<void>;
  verify(file?: string, lab?: string): Promise<string>;
}

export async function openTwoLabs(): Promise<TwoLabs> {
  const root = await mkdtemp(join(tmpdir(), 'cosign-'));
  const [north, south] = [join(root, 'north'), join(root, 'south')];
  for (const [dir, lab, alg] of [
    [north, LEAD, 'ecdsa-p256-sha256'],
    [south, CO_SIGNER, 'ed25519'],
  ] as const) {
    await patchbay('keys', 'init', '--lab', lab, '--dir', join(dir, 'keys'), '--alg', alg);
    for (const reader of [north, south])
      await patchbay('keys', 'export', '--dir', join(dir, 'keys'), '--out', join(reader, 'trust'));
  }
  return labsIn(root);
}

function labsIn(root: string): TwoLabs {
  const [north, south] = [join(root, 'north'), join(root, 'south')];
  const trust = (lab: string): readonly string[] => ['--trust', join(lab, 'trust')];
  const sig = join(south, 'sig.json');
  const labs: TwoLabs = {
    ...{ root, north, south, sig },
    envelope: join(north, 'report', 'report.dsse.json'),
    merged: join(north, 'merged.json'),
    cosigner: async ({ scope } = ALL) => ({
      ...{ lab: CO_SIGNER, scope },
      keyid: await keyidIn(join(south, 'keys'), 'report-system'),
    }),
    request: async (given, change) => {
      const report = await issueReport(
        north,
        [await labs.cosigner(given)],
        change === undefined ? {} : { change },
      );
      const file = join(south, 'request.json');
      const answer = await refusalOf('cosign', 'request', report, '--for', CO_SIGNER, '--out', file);
      if (answer !== ACCEPTED) throw new Error(answer);
      return file;
    },
    check: (file) => refusalOf('cosign', 'check', file, ...trust(south)),
    sign: (file, keys = join(south, 'keys'), ...more) =>
      refusalOf('cosign', 'sign', file, ...trust(south), '--keys', keys, '--out', sig, ...more),
    merge: (from = labs.envelope) =>
      refusalOf('cosign', 'merge', from, sig, ...trust(north), '--out', labs.merged),
    both: async () => {
      for (const answer of [await labs.sign(await labs.request()), await labs.merge()])
        if (answer !== ACCEPTED) throw new Error(answer);
    },
    verify: async (file = labs.merged, lab = north) => {
      const [envelopeBytes, keys] = [await readFile(file), await readTrust(join(lab, 'trust'))];
      const { reasons } = verifyReport({ envelopeBytes, trust: keys, now: Date.now() });
      return reasons[0] === undefined ? ACCEPTED : `1 ${reasons[0].code}`;
    },
    copy: async () => {
      const other = await mkdtemp(join(tmpdir(), 'cosign-'));
      await cp(root, other, { recursive: true });
      return labsIn(other);
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  };
  return labs;
}
