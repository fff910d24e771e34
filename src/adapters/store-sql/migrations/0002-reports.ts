import { type Kysely, type Migration, sql } from 'kysely';

/** What a whole report needs: who the partners are, what was ordered before it was signed, results of others. */
const STATEMENTS: readonly string[] = [
  `alter table patchbay.organisation add column profile json not null default '{}'`,

  // What is fixed before anything is signed: the order to issue a revision, or to withdraw one.
  `create table patchbay.report_order (
    campaign text not null references patchbay.campaign,
    sut text not null,
    seq integer not null check (seq >= 1),
    op text not null check (op in ('issue', 'withdraw')),
    report text not null,
    supersedes text,
    at timestamptz not null,
    organisation text not null,
    visibility text not null default 'organisation',
    doc json not null,
    primary key (campaign, sut, seq)
  )`,
  // What became of a report later on: amended, replaced, withdrawn. The report itself never changes.
  `create table patchbay.report_status (
    report text not null,
    op text not null,
    organisation text not null,
    visibility text not null default 'organisation',
    doc json not null,
    primary key (report, op)
  )`,
  `create table patchbay.report_import (
    id text primary key,
    campaign text not null references patchbay.campaign,
    sut text not null,
    organisation text not null,
    visibility text not null default 'organisation',
    n bigint generated always as identity,
    doc json not null
  )`,
  `create index report_import_of on patchbay.report_import (campaign, sut)`,
  ...['report_order', 'report_status', 'report_import'].map(
    (table) => `create trigger append_only before update or delete or truncate on patchbay.${table}
      for each statement execute function patchbay.refuse_change()`,
  ),
];

export const reports: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
