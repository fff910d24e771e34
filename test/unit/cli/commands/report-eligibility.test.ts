import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderEnvelope } from '../../../../src/attest/format/envelope.ts';
import { renderTrust } from '../../../../src/attest/format/keys.ts';
import { aCase, anEquipment, aPlan, aRecord, aReportedRun, passed } from '../../../support/reports.ts';
import { scratchFolder } from '../../../support/scratch.ts';
import { aSignedReport } from '../../../support/signed-report.ts';
import { type Ended, patchbay, put } from '../../../support/two-labs.ts';

let scratch: Awaited<ReturnType<typeof scratchFolder>>;
beforeEach(async () => {
  scratch = await scratchFolder();
  const reference = { body: 'O-RAN', document: 'O-RAN.WG4.CONF.0', version: 'v10.00', clause: '3.1' };
  const plan = aPlan({
    subjects: [{ role: 'o-du', interfaces: ['open-fronthaul-m'] }],
    cases: [aCase('M-1', { references: [{ ...reference, confidence: 'read' }] })],
  });
  const peers = [{ name: 'o-ru', filledBy: 'equipment', id: 'x/ru', version: '1' }] as const;
  const records = [aRecord('run-1', plan.cases[0]?.id ?? '', passed, { peers })];
  const report = await aSignedReport({
    subjects: [anEquipment({ role: 'o-du' })],
    runs: [{ ...aReportedRun('run-1', records), plan }],
  });
  const trust = renderTrust(
    'lab-north',
    report.keys.map(({ entry }) => entry),
  );
  for (const [path, bytes] of trust) await put(at(`trust/${path}`), bytes);
  await put(at('report.dsse.json'), renderEnvelope(report.envelope));
  await put(at('all.json'), JSON.stringify(report.rendered.disclosures.get('lab-north')));
});
afterEach(() => scratch[Symbol.asyncDispose]());

const at = (name: string): string => join(scratch.path, name);
const eligibility = (...options: readonly string[]): Promise<Ended> =>
  patchbay('report', 'eligibility', at('report.dsse.json'), ...options);
const trusted = (): readonly string[] => ['--trust', at('trust')];

describe('patchbay report eligibility', () => {
  it('says for each award whether the report would do, condition by condition', async () => {
    const { code, stdout } = await eligibility(...trusted(), '--disclosures', at('all.json'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^report sha256:[0-9a-f]{64}\n/u);
    expect(stdout).toContain(': eligible\n');
    expect(stdout).not.toMatch(/undecided|not met/u);
    expect(stdout).toContain('Awards are given by others');
  });

  it('leaves undecided what is not disclosed, and ends with 0 all the same', async () => {
    const { code, stdout } = await eligibility(...trusted(), '--json');
    expect(code).toBe(0);
    const json = JSON.parse(stdout) as { status: string; awards: readonly { state: string }[] };
    expect(json.status).toBe('accepted');
    expect(new Set(json.awards.map(({ state }) => state))).toEqual(new Set(['undecided']));
    expect(stdout).not.toContain('"eligible"');
  });

  it('says nothing of a report that is refused, and ends with 1', async () => {
    const envelope = await readFile(at('report.dsse.json'), 'utf8');
    await put(at('report.dsse.json'), envelope.replace(/"sig": ?"..../u, '"sig":"AAAA'));
    const { code, stdout } = await eligibility(...trusted(), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'refused' });
    expect(stdout).toContain('VERIFY_SIGNATURE');
    expect(stdout).not.toContain('awards');
    expect((await eligibility(...trusted())).stdout).toMatch(/^refused: VERIFY_\w+: .*\n$/u);
  });

  it('refuses disclosures that do not belong to the report', async () => {
    await put(at('other.json'), '["YWJj"]');
    const { code, stdout } = await eligibility(...trusted(), '--disclosures', at('other.json'));
    expect(code).toBe(1);
    expect(stdout).toContain('VERIFY_DISCLOSURE_MALFORMED');
  });

  it.each([
    ['no trust folder is named', 'WRONG_USE', () => eligibility()],
    ['the trust folder is not there', 'NOT_FOUND', () => eligibility('--trust', at('nowhere'))],
    [
      'the report is not there',
      'NOT_FOUND',
      () => patchbay('report', 'eligibility', at('no.json'), ...trusted()),
    ],
    [
      'the disclosures are not there',
      'NOT_FOUND',
      () => eligibility(...trusted(), '--disclosures', at('no.json')),
    ],
  ])('ends with 2 when %s', async (_, word, work) => {
    const { code, stdout, stderr } = await work();
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`patchbay: ${word}: `);
  });
});
