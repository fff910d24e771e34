import { sql } from 'kysely';
import type { Desired, RunnerStore, RunProgress } from '../../campaigns/store-ports.ts';
import type { CaseId, Instant, OrganisationId, RunId, TestbedId } from '../../domain/ids.ts';
import { HOLDING_LEASE_STATES } from '../../domain/lease.ts';
import type { RunState } from '../../domain/run.ts';
import { HarnessError } from '../../kernel/errors.ts';
import type { Drafts } from './drafts.ts';
import {
  type Db,
  documents,
  inTransaction,
  json,
  rowOf,
  rowsOf,
  texts,
  time,
  toInstantOrNull,
} from './db.ts';

type Runners = Omit<RunnerStore, 'append'>;

export function makeRunners(db: Db, drafts: Drafts): Runners {
  return {
    createEnrolmentToken: async ({ hash, testbed, organisation, expiresAt }) => {
      await rowsOf(
        db,
        sql`insert into patchbay.enrolment_token (hash, testbed, organisation, expires_at)
            values (${hash}, ${testbed}, ${organisation}, ${time(expiresAt)})`,
      );
    },
    redeemEnrolmentToken: (hash, now, runner) => redeem(db, { hash, now }, runner),
    addCertificate: async (runner, serial, notAfter) => {
      await rowsOf(
        db,
        sql`insert into patchbay.certificate (serial, runner, not_after)
            values (${serial}, ${runner}, ${time(notAfter)})`,
      );
    },
    certificateState: (serial) => certificateState(db, serial),
    validCertificates: async (serials) => {
      const rows = await rowsOf(
        db,
        sql<{ serial: string }>`
          select c.serial from patchbay.certificate c join patchbay.runner r on r.id = c.runner
          where c.serial = any(${texts(serials)}) and r.revoked_at is null`,
      );
      return new Set(rows.map(({ serial }) => serial));
    },
    revokeRunner: async (id, now) => {
      const changed = await rowsOf(
        db,
        sql`update patchbay.runner set revoked_at = coalesce(revoked_at, ${time(now)}) where id = ${id} returning id`,
      );
      if (changed.length === 0) throw new HarnessError('NOT_FOUND', `there is no runner ${id}`);
    },
    runnerSeen: (seen) => runnerSeen(db, seen),
    renewLeases: (held, expiresAt) => renewLeases(db, held, expiresAt),
    desired: (testbeds) => desired(db, drafts, testbeds),
    progress: (run) => progress(db, run),
  };
}

type Redeemed = Awaited<ReturnType<RunnerStore['redeemEnrolmentToken']>>;

async function redeem(
  db: Db,
  { hash, now }: { hash: string; now: Instant },
  runner: Parameters<RunnerStore['redeemEnrolmentToken']>[2],
): Promise<Redeemed> {
  return inTransaction(db, async (tx) => {
    const { rows } = await sql<{ testbed: TestbedId; organisation: OrganisationId }>`
      update patchbay.enrolment_token set used_at = ${time(now)}
      where hash = ${hash} and used_at is null and expires_at > ${time(now)}
      returning testbed, organisation`.execute(tx);
    const place = rows[0];
    if (place === undefined)
      throw new HarnessError('TOKEN_INVALID', 'the enrolment token is unknown, used or expired');
    await sql`
      insert into patchbay.runner (id, testbed, organisation)
      values (${runner.id}, ${place.testbed}, ${place.organisation})`.execute(tx);
    await sql`
      insert into patchbay.certificate (serial, runner, not_after)
      values (${runner.serial}, ${runner.id}, ${time(runner.notAfter)})`.execute(tx);
    return { testbed: place.testbed, organisation: place.organisation };
  });
}

async function certificateState(db: Db, serial: string): Promise<'valid' | 'revoked' | 'unknown'> {
  const row = await rowOf(
    db,
    sql<{ revoked: boolean }>`
      select r.revoked_at is not null as revoked
      from patchbay.certificate c join patchbay.runner r on r.id = c.runner where c.serial = ${serial}`,
  );
  if (row === null) return 'unknown';
  return row.revoked ? 'revoked' : 'valid';
}

