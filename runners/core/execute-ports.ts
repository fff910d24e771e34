import type { CaseRecord, EvidenceItem } from '../../src/domain/case-record.ts';
import type { Equipment } from '../../src/domain/equipment.ts';
import type { CaseId, Instant } from '../../src/domain/ids.ts';
import type { TearDownProof } from '../../src/domain/run.ts';
import type { Reason } from '../../src/kernel/errors.ts';
import type { Procedure } from '../procedures/procedure.ts';
import type { Simulator } from '../simulators/simulator.ts';
import type { SecretPlace } from './secrets.ts';

/** Where a run tells what it does. When a promise settles, what was told is on the runner's disk. */
export interface RunSink {
  /** Comes before the first stimulus of the case. */
  caseStarted(caseId: CaseId): Promise<void>;
  caseRecord(record: CaseRecord): Promise<void>;
  log(level: 'info' | 'warn' | 'error', text: string): void;
}

/** Where evidence is kept until it was uploaded. */
export interface EvidenceWriter {
  /** Settles when the bytes are durable. Throws `STORE_FULL` or `STORE_UNAVAILABLE`. */
  put(
    bytes: Uint8Array | AsyncIterable<Uint8Array>,
    about: { readonly mediaType: string; readonly role: string },
  ): Promise<EvidenceItem>;
}

export interface RunnerClock {
  now(): Instant;
  /** Milliseconds since some start; never goes back. */
  elapsedMs(): number;
}

/** Records what goes over the wire while a case runs. */
export interface CapturePort {
  /** Never throws because it cannot capture: it says why not. */
  start(request: CaptureRequest, options: { signal: AbortSignal }): Promise<Capture | NoCapture>;
}
export interface CaptureRequest {
  /** Whose end points are captured. */
  readonly subjects: readonly Equipment[];
  readonly file: string;
}
export interface NoCapture {
  readonly impossible: string;
}
/** A capture that runs; disposing ends it, and then the file is complete. */
export interface Capture extends AsyncDisposable {
  readonly file: string;
  readonly mediaType: string;
  /** What is captured, and how much of it. */
  readonly saw: string;
}

export interface ExecuteDeps {
  readonly procedures: ReadonlyMap<string, Procedure>;
  readonly simulators: ReadonlyMap<string, Simulator>;
  readonly sink: RunSink;
  readonly evidence: EvidenceWriter;
  readonly clock: RunnerClock;
  /** Exists already; each run makes a folder of its own in it and removes that again. */
  readonly workDir: string;
  /** Version by name of what is installed here; see `readTools`. */
  readonly tools: Readonly<Record<string, string>>;
  readonly capture?: CapturePort;
  /** Where secrets of equipment may lie; nowhere when it is left out. */
  readonly secrets?: SecretPlace;
}

export interface ExecuteSignals {
  /** Abort: stop now. The case under way becomes `error`, the others `notRun`. */
  readonly signal: AbortSignal;
  /** Cancel: finish the case under way, start no other. */
  readonly cancel?: AbortSignal;
}

export interface RunOutcome {
  readonly tearDown: TearDownProof;
  /** Why the runner itself did not get through the plan; null when it did, or when it was told to stop. */
  readonly gaveUp: Reason | null;
}
