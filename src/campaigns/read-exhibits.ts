import type { EvidenceStore } from './ports.ts';
import { HarnessError } from '../kernel/errors.ts';
import { type Exhibit, exhibitOf, type Exhibits, observationsToShow } from '../reports/exhibits.ts';
import type { Report } from '../reports/report.ts';

/** What a report shows of its evidence. What is not to be had is said there; it makes no report impossible. */
export async function readExhibits(
  evidence: Pick<EvidenceStore, 'get'>,
  { cases }: Pick<Report, 'cases'>,
): Promise<Exhibits> {
  const exhibits = new Map<string, Exhibit>();
  for (const { last } of cases) {
    const digest = last.record === null ? null : observationsToShow(last.record);
    if (digest === null || exhibits.has(digest)) continue;
    const bytes = await evidence.get(digest).catch(whyNot);
    exhibits.set(digest, bytes instanceof Uint8Array ? exhibitOf(bytes) : bytes);
  }
  return exhibits;
}

function whyNot(error: unknown): Exhibit {
  if (!(error instanceof HarnessError) || !error.code.startsWith('EVIDENCE_')) throw error;
  return { missing: `${error.code}: ${error.message}` };
}
