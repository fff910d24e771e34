import { describe, expect, it } from 'vitest';
import type { Instant, OrganisationId, PlanId, RunId, EquipmentId } from '../../../src/domain/ids.ts';
import type { ReportInput } from '../../../src/reports/input.ts';
import { buildReport, reportFolder } from '../../../src/reports/report.ts';
import { renderStatement } from '../../../src/reports/statement.ts';
import {
  aCase,
  anEquipment,
  anInput,
  aPlan,
  aRecord,
  aReport,
  aReportedRun,
  broken,
  failed,
  passed,
  T0,
  tools,
} from '../../support/reports.ts';

const codeOf = (changes: Partial<ReportInput>): unknown => {
  try {
    return buildReport(anInput(changes)).result;
  } catch (error) {
    return (error as { code?: string }).code;
  }
};
const ids = ['A1-001', 'A1-003', 'A1-007', 'A1-009'];
const allPassed = (run: string): ReturnType<typeof aRecord>[] => ids.map((id) => aRecord(run, id, passed));

describe('a report', () => {
  it('lets the last attempt decide and keeps all', () => {
    const [, second] = aReport().cases;
    expect(second?.finding).toBe('fail');
    expect(second?.attempts.map(({ run, finding }) => [run, finding])).toEqual([
      ['run-1', 'error'],
      ['run-2', 'fail'],
    ]);
  });

  it('counts a case without a record as not run', () => {
    const report = aReport({ runs: [aReportedRun('run-1', [aRecord('run-1', 'A1-001', passed)])] });
    expect(report.counts).toMatchObject({ pass: 1, notRun: 3 });
    expect(report.result).toBe('INCONCLUSIVE');
  });

  it('has a place for a run that never started', () => {
    const report = aReport({ runs: [aReportedRun('run-1', [])] });
    expect(report.counts).toMatchObject({ notRun: 4 });
    expect(report.performedFrom).toBe('2026-11-20T09:00:00.000Z');
    expect(renderStatement(report, tools).disclosures.get('acme')).not.toHaveLength(0);
  });

  it('passes when everything that decides does', () => {
    expect(codeOf({ runs: [aReportedRun('run-1', allPassed('run-1'))] })).toBe('PASS');
  });

  it('numbers the cases of a plan that was run twice on purpose apart', () => {
    const runs = ['run-b', 'run-a'].map((id) => aReportedRun(id, allPassed(id)));
    expect(aReport({ runs }).cases.map(({ number }) => number)).toContain('a1-producer:A1-001#2');
  });

  it('is dated no earlier than its last test, whatever the clock says', () => {
    const report = aReport({ issuedAt: (T0 - 1) as Instant });
    expect(report.issuedAt).toBe(report.performedTo);
  });

  it('names the folder of a pairing after both', () => {
    expect(reportFolder([{ id: 'acme/ric' }, { id: 'beta/rapp' }])).toBe('acme.ric+beta.rapp');
  });

  const run2 = (retryOf: string): ReportInput['runs'][number] =>
    aReportedRun('run-2', [], { retryOf: retryOf as RunId });
  it.each<[string, Partial<ReportInput>]>([
    ['no run', { runs: [] }],
    [
      'a run that is not final',
      {
        runs: [
          aReportedRun('run-1', [], { life: { state: 'queued', since: T0 as Instant, waitsFor: null } }),
        ],
      },
    ],
    [
      'a run of another plan',
      { runs: [aReportedRun('run-1', [], { plan: { id: 'other' as PlanId, version: '1.0.0' } })] },
    ],
    ['a record of another run', { runs: [aReportedRun('run-1', [aRecord('run-9', 'A1-001', passed)])] }],
    [
      'a case twice',
      { runs: [aReportedRun('run-1', [...allPassed('run-1'), aRecord('run-1', 'A1-001', failed)])] },
    ],
    [
      'a case that is not in the plan',
      { runs: [aReportedRun('run-1', [aRecord('run-1', 'A1-999', passed)])] },
    ],
    ['a run that retries itself', { runs: [aReportedRun('run-1', []), run2('run-2')] }],
    [
      'two retries of one run',
      {
        runs: [
          aReportedRun('run-1', []),
          run2('run-1'),
          aReportedRun('run-3', [], { retryOf: 'run-1' as RunId }),
        ],
      },
    ],
    [
      'a time that is none',
      { runs: [aReportedRun('run-1', [aRecord('run-1', 'A1-001', passed, { startedAt: 'soon' })])] },
    ],
    [
      'a case that cannot be numbered',
      { runs: [{ ...aReportedRun('run-1', []), plan: aPlan({ cases: [aCase('A 1')] }) }] },
    ],
  ])('is refused with %s', (_, changes) => {
    expect(codeOf(changes)).toBe('RECORD_INCONSISTENT');
  });
});

