import type { EventEmitter } from 'node:events';

export interface SqlResult {
  readonly command: string;
  readonly rowCount: number | null;
  readonly rows: readonly unknown[];
}

/** One session of a pool. Emits `notification` ({channel, payload}) and `error`. */
export interface SqlClient extends EventEmitter {
  query(text: string, values?: readonly unknown[]): Promise<SqlResult>;
  release(destroy?: boolean): void;
}

/** As much of a `pg.Pool` as anybody here needs; a real one fits, and so does the one over PGlite. */
export interface SqlPool extends EventEmitter {
  connect(): Promise<SqlClient>;
  query(text: string, values?: readonly unknown[]): Promise<SqlResult>;
  end(): Promise<void>;
}

/** Unqualified names belong to the queue; everything of the store is written `patchbay.…`. */
export const SEARCH_PATH = 'bullmq, public';
