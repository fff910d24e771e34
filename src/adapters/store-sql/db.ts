import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import { type Instant, instant, isoTime } from '../../domain/ids.ts';
import { fromSql, givesWay } from './sql-errors.ts';

/** Statements are written as SQL, so Kysely needs no picture of the tables. */
export type NoTables = Record<string, never>;
export type Db = Kysely<NoTables>;
export type Tx = Transaction<NoTables>;

const TRIES = 5;

/** All or nothing. When the database picks this transaction to break a deadlock, it is tried again. */
export async function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (!givesWay(error) || tries === TRIES) throw fromSql(error);
    }
  }
}

/** One statement, which is a transaction by itself. */
export async function rowsOf<Row>(db: Db, statement: RawBuilder<Row>): Promise<readonly Row[]> {
  for (let tries = 1; ; tries += 1) {
    try {
      return (await statement.execute(db)).rows;
    } catch (error) {
      if (!givesWay(error) || tries === TRIES) throw fromSql(error);
    }
  }
}

export async function rowOf<Row>(db: Db, statement: RawBuilder<Row>): Promise<Row | null> {
  return (await rowsOf(db, statement))[0] ?? null;
}

/** Documents are kept as `json`, not `jsonb`: what a product sent may hold escapes that `jsonb` refuses, such as \u0000. */
export function json(value: unknown): RawBuilder<unknown> {
  return sql`${JSON.stringify(value)}::json`;
}

export function time(at: Instant): RawBuilder<Date> {
  return sql`${isoTime(at)}::timestamptz`;
}

export function texts(values: readonly (string | null)[]): RawBuilder<readonly string[]> {
  return sql`${[...values]}::text[]`;
}

export function numbers(values: readonly (number | null)[]): RawBuilder<readonly number[]> {
  return sql`${[...values]}::int[]`;
}

/**
 * A column of documents, as text to be cast to json one by one. Not members of one big JSON value: the functions that
 * take such apart refuse the same escapes as `jsonb`.
 */
export function documents(values: readonly unknown[]): RawBuilder<readonly string[]> {
  return sql`${values.map((value) => (value === null ? null : JSON.stringify(value)))}::text[]`;
}

export function toInstant(date: Date): Instant {
  return instant(date.getTime());
}

export function toInstantOrNull(date: Date | null): Instant | null {
  return date === null ? null : toInstant(date);
}
