import { sql } from 'kysely';
import type { NewPlan, PlanHead, PlanStore, Reserved } from '../../campaigns/planning-ports.ts';
import type { Instant, RunId, TestbedId } from '../../domain/ids.ts';
import { HarnessError } from '../../kernel/errors.ts';
import type { CampaignPlan } from '../../planning/campaign/campaign-plan.ts';
import { type Db, documents, json, numbers, rowOf, rowsOf, texts, time, toInstant, type Tx } from './db.ts';
import { constraintOf } from './sql-errors.ts';

export function makePlans(db: Db): PlanStore {
  return {
    campaignPlan: async (campaign) => {
      const row = await rowOf(
        db,
        sql<{ revision: number; plan: CampaignPlan }>`
          select revision, doc as plan from patchbay.campaign_plan where campaign = ${campaign}
          order by revision desc limit 1`,
      );
      return row;
    },
    placeOf: (run) => placeOf(db, run),
    planHead: (campaign) =>
      rowOf(
        db,
        sql<PlanHead>`
          select revision, head ->> 'stage' as stage, coalesce(head -> 'runs', '[]') as runs,
            coalesce(head -> 'leftOut', '[]') as "leftOut"
          from patchbay.campaign_plan where campaign = ${campaign} order by revision desc limit 1`,
      ),
    reserved: async () => {
      const rows = await rowsOf(
        db,
        sql<Omit<Reserved, 'from' | 'to'> & { begin: Date; finish: Date }>`
          select p.resource, p.unit, p.state, p.run, lower(p.during) as begin, upper(p.during) as finish,
            c.id as campaign, c.request ->> 'priority' as priority
          from patchbay.reservation p join patchbay.run r on r.id = p.run join patchbay.campaign c on c.id = r.campaign
          where p.state in ('planned', 'leased') order by p.resource, p.unit, begin`,
      );
      return rows.map(({ begin, finish, ...row }) => ({
        ...row,
        from: toInstant(begin),
        to: toInstant(finish),
      }));
    },
    formerDurations: (plans) => formerDurations(db, plans),
  };
}

async function placeOf(db: Db, run: RunId): ReturnType<PlanStore['placeOf']> {
  const row = await rowOf(
    db,
    sql<{ resource: string; unit: number; not_before: Date; first: RunId | null }>`
      select mine.resource, mine.unit, mine.not_before, (
        select o.run from patchbay.reservation m join patchbay.reservation o
          on o.resource = m.resource and o.unit = m.unit and o.run <> m.run
            and o.state in ('planned', 'confirmed', 'leased') and lower(o.during) < lower(m.during)
        where m.run = mine.run and m.state = 'planned'
        order by lower(o.during), o.run limit 1) as first
      from patchbay.reservation mine
      where mine.run = ${run} and mine.state = 'planned' and mine.resource like 'slot:%' limit 1`,
  );
  if (row === null) return null;
  return {
    testbed: row.resource.slice('slot:'.length) as TestbedId,
    slot: row.unit,
    notBefore: toInstant(row.not_before),
    after: row.first,
  };
}

/** The newest of each plan; from the first record to the last. */
async function formerDurations(
  db: Db,
  plans: readonly string[],
): Promise<Readonly<Record<string, readonly number[]>>> {
  const rows = await rowsOf(
    db,
    sql<{ plan: string; ms: number }>`
      select plan, ms from (
        select r.header -> 'plan' ->> 'id' as plan,
          (extract(epoch from max((c.doc ->> 'endedAt')::timestamptz) - min((c.doc ->> 'startedAt')::timestamptz))
            * 1000)::float8 as ms,
          row_number() over (partition by r.header -> 'plan' ->> 'id' order by r.created_at desc, r.id) as n
        from patchbay.run r join patchbay.case_record c on c.run = r.id and c.seq is not null
        where r.state = 'final' and r.header -> 'plan' ->> 'id' = any(${texts(plans)})
        group by r.id) former
      where n <= ${MOST_FORMER}::int`,
  );
  const former: Record<string, number[]> = {};
  for (const { plan, ms } of rows) (former[plan] ??= []).push(ms);
  return former;
}

const MOST_FORMER = 200;

/**
 * Writes plans with all their reservations, in place of those that they replace. `CONFLICT` when somebody else has reserved one of
 * the units meanwhile, has planned the same campaign, or when a run has begun: it is to be planned again.
 */
export async function insertPlans(tx: Tx, plans: readonly NewPlan[]): Promise<void> {
  await takeBack(
    tx,
    plans.flatMap(({ replaces }) => replaces),
  );
  for (const plan of plans) {
    await insertPlan(tx, plan);
    await insertPlaces(tx, plan);
  }
}

async function takeBack(tx: Tx, runs: readonly RunId[]): Promise<void> {
  if (runs.length === 0) return;
  const { rows } = await sql<{ id: RunId; state: string }>`
    select id, state from patchbay.run where id = any(${texts(runs)}) order by id for update`.execute(tx);
  const begun = rows.find(({ state }) => state !== 'queued' && state !== 'leasing');
  if (begun !== undefined) throw new HarnessError('CONFLICT', `run ${begun.id} is ${begun.state} meanwhile`);
  await withdrawPlaces(tx, runs);
}

