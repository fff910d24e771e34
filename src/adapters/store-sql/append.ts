import { sql } from 'kysely';
import type {
  BatchAnswer,
  ObservationBatch,
  RunnerStore,
  RunObservation,
} from '../../campaigns/store-ports.ts';
import { findingOf } from '../../domain/case-record.ts';
import type { CaseId, Instant, OrganisationId, RunId } from '../../domain/ids.ts';
import { reason, type Reason } from '../../kernel/errors.ts';
import type { Finding } from '../../domain/verdict.ts';
import { type Db, inTransaction, json, numbers, texts, time, type Tx } from './db.ts';

/**
 * Stores what runners saw: four round trips for any number of runs and observations, of which one waits for the disk.
 *
 * A case that has a record already shows up only as a row that was not inserted. Then, and only then, everything is
 * done again with a look at the cases that exist, to find whose batch has to be refused.
 */
export function makeAppend(db: Db): RunnerStore['append'] {
  return async (batches, now) => {
    if (batches.length === 0) return [];
    const answers = await tryAppend(db, batches, { now, lookFirst: false });
    if (answers !== 'a case was recorded before') return answers;
    const careful = await tryAppend(db, batches, { now, lookFirst: true });
    if (careful === 'a case was recorded before') throw new Error('unreachable: looked first');
    return careful;
  };
}

interface Position {
  readonly run: RunId;
  readonly organisation: OrganisationId;
  readonly fence: number | null;
  readonly open: boolean;
  readonly last_seq: number;
  readonly started_case: CaseId | null;
}

/** What one run comes to in this transaction. */
interface Tally {
  readonly organisation: OrganisationId;
  readonly fence: number | null;
  readonly open: boolean;
  seq: number;
  startedCase: CaseId | null;
  records: number;
  changed: boolean;
  readonly known: Set<CaseId>;
}

interface Row {
  readonly run: RunId;
  readonly seq: number;
  readonly organisation: OrganisationId;
  readonly doc: object;
}

interface Rows {
  readonly records: (Row & { readonly case: CaseId; readonly finding: Finding })[];
  readonly log: Row[];
}

class RecordedBefore extends Error {}

async function tryAppend(
  db: Db,
  batches: readonly ObservationBatch[],
  { now, lookFirst }: { now: Instant; lookFirst: boolean },
): Promise<readonly BatchAnswer[] | 'a case was recorded before'> {
  try {
    return await inTransaction(db, async (tx) => {
      const tallies = await lockRuns(tx, batches);
      if (lookFirst) await readKnownCases(tx, batches, tallies);
      const rows: Rows = { records: [], log: [] };
      const answers = batches.map((batch) => take(batch, tallies.get(batch.run), rows));
      if ((await write(tx, tallies, { rows, now })) < rows.records.length) throw new RecordedBefore();
      return answers;
    });
  } catch (error) {
    if ((error as Error).cause instanceof RecordedBefore) return 'a case was recorded before';
    throw error;
  }
}

async function lockRuns(tx: Tx, batches: readonly ObservationBatch[]): Promise<Map<RunId, Tally>> {
  const runs = [...new Set(batches.map(({ run }) => run))];
  const { rows } = await sql<Position>`
    select run, organisation, fence, open, last_seq, started_case from patchbay.run_progress
    where run = any(${texts(runs)}) order by run for update`.execute(tx);
  return new Map(rows.map((row) => [row.run, tallyOf(row)]));
}

function tallyOf({ organisation, fence, open, last_seq, started_case }: Position): Tally {
  const known = new Set<CaseId>();
  return {
    ...{ organisation, fence, open, seq: last_seq, startedCase: started_case },
    ...{ records: 0, changed: false, known },
  };
}

async function readKnownCases(
  tx: Tx,
  batches: readonly ObservationBatch[],
  tallies: ReadonlyMap<RunId, Tally>,
): Promise<void> {
  const { rows } = await sql<{ run: RunId; case_id: CaseId }>`
    select run, case_id from patchbay.case_record
    where run = any(${texts(batches.map(({ run }) => run))})`.execute(tx);
  for (const row of rows) tallies.get(row.run)?.known.add(row.case_id);
}

