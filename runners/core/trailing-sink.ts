import type { CaseRecord } from '../../src/domain/case-record.ts';
import type { CaseId } from '../../src/domain/ids.ts';
import type { RunSink } from './execute-ports.ts';

/**
 * Does not wait for a record to be durable until the next case wants to start: both then wait for the disk once.
 * No case starts before the record of the one before it is on the disk, or when it could not be stored.
 */
export class TrailingSink implements RunSink {
  readonly #sink: RunSink;
  #told: Promise<unknown> = Promise.resolve();

  constructor(sink: RunSink) {
    this.#sink = sink;
  }

  async caseStarted(id: CaseId): Promise<void> {
    await Promise.all([this.#told, this.#sink.caseStarted(id)]);
  }

  /** Resolves at once; a failure comes out at the next start, or at the end. */
  caseRecord(record: CaseRecord): Promise<void> {
    this.#told = Promise.all([this.#told, this.#sink.caseRecord(record)]);
    this.#told.catch(() => undefined);
    return Promise.resolve();
  }

  log(level: 'info' | 'warn' | 'error', text: string): void {
    this.#sink.log(level, text);
  }

  /** Everything told so far is durable. */
  async settled(): Promise<void> {
    await this.#told;
  }
}
