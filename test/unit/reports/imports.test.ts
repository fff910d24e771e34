import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_IMPORT_BYTES, readImport } from '../../../src/reports/imports/read-import.ts';
import { renderJunit } from '../../../src/reports/junit.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { aReport } from '../../support/reports.ts';

const utf8 = new TextEncoder();
const junit = (text: string) => readImport('junit', utf8.encode(text));
const oran = (value: unknown) => readImport('oran-test-results', utf8.encode(JSON.stringify(value)));
const found = ({ cases }: ReturnType<typeof junit>) => cases.map(({ name, finding }) => [name, finding]);
const codeOf = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    if (error instanceof HarnessError) return error.code;
    throw error;
  }
  return 'taken';
};

describe('JUnit XML of others', () => {
  it('of a real kind with wrong totals is recounted, and every total that is wrong is remarked', () => {
    const bytes = readFileSync(new URL('../../support/imports/surefire-rerun.xml', import.meta.url));
    const read = readImport('junit', bytes, { 'org.example.a1.PolicyIT.createPolicy': 'a1-producer:A1-003' });
    expect(found(read)).toEqual([
      ['org.example.a1.PolicyIT.createPolicy', 'pass'],
      ['org.example.a1.PolicyIT.deletePolicy', 'pass'],
      ['org.example.a1.PolicyIT.refuseInvalid', 'fail'],
      ['org.example.a1.PolicyIT.queryStatus', 'error'],
      ['org.example.a1.PolicyIT.notify', 'notRun'],
    ]);
    expect(read.cases.map(({ durationMs }) => durationMs)).toEqual([812, 250, 100, undefined, undefined]);
    expect(read.cases[0]?.standsFor).toBe('a1-producer:A1-003');
    expect(read.cases[2]?.text).toBe('expected <400> but was <201>');
    const suite = '<testsuite> "org.example.a1.PolicyIT" says';
    expect(read.remarks).toEqual([
      '"org.example.a1.PolicyIT/org.example.a1.PolicyIT.deletePolicy" was tried again 1 times',
      '"org.example.a1.PolicyIT/org.example.a1.PolicyIT.refuseInvalid" was tried again 1 times',
      'case "org.example.a1.PolicyIT.queryStatus" took "soon", which is no time',
      `${suite} 7 tests and has 5`,
      `${suite} 0 errors and has 1`,
      `${suite} 0 skipped and has 1`,
    ]);
  });

  it('may nest suites, and count with or without what is inside', () => {
    const text = `<testsuites tests="2"><testsuite name="a" tests="1"><testcase name="x"/>
      <testsuite name="b" tests="1"><testcase name="y"/></testsuite></testsuite></testsuites>`;
    const read = junit(text);
    expect(read.cases.map(({ suite }) => suite)).toEqual(['a', 'a/b']);
    expect(read.remarks).toEqual([]);
    expect(junit(text.replace('name="a" tests="1"', 'name="a" tests="5"')).remarks).toEqual([
      '<testsuite> "a" says 5 tests and has 2',
    ]);
  });

  it('with the same test twice keeps both and says so', () => {
    const { cases, remarks } = junit(
      '<testsuite name="s"><testcase name="x"><failure/></testcase><testcase name="x"/></testsuite>',
    );
    expect(cases).toHaveLength(2);
    expect(remarks).toEqual(['"s/x" is there 2 times: fail, pass']);
  });

  it('that contradicts itself is never better for it', () => {
    const { cases, remarks } = junit(
      `<testsuite tests="many"><testcase name="a" status="failed"/><testcase name="b" result="passed"><failure/></testcase>
       <testcase name="c" status="notrun"/><testcase name="d"><error/><failure/></testcase><testcase/></testsuite>`,
    );
    expect(cases.map(({ finding }) => finding)).toEqual(['inconc', 'fail', 'notRun', 'error', 'pass']);
    expect(remarks).toHaveLength(4);
  });

  it('that we wrote ourselves reads back without a remark', () => {
    const read = readImport('junit', utf8.encode(renderJunit(aReport())));
    expect(read.remarks).toEqual([]);
    expect(read.cases.map(({ finding }) => finding)).toEqual(['pass', 'fail', 'notRun', 'notRun']);
  });

  const laughs = `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><testsuite><testcase name="&b;"/></testsuite>`;
  it.each<[string, string]>([
    ['nothing', ''],
    ['no XML', 'hello'],
    ['another element', '<html/>'],
    ['no case', '<testsuites/>'],
    ['laughs', laughs],
    [
      'a file of the machine',
      '<!DOCTYPE t [<!ENTITY e SYSTEM "file:///etc/passwd">]><testsuite>&e;</testsuite>',
    ],
    ['a document type that comes late', '<testsuite><!DOCTYPE x><testcase name="a"/></testsuite>'],
    ['CDATA without end', '<testsuite><testcase name="a"><![CDATA[</testcase></testsuite>'],
    ['an open element', '<testsuite><testcase name="a">'],
    [
      'another encoding',
      '<?xml version="1.0" encoding="UTF-16"?><testsuite><testcase name="a"/></testsuite>',
    ],
    ['too deep a nest', `${'<testsuite>'.repeat(100_000)}<testcase/>${'</testsuite>'.repeat(100_000)}`],
  ])('is refused with %s', (_, text) => {
    expect(codeOf(() => junit(text))).toBe('IMPORT_MALFORMED');
  });

  it('is refused beyond its limits, and when it is not UTF-8', () => {
    expect(codeOf(() => readImport('junit', new Uint8Array(MAX_IMPORT_BYTES + 1)))).toBe('INPUT_TOO_LARGE');
    expect(codeOf(() => readImport('junit', new Uint8Array([0x3c, 0xff])))).toBe('IMPORT_MALFORMED');
  });

  it('counts what is in it, whatever its totals say', () => {
    const kinds = ['', '<failure/>', '<error/>', '<skipped/>'];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 20 }),
        fc.nat({ max: 30 }),
        (some, total) => {
          const cases = some.map((child, index) => `<testcase name="n${index}">${child}</testcase>`).join('');
          const read = junit(`<testsuite name="s" tests="${total}">${cases}</testsuite>`);
          expect(read.cases).toHaveLength(some.length);
          expect(read.cases.filter(({ finding }) => finding === 'fail')).toHaveLength(
            some.filter((child) => child === '<failure/>').length,
          );
          expect(read.remarks.length > 0).toBe(total !== some.length);
        },
      ),
    );
  });
});

