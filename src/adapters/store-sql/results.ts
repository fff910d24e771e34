import { sql } from 'kysely';
import type { ResultStore, RunObservation, StoredReport } from '../../campaigns/store-ports.ts';
import type { CaseRecord, EvidenceItem } from '../../domain/case-record.ts';
import type { CampaignId, OrganisationId, RunId } from '../../domain/ids.ts';
import { HarnessError } from '../../kernel/errors.ts';
import { sameJson } from '../../kernel/json.ts';
import { type Db, inTransaction, json, rowOf, rowsOf, time, toInstant } from './db.ts';
import { asJson } from './documents.ts';

export function makeResults(db: Db): ResultStore {
  return {
    records: async (run) => {
      const rows = await rowsOf(
        db,
        sql<{ doc: CaseRecord }>`
          select doc from patchbay.case_record where run = ${run} order by seq nulls last, case_id`,
      );
      return rows.map(({ doc }) => doc);
    },
    runLog: async (run, after, limit) => {
      const rows = await rowsOf(
        db,
        sql<{ doc: RunObservation }>`
          select doc from patchbay.run_log where run = ${run} and seq > ${after} order by seq limit ${limit}`,
      );
      return rows.map(({ doc }) => doc);
    },
    addEvidence: (run, fence, item) => addEvidence(db, { run, fence }, item),
    checkFence: async (run, fence) => {
      const row = await rowOf(
        db,
        sql`select run from patchbay.run_progress where ${holds(run, fence)} and open`,
      );
      if (row === null) throw staleFence(run, fence);
    },
    evidenceOf: async (run) => {
      const rows = await rowsOf(
        db,
        sql<{ doc: EvidenceItem }>`select doc from patchbay.evidence_item where run = ${run} order by n`,
      );
      return rows.map(({ doc }) => doc);
    },
    putReport: (report) => putReport(db, report),
    reports: async (campaign) => {
      const rows = await rowsOf(
        db,
        sql<ReportRow>`${SELECT_REPORT} where campaign = ${campaign} order by sut, organisation, revision`,
      );
      return rows.map(toReport);
    },
    report: async (id) => {
      const row = await rowOf(db, sql<ReportRow>`${SELECT_REPORT} where id = ${id}`);
      return row === null ? null : toReport(row);
    },
  };
}

/** Whatever number a runner sends, it is compared and never cast. */
function holds(run: RunId, fence: number) {
  return sql`run = ${run} and fence = ${fence}::float8`;
}

function staleFence(run: RunId, fence: number): HarnessError {
  return new HarnessError('STALE_FENCE', `run ${run} is not held under fence ${fence}`);
}

async function addEvidence(
  db: Db,
  { run, fence }: { run: RunId; fence: number },
  item: EvidenceItem,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const { rows } = await sql<{ organisation: string }>`
      select organisation from patchbay.run_progress where ${holds(run, fence)} for share`.execute(tx);
    const holder = rows[0];
    if (holder === undefined) throw staleFence(run, fence);
    await sql`
      insert into patchbay.evidence_item (run, digest, role, organisation, doc)
      values (${run}, ${item.digest}, ${item.role}, ${holder.organisation}, ${json(item)})
      on conflict do nothing`.execute(tx);
  });
}

interface ReportRow {
  readonly id: string;
  readonly campaign: CampaignId;
  readonly organisation: OrganisationId;
  readonly sut: string;
  readonly revision: number;
  readonly payload_digest: string;
  readonly issued_at: Date;
  readonly files: StoredReport['files'];
}

const SELECT_REPORT = sql`
  select id, campaign, organisation, sut, revision, payload_digest, issued_at, files from patchbay.report`;

function toReport({ payload_digest, issued_at, ...row }: ReportRow): StoredReport {
  return { ...row, payloadDigest: payload_digest, issuedAt: toInstant(issued_at) };
}

/** Append-only: storing the same once more is nothing, something else under its name is `ALREADY_EXISTS`. */
async function putReport(db: Db, report: StoredReport): Promise<void> {
  await inTransaction(db, async (tx) => {
    await sql`
      insert into patchbay.report
        (id, campaign, organisation, sut, revision, payload_digest, issued_at, files)
      values (${report.id}, ${report.campaign}, ${report.organisation}, ${report.sut}, ${report.revision},
        ${report.payloadDigest}, ${time(report.issuedAt)}, ${json(report.files)})
      on conflict do nothing`.execute(tx);
    const { rows } = await sql<ReportRow>`${SELECT_REPORT} where id = ${report.id}`.execute(tx);
    const stored = rows[0];
    if (stored !== undefined && sameJson(asJson(toReport(stored)), asJson(report))) return;
    const name = `${report.sut} of ${report.campaign}, revision ${report.revision}`;
    throw new HarnessError('ALREADY_EXISTS', `there is another report on ${name}`);
  });
}
