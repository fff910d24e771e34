import type { Store } from './store-ports.ts';
import type { ReportFrame } from './report-orders.ts';
import type { Campaign } from '../domain/campaign.ts';
import type { OrganisationId, TestbedId } from '../domain/ids.ts';
import { holdOf, type Run } from '../domain/run.ts';

/** What can change in the store and is in a report: as it is now. */
export async function readFrame(
  { store, lab, version }: { readonly store: Store; readonly lab: string; readonly version: string },
  campaign: Campaign,
  runs: readonly Run[],
): Promise<ReportFrame> {
  const testbeds = await readTestbeds(store, runs);
  const ids = new Set<string>([
    lab,
    campaign.organisation,
    ...runs.flatMap(({ subjects }) => subjects.map((subject) => subject.split('/')[0] ?? '')),
    ...testbeds.map(({ testbed }) => testbed.organisation),
  ]);
  return { organisations: await readOrganisations(store, [...ids]), testbeds, version };
}

async function readOrganisations(
  store: Store,
  ids: readonly string[],
): Promise<ReportFrame['organisations']> {
  const known = await Promise.all([...ids].sort().map((id) => store.organisation(id as OrganisationId)));
  return known.filter((one) => one !== null);
}

async function readTestbeds(store: Store, runs: readonly Run[]): Promise<ReportFrame['testbeds']> {
  const ids = new Set(runs.flatMap(({ life }): readonly TestbedId[] => [holdOf(life)?.testbed ?? []].flat()));
  const views = await Promise.all([...ids].sort().map((id) => store.testbed(id)));
  return views.flatMap((view) => {
    if (view === null) return [];
    const runners = view.runners.map(({ id, capabilities, tools }) => ({ id, capabilities, tools }));
    return [{ testbed: view.testbed, runners }];
  });
}
