import { describe, expect, it } from 'vitest';
import { renderProblem } from '../../../src/documents/problem.ts';
import { parseCampaign } from '../../../src/inventory/campaign.ts';
import { parseTestbed } from '../../../src/inventory/testbed.ts';

const TESTBED = `apiVersion: patchbay/v1
kind: Testbed
id: north-1
organisation: lab-north
slots: 2
capabilities: [a1, e2, tls-audit, "sctp:usrsctp", capture]
instruments: [{id: chamber-1, capacity: 1}]
calendar: {timeZone: Europe/Berlin, staffed: ["Mon-Fri 08:00-18:00"], closed: [{from: 2026-12-24, to: 2026-12-26}]}
setUp: {minutesPerChangedRole: {o-ru: 60, o-du: 30}}
`;
const KEYID = '0123456789abcdef'.repeat(4);
const CAMPAIGN = `apiVersion: patchbay/v1
kind: Campaign
id: plugfest
organisation: lab-north
plans: [a1-producer@1, api-security]
equipment: {ids: [acme/acme-ric-1, own-1]}
coverage: {mode: each}
window: {from: 2026-11-23T08:00Z, to: 2026-11-27T18:00:30+01:00}
priority: normal
`;

type Change = readonly [from: string, to: string];
const testbedProblems = ([from, to]: Change): readonly string[] => {
  const read = parseTestbed({ path: 't.yaml', text: TESTBED.replace(from, to) });
  return read.ok ? [] : read.error.map(renderProblem);
};
const campaignProblems = ([from, to]: Change): readonly string[] => {
  const read = parseCampaign({ path: 'c.yaml', text: CAMPAIGN.replace(from, to) });
  return read.ok ? [] : read.error.map(renderProblem);
};

describe('a testbed', () => {
  it('is the example of the documentation', () => {
    expect(parseTestbed({ path: 't.yaml', text: TESTBED })).toMatchObject({
      ok: true,
      value: { id: 'lab-north/north-1', slots: 2, setUp: { minutesPerChangedRole: { 'o-ru': 60 } } },
    });
  });

  it.each<[string, Change, string]>([
    [
      'a time zone that is none',
      ['Europe/Berlin', 'Europe/Atlantis'],
      '8:22: calendar.timeZone: is not a time zone of IANA, such as Europe/Berlin',
    ],
    [
      'hours that end before they start',
      ['08:00-18:00', '18:00-08:00'],
      '8:47: calendar.staffed[0]: must end later than it starts, on the same day',
    ],
    [
      'a day that is none',
      ['Mon-Fri', 'Mon-Fry'],
      '8:47: calendar.staffed[0]: names a day that is not one of Mon, Tue, Wed, Thu, Fri, Sat, Sun',
    ],
    [
      'a date that does not exist',
      ['2026-12-24', '2026-02-30'],
      '8:87: calendar.closed[0].from: is not a day such as 2026-12-24',
    ],
    ['no slots', ['slots: 2', 'slots: 0'], '5:8: slots: 0 is less than 1'],
  ])('refuses %s', (_, change, expected) => {
    expect(testbedProblems(change)).toEqual([`t.yaml:${expected}`]);
  });

  it('refuses the set-up time of something that is no role', () => {
    expect(testbedProblems(['o-ru: 60', 'o-rx: 60'])).toHaveLength(1);
  });
});

