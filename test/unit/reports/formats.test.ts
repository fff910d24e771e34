import { describe, expect, it } from 'vitest';
import { FINDINGS } from '../../../src/domain/verdict.ts';
import { renderCtrf } from '../../../src/reports/ctrf.ts';
import { renderCsv, renderNdjson } from '../../../src/reports/tables.ts';
import { WORDS } from '../../../src/reports/vocabularies.ts';
import { hostileReport } from '../../support/hostile-report.ts';
import { anEquipment, aCase, aPlan, aRecord, aReport, aReportedRun, passed } from '../../support/reports.ts';

describe('the words of others', () => {
  it('say success of nothing but a pass', () => {
    const success = ['pass', 'PASS', 'Pass', 'success', 'passed', 'passedTests', 'satisfied'];
    const spoken = FINDINGS.filter((finding) =>
      Object.values(WORDS[finding]).some((word) => success.includes(word)),
    );
    expect(spoken).toEqual(['pass']);
  });

  it('blame the product for nothing but a fail, where they can say so', () => {
    for (const name of ['oran', 'badge', 'junit', 'ctrf', 'allure', 'sarif'] as const) {
      const blaming = FINDINGS.filter((finding) => WORDS[finding][name] === WORDS.fail[name]);
      expect(blaming, name).toEqual(['fail']);
    }
  });
});

interface Ctrf {
  readonly reportFormat: string;
  readonly specVersion: string;
  readonly results: {
    readonly tool: { readonly name: string };
    readonly summary: Readonly<Record<string, number>>;
    readonly tests: readonly Readonly<Record<string, unknown>>[];
  };
}

describe('CTRF', () => {
  const { results, ...top } = JSON.parse(renderCtrf(aReport())) as Ctrf;

  it('has what the format asks for, and counts that are a recount', () => {
    expect(top.reportFormat).toBe('CTRF');
    expect(top.specVersion).toMatch(/^\d+\.\d+\.\d+$/u);
    expect(results.tool.name).toBe('patchbay');
    expect(results.summary).toMatchObject({
      tests: 4,
      passed: 1,
      failed: 1,
      skipped: 2,
      pending: 0,
      other: 0,
    });
    expect(Number(results.summary['stop'])).toBeGreaterThan(Number(results.summary['start']));
    for (const test of results.tests) {
      expect(test['name']).toBeTypeOf('string');
      expect(['passed', 'failed', 'skipped', 'pending', 'other']).toContain(test['status']);
      expect(Number.isInteger(test['duration'])).toBe(true);
    }
  });

  it('keeps the finding itself', () => {
    expect(results.tests.map((test) => test['rawStatus'])).toEqual([
      'pass',
      'fail',
      'notApplicable',
      'blocked',
    ]);
  });
});

/** A reader of RFC 4180 that has nothing in common with the writer. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  for (let rest = text; rest !== '';) {
    const row: string[] = [];
    for (let more = true; more;) {
      const [whole = '', quoted, plain, end] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/u.exec(rest) ?? [];
      if (whole === '') throw new Error(`not RFC 4180: ${rest.slice(0, 40)}`);
      row.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
      rest = rest.slice(whole.length);
      more = end === ',';
    }
    rows.push(row);
  }
  return rows;
}

describe('CSV', () => {
  it('has one row a case, all as wide as the head', () => {
    const [head = [], ...rows] = readCsv(renderCsv(aReport()));
    expect(rows.map((row) => row[head.indexOf('finding')])).toEqual([
      'pass',
      'fail',
      'notApplicable',
      'blocked',
    ]);
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([head.length]));
    expect(rows[1]?.[head.indexOf('failed_clauses')]).toBe('location');
  });

  it.each(['=1+1', '+1', '-2', '@SUM(A1)', '\tx', ' =1', '\r\n=1', '＝1'])(
    'defuses the formula %j',
    (title) => {
      const plan = aPlan({ cases: [aCase('A1-001', { title })] });
      const run = { ...aReportedRun('run-1', [aRecord('run-1', 'A1-001', passed)]), plan };
      const [head = [], row = []] = readCsv(renderCsv(aReport({ runs: [run] })));
      expect(row[head.indexOf('title')]).toBe(`'${title}`);
    },
  );

  it('survives hostile texts', () => {
    const [head = [], ...rows] = readCsv(renderCsv(hostileReport()));
    expect(rows.map((row) => row.length)).toEqual([head.length]);
  });
});

describe('NDJSON', () => {
  it('has the whole record of each attempt on a line', () => {
    const report = aReport();
    const lines = renderNdjson(report).trimEnd().split('\n');
    const records = lines.map((line) => (JSON.parse(line) as { record: unknown }).record);
    expect(records).toEqual(report.cases.flatMap(({ attempts }) => attempts.map(({ record }) => record)));
  });

  it('survives hostile texts on a single line', () => {
    const text = renderNdjson(hostileReport());
    expect(text.split('\n')).toHaveLength(2);
    expect(JSON.parse(text)).toMatchObject({ finding: 'fail' });
  });
});

it('says in every format who decided, when a person did', () => {
  const override = {
    case: 'a1-producer:A1-003',
    finding: 'inconc',
    reason: 'the trace shows a broken cable',
    by: 'N. N.',
    at: Date.parse('2026-11-21T08:00:00Z') as never,
  } as const;
  const report = aReport({
    subjects: [anEquipment()],
    overrides: [override],
    revision: {
      kind: 'amendment',
      n: 2,
      reason: 'broken cable',
      replaces: { revision: 1, payload: '1'.repeat(64) },
    },
  });
  expect(renderCsv(report)).toMatch(/inconc,fail,decided by a person: the trace shows a broken cable/u);
  expect(renderCtrf(report)).toContain('"machineFinding": "fail"');
  expect(renderNdjson(report)).toContain('"override":{');
});
