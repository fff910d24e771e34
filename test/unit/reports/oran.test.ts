import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/attest/sign/digests.ts';
import { FINDINGS } from '../../../src/domain/verdict.ts';
import { oranTestResults } from '../../../src/reports/oran/results.ts';
import { ORAN_RESULTS_SCHEMA } from '../../../src/reports/oran/schema.ts';
import type { Report } from '../../../src/reports/report.ts';
import { hostileReport } from '../../support/hostile-report.ts';
import { aRecord, aReport, aReportedRun, anEquipment, broken, passed } from '../../support/reports.ts';

// ajv has no formats of its own; these are enough to refuse what is none.
const formats = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/u,
  email: /^[^@\s]+@[^@\s]+\.[^@\s]+$/u,
  uri: /^[a-z][a-z0-9+.-]*:\S+$/u,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u,
};
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false, formats }).compile(
  ORAN_RESULTS_SCHEMA,
);

interface Results {
  readonly testMetadata: {
    readonly result: string;
    readonly testId: string;
    readonly interfaceUnderTest?: string[];
  };
  readonly testLab: Readonly<Record<string, unknown>>;
  readonly testbedComponents: readonly Readonly<Record<string, string>>[];
  readonly testResults: readonly { readonly groupItems: readonly Item[] }[];
}
interface Item {
  readonly number: string;
  readonly name: string;
  readonly result: string;
  readonly notes: readonly { readonly title: string; readonly body: string }[];
  readonly metrics: readonly { readonly result: string; readonly status: string }[];
  readonly measurements?: readonly { readonly values: readonly unknown[]; readonly units: string }[];
}

function resultsOf(report: Report): Results {
  const json = oranTestResults(report, sha256);
  validate(json);
  expect(validate.errors).toBeNull();
  return json as unknown as Results;
}

describe('O-RAN results', () => {
  it('of a small campaign follow the reconstructed schema and keep our numbers', () => {
    const [group] = resultsOf(aReport()).testResults;
    expect(group?.groupItems.map(({ number, name, result }) => [number, name.split(' ')[0], result])).toEqual(
      [
        ['1.1', 'a1-producer:A1-001', 'PASS'],
        ['1.2', 'a1-producer:A1-003', 'FAIL'],
        ['1.3', 'a1-producer:A1-007', 'SKIP'],
        ['1.4', 'a1-producer:A1-009', 'SKIP'],
      ],
    );
  });

  it('say what is unknown, and invent nothing', () => {
    const { testLab, testbedComponents } = resultsOf(
      aReport({ subjects: [anEquipment({ versions: {}, product: { name: 'Acme RIC' } })] }),
    );
    expect(testLab).toMatchObject({ name: 'Lab North', address: 'not stated' });
    expect(JSON.stringify(testLab)).toContain('not-stated@example.invalid');
    expect(testbedComponents[0]).toMatchObject({
      softwareVersion: 'not stated',
      manufacturerModel: 'Acme RIC',
    });
    expect(testbedComponents[0]).not.toHaveProperty('serialNumber');
  });

  it('survive hostile texts of any length', () => {
    const report = hostileReport();
    resultsOf({ ...report, input: { ...report.input, lab: { id: 'lab-north', name: 'x'.repeat(9_999) } } });
  });

  it.each(FINDINGS)('make PASS of nothing but a pass and FAIL of nothing but a fail: %s', (finding) => {
    const report = aReport();
    const cases = report.cases.map((one) => ({ ...one, finding }));
    const items = resultsOf({
      ...report,
      suites: report.suites.map((suite) => ({ ...suite, cases })),
    }).testResults.flatMap(({ groupItems }) => groupItems);
    expect(new Set(items.map(({ result }) => result))).toEqual(
      new Set([finding === 'pass' ? 'PASS' : finding === 'fail' ? 'FAIL' : 'SKIP']),
    );
    for (const { metrics, result, notes } of items) {
      expect(notes[0]).toMatchObject({ title: 'Finding', body: expect.stringContaining(finding) as string });
      if (result === 'SKIP') expect(metrics.every((metric) => metric.result === 'SKIP')).toBe(true);
      const required = metrics.filter(({ status }) => status !== 'optional');
      if (result === 'PASS') expect(required.every((metric) => metric.result === 'PASS')).toBe(true);
    }
  });

  it('call an inconclusive report WARN and say that this is no pass', () => {
    const records = [aRecord('run-1', 'A1-001', passed), aRecord('run-1', 'A1-003', broken)];
    const report = aReport({ runs: [aReportedRun('run-1', records)] });
    expect(report.result).toBe('INCONCLUSIVE');
    expect(resultsOf(report).testMetadata.result).toBe('WARN');
    expect(JSON.stringify(oranTestResults(report, sha256))).toContain('This is no pass.');
  });

  it('name only interfaces that the format knows', () => {
    expect(resultsOf(aReport()).testMetadata.interfaceUnderTest).toEqual(['near-rt-ric.a1']);
    const report = aReport();
    const suites = report.suites.map((suite) => ({
      ...suite,
      plan: {
        ...suite.plan,
        subjects: [
          { role: 'o-cu-cp', interfaces: ['f1', 'ng'] },
          { role: 'o-ru', interfaces: ['open-fronthaul-m'] },
        ] as const,
      },
    }));
    const { testMetadata } = resultsOf({ ...report, suites });
    expect(testMetadata.interfaceUnderTest).toEqual(['o-cu.f1-c', 'o-ru.fhm']);
    expect(JSON.stringify(oranTestResults({ ...report, suites }, sha256))).toContain('o-cu-cp.ng');
  });

  it('give a unit of the list, or the value with its unit as text', () => {
    const odd = { name: 'size', value: 7, unit: 'bytes' };
    const known = { name: 'responseTime', value: 12.4, unit: 'ms', max: 2000 };
    const records = [aRecord('run-1', 'A1-001', passed, { measurements: [known, odd] })];
    const [group] = resultsOf(aReport({ runs: [aReportedRun('run-1', records)] })).testResults;
    expect(group?.groupItems[0]?.measurements).toMatchObject([
      { values: [12.4], units: 'millisecond', description: 'at most 2000 ms' },
      { values: ['7 bytes'], units: 'text' },
    ]);
  });

  it('have an id that stays, and another one for another revision', () => {
    const id = resultsOf(aReport()).testMetadata.testId;
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u);
    expect(resultsOf(aReport()).testMetadata.testId).toBe(id);
    const revision = {
      kind: 'amendment',
      n: 2,
      reason: 'r',
      replaces: { revision: 1, payload: '' },
    } as const;
    expect(resultsOf(aReport({ revision })).testMetadata.testId).not.toBe(id);
  });

  it('are refused by the schema when something is wrong with them', () => {
    const results = resultsOf(aReport());
    const wrong = [
      { ...results, extra: 1 },
      { ...results, testMetadata: { ...results.testMetadata, result: 'SKIP' } },
      { ...results, testLab: { ...results.testLab, contacts: [] } },
      {
        ...results,
        testbedComponents: [{ componentDescription: 'x', manufacturerName: 'x', manufacturerModel: 'x' }],
      },
      {
        ...results,
        testResults: [{ ...results.testResults[0]?.groupItems[0], number: 'a1-producer:A1-001' }],
      },
    ];
    expect(wrong.map((one) => validate(one))).toEqual([false, false, false, false, false]);
  });
});