describe('a campaign', () => {
  it('comes out with instants, references and qualified ids', () => {
    expect(parseCampaign({ path: 'c.yaml', text: CAMPAIGN })).toEqual({
      ok: true,
      value: {
        id: 'lab-north/plugfest',
        organisation: 'lab-north',
        plans: [{ id: 'a1-producer', version: '1' }, { id: 'api-security' }],
        equipment: { ids: ['acme/acme-ric-1', 'lab-north/own-1'] },
        coverage: { mode: 'each' },
        window: { from: Date.UTC(2026, 10, 23, 8), to: Date.UTC(2026, 10, 27, 17, 0, 30) },
        priority: 'normal',
      },
    });
  });

  it('names labs that co-sign', () => {
    const text = `${CAMPAIGN}coSigners: [{lab: lab-south, keyid: ${KEYID}, scope: [items, "case:a1-producer:A1-003"]}]\n`;
    expect(parseCampaign({ path: 'c.yaml', text })).toMatchObject({
      value: { coSigners: [{ lab: 'lab-south', keyid: KEYID, scope: ['items', 'case:a1-producer:A1-003'] }] },
    });
  });

  it.each<[string, string, string]>([
    ['a keyid that is none', `[{lab: b, keyid: abc, scope: ["*"]}]`, 'keyid'],
    ['a lab of another spelling', `[{lab: Lab B, keyid: ${KEYID}, scope: ["*"]}]`, 'lab'],
    ['an empty scope', `[{lab: b, keyid: ${KEYID}, scope: []}]`, 'scope'],
    ['a word that is no scope', `[{lab: b, keyid: ${KEYID}, scope: [results]}]`, 'scope[0]'],
    ['everything and more', `[{lab: b, keyid: ${KEYID}, scope: ["*", items]}]`, 'scope[0]'],
    ['a case of another plan', `[{lab: b, keyid: ${KEYID}, scope: ["case:e2-setup:E2-001"]}]`, 'scope[0]'],
  ])('refuses a co-signer with %s', (_, coSigners, where) => {
    const problems = campaignProblems(['priority: normal\n', `priority: normal\ncoSigners: ${coSigners}\n`]);
    expect(problems).toEqual([expect.stringContaining(`: coSigners[0].${where}`)]);
  });

  it('refuses one lab, or one key, for two co-signers', () => {
    const one = `{lab: b, keyid: ${KEYID}, scope: ["*"]}`;
    const problems = campaignProblems([
      'priority: normal\n',
      `priority: normal\ncoSigners: [${one}, ${one}]\n`,
    ]);
    expect(problems).toEqual([
      expect.stringContaining('coSigners[1].lab: b is there twice'),
      expect.stringContaining('coSigners[1].keyid: is the key of another co-signer'),
    ]);
  });

  it('names products of its own organisation alone, and those of others in full', () => {
    const parsed = parseCampaign({
      path: 'c.yaml',
      text: CAMPAIGN.replace(
        '{mode: each}',
        '{strength: 2, seeds: [[mine, other/one]], weights: {mine: 2.5}}',
      ),
    });
    expect(parsed.ok ? parsed.value.coverage : parsed.error).toEqual({
      strength: 2,
      seeds: [['lab-north/mine', 'other/one']],
      weights: { 'lab-north/mine': 2.5 },
    });
  });

  it.each<[string, Change, string]>([
    [
      'coverage by mode and by strength',
      ['{mode: each}', '{mode: each, strength: 2}'],
      '7:11: coverage: exactly one of the fields "mode" and "strength" must be there',
    ],
    [
      'seeds without a strength',
      ['{mode: each}', '{mode: pairs, seeds: [[a/b]]}'],
      '7:25: coverage.seeds: goes with "strength", not with "mode"',
    ],
    [
      'a window the wrong way round',
      ['from: 2026-11-23', 'from: 2027-11-23'],
      '8:39: window.to: must be later than "from"',
    ],
    [
      'a time without offset',
      ['08:00Z', '08:00'],
      '8:16: window.from: is not a date and time with its offset, such as 2026-11-23T08:00Z',
    ],
    [
      'a plan version that is none',
      ['@1', '@latest'],
      '5:9: plans[0]: "a1-producer@" must be followed by a version such as 1, 1.2 or 1.2.0',
    ],
    [
      'both ids and select',
      ['{ids:', '{select: {role: o-ru}, ids:'],
      '6:12: equipment: must have exactly one of ids and select',
    ],
    [
      'an empty selection',
      ['ids: [acme/acme-ric-1, own-1]', 'select: {}'],
      '6:21: equipment.select: must have at least one of role and organisation',
    ],
  ])('refuses %s', (_, change, expected) => {
    expect(campaignProblems(change)).toEqual([`c.yaml:${expected}`]);
  });
});
