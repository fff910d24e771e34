import { type Kysely, type Migration, sql } from 'kysely';

/** What tells whether a plan still holds, without reading all of it; products that their owner has taken away. */
const STATEMENTS: readonly string[] = [
  `alter table patchbay.campaign_plan add column head json`,
  `alter table patchbay.equipment add column withdrawn json`,
];

export const replans: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
