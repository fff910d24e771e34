import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renderTrust } from '../../../../src/attest/format/keys.ts';
import { registerVerify } from '../../../../src/cli/commands/verify.ts';
import { aBundle, aSignedReport } from '../../../support/signed-report.ts';

let dir: string;
let out: string;
let talk: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'verify-'));
  [out, talk] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((talk += String(text)), true));
  const good = await aSignedReport();
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
  vi.restoreAllMocks();
  process.exitCode = undefined;
  await rm(dir, { recursive: true });
});

async function verify(file: string, ...options: readonly string[]): Promise<unknown> {
  const program = new Command();
  registerVerify(program);
  await program.parseAsync(['verify', join(dir, file), ...options], { from: 'user' });
  return process.exitCode;
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
      disclosed: { cases: 4, sections: 12 },
      undisclosed: { cases: [], sections: [], inside: 0 },
    });
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
