import { sql } from 'kysely';
import type { Clock } from '../../campaigns/ports.ts';
import type { Change } from '../../campaigns/store-ports.ts';
import { findingOf } from '../../domain/case-record.ts';
import type { Instant, LeaseId } from '../../domain/ids.ts';
import type { Lease } from '../../domain/lease.ts';
import { holdOf, type Run } from '../../domain/run.ts';
import { HarnessError, type Reason } from '../../kernel/errors.ts';
import { type Db, documents, inTransaction, json, numbers, texts, time, type Tx } from './db.ts';
import { insertPlans, withdrawPlaces } from './plans.ts';
import { isTaken, sqlCode } from './sql-errors.ts';
import { announce } from './testbed-changes.ts';

export function makeCommit(db: Db, clock: Clock): (change: Change) => Promise<void> {
  return async (change) => {
    if (Object.values(change).every((part: readonly unknown[] | undefined) => !part?.length)) return;
    await inTransaction(db, (tx) => applyChange(tx, change, clock.now()));
  };
}

/**
 * Rows are locked in one order everywhere (campaigns, runs, leases, reservations, slots; by id inside each), so that
 * two orchestrators wait for each other and do not block each other for ever.
 */
export async function applyChange(tx: Tx, change: Change, now: Instant): Promise<void> {
  await updateCampaigns(tx, change.campaigns ?? [], now);
  await updateRuns(tx, change.runs ?? [], now);
  await insertRuns(tx, change.newRuns ?? [], now);
  await insertPlans(tx, change.plans ?? []);
  await updateLeases(tx, change.leases ?? []);
  await insertLeases(tx, change.newLeases ?? []);
  await endLeases(tx, change.release ?? [], null);
  for (const { lease, reason } of change.quarantine ?? []) await endLeases(tx, [lease], reason);
  await insertRecords(tx, change.records ?? []);
}

type CampaignChange = NonNullable<Change['campaigns']>[number];

async function updateCampaigns(tx: Tx, campaigns: readonly CampaignChange[], now: Instant): Promise<void> {
  if (campaigns.length === 0) return;
  const { rows } = await sql<{ id: string }>`
    with given as (select * from unnest(${versioned(campaigns)}) g (id, version, state, life)),
    mine as (
      select c.id from patchbay.campaign c join given g on g.id = c.id and g.version = c.version
      order by c.id for update of c)
    update patchbay.campaign c
    set state = g.state, life = g.life::json, version = c.version + 1, looked_at = ${time(now)}
    from given g join mine on mine.id = g.id
    where c.id = g.id and c.version = g.version
    returning c.id`.execute(tx);
  insist('campaign', campaigns, rows);
}

async function updateRuns(tx: Tx, runs: readonly Run[], now: Instant): Promise<void> {
  if (runs.length === 0) return;
  const { rows } = await sql<{ id: string }>`
    with given as (${recordset(runs)}),
    mine as (
      select r.id from patchbay.run r join given g on g.id = r.id and g.version = r.version
      order by r.id for update of r)
    update patchbay.run r
    set state = g.state, life = g.life::json, testbed = g.testbed, slot = g.slot, fence = g.fence,
        version = r.version + 1, looked_at = ${time(now)}
    from given g join mine on mine.id = g.id
    where r.id = g.id and r.version = g.version
    returning r.id`.execute(tx);
  insist('run', runs, rows);
  await sql`
    with given as (${recordset(runs)}),
    mine as (
      select p.run from patchbay.run_progress p join given g on g.id = p.run order by p.run for update of p)
    update patchbay.run_progress p set fence = g.fence, open = g.state <> 'final'
    from given g join mine on mine.run = g.id where p.run = g.id`.execute(tx);
  await withdrawPlaces(
    tx,
    runs.filter(({ life }) => life.state === 'final').map(({ id }) => id),
  );
  const testbeds = runs.flatMap(({ life }) => holdOf(life)?.testbed ?? []);
  if (testbeds.length === 0) return;
  await sql`select ${announce(sql`testbed`)} from unnest(${texts(testbeds)}) testbed`.execute(tx);
}

function recordset(runs: readonly Run[]) {
  const holds = runs.map(({ life }) => holdOf(life));
  return sql`select * from unnest(${versioned(runs)}, ${texts(holds.map((hold) => hold?.testbed ?? null))},
      ${numbers(holds.map((hold) => hold?.slot ?? null))}, ${numbers(holds.map((hold) => hold?.fence ?? null))})
    g (id, version, state, life, testbed, slot, fence)`;
}

/** Columns id, version, state and life of anything that is written by compare-and-set. */
function versioned(all: readonly { id: string; version: number; life: { state: string } }[]) {
  return sql`${texts(all.map(({ id }) => id))}, ${numbers(all.map(({ version }) => version))},
    ${texts(all.map(({ life }) => life.state))}, ${documents(all.map(({ life }) => life))}`;
}

