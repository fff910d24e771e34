import { sql } from 'kysely';
import type { Clock } from '../../campaigns/ports.ts';
import type { Change, LeaseAnswer, LeaseWish } from '../../campaigns/store-ports.ts';
import { type Instant, instant, isoTime, type TestbedId } from '../../domain/ids.ts';
import type { Grant, ReservedUnit } from '../../domain/lease.ts';
import type { Testbed } from '../../domain/testbed.ts';
import { HarnessError, reason, type Reason } from '../../kernel/errors.ts';
import { applyChange } from './commit.ts';
import { type Db, inTransaction, json, rowsOf, texts, type Tx } from './db.ts';
import { takePlace } from './plans.ts';
import { constraintOf } from './sql-errors.ts';
import { announce } from './testbed-changes.ts';

type MakeChange = (grant: Grant) => Change;

/** How often a unit that looked free may be taken by somebody else before we say that it is busy. */
const TRIES = 5;

export function makeAcquire(
  db: Db,
  clock: Clock,
): (wish: LeaseWish, change: MakeChange) => Promise<LeaseAnswer> {
  return async (wish, change) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await inTransaction(db, (tx) => tryOnce(tx, wish, { change, now: clock.now() }));
      } catch (error) {
        if (!isOverlap(error)) throw error;
        const busy = await whoHolds(db, wish, wish.resources);
        if (busy !== null || tries === TRIES) return { granted: false, reason: busy ?? changedHands() };
      }
    }
  };
}

/** The database refused: somebody else holds one of the units. */
function isOverlap(error: unknown): boolean {
  const cause = error instanceof HarnessError ? error.cause : error;
  return ['reservation_overlap', 'reservation_leased'].includes(constraintOf(cause));
}

function changedHands(): Reason {
  return reason('RESOURCE_BUSY', 'the instruments of the testbed change hands too fast');
}

async function tryOnce(
  tx: Tx,
  wish: LeaseWish,
  { change, now }: { change: MakeChange; now: Instant },
): Promise<LeaseAnswer> {
  // The same order as a commit: the run first, then what it gets.
  await sql`select id from patchbay.run where id = ${wish.lease.run} for update`.execute(tx);
  const place = await findPlace(tx, wish);
  if ('refused' in place) return { granted: false, reason: place.refused };
  const { testbed, slot } = place;
  const units: readonly ReservedUnit[] = [
    { resource: `slot:${testbed}`, unit: slot },
    ...place.instruments,
    ...[...new Set(wish.resources)].map((resource) => ({ resource, unit: 0 })),
  ];
  const next = await takePlace(tx, { run: wish.lease.run, now: wish.from, units });
  await reserve(tx, next !== null && next < wish.to ? { ...wish, to: next } : wish, units);
  const fence = await takeSlot(tx, wish, { testbed, slot });
  const grant: Grant = { testbed, slot, fence, units, expiresAt: instant(now + wish.ttlMs) };
  await applyChange(tx, change(grant), now);
  return { granted: true, grant, units };
}

interface Place {
  readonly testbed: TestbedId;
  readonly slot: number;
  /** One unit of each instrument of the testbed: a run may use them all. */
  readonly instruments: readonly ReservedUnit[];
}

interface Candidate {
  readonly id: TestbedId;
  readonly mode: 'open' | 'draining';
  readonly doc: Testbed;
}

async function findPlace(tx: Tx, wish: LeaseWish): Promise<Place | { refused: Reason }> {
  const { rows } = await sql<Candidate>`
    select id, mode, doc from patchbay.testbed where id = any(${texts(wish.testbeds)})`.execute(tx);
  const known = new Map(rows.map((row) => [row.id, row]));
  const refusals: Reason[] = [];
  for (const id of wish.testbeds) {
    const candidate = known.get(id);
    const found =
      candidate === undefined
        ? { refused: reason('NOT_FOUND', `there is no testbed ${id}`) }
        : await placeAt(tx, wish, candidate);
    if (!('refused' in found)) return found;
    refusals.push(found.refused);
  }
  return { refused: worthWaitingFor(refusals) };
}

/** Of several refusals, the one that clears soonest by itself. */
function worthWaitingFor(refusals: readonly Reason[]): Reason {
  const order = ['RESOURCE_BUSY', 'SLOT_QUARANTINED', 'TESTBED_DRAINING', 'NOT_FOUND'] as const;
  const code = order.find((wanted) => refusals.some((refusal) => refusal.code === wanted)) ?? 'NOT_FOUND';
  const text = refusals.length === 0 ? 'no testbed was named' : refusals.map((one) => one.text).join('; ');
  return reason(code, text);
}

