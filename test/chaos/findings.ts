import type { RunnerTrace } from './trace.ts';
import type { ApiClient } from '../../src/api/client.ts';
import { makeOrchestrator, type Orchestrator } from '../../src/api/orchestrator.ts';

export interface ChaosFindings {
  /** Acknowledged case records or evidence items that are not there any more. */
  readonly lost: readonly string[];
  /** Cases started twice in one run, or runs executed under two fences. */
  readonly duplicated: readonly string[];
  /** Runs and campaigns that are not final. */
  readonly stuck: readonly string[];
  /** Slots still leased although everything is final. */
  readonly leaked: readonly string[];
  readonly runs: number;
}

/** Holds what the orchestrator has in the end against what the runner was told and did. */
export async function judgeChaos(
  client: ApiClient,
  campaigns: readonly string[],
  trace: RunnerTrace,
): Promise<ChaosFindings> {
  const { signal } = new AbortController();
  const api = makeOrchestrator(client, { signal });
  const details = await Promise.all(campaigns.map((id) => api.campaign(id)));
  const runs = details.flatMap((campaign) => campaign.runs);
  const known = new Set(runs.map(({ id }) => id));
  const stuck = [
    ...details.filter(({ state }) => state !== 'final').map(({ id, state }) => `campaign ${id} is ${state}`),
    ...runs.filter(({ state }) => state !== 'final').map(({ id, state }) => `run ${id} is ${state}`),
  ];
  const lost = [...trace.acknowledged.keys()]
    .filter((id) => !known.has(id))
    .map((id) => `run ${id} was acknowledged but is unknown`);
  lost.push(
    ...runs
      .filter(({ reason }) => reason?.code === 'EVIDENCE_MISSING')
      .map(({ id }) => `run ${id} has records whose evidence never came`),
  );
  for (const { id } of runs) {
    lost.push(...(await lostRecords(api, id, trace)), ...(await lostEvidence(client, id, trace)));
  }
  const slots = (await api.testbeds()).flatMap((testbed) => testbed.slots);
  return {
    lost,
    duplicated: duplicatesOf(trace),
    stuck,
    leaked: slots.filter(({ state }) => state === 'leased').map(({ slot }) => `slot ${slot} is still leased`),
    runs: runs.length,
  };
}

async function lostRecords(api: Orchestrator, run: string, trace: RunnerTrace): Promise<readonly string[]> {
  const acknowledged = trace.acknowledged.get(run) ?? 0;
  const records = await api.records(run);
  const stored = new Set(records.map((record) => record.case));
  return [...(trace.recorded.get(run) ?? [])]
    .filter(([id, seq]) => seq <= acknowledged && !stored.has(id))
    .map(([id]) => `run ${run}: the record of ${id} was acknowledged and is gone`);
}

/** Every acknowledged item is downloaded: the orchestrator verifies its digest on the way. */
async function lostEvidence(client: ApiClient, run: string, trace: RunnerTrace): Promise<readonly string[]> {
  const gone: string[] = [];
  for (const digest of trace.uploaded.get(run) ?? []) {
    try {
      await client.bytes(
        { path: ['runs', run, 'evidence', digest] },
        { signal: AbortSignal.timeout(10_000) },
      );
    } catch (error) {
      gone.push(`run ${run}: evidence ${digest} was acknowledged and is gone (${String(error)})`);
    }
  }
  return gone;
}

function duplicatesOf({ started }: RunnerTrace): readonly string[] {
  const fences = new Map<string, Set<number>>();
  const twice: string[] = [];
  for (const [key, under] of started) {
    const run = key.split('/')[0] ?? key;
    if (under.length > 1) twice.push(`${key} was started ${under.length} times`);
    fences.set(run, new Set([...(fences.get(run) ?? []), ...under]));
  }
  const torn = [...fences]
    .filter(([, under]) => under.size > 1)
    .map(([run]) => `run ${run} had several fences`);
  return [...twice, ...torn];
}
