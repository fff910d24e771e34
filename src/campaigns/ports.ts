/** What the use cases need from outside, beside the store. Adapters implement these; every one has a contract suite in `test/contract`. */
import type { CampaignId, Digest, Instant, RunId, RunnerId, TestbedId } from '../domain/ids.ts';
import type { Reason } from '../kernel/errors.ts';

/** Wall-clock time that does not jump while the process lives. */
export interface Clock {
  now(): Instant;
}

export interface Log {
  child(bindings: Readonly<Record<string, unknown>>): Log;
  debug(fields: Readonly<Record<string, unknown>>, message: string): void;
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** Fresh, sortable, unguessable identifiers: `run-01k…`. */
export interface Ids {
  next(kind: 'run' | 'lease' | 'runner' | 'report' | 'token'): string;
  /** `bytes` random bytes, base64url. */
  random(bytes: number): string;
}

/** "Look at this." Never more than a name: whoever hears it reads the store. */
export type Tick =
  | { readonly kind: 'campaign'; readonly id: CampaignId }
  | { readonly kind: 'run'; readonly id: RunId }
  | { readonly kind: 'sweep' };

/** The doorbell. At-least-once, in no particular order; ticks that are equal and still unheard may become one. */
export interface Queue extends AsyncDisposable {
  readonly backend: 'redis' | 'store';
  ring(ticks: readonly Tick[], options?: { readonly delayMs?: number }): Promise<void>;
  /** Starts to hear. A handler that throws is called again later with the same tick. Disposing waits for handlers under way. */
  listen(handler: (tick: Tick) => Promise<void>, options: { readonly concurrency: number }): AsyncDisposable;
  /** Ticks waiting or delayed. */
  depth(): Promise<number>;
  /** Resolves when the queue can be reached, rejects with `QUEUE_UNAVAILABLE`. */
  ping(): Promise<void>;
}

/** Bytes named by their SHA-256. Durable when `put` resolves; the hash is verified on every `get`. */
export interface EvidenceStore {
  /** `EVIDENCE_CORRUPT` when the bytes do not have that digest; `STORE_FULL` when the disk is full. */
  put(digest: Digest, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  /** Resumable: appends at `offset` of an unfinished upload; returns the offset reached. */
  append(digest: Digest, offset: number, bytes: AsyncIterable<Uint8Array>): Promise<number>;
  /** Bytes of an unfinished upload that have arrived, or `complete`. */
  state(digest: Digest): Promise<{ readonly complete: boolean; readonly offset: number }>;
  /** Verifies the digest of an unfinished upload and makes it complete. */
  seal(digest: Digest): Promise<void>;
  /** `EVIDENCE_MISSING` or `EVIDENCE_CORRUPT`. */
  get(digest: Digest): Promise<Uint8Array>;
  has(digest: Digest): Promise<boolean>;
}

/** Sets pages. The same files give the same bytes, in whatever process. */
export interface Pdf {
  /**
   * @param files a Typst project by path, beginning with `main.typ`; nothing else can be read by it
   * Throws `REPORT_RENDERING` when it cannot be set.
   */
  render(files: ReadonlyMap<string, string>, options: { readonly signal: AbortSignal }): Promise<Uint8Array>;
}

/** The orchestrator's side of the wire, as the rest of the house sees it. */
export interface RunnerGateway extends AsyncDisposable {
  readonly runnerPort: number;
  readonly enrolmentPort: number;
  /** Runners attached to this orchestrator. */
  attached(): readonly { readonly runner: RunnerId; readonly testbed: TestbedId }[];
  /** Desired states of this testbed may have changed. */
  nudge(testbed: TestbedId): void;
}

/** What the wire tells the use cases. Every method is idempotent. */
export interface RunnerEvents {
  accepted(run: RunId, fence: number): Promise<void>;
  declined(run: RunId, fence: number, reason: Reason): Promise<void>;
  finished(
    run: RunId,
    fence: number,
    end: {
      readonly lastSeq: number;
      readonly tearDownFailure: Reason | null;
      readonly gaveUp: Reason | null;
    },
  ): Promise<void>;
  /** An item of evidence of the run is durably stored. */
  evidenceArrived(run: RunId): Promise<void>;
  /** Of a runner that is attached: which runs it knows after a break. */
  back(testbed: TestbedId, runs: readonly { readonly run: RunId; readonly fence: number }[]): Promise<void>;
}