async function placeAt(
  tx: Tx,
  wish: LeaseWish,
  { id, mode, doc }: Candidate,
): Promise<Place | { refused: Reason }> {
  if (mode === 'draining') return { refused: reason('TESTBED_DRAINING', `${id} takes no new runs`) };
  const { rows } = await sql<{ slot: number }>`
    select slot from patchbay.slot
    where testbed = ${id} and slot < ${doc.slots}::int and slot = coalesce(${wish.slot ?? null}::int, slot) and lease is null and quarantine is null
    order by slot limit 1 for update skip locked`.execute(tx);
  const slot = rows[0]?.slot;
  if (slot === undefined) return { refused: await whyNoSlot(tx, id, doc.slots) };
  const instruments: ReservedUnit[] = [];
  for (const { id: name, capacity } of doc.instruments) {
    const resource = `instrument:${id}/${name}`;
    const unit = await freeUnit(tx, wish, { resource, capacity });
    if (unit === null) {
      const held = await whoHolds(tx, wish, [resource]);
      return { refused: held ?? reason('RESOURCE_BUSY', `${resource} is taken`) };
    }
    instruments.push({ resource, unit });
  }
  return { testbed: id, slot, instruments };
}

async function whyNoSlot(tx: Tx, testbed: TestbedId, slots: number): Promise<Reason> {
  const { rows } = await sql<{ slot: number; lease: string | null; run: string | null; held: boolean }>`
    select s.slot, s.lease, r.run, s.quarantine is null as held
    from patchbay.slot s left join patchbay.reservation r
      on r.lease = s.lease and r.state = 'leased' and r.resource = ${`slot:${testbed}`}
    where s.testbed = ${testbed} and s.slot < ${slots}::int order by s.slot`.execute(tx);
  const busy = rows.filter(({ lease, held }) => lease !== null || held);
  if (busy.length === 0) return reason('SLOT_QUARANTINED', `every slot of ${testbed} is quarantined`);
  const holders = busy.map(({ slot, run }) => `slot ${slot} by ${run ?? 'a run that is just starting'}`);
  return reason('RESOURCE_BUSY', `${testbed} is full: ${holders.join(', ')}`);
}

/** A unit is in the way when it is leased now, or planned for an overlapping time; whose turn it is has nothing before itself. */
function inTheWay(wish: LeaseWish) {
  return sql`(state = 'leased' or (run <> ${wish.lease.run} and ${wish.slot === undefined}::boolean
    and state in ('planned', 'confirmed') and during && ${range(wish)}))`;
}

function range({ from, to }: LeaseWish) {
  return sql`tstzrange(${isoTime(from)}::timestamptz, ${isoTime(to)}::timestamptz)`;
}

async function freeUnit(
  tx: Tx,
  wish: LeaseWish,
  { resource, capacity }: { resource: string; capacity: number },
): Promise<number | null> {
  const { rows } = await sql<{ unit: number }>`
    select unit from generate_series(0, ${capacity}::int - 1) unit
    where not exists (
      select from patchbay.reservation r where r.resource = ${resource} and r.unit = unit.unit and ${inTheWay(wish)})
    order by unit limit 1`.execute(tx);
  return rows[0]?.unit ?? null;
}

async function whoHolds(db: Db, wish: LeaseWish, resources: readonly string[]): Promise<Reason | null> {
  const rows = await rowsOf(
    db,
    sql<{ resource: string; run: string | null }>`
      select resource, run from patchbay.reservation
      where resource = any(${texts(resources)}) and ${inTheWay(wish)} order by resource, unit`,
  );
  if (rows.length === 0) return null;
  const holders = rows.map(({ resource, run }) => `${resource} is held by ${run ?? 'a reservation'}`);
  return reason('RESOURCE_BUSY', holders.join('; '));
}

/** In the order of names, so that two wishes with the same units meet at the first of them. */
async function reserve(tx: Tx, wish: LeaseWish, units: readonly ReservedUnit[]): Promise<void> {
  await sql`
    insert into patchbay.reservation (resource, unit, during, state, lease, run, organisation)
    select g.resource, g.unit, ${range(wish)}, 'leased', ${wish.lease.id}, ${wish.lease.run},
      coalesce((select organisation from patchbay.run where id = ${wish.lease.run}), '')
    from json_to_recordset(${json(units)}) g (resource text, unit int)
    order by g.resource, g.unit`.execute(tx);
}

async function takeSlot(
  tx: Tx,
  wish: LeaseWish,
  { testbed, slot }: { testbed: TestbedId; slot: number },
): Promise<number> {
  const { rows } = await sql<{ fence: number }>`
    update patchbay.slot set fence = fence + 1, lease = ${wish.lease.id}
    where testbed = ${testbed} and slot = ${slot}
    returning fence, ${announce(sql`testbed`)}`.execute(tx);
  const fence = rows[0]?.fence;
  if (fence === undefined) throw new HarnessError('UNEXPECTED', `slot ${slot} of ${testbed} vanished`);
  return fence;
}
