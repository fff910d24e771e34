import { createHash } from 'node:crypto';

import type { HttpDeps } from '../../../src/adapters/http-fastify/deps.ts';
import { makeHttpServer, type HttpServer } from '../../../src/adapters/http-fastify/server.ts';
import type { Log } from '../../../src/campaigns/ports.ts';
import type {
  ApiToken,
  RunObservation,
  StoredReport,
  TestbedView,
} from '../../../src/campaigns/store-ports.ts';
import type { StoredImport, StoredStatus } from '../../../src/campaigns/report-orders.ts';
import type { CampaignId, Digest, OrganisationId } from '../../../src/domain/ids.ts';
import type { UseCases } from '../../../src/campaigns/use-cases.ts';
import type { Campaign } from '../../../src/domain/campaign.ts';
import type { CaseRecord } from '../../../src/domain/case-record.ts';
import type { Equipment } from '../../../src/domain/equipment.ts';
import type { TestPlan } from '../../../src/domain/plan.ts';
import type { Run } from '../../../src/domain/run.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import type { CampaignPlan } from '../../../src/planning/campaign/campaign-plan.ts';
import { aCampaign, AT, LAB } from './things.ts';

/** What the fake store holds, and what the use cases were asked for, in order. */
export interface FakeHouse {
  readonly server: HttpServer;
  readonly asked: (readonly [keyof UseCases, ...unknown[]])[];
  readonly logged: { readonly fields: Readonly<Record<string, unknown>>; readonly message: string }[];
  readonly equipment: Equipment[];
  readonly campaigns: Campaign[];
  readonly campaignPlans: { readonly revision: number; readonly plan: CampaignPlan }[];
  readonly runs: Run[];
  readonly records: CaseRecord[];
  readonly runLog: RunObservation[];
  readonly reports: StoredReport[];
  readonly statuses: StoredStatus[];
  readonly testbeds: TestbedView[];
  readonly plans: TestPlan[];
  readonly bytes: Map<string, Uint8Array>;
  /** Makes a token and gives back the header to send. */
  authorize(organisation: string, ...scopes: string[]): { readonly authorization: string };
  /** From now on, this part fails to answer. */
  breakPart(part: 'store' | 'queue'): void;
  /** Empties everything; parts answer again. */
  reset(): void;
}

type Held = Pick<
  FakeHouse,
  | 'equipment'
  | 'campaigns'
  | 'campaignPlans'
  | 'runs'
  | 'records'
  | 'runLog'
  | 'reports'
  | 'statuses'
  | 'testbeds'
  | 'plans'
  | 'bytes'
>;

export async function makeFakeHouse(
  options: { readonly requestsPerMinute?: number } = {},
): Promise<FakeHouse> {
  const held: Held = {
    equipment: [],
    campaigns: [],
    runs: [],
    records: [],
    runLog: [],
    reports: [],
    statuses: [],
    testbeds: [],
    plans: [],
    campaignPlans: [],
    bytes: new Map(),
  };
  const tokens = new Map<string, ApiToken>();
  const asked: FakeHouse['asked'] = [];
  const logged: FakeHouse['logged'] = [];
  const broken = new Set<string>();
  const answer = <T>(part: 'store' | 'queue', value: T): Promise<T> =>
    broken.has(part)
      ? Promise.reject(new HarnessError('STORE_UNAVAILABLE', 'connect ECONNREFUSED 10.0.0.5:5432'))
      : Promise.resolve(value);
  const server = await makeHttpServer({
    ...options,
    store: makeStore(held, tokens, (value) => answer('store', value)),
    evidence: {
      get: (digest) => {
        const bytes = held.bytes.get(digest);
        if (bytes === undefined) return Promise.reject(new HarnessError('EVIDENCE_MISSING', `no ${digest}`));
        return Promise.resolve(bytes);
      },
    },
    useCases: makeUseCases(asked, held),
    queue: { backend: 'redis', depth: () => answer('queue', 7), ping: () => answer('queue', undefined) },
    gateway: { attached: () => [] },
    clock: { now: () => AT },
    log: makeListLog(logged),
    version: '9.9.9',
    lab: LAB,
  });
  return {
    ...held,
    server,
    asked,
    logged,
    breakPart: (part) => void broken.add(part),
    reset: () => {
      broken.clear();
      for (const list of Object.values<Map<string, unknown> | unknown[]>({ ...held, asked, logged }))
        if (Array.isArray(list)) list.splice(0);
        else list.clear();
    },
    authorize: (organisation, ...scopes) => {
      const token = `patchbay_t${tokens.size}_${'s'.repeat(43)}`;
      const hash = createHash('sha256').update(token).digest('hex');
      tokens.set(hash, {
        id: `t${tokens.size}`,
        organisation: organisation as never,
        scopes,
        expiresAt: null,
      });
      return { authorization: `Bearer ${token}` };
    },
  };
}