describe('the statement', () => {
  it('comes out the same twice, and in whatever order the store gave its rows', () => {
    const input = anInput();
    const again = {
      ...anInput(),
      runs: [...input.runs].reverse().map((run) => ({ ...run, records: [...run.records].reverse() })),
    };
    const bytes = [input, anInput(), again].map((one) => renderStatement(buildReport(one), tools));
    expect(bytes[1]).toEqual(bytes[0]);
    expect(bytes[2]).toEqual(bytes[0]);
  });

  it('shows nothing of product, vendor, campaign or what was seen to somebody without disclosures', () => {
    const text = new TextDecoder().decode(renderStatement(aReport(), tools).bytes);
    for (const secret of ['acme', 'Acme', 'autumn', 'Location header', '192.0.2', 'aaaa', 'bbbb']) {
      expect(text).not.toContain(secret);
    }
  });

  it('gives each vendor of a pairing its own manifest only', () => {
    const beta = anEquipment({ id: 'beta/rapp' as EquipmentId, organisation: 'beta' as OrganisationId });
    const { disclosures, statement } = renderStatement(aReport({ subjects: [anEquipment(), beta] }), tools);
    const sizes = ['lab-north', 'acme', 'beta'].map((name) => disclosures.get(name)?.length);
    expect(sizes).toEqual([20, 17, 17]);
    expect(statement.subject.map(({ name }) => name)).toEqual(['iut-manifest-1', 'iut-manifest-2']);
    const read = (name: string): string =>
      disclosures
        .get(name)
        ?.map((one) => Buffer.from(one, 'base64url').toString())
        .join('\n') ?? '';
    expect(read('beta')).toContain('"id":"beta/rapp"');
    expect(read('beta')).not.toContain('"id":"acme/acme-ric-1"');
  });

  it('carries what a product wrote in a form that can be signed', () => {
    const odd = { ...failed, clauses: [{ ...failed.clauses[1]!, saw: 'half \ud800 pair' }] };
    const runs = [aReportedRun('run-1', [aRecord('run-1', 'A1-003', odd)])];
    expect(renderStatement(aReport({ runs }), tools).bytes.length).toBeGreaterThan(0);
  });

  it('needs a lab that a report can name', () => {
    const report = aReport({ lab: { id: 'Lab_North' } });
    expect(() => renderStatement(report, tools)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });

  it('is not made when it would not be one', () => {
    const report = aReport({ lab: { id: 'lab-north', accreditation: 'x'.repeat(5000) } });
    expect(() => renderStatement(report, tools)).toThrow(
      expect.objectContaining({ code: 'RECORD_INCONSISTENT' }),
    );
  });

  it('uses the retry even when the first attempt was ours to blame', () => {
    const runs = [
      aReportedRun(
        'run-1',
        ids.map((id) => aRecord('run-1', id, broken)),
      ),
      aReportedRun('run-2', allPassed('run-2'), { retryOf: 'run-1' as RunId }),
    ];
    expect(aReport({ runs }).result).toBe('PASS');
  });
});
