import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { commandLine, type Ended } from '../../../support/http/command-line.ts';
import { type FakeHouse, makeFakeHouse } from '../../../support/http/fake-house.ts';
import { aCampaign, aReport, LAB } from '../../../support/http/things.ts';

let house: FakeHouse;
let dir = '';
beforeAll(async () => {
  house = await makeFakeHouse();
});
beforeEach(async () => {
  house.reset();
  house.campaigns.push(aCampaign());
  house.reports.push(aReport());
  dir = await mkdtemp(join(tmpdir(), 'patchbay-cli-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));
afterAll(async () => {
  await house.server[Symbol.asyncDispose]();
});

const report = (...args: readonly string[]): Promise<Ended> => commandLine(house, dir, ['report', ...args]);
const write = async (name: string, content: string | Uint8Array): Promise<string> => {
  await writeFile(join(dir, name), content);
  return join(dir, name);
};
/** Refused with this code, and nothing was asked of the orchestrator. */
async function expectRefused(ended: Promise<Ended>, word: string): Promise<void> {
  const { code, stdout, stderr } = await ended;
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(new RegExp(`^patchbay: ${word}: `, 'u'));
  expect(house.asked).toEqual([]);
}

describe('patchbay report amend', () => {
  const amend = (...args: readonly string[]) => report('amend', 'report-1', '--reason', 'r', ...args);

  it('asks for an amendment and nothing else when only the reason is given', async () => {
    expect(await amend()).toEqual({
      ...{ code: 0, stderr: '' },
      stdout: 'report-1 revision 1 (original) on acme.ric-1: current\n',
    });
    const wish = { kind: 'amendment', reason: 'r', overrides: [], opinions: [] };
    expect(house.asked).toEqual([['amendReport', 'report-1', wish]]);
  });

  it('takes several overrides, a kind and opinions, and prints JSON', async () => {
    const opinions = await write(
      'opinions.yaml',
      'apiVersion: patchbay/v1\nkind: Opinions\nopinions:\n  - {text: Sound., basis: all of it, by: Dr. Who, cases: ["a:1"]}\n',
    );
    const { code, stdout } = await amend(
      ...['--kind', 'replacement', '--override', 'a:1=inconc', 'b:2#2=pass'],
      ...['--why', 'the cable', '--by', 'Dr. Who', '--opinion', opinions, '--json'],
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ id: 'report-1', revision: 1, standing: 'current' });
    const decided = { reason: 'the cable', by: 'Dr. Who' };
    const overrides = [
      { case: 'a:1', finding: 'inconc', ...decided },
      { case: 'b:2#2', finding: 'pass', ...decided },
    ];
    const said = { text: 'Sound.', basis: 'all of it', by: 'Dr. Who', cases: ['a:1'] };
    expect(house.asked).toEqual([
      ['amendReport', 'report-1', { kind: 'replacement', reason: 'r', overrides, opinions: [said] }],
    ]);
  });

  it.each([
    ['a finding that does not exist', ['--override', 'a:1=good', '--why', 'w', '--by', 'b']],
    ['no case', ['--override', '=pass', '--why', 'w', '--by', 'b']],
    ['no finding', ['--override', 'a:1', '--why', 'w', '--by', 'b']],
    ['an override that nobody answers for', ['--override', 'a:1=pass', '--why', 'w']],
    ['an override without a reason', ['--override', 'a:1=pass', '--by', 'b']],
    ['a kind that does not exist', ['--kind', 'original']],
  ])('is wrong use with %s', (_, options) => expectRefused(amend(...options), 'WRONG_USE'));

  it('is wrong use without a reason', () => expectRefused(report('amend', 'report-1'), 'WRONG_USE'));

  it('says where a file of opinions is wrong, and asks for nothing', async () => {
    const file = await write('bad.yaml', 'apiVersion: patchbay/v1\nkind: Opinions\nopinions: []\n');
    const { code, stderr } = await amend('--opinion', file);
    expect(code).toBe(2);
    expect(stderr).toContain(`${file}:3:`);
    expect(house.asked).toEqual([]);
  });

  it('says what the orchestrator refused', () =>
    expectRefused(report('amend', 'report-9', '--reason', 'r'), 'NOT_FOUND'));
});

describe('patchbay report withdraw', () => {
  it('asks for it, with reason and person', async () => {
    const { code, stdout } = await report(
      'withdraw',
      'report-1',
      '--reason',
      'r',
      '--by',
      'Dr. Who',
      '--json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ id: 'report-1', sut: 'acme.ric-1' });
    expect(house.asked).toEqual([['withdrawReport', 'report-1', { reason: 'r', by: 'Dr. Who' }]]);
  });

  it.each([
    ['no reason', ['report-1', '--by', 'b']],
    ['nobody who decides it', ['report-1', '--reason', 'r']],
    ['no report', ['--reason', 'r', '--by', 'b']],
    ['two reports', ['report-1', 'report-2', '--reason', 'r', '--by', 'b']],
  ])('is wrong use with %s', (_, options) => expectRefused(report('withdraw', ...options), 'WRONG_USE'));

  it('says what the orchestrator refused', () =>
    expectRefused(report('withdraw', 'report-9', '--reason', 'r', '--by', 'b'), 'NOT_FOUND'));
});

describe('patchbay report import', () => {
  const xml = '<testsuite name="s"/>';
  const importing = async (...args: readonly string[]) =>
    report('import', `${LAB}/c1`, await write('r.xml', xml), '--origin', 'Lab West', ...args);

  it('sends the file as it came, with the case map and the SUT', async () => {
    const map = await write('map.json', '{"s/x": "a:1"}');
    const ended = await importing('--format', 'junit', '--case-map', map, '--sut', 'a.b');
    expect(ended).toEqual({ code: 0, stdout: 'import-1: 0 cases into a.b\n', stderr: '' });
    expect(house.asked).toEqual([
      [
        'importResults',
        `${LAB}/c1`,
        { format: 'junit', origin: 'Lab West', sut: 'a.b', map: { 's/x': 'a:1' }, bytes: Buffer.from(xml) },
      ],
    ]);
  });

  it('prints what was taken as JSON', async () => {
    const { code, stdout } = await importing('--format', 'oran-test-results', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ id: 'import-1', cases: [], remarks: [] });
    expect(house.asked[0]?.[2]).toMatchObject({ format: 'oran-test-results', sut: null, map: {} });
  });

  it.each([
    ['no format', []],
    ['a format that does not exist', ['--format', 'xunit']],
  ])('is wrong use with %s', (_, options) => expectRefused(importing(...options), 'WRONG_USE'));

  it('is wrong use without an origin', async () =>
    expectRefused(
      report('import', `${LAB}/c1`, await write('r.xml', xml), '--format', 'junit'),
      'WRONG_USE',
    ));

  it('says that a file is not there', () =>
    expectRefused(
      report('import', `${LAB}/c1`, join(dir, 'no.xml'), '--format', 'junit', '--origin', 'o'),
      'NOT_FOUND',
    ));

  it.each(['[]', '{"a": 1}', '{"a": "b", "a": "c"}', 'nonsense'])(
    'does not take %s for a case map',
    async (text) =>
      expectRefused(
        importing('--format', 'junit', '--case-map', await write('map.json', text)),
        'INPUT_INVALID',
      ),
  );
});
