import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { FINDINGS } from '../../../src/domain/verdict.ts';
import { renderReportBundle } from '../../../src/reports/bundle.ts';
import { renderHtml } from '../../../src/reports/html/page.ts';
import { JUNIT_OUTCOME, renderJunit } from '../../../src/reports/junit.ts';
import { escapeText, markup } from '../../../src/reports/markup.ts';
import type { Report } from '../../../src/reports/report.ts';
import { aCase, anEquipment, aPlan, aRecord, aReport, aReportedRun, failed } from '../../support/reports.ts';
import { aSignedReport } from '../../support/signed-report.ts';

const ATTACK = `</td></tspan><script>alert("x")</script><img src=x onerror='y'>]]>&amp;\u0000\u0007\u202e\ud800`;
const digest = 'f'.repeat(64);

/** Every text that a vendor, a plan or a product can write is an attack. */
function hostile(): Report {
  const outcome = { ...failed, clauses: [{ ...failed.clauses[1]!, saw: ATTACK }], remarks: [ATTACK] };
  const cases = [
    aCase('A1-003', { title: ATTACK, aim: ATTACK, clauses: [{ id: 'location', expects: ATTACK }] }),
  ];
  const run = aReportedRun('run-1', [
    aRecord('run-1', 'A1-003', outcome, { transports: { [ATTACK]: ATTACK } }),
  ]);
  return aReport({
    lab: { id: 'lab-north', name: ATTACK, address: ATTACK, accreditation: ATTACK },
    subjects: [
      anEquipment({
        product: { name: ATTACK, model: ATTACK, serial: ATTACK },
        versions: { [ATTACK]: ATTACK },
      }),
    ],
    runs: [{ ...run, plan: aPlan({ title: ATTACK, cases }), tools: { [ATTACK]: ATTACK } }],
  });
}

interface ParsedCase {
  readonly name: string;
  readonly failure?: { readonly message: string; readonly type: string } | string;
  readonly skipped?: unknown;
  readonly error?: unknown;
}

function parse(xml: string): {
  readonly suites: Record<string, string>;
  readonly cases: readonly ParsedCase[];
} {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name) => name === 'testcase' || name === 'testsuite',
  });
  const { testsuites } = parser.parse(xml) as {
    testsuites: Record<string, string> & { testsuite: { testcase: ParsedCase[] }[] };
  };
  return { suites: testsuites, cases: testsuites.testsuite.flatMap(({ testcase }) => testcase) };
}

describe('JUnit XML', () => {
  it('is read by another program with the totals of the report', () => {
    const { suites, cases } = parse(renderJunit(aReport()));
    expect(suites).toMatchObject({ tests: '4', failures: '1', errors: '0', skipped: '2' });
    expect(cases.map(({ name }) => name)).toContain('A1-003 Create a policy');
    expect(cases.find(({ name }) => name.startsWith('A1-003'))?.failure).toMatchObject({
      type: 'fail',
      message: 'location: no Location header',
    });
  });

  it('makes a success of nothing but a pass', () => {
    const successes = FINDINGS.filter((finding) => JUNIT_OUTCOME[finding] === 'success');
    expect(successes).toEqual(['pass']);
  });

  it('survives hostile texts', () => {
    const { suites, cases } = parse(renderJunit(hostile()));
    expect(suites['failures']).toBe('1');
    expect(cases).toHaveLength(1);
  });
});

describe('the page', () => {
  const page = renderHtml(aReport(), { payloadSha256: digest });

  it('names each failing clause with what was expected and seen', () => {
    const findings = page.slice(page.indexOf('id="findings"'), page.indexOf('id="items"'));
    for (const text of [
      'A1-003',
      'location',
      'Location names the created policy',
      'no Location header',
      'acme/acme-ric-1',
    ]) {
      expect(findings).toContain(text);
    }
    expect(findings).toContain('A1-003 did not pass');
  });

  it('prints digest, signatories, decision rule and that nobody else vouches', () => {
    for (const text of [
      `sha256:${digest}`,
      '1'.repeat(64),
      'Self-declared',
      'FAIL if any case',
      'simulator tester'.slice(10),
    ]) {
      expect(page).toContain(text);
    }
  });

  it('has a symbol and a word for each finding, and never the word that is not ours to say', () => {
    expect(page).toContain('<span aria-hidden="true">✗</span> fail</span>');
    expect(page.toLowerCase()).not.toMatch(/certified|certificate/u);
  });

  it.each([
    ['ordinary', page],
    ['hostile', renderHtml(hostile(), { payloadSha256: digest })],
  ])('is one file that runs and loads nothing, with %s texts', (_, html) => {
    expect(html).not.toMatch(/<script|<img|<link|<iframe|\son[a-z]+=["']|javascript:|src=(?!x on)/iu);
    expect(html).not.toMatch(/https?:\/\//u);
    expect(html).not.toMatch(/[\u0000-\u0008\u202e\ud800]/);
    expect(html.match(/<table/gu)?.length).toBe(html.match(/<\/table>/gu)?.length);
    expect(html.match(/<article/gu)?.length).toBe(html.match(/<\/article>/gu)?.length);
  });

  it('does not say self-declared when somebody vouches', () => {
    const signatories = aReport().input.signatories.map((one) => ({ ...one, selfDeclared: false }));
    expect(renderHtml(aReport({ signatories }), { payloadSha256: digest })).not.toMatch(/self-declared/iu);
  });
});

it('escapes in text and in attributes, lists and numbers, and leaves out what is absent', () => {
  expect(markup`<a b="${'"><'}">${['&', 1, null, markup`<i>`]}${false}</a>`.text).toBe(
    '<a b="&quot;&gt;&lt;">&amp;1<i></a>',
  );
  expect(escapeText('a\u0000b\u202ec\ud800')).toBe('a\ufffdb\ufffdc\ufffd');
});

it('bundles the files of a report', async () => {
  const { rendered, envelope } = await aSignedReport();
  const files = renderReportBundle({ report: aReport(), statement: rendered, envelope });
  expect([...files.keys()]).toEqual([
    'report.dsse.json',
    'disclosures/lab-north.json',
    'disclosures/acme.json',
    'report.html',
    'junit.xml',
  ]);
});
