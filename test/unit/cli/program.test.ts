import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { complain } from '../../../src/cli/complain.ts';
import type { Digest } from '../../../src/domain/ids.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { commandLine, type Ended } from '../../support/http/command-line.ts';
import { type FakeHouse, makeFakeHouse } from '../../support/http/fake-house.ts';
import { aCampaign, aDigest, aRecord, aReport, aRun, aTestbed, LAB } from '../../support/http/things.ts';

let house: FakeHouse;
let dir = '';
beforeAll(async () => {
  house = await makeFakeHouse();
});
beforeEach(async () => {
  house.reset();
  dir = await mkdtemp(join(tmpdir(), 'patchbay-cli-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));
afterAll(async () => {
  await house.server[Symbol.asyncDispose]();
});

const patchbay = (...args: readonly string[]): Promise<Ended> => commandLine(house, dir, args);

describe('patchbay', () => {
  it('prints a table for people and JSON for machines', async () => {
    house.runs.push(aRun());
    expect((await patchbay('run', 'list')).stdout).toMatch(/^run +state +finding/u);
    const { stdout, stderr } = await patchbay('run', 'list', '--json');
    expect(JSON.parse(stdout)).toMatchObject([{ id: 'run-1', finding: 'pass' }]);
    expect(stderr).toBe('');
  });

  it.each([
    ['run', 'lisst'],
    ['nonsense'],
    ['run', 'show'],
    ['run', 'list', '--nope'],
    ['preflight', '--plan', 'x'],
  ])('ends with 2 and one coded line for wrong use (%s %s)', async (...args) => {
    const { code, stdout, stderr } = await patchbay(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^patchbay: WRONG_USE: /u);
  });

  it('says what the orchestrator refused, with its code, and ends with 2', async () => {
    const { code, stderr } = await patchbay('run', 'show', 'run-9');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^patchbay: NOT_FOUND: there is no run run-9 \(.*\)\n$/u);
  });

  it('ends with 3 when something of ours is broken', async () => {
    const work = patchbay('testbed', 'list');
    house.breakPart('store');
    expect((await work).code).toBe(3);
  });

  it('watches a campaign until it is final, and lets the exit code speak of what decides', async () => {
    house.campaigns.push({
      ...aCampaign(),
      life: { state: 'final', since: aRun().createdAt, reason: null },
    });
    const life = { state: 'final', since: aRun().createdAt, hold: null, end: 'aborted', reason: null };
    house.runs.push(aRun({ life: { ...life, finding: 'error' } }), aRun({ id: 'run-2', retryOf: 'run-1' }));
    expect(await patchbay('campaign', 'watch', `${LAB}/c1`, '--exit-verdict')).toMatchObject({ code: 0 });
    house.runs.push(aRun({ id: 'run-3', life: { ...life, finding: 'fail' } }));
    const ended = await patchbay('campaign', 'watch', `${LAB}/c1`, '--exit-verdict', '--json');
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({ state: 'final' });
    expect(ended.stderr).toContain('run-3 fail');
    expect((await patchbay('campaign', 'watch', `${LAB}/c1`)).code).toBe(0);
  });

  it('submits equipment as the inventory reads it, and nothing when a file has mistakes', async () => {
    const good = join(dir, 'good.yaml');
    const bad = join(dir, 'bad.yaml');
    await writeFile(
      good,
      'apiVersion: patchbay/v1\nkind: Equipment\nid: ric-1\norganisation: acme\nrole: near-rt-ric\n' +
        'product: {name: Acme RIC}\nversions: {software: "1"}\nsimulator: {name: near-rt-ric}\n',
    );
    await writeFile(bad, 'apiVersion: patchbay/v1\nkind: Equipment\nid: ric-1\nrolle: near-rt-ric\n');
    const refused = await patchbay('equipment', 'submit', good, bad);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(`${bad}:4:1: rolle`);
    expect(house.asked).toEqual([]);
    expect(await patchbay('equipment', 'submit', good)).toMatchObject({
      code: 0,
      stdout: 'acme/ric-1 revision 3\n',
    });
    expect(house.asked).toMatchObject([['submitEquipment', { id: 'acme/ric-1', organisation: 'acme' }]]);
  });

  it('shows which clauses decided', async () => {
    house.runs.push(aRun());
    const clauses = [{ id: 'location', verdict: 'fail', saw: 'no Location header', evidence: [] }];
    house.records.push(aRecord({ outcome: { kind: 'judged', verdict: 'fail', clauses, remarks: [] } }));
    const { stdout } = await patchbay('run', 'show', 'run-1');
    expect(stdout).toContain('location fail: no Location header');
  });

  it('follows a log to its end', async () => {
    house.runs.push(aRun());
    for (const seq of [0, 1])
      house.runLog.push({ seq, at: aRun().createdAt, kind: 'log', level: 'info', text: `line ${seq}` });
    const { stdout } = await patchbay('run', 'logs', 'run-1', '--follow', '--json');
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { text: string }).text),
    ).toEqual(['line 0', 'line 1']);
  });

  it('steers testbeds and shows them', async () => {
    house.testbeds.push(aTestbed());
    const id = `${LAB}/north-1`;
    expect((await patchbay('testbed', 'list')).stdout).toContain(id);
    await patchbay('testbed', 'drain', id);
    await patchbay('testbed', 'quarantine', id, '0', '--reason', 'cable');
    await patchbay('testbed', 'token', id, '--valid', '15m');
    await patchbay('runner', 'revoke', id, 'runner-1');
    expect(house.asked).toEqual([
      ['drainTestbed', id],
      ['quarantineSlot', id, 0, { code: 'SLOT_QUARANTINED', text: 'cable' }],
      ['createEnrolmentToken', id, 900_000],
      ['revokeRunner', 'runner-1'],
    ]);
  });
});

