import { type Kysely, type Migration, sql } from 'kysely';

/** Plans of campaigns with everything they were made from, and when a reserved place may be taken at the earliest. */
const STATEMENTS: readonly string[] = [
  `create table patchbay.campaign_plan (
    campaign text not null references patchbay.campaign,
    revision integer not null check (revision >= 1),
    organisation text not null,
    visibility text not null default 'organisation',
    made_at timestamptz not null,
    doc json not null,
    primary key (campaign, revision)
  )`,
  `create trigger append_only before update or delete or truncate on patchbay.campaign_plan
    for each statement execute function patchbay.refuse_change()`,
  `alter table patchbay.reservation add column not_before timestamptz`,
  `create index reservation_planned on patchbay.reservation (run) where state = 'planned'`,
];

export const plans: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
