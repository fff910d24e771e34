import { type Kysely, type Migration, sql } from 'kysely';

/**
 * Rows that belong to somebody have `organisation` and `visibility`. Instants are timestamptz; documents are json.
 * Dialect floor: PostgreSQL 15.
 */
const STATEMENTS: readonly string[] = [
  `create extension if not exists btree_gist`,

  `create table patchbay.organisation (
    id text primary key,
    name text not null,
    roles text[] not null
  )`,
  `create table patchbay.testbed (
    id text primary key,
    organisation text not null,
    visibility text not null default 'organisation',
    mode text not null default 'open' check (mode in ('open', 'draining')),
    doc json not null
  )`,
  // A fence number belongs to a slot and counts up for ever: rows stay when a testbed gets fewer slots.
  `create table patchbay.slot (
    testbed text not null references patchbay.testbed,
    slot integer not null,
    fence integer not null default 0,
    lease text unique,
    quarantine json,
    quarantine_fence integer,
    primary key (testbed, slot)
  )`,
  `create table patchbay.equipment (
    id text not null,
    revision integer not null,
    organisation text not null,
    visibility text not null default 'organisation',
    role text not null,
    doc json not null,
    primary key (id, revision)
  )`,
  `create table patchbay.plan (
    id text not null,
    version text not null,
    digest text not null,
    doc json not null,
    primary key (id, version)
  )`,

  `create table patchbay.campaign (
    id text primary key,
    organisation text not null,
    visibility text not null default 'organisation',
    state text not null,
    reference text not null,
    request json not null,
    life json not null,
    version integer not null,
    created_at timestamptz not null,
    looked_at timestamptz not null
  )`,
  `create index campaign_open on patchbay.campaign (looked_at) where state <> 'final'`,
  `create table patchbay.run (
    id text primary key,
    campaign text not null references patchbay.campaign,
    organisation text not null,
    visibility text not null default 'organisation',
    state text not null,
    testbed text,
    slot integer,
    fence integer,
    header json not null,
    life json not null,
    draft json not null,
    version integer not null,
    created_at timestamptz not null,
    looked_at timestamptz not null
  )`,
  `create index run_campaign on patchbay.run (campaign)`,
  `create index run_open on patchbay.run (looked_at) where state <> 'final'`,
  `create index run_state on patchbay.run (state, created_at)`,
  `create index run_testbed on patchbay.run (testbed) where testbed is not null`,
  // Narrow, and changed with every batch of observations; the space left free lets a change stay on its page.
  `create table patchbay.run_progress (
    run text primary key references patchbay.run,
    organisation text not null,
    visibility text not null default 'organisation',
    fence integer,
    open boolean not null default true,
    last_seq integer not null default 0,
    started_case text,
    last_progress_at timestamptz,
    records integer not null default 0
  ) with (fillfactor = 50)`,
  `create table patchbay.lease (
    id text primary key,
    run text not null references patchbay.run,
    organisation text not null,
    visibility text not null default 'organisation',
    state text not null,
    expires_at timestamptz,
    life json not null,
    version integer not null
  )`,
  `create index lease_run on patchbay.lease (run)`,
  // The database itself refuses that two hold one unit: planned ones by time, leased ones at all.
  `create table patchbay.reservation (
    id bigint generated always as identity primary key,
    resource text not null,
    unit integer not null,
    during tstzrange not null check (not isempty(during)),
    state text not null check (state in ('planned', 'confirmed', 'leased', 'done', 'withdrawn')),
    lease text,
    run text,
    organisation text not null,
    visibility text not null default 'organisation',
    constraint reservation_overlap exclude using gist (resource with =, unit with =, during with &&)
      where (state in ('planned', 'confirmed', 'leased'))
  )`,
  `create unique index reservation_leased on patchbay.reservation (resource, unit) where state = 'leased'`,
  `create index reservation_lease on patchbay.reservation (lease) where state = 'leased'`,

  // seq is null for records that the orchestrator made itself.
  `create table patchbay.case_record (
    run text not null,
    case_id text not null,
    seq integer,
    organisation text not null,
    visibility text not null default 'organisation',
    finding text not null,
    doc json not null,
    primary key (run, case_id)
  )`,
  `create table patchbay.run_log (
    run text not null,
    seq integer not null,
    organisation text not null,
    visibility text not null default 'organisation',
    doc json not null,
    primary key (run, seq)
  )`,
  `create table patchbay.evidence_item (
    run text not null references patchbay.run,
    digest text not null,
    role text not null,
    organisation text not null,
    visibility text not null default 'organisation',
    n bigint generated always as identity,
    doc json not null,
    primary key (run, digest, role)
  )`,
  `create table patchbay.report (
    id text primary key,
    campaign text not null references patchbay.campaign,
    organisation text not null,
    visibility text not null default 'organisation',
    sut text not null,
    revision integer not null,
    payload_digest text not null,
    issued_at timestamptz not null,
    files json not null,
    unique (campaign, organisation, sut, revision)
  )`,
  `create function patchbay.refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
    end $$`,
  ...['case_record', 'report'].map(
    (table) => `create trigger append_only before update or delete or truncate on patchbay.${table}
      for each statement execute function patchbay.refuse_change()`,
  ),

  `create table patchbay.enrolment_token (
    hash text primary key,
    testbed text not null references patchbay.testbed,
    organisation text not null,
    visibility text not null default 'organisation',
    expires_at timestamptz not null,
    used_at timestamptz
  )`,
  `create table patchbay.runner (
    id text primary key,
    testbed text not null references patchbay.testbed,
    organisation text not null,
    visibility text not null default 'organisation',
    last_seen_at timestamptz,
    revoked_at timestamptz,
    boot bigint,
    capabilities json not null default '[]',
    tools json not null default '{}'
  )`,
  `create index runner_testbed on patchbay.runner (testbed)`,
  `create table patchbay.certificate (
    serial text primary key,
    runner text not null references patchbay.runner,
    not_after timestamptz not null
  )`,
  `create table patchbay.api_token (
    id text primary key,
    organisation text not null,
    visibility text not null default 'organisation',
    hash text not null unique,
    scopes text[] not null,
    expires_at timestamptz
  )`,
  `create table patchbay.setting (name text primary key, value text not null)`,
];

export const first: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