const digestOf = (bytes: Uint8Array): Digest =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest;

describe('patchbay report export', () => {
  const html = Buffer.from('<html>');
  const digest = 'sha256:aedbfa3dcb0ff76ac5dbf31b4a4d8d5b4d7d4cd5ddf7f0d9b0cb47f8dfa0a0bc';

  it('does not take bytes that have not the digest of the report', async () => {
    house.runs.push(aRun());
    house.reports.push(aReport({ files: { 'report.html': aDigest('a') } }));
    house.bytes.set(aDigest('a'), html);
    const { code, stderr } = await patchbay('report', 'export', 'report-1', '--out', dir);
    expect(code).toBe(3);
    expect(stderr).toContain('EVIDENCE_CORRUPT');
    await expect(readFile(join(dir, 'report.html'))).rejects.toThrow();
  });

  it('prints one format, byte for byte, and writes it when there is a folder', async () => {
    const pdf = Buffer.from([0x25, 0x50, 0x44, 0x46, 0, 0xff, 0x0a]);
    const files = {
      'report.html': digestOf(html),
      'report.pdf': digestOf(pdf),
      'report.dsse.json': aDigest('b'),
    };
    house.runs.push(aRun());
    house.reports.push(aReport({ files }));
    house.bytes.set(digestOf(pdf), pdf);
    house.bytes.set(digestOf(html), html);
    const printed = await patchbay('report', 'export', 'report-1', '--format', 'pdf');
    expect(printed).toEqual({ code: 0, stdout: pdf.toString('latin1'), stderr: '' });
    await patchbay('report', 'export', 'report-1', '--format', 'html', '--out', dir);
    expect(await readFile(join(dir, 'report.html'))).toEqual(html);
    await expect(readFile(join(dir, 'report.pdf'))).rejects.toThrow();
  });

  it('prints a bundle for each signature, a line each', async () => {
    const names = ['sigstore/bb.sigstore.json', 'sigstore/aa.sigstore.json'];
    const bundles = names.map((name) => Buffer.from(`{"name":"${name}"}\n`));
    house.runs.push(aRun());
    house.reports.push(
      aReport({ files: Object.fromEntries(names.map((name, at) => [name, digestOf(bundles[at]!)])) }),
    );
    for (const bundle of bundles) house.bytes.set(digestOf(bundle), bundle);
    const { stdout } = await patchbay('report', 'export', 'report-1', '--format', 'sigstore');
    expect(stdout).toBe(`${bundles[1]!.toString()}${bundles[0]!.toString()}`);
  });

  it.each([
    [['--format', 'docx'], 2, 'WRONG_USE'],
    [[], 2, 'WRONG_USE'],
    [['--format', 'csv', '--json'], 2, 'WRONG_USE'],
    [['--format', 'csv'], 2, 'NOT_FOUND'],
  ] as const)('with %j ends with %i', async (options, code, word) => {
    house.runs.push(aRun());
    house.reports.push(aReport({ files: { 'report.html': aDigest('a') } }));
    const ended = await patchbay('report', 'export', 'report-1', ...options);
    expect(ended.stderr).toContain(word);
    expect(ended.code).toBe(code);
  });

  it.each(['../evil', '/etc/evil', 'a/../../evil', 'a//b', '.hidden'])('does not write %s', async (name) => {
    house.reports.push(aReport({ files: { [name]: digest } }));
    house.bytes.set(digest, html);
    const { stderr } = await patchbay('report', 'export', 'report-1', '--out', dir);
    expect(stderr).toContain('ORCHESTRATOR_ANSWER');
  });
});

describe('complain', () => {
  it('shows a stack only when asked, and says so when it was interrupted', () => {
    const error = new HarnessError('STORE_FULL', 'no room');
    expect(complain(error, { interrupted: false, debug: false })).toEqual({
      code: 3,
      text: 'patchbay: STORE_FULL: no room (free some space)\n',
    });
    expect(complain(error, { interrupted: false, debug: true }).text).toContain('at ');
    expect(complain(error, { interrupted: true, debug: false }).code).toBe(130);
    expect(complain('odd', { interrupted: false, debug: false }).text).toContain('UNEXPECTED: odd');
  });
});
