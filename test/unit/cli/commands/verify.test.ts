import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toHex } from '../../../../src/attest/format/base64.ts';
import { renderEnvelope } from '../../../../src/attest/format/envelope.ts';
import { renderStatus } from '../../../../src/attest/format/status.ts';
import type { CaseRecord } from '../../../../src/domain/case-record.ts';
import type { Digest } from '../../../../src/domain/ids.ts';
import { renderTrust } from '../../../../src/attest/format/keys.ts';
import { registerVerify } from '../../../../src/cli/commands/verify.ts';
import { anInput, tools } from '../../../support/reports.ts';
import {
  aBundle,
  aSignedReport,
  aStatusOf,
  sign,
  type SignedReport,
} from '../../../support/signed-report.ts';

const utf8 = new TextEncoder();
let dir: string;
let out: string;
let talk: string;
let good: SignedReport;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'verify-'));
  [out, talk] = ['', ''];
  good = await aSignedReport();
  const { keys } = good;
  const bundle = await aBundle(good);
  const entries = keys.map(({ entry }) => ({ ...entry, selfDeclared: true }));
  const trust = [...renderTrust('lab-north', entries)].map(
    ([path, bytes]) => [`trust/${path}`, bytes] as const,
  );
  for (const [path, bytes] of [...bundle, ...trust]) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), bytes);
  }
});
afterEach(async () => {
  await rm(dir, { recursive: true });
});

async function verify(file: string, ...options: readonly string[]): Promise<number> {
  let code = -1;
  const program = new Command();
  registerVerify(program, {
    io: {
      stdout: (text) => void (out += String(text)),
      stderr: (text) => void (talk += text),
      isTty: false,
      signal: new AbortController().signal,
    },
    exit: (given) => void (code = given),
  });
  await program.parseAsync(['verify', join(dir, file), ...options], { from: 'user' });
  return code;
}
const trusted = (): readonly string[] => ['--trust', join(dir, 'trust')];

describe('patchbay verify', () => {
  it('accepts a report, and says that it is self-declared and what it did not see', async () => {
    expect(await verify('report.dsse.json', ...trusted())).toBe(0);
    expect(out).toMatch(/^accepted, self-declared/u);
    expect(out).toContain('details of 0 of 4 cases, details of 0 of 12 sections');
    expect(out).toContain('NOT disclosed: cases a1-producer:A1-001');
  });

  it('prints the same facts as JSON', async () => {
    const disclosures = ['--disclosures', join(dir, 'disclosures/acme.json')];
    expect(await verify('report.dsse.json', ...trusted(), '--json', ...disclosures)).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      status: 'accepted',
      reasons: [],
      selfDeclared: true,
      report: { result: 'FAIL' },
      signers: [{ role: 'lab-system' }, { role: 'authorised-signatory' }],
      disclosed: { items: 16, of: 16, cases: 4, sections: 12 },
      undisclosed: { cases: [], sections: [], inside: 0 },
      standing: null,
    });
  });

  it('names every step, and why one was left out, the log first of all', async () => {
    await verify('report.dsse.json', ...trusted(), '--json');
    const { steps } = JSON.parse(out) as { steps: { step: string; state: string; why?: string }[] };
    const left = steps.filter(({ state }) => state === 'notChecked').map(({ step }) => step);
    expect(left).toEqual(['log', 'witnesses', 'timestamps', 'status', 'evidence']);
    expect(steps.filter(({ why }) => why === undefined).map(({ state }) => state)).toEqual(
      Array<string>(8).fill('passed'),
    );
    out = '';
    await verify('report.dsse.json', ...trusted());
    for (const step of left) expect(out).toContain(`NOT checked: ${step}: `);
  });

  it('takes several files of disclosures that overlap, and says how much they open', async () => {
    const mine = good.rendered.disclosures.get('acme') ?? [];
    const files = [mine.slice(0, 9), mine.slice(8, 12)].map(
      (part, index) => [`part-${index}.json`, part] as const,
    );
    for (const [name, part] of files) await writeFile(join(dir, name), JSON.stringify(part));
    const options = files.flatMap(([name]) => ['--disclosures', join(dir, name)]);
    expect(await verify('report.dsse.json', ...trusted(), ...options)).toBe(0);
    expect(out).toMatch(/disclosed \d+ of 1[67] items/u);
    expect(out).toContain('NOT disclosed: ');
  });

  it('refuses a report that was withdrawn, and names who says so', async () => {
    const status = renderEnvelope(await sign(renderStatus(aStatusOf(good)), good.keys));
    await writeFile(join(dir, 'withdrawn.json'), status);
    const options = [...trusted(), '--status', join(dir, 'withdrawn.json')];
    expect(await verify('report.dsse.json', ...options)).toBe(1);
    expect(out).toMatch(
      /^refused VERIFY_WITHDRAWN\n {2}because {3}lab-north says since .*clock of the testbed/u,
    );
    expect(out).toContain('at step   status');
  });

  it('refuses with a reason code', async () => {
    expect(await verify('report.html', ...trusted(), '--json')).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ status: 'refused', reasons: [{ code: 'VERIFY_JSON_INVALID' }] });
  });

  it('refuses when the trust folder is not sound', async () => {
    await writeFile(join(dir, 'trust/lab-north/keys.json'), '{}');
    expect(await verify('report.dsse.json', ...trusted())).toBe(1);
    expect(out).toMatch(/^refused VERIFY_TRUST_INVALID/u);
  });

  it.each([
    ['a file that is not there', 'nowhere.json', 'trust'],
    ['a folder for a file', 'trust', 'trust'],
    ['a trust folder that is not there', 'report.dsse.json', 'nowhere'],
  ])('calls %s wrong use', async (_, file, trust) => {
    expect(await verify(file, '--trust', join(dir, trust))).toBe(2);
    expect(talk).toMatch(/^NOT_FOUND/u);
    expect(out).toBe('');
  });

  it('refuses a file beyond the limit without reading it whole', async () => {
    await writeFile(join(dir, 'huge.json'), new Uint8Array(65 * 1024 * 1024));
    expect(await verify('huge.json', ...trusted())).toBe(1);
    expect(out).toMatch(/^refused VERIFY_ENVELOPE_TOO_LARGE/u);
  });
});

