import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { describeReport } from '../../../src/reports/document/document.ts';
import { renderHtml } from '../../../src/reports/html/page.ts';
import { renderJunit } from '../../../src/reports/junit.ts';
import { escapeText, markup } from '../../../src/reports/markup.ts';
import { revisedReport } from '../../support/big-report.ts';
import { hostileReport } from '../../support/hostile-report.ts';
import { aReport } from '../../support/reports.ts';
import { aBundle, aSignedReport } from '../../support/signed-report.ts';

const digest = 'f'.repeat(64);

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

  it('survives hostile texts', () => {
    const { suites, cases } = parse(renderJunit(hostileReport()));
    expect(suites['failures']).toBe('1');
    expect(cases).toHaveLength(1);
  });
});

describe('the page', () => {
  const page = renderHtml(describeReport(aReport(), { payloadSha256: digest }));

  it('names each failing clause with what was expected and seen', () => {
    const findings = page.slice(page.indexOf('id="summary"'), page.indexOf('id="items"'));
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
    ['hostile', renderHtml(describeReport(hostileReport(), { payloadSha256: digest }))],
  ])('is one file that runs and loads nothing, with %s texts', (_, html) => {
    expect(html).not.toMatch(/<script|<img|<link|<iframe|\son[a-z]+=["']|javascript:|src=(?!x on)/iu);
    expect(html).not.toMatch(/https?:\/\//u);
    expect(html).not.toMatch(/[\u0000-\u0008\u202e\ud800]/);
    expect(html.match(/<table/gu)?.length).toBe(html.match(/<\/table>/gu)?.length);
    expect(html.match(/<article/gu)?.length).toBe(html.match(/<\/article>/gu)?.length);
  });

  it('does not say self-declared when somebody vouches', () => {
    const signatories = aReport().input.signatories.map((one) => ({ ...one, selfDeclared: false }));
    expect(renderHtml(describeReport(aReport({ signatories }), { payloadSha256: digest }))).not.toMatch(
      /self-declared/iu,
    );
  });
});

describe('the page of a later revision', () => {
  const page = renderHtml(
    describeReport(revisedReport(), { payloadSha256: digest, view: { disclosed: 3, items: 9 } }),
  );

  it('says what it replaces and why, and that it is an extract', () => {
    for (const said of [
      'Amended Test Report',
      'Revision 2 (amendment). ',
      'It takes the place of revision 1.',
      'The trace of A1-003 was read again.',
      'c'.repeat(64),
      '3 of 9 items are disclosed.',
    ]) {
      expect(page).toContain(said);
    }
    expect(renderHtml(describeReport(aReport(), { payloadSha256: digest }))).not.toContain('Extract');
  });

  it('shows what the machine found beside what a person decided', () => {
    const decisions = page.slice(page.indexOf('<h2 id="decisions"'), page.indexOf('<h2 id="opinions"'));
    for (const said of ['✗</span> fail', '?</span> inconclusive', 'the cable was broken', 'A. Tester']) {
      expect(decisions).toContain(said);
    }
  });

  it('marks opinions as opinions and imported results as imported', () => {
    expect(page).toContain('What follows is opinion, not a result of a test');
    expect(page).toContain('was measured elsewhere and imported');
    expect(page).toContain('the file says 5 tests and holds 2');
    expect(page).toContain('1 of 4 cases passed');
  });
});

it('tells laboratory, customer, differences and end in the words of ISO/IEC 17025', () => {
  const page = renderHtml(describeReport(aReport(), { payloadSha256: digest }));
  for (const said of [
    'Lab North (lab-north), Main Street 1, Northtown',
    'Acme Radio (acme), address not stated',
    'The results relate only to the items tested.',
    'the consumer is the tester',
    'End of report',
  ]) {
    expect(page).toContain(said);
  }
});

it('escapes in text and in attributes, lists and numbers, and leaves out what is absent', () => {
  expect(markup`<a b="${'"><'}">${['&', 1, null, markup`<i>`]}${false}</a>`.text).toBe(
    '<a b="&quot;&gt;&lt;">&amp;1<i></a>',
  );
  expect(escapeText('a\u0000b\u202ec\ud800')).toBe('a\ufffdb\ufffdc\ufffd');
});

it('bundles the files of a report', async () => {
  const good = await aSignedReport();
  const files = await aBundle(good);
  const [system, signatory] = good.keys.map(({ signer }) => signer.keyid);
  expect([...files.keys()]).toEqual([
    'report.dsse.json',
    'disclosures/lab-north.json',
    'disclosures/acme.json',
    'test-result.intoto.jsonl',
    `sigstore/${system}.sigstore.json`,
    `sigstore/${signatory}.sigstore.json`,
    'junit.xml',
    'oran-test-results.json',
    'ctrf.json',
    'results.csv',
    'results.ndjson',
    'report.html',
    'report.pdf',
  ]);
});
