import type { ApiClient, ApiRequest, QueryValues } from './client.ts';
import type { CampaignBody, EquipmentBody, OrganisationBody } from './documents.ts';
import type { AmendmentBody, ImportBody, ImportView, WithdrawalBody } from './report-body.ts';
import type {
  CampaignDetail,
  CampaignPlanView,
  CampaignView,
  CaseRecordView,
  EnrolmentTokenView,
  LogPage,
  ReportView,
  RevisionView,
  RunView,
  TestbedView,
  TokenView,
} from './views.ts';
import type { CampaignRequest } from '../domain/campaign.ts';
import type { Equipment } from '../domain/equipment.ts';
import { isoTime } from '../domain/ids.ts';
import type { Testbed } from '../domain/testbed.ts';

interface Stop {
  readonly force: boolean;
  readonly text?: string;
}

/** What can be asked of an orchestrator over HTTP, one method a route. Items are named `organisation/name`. */
export type Orchestrator = ReturnType<typeof makeOrchestrator>;

export function makeOrchestrator(client: ApiClient, { signal }: { signal: AbortSignal }) {
  const ask = async <T>(request: ApiRequest): Promise<T> => (await client.json(request, { signal })) as T;
  const get = <T>(path: readonly string[], query: QueryValues = {}) => ask<T>({ path, query });
  const list = async <T>(path: readonly string[], query: QueryValues = {}): Promise<readonly T[]> =>
    (await get<{ readonly items: readonly T[] }>(path, query)).items;
  const post = <T>(path: readonly string[], body?: unknown) =>
    ask<T>({ method: 'POST', path, ...(body === undefined ? {} : { body }) });
  return {
    submitCampaign: (request: CampaignRequest) => post<CampaignView>(['campaigns'], campaignBodyOf(request)),
    campaigns: (query: QueryValues) => list<CampaignView>(['campaigns'], query),
    campaign: (id: string) => get<CampaignDetail>(['campaigns', ...parts(id)]),
    campaignPlan: (id: string) => get<CampaignPlanView>(['campaigns', ...parts(id), 'plan']),
    cancelCampaign: (id: string, stop: Stop) => post(['campaigns', ...parts(id), 'cancel'], stop),
    reports: (campaign: string) => list<ReportView>(['campaigns', ...parts(campaign), 'reports']),

    runs: (query: QueryValues) => list<RunView>(['runs'], query),
    run: (id: string) => get<RunView>(['runs', id]),
    records: (run: string) => list<CaseRecordView>(['runs', run, 'records']),
    runLog: (run: string, query: QueryValues) => get<LogPage>(['runs', run, 'log'], query),
    cancelRun: (run: string, stop: Stop) => post(['runs', run, 'cancel'], stop),
    retryRun: (run: string) => post<RunView>(['runs', run, 'retry']),

    submitEquipment: (equipment: Equipment) => post<RevisionView>(['equipment'], equipment),
    equipment: (query: QueryValues) => list<EquipmentBody>(['equipment'], query),
    withdrawEquipment: (id: string, text: string) => post(['equipment', ...parts(id), 'withdraw'], { text }),
    equipmentItem: (id: string) => get<EquipmentBody>(['equipment', ...parts(id)]),

    submitTestbed: (testbed: Testbed) => post(['testbeds'], testbed),
    testbeds: () => list<TestbedView>(['testbeds']),
    testbed: (id: string) => get<TestbedView>(['testbeds', ...parts(id)]),
    setTestbedMode: (id: string, verb: 'drain' | 'resume') => post(['testbeds', ...parts(id), verb]),
    quarantineSlot: (id: string, slot: string, text: string) =>
      post(['testbeds', ...parts(id), 'slots', slot, 'quarantine'], { text }),
    releaseSlot: (id: string, slot: string) => post(['testbeds', ...parts(id), 'slots', slot, 'release']),
    createEnrolmentToken: (id: string, validForMs: number) =>
      post<EnrolmentTokenView>(['testbeds', ...parts(id), 'enrolment-tokens'], { validForMs }),
    revokeRunner: (id: string, runner: string) =>
      post(['testbeds', ...parts(id), 'runners', runner, 'revoke']),

    importResults: (campaign: string, wish: ImportBody) =>
      post<ImportView>(['campaigns', ...parts(campaign), 'imports'], wish),
    amendReport: (id: string, wish: AmendmentBody) => post<ReportView>(['reports', id, 'amend'], wish),
    withdrawReport: (id: string, wish: WithdrawalBody) => post<ReportView>(['reports', id, 'withdraw'], wish),
    report: (id: string) => get<ReportView>(['reports', id]),
    reportFile: (id: string, name: string) =>
      client.bytes({ path: ['reports', id, 'files', ...name.split('/')] }, { signal }),

    registerOrganisation: (organisation: OrganisationBody) => post(['organisations'], organisation),
    createToken: (token: { organisation: string; scopes: readonly string[]; validForMs: number | null }) =>
      post<TokenView>(['tokens'], token),
  };
}

/** `organisation/name` in two segments; what is of another form, the orchestrator refuses. */
function parts(id: string): readonly string[] {
  const slash = id.indexOf('/');
  return slash < 0 ? [id] : [id.slice(0, slash), id.slice(slash + 1)];
}

function campaignBodyOf({ window, plans, equipment, coSigners, ...rest }: CampaignRequest): CampaignBody {
  return {
    ...(rest as Pick<CampaignBody, keyof typeof rest>),
    ...(coSigners === undefined
      ? {}
      : { coSigners: coSigners.map((one) => ({ ...one, scope: [...one.scope] })) }),
    plans: plans.map((plan) => ({ ...plan })),
    equipment: 'ids' in equipment ? { ids: [...equipment.ids] } : { select: { ...equipment.select } },
    window: window === null ? null : { from: isoTime(window.from), to: isoTime(window.to) },
  };
}
