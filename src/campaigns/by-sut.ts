import type { Run } from '../domain/run.ts';
import { reportFolder } from '../reports/report.ts';

/** Names of reports, and the runs each is about. */
export function bySut(runs: readonly Run[]): ReadonlyMap<string, readonly Run[]> {
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    const sut = reportFolder(run.subjects.map((id) => ({ id })));
    groups.set(sut, [...(groups.get(sut) ?? []), run]);
  }
  return groups;
}
