import { sql } from 'kysely';
import type { ReportOrder, ReportStore, StoredImport, StoredStatus } from '../../campaigns/report-orders.ts';
import { HarnessError } from '../../kernel/errors.ts';
import { sameJson } from '../../kernel/json.ts';
import { type Db, inTransaction, json, rowsOf, time } from './db.ts';
import { asJson } from './documents.ts';

interface Doc<T> {
  readonly doc: T;
}

export function makeReportOrders(db: Db): ReportStore {
  return {
    putReportOrder: (order) => putOrder(db, order),
    reportOrders: ({ campaign, sut }) =>
      docsOf(
        db,
        sql<Doc<ReportOrder>>`
          select doc from patchbay.report_order where campaign = ${campaign} and sut = ${sut} order by seq`,
      ),
    unfinishedOrders: (limit) =>
      docsOf(
        db,
        sql<Doc<ReportOrder>>`
          select o.doc from patchbay.report_order o
          join patchbay.campaign c on c.id = o.campaign and c.state = 'final'
          where case o.op
            when 'issue' then
              not exists (select from patchbay.report r where r.id = o.report)
              or (o.supersedes is not null and not exists (
                select from patchbay.report_status s
                where s.report = o.supersedes and s.op in ('amend', 'replace')))
            else not exists (
              select from patchbay.report_status s where s.report = o.report and s.op = 'withdraw')
          end
          order by o.at limit ${limit}`,
      ),
    putReportStatus: (status) => putStatus(db, status),
    reportStatuses: (campaign) =>
      docsOf(
        db,
        sql<Doc<StoredStatus>>`
          select s.doc from patchbay.report_status s
          join patchbay.report r on r.id = s.report where r.campaign = ${campaign}`,
      ),
    putReportImport: (one) => putImport(db, one),
    reportImports: ({ campaign, sut }) =>
      docsOf(
        db,
        sql<Doc<StoredImport>>`
          select doc from patchbay.report_import where campaign = ${campaign} and sut = ${sut} order by n`,
      ),
  };
}

async function docsOf<T>(db: Db, statement: ReturnType<typeof sql<Doc<T>>>): Promise<readonly T[]> {
  return (await rowsOf(db, statement)).map(({ doc }) => doc);
}

/** The primary key lets one order of several through; the others learn that they are not the ones. */
async function putOrder(db: Db, order: ReportOrder): Promise<void> {
  const { campaign, sut, seq, organisation, op, report, at } = order;
  const supersedes = order.op === 'issue' ? order.supersedes : null;
  await inTransaction(db, async (tx) => {
    await sql`
      insert into patchbay.report_order (campaign, sut, seq, organisation, op, report, supersedes, at, doc)
      values (${campaign}, ${sut}, ${seq}, ${organisation}, ${op}, ${report}, ${supersedes}, ${time(at)},
        ${json(order)})
      on conflict do nothing`.execute(tx);
    const { rows } = await sql<Doc<ReportOrder>>`
      select doc from patchbay.report_order
      where campaign = ${campaign} and sut = ${sut} and seq = ${seq}`.execute(tx);
    if (rows[0] !== undefined && sameJson(asJson(rows[0].doc), asJson(order))) return;
    throw new HarnessError('ALREADY_EXISTS', `order ${seq} on the report of ${sut} was given already`);
  });
}

async function putStatus(db: Db, status: StoredStatus): Promise<StoredStatus> {
  const { report, op, organisation } = status;
  return inTransaction(db, async (tx) => {
    await sql`
      insert into patchbay.report_status (report, op, organisation, doc)
      values (${report}, ${op}, ${organisation}, ${json(status)}) on conflict do nothing`.execute(tx);
    const { rows } = await sql<Doc<StoredStatus>>`
      select doc from patchbay.report_status where report = ${report} and op = ${op}`.execute(tx);
    return rows[0]?.doc ?? status;
  });
}

async function putImport(db: Db, one: StoredImport): Promise<StoredImport> {
  const { id, campaign, sut, organisation } = one;
  return inTransaction(db, async (tx) => {
    await sql`
      insert into patchbay.report_import (id, campaign, sut, organisation, doc)
      values (${id}, ${campaign}, ${sut}, ${organisation}, ${json(one)}) on conflict do nothing`.execute(tx);
    const { rows } = await sql<Doc<StoredImport>>`
      select doc from patchbay.report_import where id = ${id}`.execute(tx);
    return rows[0]?.doc ?? one;
  });
}