function makeStore(
  held: Held,
  tokens: ReadonlyMap<string, ApiToken>,
  answer: <T>(value: T) => Promise<T>,
): HttpDeps['store'] {
  const one = <T>(items: readonly T[], matches: (item: T) => boolean) => answer(items.find(matches) ?? null);
  return {
    backend: 'pglite',
    ping: () => answer(undefined),
    apiTokenByHash: (hash) => answer(tokens.get(hash) ?? null),
    campaign: (id) => one(held.campaigns, (campaign) => campaign.id === id),
    campaignPlan: (id) => one(held.campaignPlans, ({ plan }) => plan.campaign === id),
    campaigns: ({ organisation, limit }) =>
      answer(
        held.campaigns
          .filter((one) => organisation === undefined || one.organisation === organisation)
          .slice(0, limit),
      ),
    census: () => answer({ runs: { running: 2 }, campaigns: { active: 1 } }),
    equipment: (id) => one(held.equipment, (item) => item.id === id),
    listEquipment: ({ organisation }) =>
      answer(
        held.equipment.filter((item) => organisation === undefined || item.organisation === organisation),
      ),
    evidenceOf: () => answer(held.records.flatMap(({ evidence }) => evidence)),
    plan: (id, version) => one(held.plans, (plan) => plan.id === id && plan.version === version),
    plans: () => answer(held.plans),
    records: (run) => answer(held.records.filter((record) => record.run === run)),
    report: (id) => one(held.reports, (report) => report.id === id),
    reports: (campaign) => answer(held.reports.filter((report) => report.campaign === campaign)),
    reportOrders: () => answer([]),
    reportStatuses: () => answer(held.statuses),
    run: (id) => one(held.runs, (run) => run.id === id),
    runLog: (_, after, limit) => answer(held.runLog.filter(({ seq }) => seq > after).slice(0, limit)),
    runs: ({ limit }) => answer(held.runs.slice(0, limit)),
    runsOf: (campaign) => answer(held.runs.filter((run) => run.campaign === campaign)),
    testbed: (id) => one(held.testbeds, ({ testbed }) => testbed.id === id),
    testbeds: () => answer(held.testbeds),
  };
}

function makeUseCases(asked: FakeHouse['asked'], held: Held): UseCases {
  const note = <T>(name: keyof UseCases, args: readonly unknown[], value: T): Promise<T> => {
    asked.push([name, ...args]);
    return Promise.resolve(value);
  };
  return {
    registerOrganisation: (...args) => note('registerOrganisation', args, undefined),
    registerLab: (...args) => note('registerLab', args, undefined),
    registerTestbed: (...args) => note('registerTestbed', args, undefined),
    submitEquipment: (...args) => note('submitEquipment', args, { revision: 3 }),
    withdrawEquipment: (...args) => note('withdrawEquipment', args, undefined),
    publishPlan: (...args) => note('publishPlan', args, undefined),
    submitCampaign: (request) => note('submitCampaign', [request], aCampaign(request)),
    cancelCampaign: (...args) => note('cancelCampaign', args, undefined),
    cancelRun: (...args) => note('cancelRun', args, undefined),
    retryRun: (...args) => note('retryRun', args, held.runs[0] as Run),
    drainTestbed: (...args) => note('drainTestbed', args, undefined),
    resumeTestbed: (...args) => note('resumeTestbed', args, undefined),
    quarantineSlot: (...args) => note('quarantineSlot', args, undefined),
    releaseSlot: (...args) => note('releaseSlot', args, undefined),
    createEnrolmentToken: (...args) =>
      note('createEnrolmentToken', args, { token: 'pbe1.x.y', expiresAt: AT }),
    revokeRunner: (...args) => note('revokeRunner', args, undefined),
    amendReport: (...args) => note('amendReport', args, held.reports[0] as StoredReport),
    importResults: (...args) => note('importResults', args, anImport()),
    withdrawReport: (...args) => note('withdrawReport', args, held.reports[0] as StoredReport),
    createApiToken: (...args) => note('createApiToken', args, { token: 'patchbay_n_s', id: 'n' }),
  };
}

function anImport(): StoredImport {
  const digest = `sha256:${'d'.repeat(64)}` as Digest;
  const results = { format: 'junit', origin: 'Lab West', digest, bytes: 3, importedAt: AT } as const;
  return {
    ...{
      id: 'import-1',
      campaign: `${LAB}/c1` as CampaignId,
      organisation: LAB as OrganisationId,
      sut: 'a.b',
    },
    results: { ...results, cases: [], remarks: [] },
  };
}

function makeListLog(lines: FakeHouse['logged']): Log {
  const add = (fields: Readonly<Record<string, unknown>>, message: string): void =>
    void lines.push({ fields, message });
  return { child: () => makeListLog(lines), debug: add, info: add, warn: add, error: add };
}
