import { sql } from 'kysely';
import type { DocumentStore, RunnerView, SlotView, TestbedView } from '../../campaigns/store-ports.ts';
import type { LeaseId, OrganisationId, RunnerId, TestbedId } from '../../domain/ids.ts';
import type { Testbed } from '../../domain/testbed.ts';
import { HarnessError, type Reason } from '../../kernel/errors.ts';
import { type Db, inTransaction, json, rowsOf, toInstantOrNull } from './db.ts';
import { announce } from './testbed-changes.ts';

type Testbeds = Pick<
  DocumentStore,
  'putTestbed' | 'testbed' | 'testbeds' | 'setTestbedMode' | 'setSlot' | 'clearSlotAfter'
>;

export function makeTestbeds(db: Db): Testbeds {
  return {
    putTestbed: (testbed) => putTestbed(db, testbed),
    testbed: async (id) => (await views(db, id))[0] ?? null,
    testbeds: () => views(db, null),
    setTestbedMode: async (id, mode) => {
      const changed = await rowsOf(
        db,
        sql`update patchbay.testbed set mode = ${mode} where id = ${id} returning id`,
      );
      if (changed.length === 0) throw new HarnessError('NOT_FOUND', `there is no testbed ${id}`);
    },
    setSlot: (testbed, slot, state) => setSlot(db, { testbed, slot }, state),
    clearSlotAfter: (testbed, slot, fence) => clearSlotAfter(db, { testbed, slot }, fence),
  };
}

interface SlotName {
  readonly testbed: TestbedId;
  readonly slot: number;
}

async function putTestbed(db: Db, testbed: Testbed): Promise<void> {
  await inTransaction(db, async (tx) => {
    await sql`
      insert into patchbay.testbed (id, organisation, doc)
      values (${testbed.id}, ${testbed.organisation}, ${json(testbed)})
      on conflict (id) do update set doc = excluded.doc, organisation = excluded.organisation`.execute(tx);
    await sql`
      insert into patchbay.slot (testbed, slot)
      select ${testbed.id}, slot from generate_series(0, ${testbed.slots}::int - 1) slot
      on conflict do nothing`.execute(tx);
  });
}

/** An operator's quarantine belongs to no fence: only an operator clears it. */
async function setSlot(
  db: Db,
  { testbed, slot }: SlotName,
  state: { quarantined: Reason } | 'cleared',
): Promise<void> {
  const quarantine = state === 'cleared' ? sql`null` : json(state.quarantined);
  const changed = await rowsOf(
    db,
    sql`update patchbay.slot set quarantine = ${quarantine}, quarantine_fence = null
        where testbed = ${testbed} and slot = ${slot} returning slot`,
  );
  if (changed.length === 0) throw new HarnessError('NOT_FOUND', `there is no slot ${slot} of ${testbed}`);
}

async function clearSlotAfter(db: Db, { testbed, slot }: SlotName, fence: number): Promise<boolean> {
  const cleared = await rowsOf(
    db,
    sql`update patchbay.slot set quarantine = null, quarantine_fence = null
        where testbed = ${testbed} and slot = ${slot} and quarantine is not null
          and quarantine_fence <= ${fence}::float8
        returning ${announce(sql`testbed`)}`,
  );
  return cleared.length > 0;
}

interface TestbedRow {
  readonly doc: Testbed;
  readonly mode: 'open' | 'draining';
}

interface SlotRow {
  readonly testbed: TestbedId;
  readonly slot: number;
  readonly fence: number;
  readonly lease: LeaseId | null;
  readonly quarantine: Reason | null;
}

interface RunnerRow {
  readonly id: RunnerId;
  readonly testbed: TestbedId;
  readonly organisation: OrganisationId;
  readonly last_seen_at: Date | null;
  readonly revoked_at: Date | null;
  readonly capabilities: readonly string[];
  readonly tools: Readonly<Record<string, string>>;
}

/** One testbed, or all of them. */
async function views(db: Db, id: TestbedId | null): Promise<readonly TestbedView[]> {
  const only = (column: string) => (id === null ? sql`` : sql`where ${sql.ref(column)} = ${id}`);
  const [testbeds, slots, runners] = await Promise.all([
    rowsOf(db, sql<TestbedRow>`select doc, mode from patchbay.testbed ${only('id')} order by id`),
    rowsOf(
      db,
      sql<SlotRow>`select testbed, slot, fence, lease, quarantine from patchbay.slot ${only('testbed')}
                   order by testbed, slot`,
    ),
    rowsOf(
      db,
      sql<RunnerRow>`select id, testbed, organisation, last_seen_at, revoked_at, capabilities, tools
                     from patchbay.runner ${only('testbed')} order by testbed, id`,
    ),
  ]);
  return testbeds.map(({ doc, mode }) => ({
    testbed: doc,
    mode,
    slots: slots
      .filter(({ testbed, slot, lease }) => testbed === doc.id && (slot < doc.slots || lease !== null))
      .map(toSlot),
    runners: runners.filter(({ testbed }) => testbed === doc.id).map(toRunner),
  }));
}

function toSlot({ testbed, slot, fence, lease, quarantine }: SlotRow): SlotView {
  const state = lease !== null ? 'leased' : quarantine !== null ? 'quarantined' : 'free';
  return { testbed, slot, fence, state, reason: quarantine, lease };
}

function toRunner(row: RunnerRow): RunnerView {
  return {
    id: row.id,
    testbed: row.testbed,
    organisation: row.organisation,
    lastSeenAt: toInstantOrNull(row.last_seen_at),
    revokedAt: toInstantOrNull(row.revoked_at),
    capabilities: row.capabilities,
    tools: row.tools,
  };
}
