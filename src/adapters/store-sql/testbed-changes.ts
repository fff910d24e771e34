import { type RawBuilder, sql } from 'kysely';
import { setTimeout } from 'node:timers/promises';
import type { Log } from '../../campaigns/ports.ts';
import type { TestbedId } from '../../domain/ids.ts';
import { type Db, rowsOf } from './db.ts';
import type { SqlClient, SqlPool } from './sql-pool.ts';

const CHANNEL = 'patchbay_testbed';
const RECONNECT_MS = 1000;

/** Tells every orchestrator, when the transaction commits, that desired states of this testbed may have changed. */
export function announce(testbed: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`pg_notify(${sql.lit(CHANNEL)}, ${testbed})`;
}

export interface TestbedChanges extends AsyncDisposable {
  onChange(listener: (testbed: TestbedId) => void): Disposable;
}

/**
 * Hears what `announce` said. When the connection was lost, all testbeds may have changed meanwhile: listeners are called
 * for each of them.
 */
export async function hearTestbedChanges(deps: { pool: SqlPool; db: Db; log: Log }): Promise<TestbedChanges> {
  const ear = new Ear(deps);
  await ear.connect();
  return ear;
}

class Ear implements TestbedChanges {
  readonly #deps: { readonly pool: SqlPool; readonly db: Db; readonly log: Log };
  readonly #listeners = new Set<(testbed: TestbedId) => void>();
  readonly #closing = new AbortController();
  #client: SqlClient | null = null;

  constructor(deps: { pool: SqlPool; db: Db; log: Log }) {
    this.#deps = deps;
  }

  onChange(listener: (testbed: TestbedId) => void): Disposable {
    const own = (testbed: TestbedId): void => listener(testbed);
    this.#listeners.add(own);
    return { [Symbol.dispose]: () => void this.#listeners.delete(own) };
  }

  async connect(): Promise<void> {
    const client = await this.#deps.pool.connect();
    client.on('notification', ({ channel, payload }: { channel: string; payload: string }) => {
      if (channel === CHANNEL) this.#tell(payload as TestbedId);
    });
    client.on('error', (err: unknown) => this.#lost(client, err));
    client.on('end', () => this.#lost(client, new Error('the connection ended')));
    try {
      await client.query(`listen ${CHANNEL}`);
    } catch (error) {
      client.removeAllListeners('notification');
      client.release(true);
      throw error;
    }
    this.#client = client;
  }

  #tell(testbed: TestbedId): void {
    for (const listener of this.#listeners) {
      try {
        listener(testbed);
      } catch (err) {
        this.#deps.log.error(
          { event: 'store.listener.failed', testbed, err },
          'a listener to testbeds failed',
        );
      }
    }
  }

  #lost(client: SqlClient, err: unknown): void {
    if (this.#client !== client || this.#closing.signal.aborted) return;
    this.#client = null;
    this.#deps.log.warn({ event: 'store.ear.lost', err }, 'the connection that hears of changes was lost');
    client.release(true);
    void this.#reconnect();
  }

  async #reconnect(): Promise<void> {
    const { signal } = this.#closing;
    for (;;) {
      try {
        await setTimeout(RECONNECT_MS, undefined, { signal, ref: false });
        await this.connect();
        const all = await rowsOf(this.#deps.db, sql<{ id: TestbedId }>`select id from patchbay.testbed`);
        for (const { id } of all) this.#tell(id);
        return;
      } catch (err) {
        if (signal.aborted) return;
        this.#deps.log.debug({ event: 'store.ear.retry', err }, 'still no connection');
      }
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#client?.release(true);
    this.#client = null;
    this.#listeners.clear();
    return Promise.resolve();
  }
}