/** One statement however many runners there are: heartbeats of a thousand come at once. */
async function runnerSeen(db: Db, seen: Parameters<RunnerStore['runnerSeen']>[0]): Promise<void> {
  if (seen.length === 0) return;
  const newest = new Map<string, Seen>();
  for (const { id, at, hello } of seen) {
    const known = newest.get(id);
    newest.set(id, { id, at: new Date(at).toISOString(), hello: hello ?? known?.hello });
  }
  const rows = [...newest.values()];
  await rowsOf(
    db,
    sql`with given as (
          select id, at::timestamptz, capabilities::json, tools::json, boot::bigint from unnest(
            ${texts(rows.map(({ id }) => id))}, ${texts(rows.map(({ at }) => at))},
            ${documents(rows.map(({ hello }) => hello?.capabilities ?? null))},
            ${documents(rows.map(({ hello }) => hello?.tools ?? null))},
            ${texts(rows.map(({ hello }) => hello?.boot.toFixed() ?? null))}) g (id, at, capabilities, tools, boot)),
        mine as (
          select r.id from patchbay.runner r join given g on g.id = r.id order by r.id for update of r)
        update patchbay.runner r set
          last_seen_at = greatest(r.last_seen_at, g.at),
          boot = coalesce(g.boot, r.boot),
          tools = coalesce(g.tools, r.tools),
          capabilities = coalesce(g.capabilities, r.capabilities)
        from given g join mine on mine.id = g.id where r.id = g.id`,
  );
}

interface Seen {
  readonly id: string;
  readonly at: string;
  readonly hello: Parameters<RunnerStore['runnerSeen']>[0][number]['hello'] | undefined;
}

async function renewLeases(
  db: Db,
  held: Parameters<RunnerStore['renewLeases']>[0],
  expiresAt: Instant,
): Promise<void> {
  if (held.length === 0) return;
  await rowsOf(
    db,
    sql`with mine as (
          select l.id from json_to_recordset(${json(held)}) g (run text, fence float8)
          join patchbay.run_progress p on p.run = g.run and p.fence = g.fence and p.open
          join patchbay.lease l on l.run = p.run and l.state = any(${texts(HOLDING_LEASE_STATES)})
          order by l.id for update of l)
        update patchbay.lease l set expires_at = greatest(l.expires_at, ${time(expiresAt)})
        from mine where l.id = mine.id`,
  );
}

interface DesiredRow {
  readonly run: RunId;
  readonly state: RunState;
  readonly testbed: TestbedId;
  readonly slot: number;
  readonly fence: number;
  readonly version: number;
}

async function desired(db: Db, drafts: Drafts, testbeds: readonly TestbedId[]): Promise<readonly Desired[]> {
  if (testbeds.length === 0) return [];
  const rows = await rowsOf(
    db,
    sql<DesiredRow>`
      select id as run, state, testbed, slot, fence, version from patchbay.run
      where testbed = any(${texts(testbeds)}) and state <> 'final' order by testbed, slot, id`,
  );
  const known = await drafts.all(rows.map(({ run }) => run));
  return rows.flatMap(({ run, state, testbed, slot, fence, version }) => {
    const draft = known.get(run);
    if (draft === undefined) return [];
    const assignment = { ...draft, testbed, slot, fence };
    return [{ run, state, slot, fence, assignment, runVersion: version }];
  });
}

async function progress(db: Db, run: RunId): Promise<RunProgress> {
  const row = await rowOf(
    db,
    sql<{
      last_seq: number;
      started_case: CaseId | null;
      last_progress_at: Date | null;
      records: number;
    }>`
      select last_seq, started_case, last_progress_at, records from patchbay.run_progress where run = ${run}`,
  );
  if (row === null) throw new HarnessError('NOT_FOUND', `there is no run ${run}`);
  return {
    lastSeq: row.last_seq,
    startedCase: row.started_case,
    lastProgressAt: toInstantOrNull(row.last_progress_at),
    records: row.records,
  };
}