async function insertPlan(
  tx: Tx,
  { campaign, organisation, revision, madeAt, plan }: NewPlan,
): Promise<void> {
  const head: Omit<PlanHead, 'revision'> = {
    stage: plan.replanned?.stage ?? null,
    runs: plan.runs.flatMap(({ run }) => run ?? []),
    leftOut: plan.leftOut.flatMap(({ run, reason }) =>
      run === undefined ? [] : [{ run, code: reason.code }],
    ),
  };
  const { rows } = await sql`
    insert into patchbay.campaign_plan (campaign, organisation, revision, made_at, doc, head)
    values (${campaign}, ${organisation}, ${revision}::int, ${time(madeAt)}, ${json(plan)}, ${json(head)})
    on conflict do nothing returning revision`.execute(tx);
  if (rows.length === 0)
    throw new HarnessError('CONFLICT', `${campaign} was planned by somebody else meanwhile`);
}

async function insertPlaces(tx: Tx, { campaign, organisation, places }: NewPlan): Promise<void> {
  const rows = places.flatMap((place) => place.units.map((unit) => ({ ...place, ...unit })));
  const at = (moments: readonly Instant[]) => texts(moments.map((moment) => new Date(moment).toISOString()));
  try {
    await sql`
      insert into patchbay.reservation (resource, unit, during, state, run, organisation, not_before)
      select g.resource, g.unit, tstzrange(g.begin::timestamptz, g.finish::timestamptz), 'planned', g.run,
        ${organisation}, g.not_before::timestamptz
      from unnest(${texts(rows.map(({ resource }) => resource))}, ${numbers(rows.map(({ unit }) => unit))},
        ${texts(rows.map(({ run }) => run))}, ${at(rows.map(({ from }) => from))}, ${at(rows.map(({ to }) => to))},
        ${at(rows.map(({ notBefore }) => notBefore))}) g (resource, unit, run, begin, finish, not_before)
      order by g.resource, g.unit`.execute(tx);
  } catch (error) {
    if (constraintOf(error) !== 'reservation_overlap') throw error;
    throw new HarnessError('CONFLICT', `what ${campaign} planned with was reserved meanwhile`, {
      cause: error,
    });
  }
}

/** What a run had reserved and did not come to. */
export async function withdrawPlaces(tx: Tx, runs: readonly RunId[]): Promise<void> {
  if (runs.length === 0) return;
  await sql`
    update patchbay.reservation set state = 'withdrawn' where id in (
      select id from patchbay.reservation where state = 'planned' and run = any(${texts(runs)})
      order by id for update)`.execute(tx);
}

/**
 * A run takes its place at another time than planned. When it is so late that others should have begun on what it
 * takes, everything that its campaign has still planned moves by as much, in the same order.
 *
 * @returns when the first of those after it begins on one of these units; null when none does
 */
export async function takePlace(
  tx: Tx,
  {
    run,
    now,
    units,
  }: {
    readonly run: RunId;
    readonly now: Instant;
    readonly units: readonly { resource: string; unit: number }[];
  },
): Promise<Instant | null> {
  const mine = await sql<{ begin: Date }>`
    select lower(during) as begin from patchbay.reservation where run = ${run} and state = 'planned' limit 1`.execute(
    tx,
  );
  const begin = mine.rows[0]?.begin;
  if (begin === undefined) return null;
  await withdrawPlaces(tx, [run]);
  const first = await nextOn(tx, units);
  if (first === null || first > now) return first;
  const delayMs = now - begin.getTime();
  await sql`
    with moved as (
      update patchbay.reservation set state = 'withdrawn' where id in (
        select p.id from patchbay.reservation p join patchbay.run r on r.id = p.run
        where p.state = 'planned' and r.campaign = (select campaign from patchbay.run where id = ${run})
        order by p.id for update of p)
      returning *)
    select json_agg(moved) from moved`.execute(tx);
  await sql`
    insert into patchbay.reservation (resource, unit, during, state, run, organisation, not_before)
    select p.resource, p.unit, tstzrange(lower(p.during) + ${delayMs} * interval '1 millisecond',
      upper(p.during) + ${delayMs} * interval '1 millisecond'), 'planned', p.run, p.organisation, p.not_before
    from patchbay.reservation p join patchbay.run r on r.id = p.run
    where p.state = 'withdrawn' and p.xmin = pg_current_xact_id()::xid and p.run <> ${run}
      and r.campaign = (select campaign from patchbay.run where id = ${run})`.execute(tx);
  return nextOn(tx, units);
}

async function nextOn(tx: Tx, units: readonly { resource: string; unit: number }[]): Promise<Instant | null> {
  const { rows } = await sql<{ begin: Date | null }>`
    select min(lower(p.during)) as begin from patchbay.reservation p
    join unnest(${documents(units)}) g (doc) on p.resource = g.doc::json ->> 'resource'
      and p.unit = (g.doc::json ->> 'unit')::int
    where p.state in ('planned', 'confirmed')`.execute(tx);
  const begin = rows[0]?.begin ?? null;
  return begin === null ? null : toInstant(begin);
}