/** Everybody who was named must have been written; otherwise somebody was faster, or it never existed. */
function insist(
  what: string,
  wanted: readonly { readonly id: string }[],
  written: readonly { readonly id: string }[],
): void {
  const done = new Set(written.map(({ id }) => id));
  const missing = wanted.find(({ id }) => !done.has(id));
  if (missing !== undefined)
    throw new HarnessError('CONFLICT', `${what} ${missing.id} has changed since it was read`);
}

async function insertRuns(tx: Tx, added: NonNullable<Change['newRuns']>, now: Instant): Promise<void> {
  for (const { run, draft } of added) {
    const { life, version, ...header } = run;
    const hold = holdOf(life);
    await conflictWhenTaken(`run ${run.id}`, () =>
      sql`
        with added as (
          insert into patchbay.run (id, campaign, organisation, state, testbed, slot, fence, header, life, draft,
            version, created_at, looked_at)
          values (${run.id}, ${run.campaign}, ${run.organisation}, ${life.state}, ${hold?.testbed ?? null},
            ${hold?.slot ?? null}, ${hold?.fence ?? null}, ${json(header)}, ${json(life)}, ${json(draft)},
            ${version + 1}, ${time(run.createdAt)}, ${time(now)})
          returning id, organisation, fence, state)
        insert into patchbay.run_progress (run, organisation, fence, open)
        select id, organisation, fence, state <> 'final' from added`.execute(tx),
    );
  }
}

async function updateLeases(tx: Tx, leases: readonly Lease[]): Promise<void> {
  if (leases.length === 0) return;
  const { rows } = await sql<{ id: string }>`
    with given as (
      select id, version, state, life, expires_at::timestamptz
      from unnest(${versioned(leases)}, ${texts(leases.map((lease) => stateOf(lease).expires_at))})
        g (id, version, state, life, expires_at)),
    mine as (
      select l.id from patchbay.lease l join given g on g.id = l.id and g.version = l.version
      order by l.id for update of l)
    update patchbay.lease l
    set state = g.state, life = g.life::json, version = l.version + 1,
        expires_at = greatest(l.expires_at, g.expires_at)
    from given g join mine on mine.id = g.id
    where l.id = g.id and l.version = g.version
    returning l.id`.execute(tx);
  insist('lease', leases, rows);
}

async function insertLeases(tx: Tx, leases: readonly Lease[]): Promise<void> {
  for (const lease of leases) {
    const { state, expires_at } = stateOf(lease);
    await conflictWhenTaken(`lease ${lease.id}`, async () => {
      const { rows } = await sql`
        insert into patchbay.lease (id, run, organisation, state, expires_at, life, version)
        select ${lease.id}, id, organisation, ${state}, ${expires_at}::timestamptz, ${json(lease.life)},
          ${lease.version + 1}
        from patchbay.run where id = ${lease.run}
        returning id`.execute(tx);
      if (rows.length === 0) throw new HarnessError('NOT_FOUND', `there is no run ${lease.run}`);
    });
  }
}

function stateOf({ life }: Lease): { state: string; expires_at: string | null } {
  const grant = 'grant' in life ? life.grant : null;
  return { state: life.state, expires_at: grant === null ? null : new Date(grant.expiresAt).toISOString() };
}

async function conflictWhenTaken(what: string, insert: () => Promise<unknown>): Promise<void> {
  try {
    await insert();
  } catch (error) {
    if (sqlCode(error) === '23505' && isTaken(error))
      throw new HarnessError('CONFLICT', `${what} exists already`, { cause: error });
    throw error;
  }
}

/** Units become free; slots too, unless they are to be cleaned first. An operator's quarantine stays as it is. */
async function endLeases(tx: Tx, leases: readonly LeaseId[], quarantine: Reason | null): Promise<void> {
  if (leases.length === 0) return;
  await sql`
    update patchbay.reservation set state = 'done' where id in (
      select id from patchbay.reservation where state = 'leased' and lease = any(${texts(leases)})
      order by id for update)`.execute(tx);
  const keep =
    quarantine === null
      ? sql`lease = null`
      : sql`lease = null, quarantine = coalesce(quarantine, ${json(quarantine)}),
            quarantine_fence = case when quarantine is null then fence else quarantine_fence end`;
  await sql`
    update patchbay.slot set ${keep} where (testbed, slot) in (
      select testbed, slot from patchbay.slot where lease = any(${texts(leases)})
      order by testbed, slot for update)
    returning ${announce(sql`testbed`)}`.execute(tx);
}

async function insertRecords(tx: Tx, records: NonNullable<Change['records']>): Promise<void> {
  if (records.length === 0) return;
  await sql`
    insert into patchbay.case_record (run, case_id, organisation, finding, doc)
    select g.run, g.case_id, r.organisation, g.finding, g.doc::json
    from unnest(${texts(records.map(({ run }) => run))}, ${texts(records.map((record) => record.case))},
      ${texts(records.map(findingOf))}, ${documents(records)}) g (run, case_id, finding, doc)
    join patchbay.run r on r.id = g.run
    order by g.run, g.case_id
    on conflict (run, case_id) do nothing`.execute(tx);
}
