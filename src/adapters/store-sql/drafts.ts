import { sql } from 'kysely';
import type { AssignmentDraft } from '../../campaigns/store-ports.ts';
import type { RunId } from '../../domain/ids.ts';
import { HarnessError } from '../../kernel/errors.ts';
import { type Db, rowsOf, texts } from './db.ts';

/** A draft holds a whole plan; more of them than this are read again when they are wanted. */
const MAX_KEPT = 256;

/**
 * The drafts of runs, read once. A draft is written with its run and never changes, so what was read stays true, also
 * when other orchestrators work on the same store.
 */
export class Drafts {
  readonly #db: Db;
  /** Least recently used first. */
  readonly #kept = new Map<RunId, AssignmentDraft>();

  constructor(db: Db) {
    this.#db = db;
  }

  /** `NOT_FOUND` when there is no such run. */
  async of(run: RunId): Promise<AssignmentDraft> {
    const draft = (await this.all([run])).get(run);
    if (draft === undefined) throw new HarnessError('NOT_FOUND', `there is no run ${run}`);
    return draft;
  }

  /** Without those that do not exist. */
  async all(runs: readonly RunId[]): Promise<ReadonlyMap<RunId, AssignmentDraft>> {
    const found = new Map<RunId, AssignmentDraft>();
    for (const run of runs) {
      const draft = this.#kept.get(run);
      if (draft !== undefined) found.set(run, draft);
    }
    const missing = runs.filter((run) => !found.has(run));
    for (const { id, draft } of await this.#read(missing)) found.set(id, draft);
    for (const [run, draft] of found) this.#keep(run, draft);
    return found;
  }

  async #read(runs: readonly RunId[]): Promise<readonly { id: RunId; draft: AssignmentDraft }[]> {
    if (runs.length === 0) return [];
    return rowsOf(
      this.#db,
      sql<{ id: RunId; draft: AssignmentDraft }>`
        select id, draft from patchbay.run where id = any(${texts(runs)})`,
    );
  }

  #keep(run: RunId, draft: AssignmentDraft): void {
    this.#kept.delete(run);
    this.#kept.set(run, draft);
    if (this.#kept.size <= MAX_KEPT) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}
