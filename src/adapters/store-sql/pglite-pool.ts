import { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { SqlClient, SqlPool, SqlResult } from './sql-pool.ts';

/** As much of PGlite as the pool needs. */
export interface SingleSession {
  query(text: string, values?: unknown[]): Promise<SessionResult>;
  exec(text: string): Promise<SessionResult[]>;
  onNotification(listener: (channel: string, payload: string) => void): () => void;
}

interface SessionResult {
  readonly rows: unknown[];
  readonly command?: string;
  readonly rowCount?: number;
  readonly affectedRows?: number;
}

const BEGINS = /^\s*(?:begin|start\s+transaction)\b/i;
const ENDS = /^\s*(?:commit|end|rollback(?!\s+to\b))\b/i;
const MANY = /;\s*\S/;

/**
 * A pool of clients over one PGlite, which has one session only: whoever begins a transaction holds the session until
 * it ends, the others wait in line.
 *
 * PGlite runs on the thread of the caller. Each statement first gives way to the event loop, or a busy queue would
 * starve timers and sockets.
 */
export class PGlitePool extends EventEmitter implements SqlPool {
  readonly #session: SingleSession;
  #line: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(session: SingleSession) {
    super();
    this.setMaxListeners(0);
    this.#session = session;
  }

  connect(): Promise<SqlClient> {
    return this.#ended ? Promise.reject(closed()) : Promise.resolve(new PGliteClient(this, this.#session));
  }

  async query(text: string, values?: readonly unknown[]): Promise<SqlResult> {
    const client = await this.connect();
    try {
      return await client.query(text, values);
    } finally {
      client.release();
    }
  }

  /** Waits for the session; call what it resolves to when done with it. */
  async turn(): Promise<() => void> {
    if (this.#ended) throw closed();
    const before = this.#line;
    let done = (): void => undefined;
    this.#line = new Promise((resolve) => (done = resolve));
    await before;
    await setImmediate();
    return done;
  }

  /** Resolves when everybody who was in line is through; nobody gets in afterwards. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#line;
  }
}

class PGliteClient extends EventEmitter implements SqlClient {
  readonly #pool: PGlitePool;
  readonly #session: SingleSession;
  readonly #unsubscribe: () => void;
  /** Set while this client is inside a transaction. */
  #leave: (() => void) | null = null;

  constructor(pool: PGlitePool, session: SingleSession) {
    super();
    this.setMaxListeners(0);
    this.#pool = pool;
    this.#session = session;
    this.#unsubscribe = session.onNotification((channel, payload) =>
      this.emit('notification', { channel, payload }),
    );
  }

  async query(text: string, values: readonly unknown[] = []): Promise<SqlResult> {
    const leave = this.#leave ?? (await this.#pool.turn());
    if (this.#leave !== null) await setImmediate();
    let inside = this.#leave !== null;
    try {
      const result = await this.#run(text, values);
      inside = BEGINS.test(text) || (inside && !ENDS.test(text));
      return result;
    } catch (error) {
      inside &&= !ENDS.test(text);
      throw error;
    } finally {
      this.#leave = inside ? leave : null;
      if (!inside) leave();
    }
  }

  async #run(text: string, values: readonly unknown[]): Promise<SqlResult> {
    const result =
      values.length === 0 && MANY.test(text)
        ? (await this.#session.exec(text)).at(-1)
        : await this.#session.query(text, [...values]);
    return {
      command: result?.command?.split(' ')[0] ?? '',
      rowCount: result?.rowCount ?? result?.affectedRows ?? null,
      rows: result?.rows ?? [],
    };
  }

  /** A transaction left open is rolled back. */
  release(): void {
    this.#unsubscribe();
    this.removeAllListeners();
    const leave = this.#leave;
    this.#leave = null;
    if (leave !== null) void this.#session.query('rollback').then(leave, leave);
  }
}

function closed(): Error {
  return Object.assign(new Error('the store is closed'), { code: 'ECONNREFUSED' });
}
