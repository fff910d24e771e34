import type { Instant } from '../../src/domain/ids.ts';
import type { Report } from '../../src/reports/report.ts';
import { ATTACK } from './hostile-report.ts';
import {
  aCase,
  aDigest,
  anEquipment,
  aPlan,
  aRecord,
  aReport,
  aReportedRun,
  blocked,
  broken,
  failed,
  notApplicable,
  passed,
  T0,
} from './reports.ts';

const LONG_WORD = 'ConflictingPolicyInstanceIdentifierWithoutAnySpace'.repeat(4);
const OUTCOMES = [passed, passed, failed, passed, notApplicable, blocked, broken, passed];

/** Many cases, words that do not fit into a column, and texts that attack whatever shows them. */
export function bigReport(size: number): Report {
  const ids = Array.from({ length: size }, (_, index) => `A1-${String(index + 1).padStart(3, '0')}`);
  const cases = ids.map((id, index) =>
    aCase(id, {
      title: index % 10 === 3 ? ATTACK : index % 10 === 7 ? LONG_WORD : `Case ${id} of a long plan`,
      aim:
        index % 10 === 7
          ? `${LONG_WORD} ${'word '.repeat(120)}`
          : 'The policy is created where the consumer says',
      requirement: index % 5 === 4 ? 'O' : 'M',
    }),
  );
  const records = ids.map((id, index) => {
    const outcome = OUTCOMES[index % OUTCOMES.length] ?? passed;
    const loud = outcome.kind === 'judged' && index % 10 === 2;
    return aRecord('run-1', id, loud ? { ...outcome, remarks: [LONG_WORD, ATTACK] } : outcome);
  });
  const run = { ...aReportedRun('run-1', records), plan: aPlan({ cases }) };
  return aReport({ runs: [run], subjects: [anEquipment({ product: { name: LONG_WORD, model: ATTACK } })] });
}

/** A second revision with everything that only a later revision has. */
export function revisedReport(): Report {
  const at = (T0 + 100_000) as Instant;
  return aReport({
    lab: {
      id: 'lab-north',
      name: 'Lab North',
      address: 'Hauptstraße 1, 10115 Berlin, Germany',
      accreditation: 'DE-00000: A1 interface',
    },
    revision: {
      kind: 'amendment',
      n: 2,
      reason: 'The trace of A1-003 was read again.',
      replaces: { revision: 1, payload: 'c'.repeat(64) },
    },
    overrides: [
      { case: 'a1-producer:A1-003', finding: 'inconc', reason: 'the cable was broken', by: 'A. Tester', at },
    ],
    opinions: [
      {
        text: 'The product is fit for trials.',
        basis: 'Cases A1-001 to A1-009',
        by: 'B. Lead',
        at,
        cases: [],
      },
    ],
    imports: [
      {
        format: 'junit',
        origin: 'Lab South',
        digest: aDigest('d'),
        bytes: 4321,
        importedAt: at,
        cases: [
          { suite: 'a1', name: 'Create', finding: 'pass', said: 'success', standsFor: 'a1-producer:A1-003' },
          { suite: 'a1', name: 'Delete', finding: 'fail', said: 'failure', text: '404 instead of 204' },
        ],
        remarks: ['the file says 5 tests and holds 2'],
      },
    ],
  });
}
