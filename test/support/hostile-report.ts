import type { Report } from '../../src/reports/report.ts';
import { aCase, anEquipment, aPlan, aRecord, aReport, aReportedRun, failed } from './reports.ts';

export const ATTACK = `</td></tspan><script>alert("x")</script><img src=x onerror='y'>]]>&amp;\u0000\u0007\u202e\ud800`;
/** Every text that a vendor, a plan or a product can write is an attack. */
export function hostileReport(): Report {
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