describe('O-RAN results of others', () => {
  const metric = (result: string, status = 'mandatory') => ({ description: 'm', status, result });
  const aCase = (number: string, result: string, metrics: object[] = [metric('PASS')]) => ({
    ...{ number, name: 'n', description: 'd', status: 'mandatory', result, metrics },
  });
  const whole = (testResults: object[], result = 'PASS') => ({
    ...{ schemaVersion: 1, testMetadata: { result }, testResults },
  });

  it('are read group by group', () => {
    const read = oran(whole([{ number: '3', name: 'M-plane', groupItems: [aCase('3.1', 'PASS')] }]));
    expect(read).toMatchObject({
      cases: [{ suite: '3 M-plane', name: '3.1 n', finding: 'pass', said: 'PASS' }],
      remarks: [],
    });
  });

  it('are what their metrics make of them, and never better than they say', () => {
    const read = oran(
      whole([
        aCase('1', 'PASS', [metric('FAIL')]),
        aCase('2', 'PASS', [metric('SKIP')]),
        aCase('3', 'PASS', [metric('FAIL', 'optional'), metric('PASS')]),
        aCase('4', 'FAIL'),
        aCase('5', 'WARN'),
        aCase('6', 'GOOD'),
        aCase('7', 'SKIP'),
      ]),
    );
    expect(read.cases.map(({ finding }) => finding)).toEqual([
      ...['fail', 'inconc', 'pass', 'fail', 'pass', 'none', 'notRun'],
    ]);
    expect(read.remarks).toEqual([
      '"1 n" says PASS, and a metric that it requires failed',
      '"2 n" says PASS, and a metric that it requires was not measured',
      '"4 n" says FAIL and no metric that it requires failed',
      '"6 n" has the result "GOOD", which is none',
      'testMetadata says PASS and 2 cases failed',
    ]);
  });

  it.each<[string, unknown]>([
    ['no list of results', {}],
    ['no case', whole([])],
    ['something that is no case', whole([[] as never])],
  ])('are refused with %s', (_, value) => {
    expect(codeOf(() => oran(value))).toBe('IMPORT_MALFORMED');
  });

  it('are refused with a member twice', () => {
    const text = '{"testResults":[],"testResults":[]}';
    expect(codeOf(() => readImport('oran-test-results', utf8.encode(text)))).toBe('IMPORT_MALFORMED');
  });
});
