import { sql } from 'kysely';
import type { AccessStore } from '../../campaigns/store-ports.ts';
import type { OrganisationId } from '../../domain/ids.ts';
import { type Db, inTransaction, rowOf, rowsOf, texts, time, toInstantOrNull } from './db.ts';

export function makeAccess(db: Db): AccessStore {
  return {
    createApiToken: async ({ id, organisation, hash, scopes, expiresAt }) => {
      const expires = expiresAt === null ? sql`null` : time(expiresAt);
      await rowsOf(
        db,
        sql`insert into patchbay.api_token (id, organisation, hash, scopes, expires_at)
            values (${id}, ${organisation}, ${hash}, ${texts(scopes)}, ${expires})`,
      );
    },
    apiTokenByHash: async (hash, now) => {
      const row = await rowOf(
        db,
        sql<TokenRow>`
          select id, organisation, scopes, expires_at from patchbay.api_token
          where hash = ${hash} and (expires_at is null or expires_at > ${time(now)})`,
      );
      if (row === null) return null;
      const { id, organisation, scopes } = row;
      return { id, organisation, scopes, expiresAt: toInstantOrNull(row.expires_at) };
    },
    setting: (name, makeValue) => setting(db, name, makeValue),
  };
}

interface TokenRow {
  readonly id: string;
  readonly organisation: OrganisationId;
  readonly scopes: readonly string[];
  readonly expires_at: Date | null;
}

/** Of several orchestrators that start at once, one writes and all get what it wrote. */
async function setting(db: Db, name: string, makeValue: () => string): Promise<string> {
  const stored = await readSetting(db, name);
  if (stored !== null) return stored;
  const value = makeValue();
  return inTransaction(db, async (tx) => {
    await sql`
      insert into patchbay.setting (name, value) values (${name}, ${value}) on conflict do nothing`.execute(
      tx,
    );
    return (await readSetting(tx, name)) ?? value;
  });
}

async function readSetting(db: Db, name: string): Promise<string | null> {
  const row = await rowOf(
    db,
    sql<{ value: string }>`select value from patchbay.setting where name = ${name}`,
  );
  return row?.value ?? null;
}
