import type { PgPool } from 'bullmq';

/** A `pg.Pool`, or something that behaves like one, whose sessions look for unqualified names in `bullmq` first. */
export interface PgPoolLike {
  connect(): Promise<PgClientLike>;
  query(text: string, values?: readonly unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
  end(): Promise<void>;
}

export interface PgClientLike {
  query(text: string, values?: readonly unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
  release(destroy?: boolean): void;
}

/** What BullMQ calls such a pool. */
export type BullPool = PgPool;
