import { existing } from './advance-run.ts';
import type { AmendDeps } from './amend-report.ts';
import { bySut } from './by-sut.ts';
import type { StoredImport } from './report-orders.ts';
import type { CampaignId } from '../domain/ids.ts';
import { HarnessError } from '../kernel/errors.ts';
import type { ImportFormat } from '../reports/input.ts';
import { type CaseMap, readImport } from '../reports/imports/read-import.ts';

export interface ImportWish {
  readonly format: ImportFormat;
  /** Who measured, and with what. */
  readonly origin: string;
  /** The file as it came. */
  readonly bytes: Uint8Array;
  /** Name of the report that it goes into; `null` when the campaign has one only. */
  readonly sut: string | null;
  readonly map: CaseMap;
}

/**
 * Takes results of another harness into the reports of a campaign: into the first one if that is not issued yet, into
 * the next revision if it is. They are shown and never counted. The original file is kept as evidence. Idempotent.
 */
export async function importResults(
  { store, evidence, digests, clock }: Pick<AmendDeps, 'store' | 'evidence' | 'digests' | 'clock'>,
  id: CampaignId,
  { format, origin, bytes, sut: wanted, map }: ImportWish,
): Promise<StoredImport> {
  const campaign = await existing(store.campaign(id), `campaign ${id}`);
  const runs = bySut(await store.runsOf(id));
  const sut = chooseSut([...runs.keys()], wanted);
  const plans = await Promise.all((runs.get(sut) ?? []).map(async (run) => (await store.draft(run.id)).plan));
  const known = new Set(plans.flatMap((plan) => plan.cases.map((one) => `${plan.id}:${one.id}`)));
  const stray = Object.values(map).find((number) => !known.has(number));
  if (stray !== undefined) throw new HarnessError('INPUT_INVALID', `${stray} is no case of this campaign`);
  const { cases, remarks } = readImport(format, bytes, map);
  const digest = digests.ofBytes(bytes);
  await evidence.put(digest, once(bytes));
  const name = JSON.stringify([id, sut, format, origin, digest, Object.entries(map).sort()]);
  return store.putReportImport({
    ...{ id: `import-${digests.ofText(name)}`, campaign: id, organisation: campaign.organisation, sut },
    results: { format, origin, digest, bytes: bytes.length, importedAt: clock.now(), cases, remarks },
  });
}

function chooseSut(suts: readonly string[], wanted: string | null): string {
  const named = suts.length === 1 ? (wanted ?? suts[0]) : wanted;
  if (named !== undefined && named !== null && suts.includes(named)) return named;
  throw new HarnessError('INPUT_INVALID', `the results must be of one of: ${suts.join(', ')}`);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
