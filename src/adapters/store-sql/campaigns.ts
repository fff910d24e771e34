import { sql } from 'kysely';
import type { Tick } from '../../campaigns/ports.ts';
import type { CampaignStore } from '../../campaigns/store-ports.ts';
import type { Campaign, CampaignRequest } from '../../domain/campaign.ts';
import type { CampaignId, Instant, OrganisationId, RunId } from '../../domain/ids.ts';
import type { Grant, Lease, LeaseLife } from '../../domain/lease.ts';
import type { Run, RunHeader, RunLife } from '../../domain/run.ts';
import { HarnessError } from '../../kernel/errors.ts';
import { sameJson } from '../../kernel/json.ts';
import type { Clock } from '../../campaigns/ports.ts';
import { type Db, inTransaction, json, rowOf, rowsOf, texts, time, toInstantOrNull } from './db.ts';
import { asJson } from './documents.ts';
import type { Drafts } from './drafts.ts';

type Campaigns = Omit<CampaignStore, 'commit' | 'acquire'>;

export function makeCampaigns(db: Db, clock: Clock, drafts: Drafts): Campaigns {
  return {
    createCampaign: (campaign) => createCampaign(db, clock, campaign),
    campaign: async (id) => {
      const row = await rowOf(db, sql<CampaignRow>`${SELECT_CAMPAIGN} where id = ${id}`);
      return row === null ? null : toCampaign(row);
    },
    campaigns: (filter) => listCampaigns(db, filter),
    run: async (id) => {
      const row = await rowOf(db, sql<RunRow>`${SELECT_RUN} where id = ${id}`);
      return row === null ? null : toRun(row);
    },
    runsOf: async (campaign) => {
      const rows = await rowsOf(
        db,
        sql<RunRow>`${SELECT_RUN} where campaign = ${campaign} order by created_at, id`,
      );
      return rows.map(toRun);
    },
    runs: (filter) => listRuns(db, filter),
    draft: (run) => drafts.of(run),
    lease: async (id) => {
      const row = await rowOf(
        db,
        sql<LeaseRow>`select id, run, life, version, expires_at from patchbay.lease where id = ${id}`,
      );
      return row === null ? null : toLease(row);
    },
    overdue: (before, limit) => overdue(db, { before, limit, now: clock.now() }),
    census: async () => ({
      runs: await countStates(db, 'run'),
      campaigns: await countStates(db, 'campaign'),
    }),
  };
}

const SELECT_CAMPAIGN = sql`select id, organisation, reference, request, life, version from patchbay.campaign`;
const SELECT_RUN = sql`select header, life, version from patchbay.run`;

interface CampaignRow {
  readonly id: CampaignId;
  readonly organisation: OrganisationId;
  readonly reference: string;
  readonly request: CampaignRequest;
  readonly life: Campaign['life'];
  readonly version: number;
}

interface RunRow {
  readonly header: RunHeader;
  readonly life: RunLife;
  readonly version: number;
}

interface LeaseRow {
  readonly id: Lease['id'];
  readonly run: RunId;
  readonly life: LeaseLife;
  readonly version: number;
  readonly expires_at: Date | null;
}

function toCampaign({ id, organisation, reference, request, life, version }: CampaignRow): Campaign {
  return { id, organisation, request, reference, life, version };
}

function toRun({ header, life, version }: RunRow): Run {
  return { ...header, life, version };
}

/** Renewals only move the column: it is newer than the document. */
function toLease({ id, run, life, version, expires_at }: LeaseRow): Lease {
  const expiresAt = toInstantOrNull(expires_at);
  if (!('grant' in life) || life.grant === null || expiresAt === null) return { id, run, life, version };
  const grant: Grant = { ...life.grant, expiresAt };
  return { id, run, life: { ...life, grant }, version };
}

async function createCampaign(db: Db, clock: Clock, campaign: Campaign): Promise<Campaign> {
  const now = time(clock.now());
  await rowsOf(
    db,
    sql`insert into patchbay.campaign
          (id, organisation, state, reference, request, life, version, created_at, looked_at)
        values (${campaign.id}, ${campaign.organisation}, ${campaign.life.state}, ${campaign.reference},
          ${json(campaign.request)}, ${json(campaign.life)}, ${campaign.version + 1}, ${now}, ${now})
        on conflict (id) do nothing`,
  );
  const stored = await rowOf(db, sql<CampaignRow>`${SELECT_CAMPAIGN} where id = ${campaign.id}`);
  if (stored !== null && sameJson(asJson(stored.request), asJson(campaign.request)))
    return toCampaign(stored);
  throw new HarnessError('ALREADY_EXISTS', `campaign ${campaign.id} exists with a different request`);
}

async function listCampaigns(
  db: Db,
  { organisation, open, limit }: Parameters<CampaignStore['campaigns']>[0],
): Promise<readonly Campaign[]> {
  const rows = await rowsOf(
    db,
    sql<CampaignRow>`${SELECT_CAMPAIGN}
      where (${organisation ?? null}::text is null or organisation = ${organisation ?? null})
        and (${open ?? null}::boolean is null or (state <> 'final') = ${open ?? null})
      order by created_at desc, id limit ${limit}`,
  );
  return rows.map(toCampaign);
}

async function listRuns(
  db: Db,
  { state, testbed, limit }: Parameters<CampaignStore['runs']>[0],
): Promise<readonly Run[]> {
  const rows = await rowsOf(
    db,
    sql<RunRow>`${SELECT_RUN}
      where ${state === undefined ? sql`true` : sql`state = ${state}`}
        and ${testbed === undefined ? sql`true` : sql`testbed = ${testbed}`}
      order by created_at, id limit ${limit}`,
  );
  return rows.map(toRun);
}

/** Whoever is returned counts as looked at, so that a long list is worked through and never starves its end. */
async function overdue(
  db: Db,
  { before, limit, now }: { before: Instant; limit: number; now: Instant },
): Promise<readonly Tick[]> {
  return inTransaction(db, async (tx) => {
    const { rows } = await sql<Tick & { looked_at: Date }>`
      select * from (
        select 'campaign' as kind, id, looked_at from patchbay.campaign
          where state <> 'final' and looked_at < ${time(before)}
        union all
        select 'run', id, looked_at from patchbay.run where state <> 'final' and looked_at < ${time(before)}
      ) due order by looked_at, id limit ${limit}`.execute(tx);
    const taken = new Set<string>();
    for (const kind of ['campaign', 'run'] as const) {
      const ids = rows.filter((row) => row.kind === kind).map((row) => ('id' in row ? row.id : ''));
      if (ids.length === 0) continue;
      const table = sql.table(`patchbay.${kind}`);
      const { rows: mine } = await sql<{ id: string }>`
        update ${table} set looked_at = ${time(now)} where id in (
          select id from ${table} where id = any(${texts(ids)}) and looked_at < ${time(before)}
          order by id for update skip locked)
        returning id`.execute(tx);
      for (const { id } of mine) taken.add(`${kind} ${id}`);
    }
    return rows.flatMap((row): Tick[] => {
      if (row.kind === 'sweep' || !taken.has(`${row.kind} ${row.id}`)) return [];
      return [row.kind === 'run' ? { kind: 'run', id: row.id } : { kind: 'campaign', id: row.id }];
    });
  });
}

async function countStates(db: Db, table: 'run' | 'campaign'): Promise<Readonly<Record<string, number>>> {
  const rows = await rowsOf(
    db,
    sql<{ state: string; count: number }>`
      select state, count(*)::int as count from ${sql.table(`patchbay.${table}`)} group by state`,
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}