/** Whole or not at all: checks the batch, then adds its new observations to `rows` and moves the tally on. */
function take(batch: ObservationBatch, tally: Tally | undefined, rows: Rows): BatchAnswer {
  const { run, fence } = batch;
  const refuse = (why: Reason): BatchAnswer => ({ ok: false, run, reason: why });
  if (tally?.fence !== fence || !tally.open) return refuse(staleFence(run, fence));
  const news: RunObservation[] = [];
  const cases = new Set(tally.known);
  let { seq } = tally;
  for (const observation of batch.observations) {
    if (observation.seq <= seq) continue;
    if (observation.seq !== seq + 1) return refuse(gap(run, { after: seq, came: observation.seq }));
    seq = observation.seq;
    news.push(observation);
    const id = caseOf(observation);
    if (id === null) continue;
    if (id.includes('\u0000')) return refuse(reason('MESSAGE_INVALID', `run ${run}: no case has such an id`));
    if (observation.kind !== 'caseRecord') continue;
    if (cases.has(id)) return refuse(recordedBefore(run, id));
    cases.add(id);
  }
  for (const observation of news) add(observation, { run, tally, rows });
  return { ok: true, run, seq };
}

function caseOf(observation: RunObservation): CaseId | null {
  if (observation.kind === 'caseStarted') return observation.case;
  return observation.kind === 'caseRecord' ? observation.record.case : null;
}

function add(
  observation: RunObservation,
  { run, tally, rows }: { run: RunId; tally: Tally; rows: Rows },
): void {
  const { seq } = observation;
  const { organisation } = tally;
  tally.seq = seq;
  tally.changed = true;
  switch (observation.kind) {
    case 'caseStarted':
      tally.startedCase = observation.case;
      return;
    case 'log':
      rows.log.push({ run, seq, organisation, doc: observation });
      return;
    case 'caseRecord': {
      const { record: doc } = observation;
      if (tally.startedCase === doc.case) tally.startedCase = null;
      tally.records += 1;
      tally.known.add(doc.case);
      rows.records.push({ run, seq, organisation, case: doc.case, finding: findingOf(doc), doc });
    }
  }
}

/** How many case records were really inserted. */
async function write(
  tx: Tx,
  tallies: ReadonlyMap<RunId, Tally>,
  { rows, now }: { rows: Rows; now: Instant },
): Promise<number> {
  const moved = [...tallies].flatMap(([run, tally]) => (tally.changed ? [{ run, ...tally }] : []));
  if (moved.length === 0) return 0;
  const { records, log } = rows;
  const { rows: counts } = await sql<{ inserted: number }>`
    with record as (
      insert into patchbay.case_record (run, seq, organisation, doc, case_id, finding)
      select run, seq, organisation, doc, case_id, finding
      from rows from (${commonColumns(records)}, unnest(${texts(records.map((row) => row.case))}),
        unnest(${texts(records.map(({ finding }) => finding))})) g (run, seq, organisation, doc, case_id, finding)
      on conflict (run, case_id) do nothing
      returning 1),
    log as (
      insert into patchbay.run_log (run, seq, organisation, doc)
      select run, seq, organisation, doc
      from rows from (${commonColumns(log)}) g (run, seq, organisation, doc)),
    moved as (
      update patchbay.run_progress p
      set last_seq = g.seq, started_case = g.started_case, records = p.records + g.records,
          last_progress_at = ${time(now)}
      from unnest(${texts(moved.map(({ run }) => run))}, ${numbers(moved.map(({ seq }) => seq))},
        ${texts(moved.map(({ startedCase }) => startedCase))}, ${numbers(moved.map((tally) => tally.records))})
        g (run, seq, started_case, records)
      where p.run = g.run)
    select count(*)::int as inserted from record`.execute(tx);
  return counts[0]?.inserted ?? 0;
}

/** Taking an array of documents apart leaves each as it is, escapes included; and it spares them a quoting of their own. */
function commonColumns(rows: readonly Row[]) {
  return sql`unnest(${texts(rows.map(({ run }) => run))}), unnest(${numbers(rows.map(({ seq }) => seq))}),
    unnest(${texts(rows.map(({ organisation }) => organisation))}),
    json_array_elements(${json(rows.map(({ doc }) => doc))})`;
}

function staleFence(run: RunId, fence: number): Reason {
  return reason('STALE_FENCE', `run ${run} is not held under fence ${fence}, or is final`);
}

function gap(run: RunId, { after, came }: { after: number; came: number }): Reason {
  return reason('EVIDENCE_GAP', `run ${run}: after observation ${after} came ${came}`);
}

function recordedBefore(run: RunId, id: CaseId): Reason {
  return reason('RECORD_INCONSISTENT', `run ${run} has a record of case ${id} already`);
}