describe('the evidence', () => {
  const pieces = [utf8.encode('what was sent'), utf8.encode('what came back')];
  const digests = pieces.map((bytes) => toHex(tools.sha256(bytes)));
  const disclosures = (): readonly string[] => ['--disclosures', join(dir, 'all.json')];
  const evidence = (): readonly string[] => ['--evidence', join(dir, 'evidence')];
  const pathOf = (hex = ''): string => join(dir, 'evidence/sha256', hex.slice(0, 2), hex);
  beforeEach(async () => {
    const runs = anInput().runs.map(({ records, ...run }) => ({
      ...run,
      records: records.map(withEvidence),
    }));
    good = await aSignedReport({ runs });
    const keys = good.keys.map(({ entry }) => entry);
    await rm(join(dir, 'trust'), { recursive: true });
    for (const [path, bytes] of renderTrust('lab-north', keys)) await put(`trust/${path}`, bytes);
    await put('report.dsse.json', renderEnvelope(good.envelope));
    await put('all.json', JSON.stringify(good.rendered.disclosures.get('acme')));
    for (const [index, hex] of digests.entries()) await put(pathOf(hex), pieces[index] ?? '');
  });

  function withEvidence(record: CaseRecord): CaseRecord {
    const items = digests.map((hex) => ({
      digest: `sha256:${hex}` as Digest,
      mediaType: 'text/plain',
      role: 'exchange',
      bytes: 14,
    }));
    return { ...record, evidence: items };
  }

  async function put(path: string, bytes: Uint8Array | string): Promise<void> {
    const whole = path.startsWith(dir) ? path : join(dir, path);
    await mkdir(dirname(whole), { recursive: true });
    await writeFile(whole, bytes);
  }

  it('is checked, piece by piece', async () => {
    expect(await verify('report.dsse.json', ...trusted(), ...disclosures(), ...evidence())).toBe(0);
    expect(out).toContain('evidence  2 of 2 pieces checked');
    expect(out).not.toContain('NOT checked: evidence');
  });

  it('that is missing is a refusal', async () => {
    await rm(pathOf(digests[1]));
    expect(await verify('report.dsse.json', ...trusted(), ...disclosures(), ...evidence())).toBe(1);
    expect(out).toMatch(/^refused VERIFY_EVIDENCE_MISSING/u);
  });

  it('that was changed is another', async () => {
    await writeFile(pathOf(digests[0]), 'what was never sent');
    expect(await verify('report.dsse.json', ...trusted(), ...disclosures(), ...evidence())).toBe(1);
    expect(out).toMatch(/^refused VERIFY_EVIDENCE_CORRUPT/u);
  });

  it('cannot be checked when the list of it was not disclosed, and the result says so', async () => {
    expect(await verify('report.dsse.json', ...trusted(), ...evidence())).toBe(0);
    expect(out).toContain('evidence  0 of 2 pieces checked');
    expect(out).toContain('NOT checked: evidence: the list of evidence was not disclosed');
  });

  it('is looked for in a folder that is there', async () => {
    expect(await verify('report.dsse.json', ...trusted(), '--evidence', join(dir, 'nowhere'))).toBe(2);
  });
});
