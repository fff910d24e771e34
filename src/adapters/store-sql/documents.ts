import { sql } from 'kysely';
import type { DocumentStore } from '../../campaigns/store-ports.ts';
import type { Equipment } from '../../domain/equipment.ts';
import type { EquipmentId } from '../../domain/ids.ts';
import type { Organisation } from '../../domain/organisation.ts';
import type { TestPlan } from '../../domain/plan.ts';
import { HarnessError, type Reason } from '../../kernel/errors.ts';
import { type Json, sameJson } from '../../kernel/json.ts';
import { type Db, inTransaction, json, rowOf, rowsOf, texts } from './db.ts';

type Documents = Pick<
  DocumentStore,
  | 'putOrganisation'
  | 'organisation'
  | 'putEquipment'
  | 'equipment'
  | 'withdrawEquipment'
  | 'withdrawn'
  | 'listEquipment'
  | 'publishPlan'
  | 'plan'
  | 'plans'
>;

type Profile = Omit<Organisation, 'id' | 'name' | 'roles'>;

export function makeDocuments(db: Db): Documents {
  return {
    putOrganisation: async ({ id, name, roles, ...profile }) => {
      await rowsOf(
        db,
        sql`insert into patchbay.organisation (id, name, roles, profile)
            values (${id}, ${name}, ${texts(roles)}, ${json(profile)})
            on conflict (id) do update
            set name = excluded.name, roles = excluded.roles, profile = excluded.profile`,
      );
    },
    organisation: async (id) => {
      const row = await rowOf(
        db,
        sql<Organisation & { profile: Profile }>`
          select id, name, roles, profile from patchbay.organisation where id = ${id}`,
      );
      if (row === null) return null;
      const { profile, ...rest } = row;
      return { ...rest, ...profile };
    },
    putEquipment: (equipment) => putEquipment(db, equipment),
    equipment: async (id) => {
      const row = await rowOf(
        db,
        sql<{
          doc: Equipment;
        }>`select doc from patchbay.equipment where id = ${id} order by revision desc limit 1`,
      );
      return row?.doc ?? null;
    },
    listEquipment: (filter) => listEquipment(db, filter),
    withdrawEquipment: (id, why) => withdrawEquipment(db, id, why),
    withdrawn: (ids) => withdrawn(db, ids),
    publishPlan: (plan, digest) => publishPlan(db, plan, digest),
    plan: async (id, version) => {
      const row = await rowOf(
        db,
        sql<{ doc: TestPlan }>`select doc from patchbay.plan where id = ${id} and version = ${version}`,
      );
      return row?.doc ?? null;
    },
    plans: () => plans(db),
  };
}

async function plans(db: Db): Promise<readonly TestPlan[]> {
  const rows = await rowsOf(db, sql<{ doc: TestPlan }>`select doc from patchbay.plan order by id, version`);
  return rows.map(({ doc }) => doc);
}

async function putEquipment(db: Db, equipment: Equipment): Promise<{ revision: number }> {
  return inTransaction(db, async (tx) => {
    // Two submissions of one item wait for each other, also for the first one, when there is no row to lock.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`equipment ${equipment.id}`}, 0))`.execute(tx);
    const { rows } = await sql<{ revision: number; doc: Json }>`
      select revision, doc from patchbay.equipment where id = ${equipment.id}
      order by revision desc limit 1`.execute(tx);
    const newest = rows[0];
    if (newest !== undefined && sameJson(newest.doc, asJson(equipment))) {
      await sql`update patchbay.equipment set withdrawn = null
        where id = ${equipment.id} and revision = ${newest.revision}::int and withdrawn is not null`.execute(
        tx,
      );
      return { revision: newest.revision };
    }
    const revision = (newest?.revision ?? 0) + 1;
    await sql`
      insert into patchbay.equipment (id, revision, organisation, role, doc)
      values (${equipment.id}, ${revision}, ${equipment.organisation}, ${equipment.role}, ${json(equipment)})`.execute(
      tx,
    );
    return { revision };
  });
}

async function withdrawEquipment(db: Db, id: EquipmentId, why: Reason): Promise<void> {
  const rows = await rowsOf(
    db,
    sql`update patchbay.equipment set withdrawn = coalesce(withdrawn, ${json(why)})
        where id = ${id} and revision = (select max(revision) from patchbay.equipment where id = ${id})
        returning id`,
  );
  if (rows.length === 0) throw new HarnessError('NOT_FOUND', `there is no equipment ${id}`);
}

async function withdrawn(db: Db, ids: readonly EquipmentId[]): Promise<ReadonlyMap<EquipmentId, Reason>> {
  if (ids.length === 0) return new Map();
  const rows = await rowsOf(
    db,
    sql<{ id: EquipmentId; withdrawn: Reason }>`
      select id, withdrawn from (
        select distinct on (id) id, withdrawn from patchbay.equipment where id = any(${texts(ids)})
        order by id, revision desc) newest
      where withdrawn is not null`,
  );
  return new Map(rows.map((row) => [row.id, row.withdrawn]));
}

async function listEquipment(
  db: Db,
  { organisation, role }: Parameters<DocumentStore['listEquipment']>[0],
): Promise<readonly Equipment[]> {
  const rows = await rowsOf(
    db,
    sql<{ doc: Equipment }>`
      select doc from (
        select distinct on (id) id, organisation, role, doc, withdrawn from patchbay.equipment
        order by id, revision desc
      ) newest
      where withdrawn is null
        and (${organisation ?? null}::text is null or organisation = ${organisation ?? null})
        and (${role ?? null}::text is null or role = ${role ?? null})
      order by id`,
  );
  return rows.map(({ doc }) => doc);
}

async function publishPlan(db: Db, plan: TestPlan, digest: string): Promise<void> {
  await inTransaction(db, async (tx) => {
    await sql`
      insert into patchbay.plan (id, version, digest, doc)
      values (${plan.id}, ${plan.version}, ${digest}, ${json(plan)}) on conflict do nothing`.execute(tx);
    const { rows } = await sql<{ digest: string }>`
      select digest from patchbay.plan where id = ${plan.id} and version = ${plan.version}`.execute(tx);
    if (rows[0]?.digest === digest) return;
    throw new HarnessError(
      'ALREADY_EXISTS',
      `plan ${plan.id}@${plan.version} was published with other content; a published version never changes`,
    );
  });
}

/** As it comes back from the store: without members that are undefined. */
export function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
