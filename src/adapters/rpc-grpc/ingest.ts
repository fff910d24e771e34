import type { Clock, Log } from '../../campaigns/ports.ts';
import type { BatchAnswer, Desired, RunnerStore } from '../../campaigns/store-ports.ts';
import type { ObservationBatch, RunObservation } from '../../contract/observation-codec.ts';
import { type CaseRecord, checkOutcome } from '../../domain/case-record.ts';
import type { RunId } from '../../domain/ids.ts';
import { HarnessError } from '../../kernel/errors.ts';
import { keepTrying } from './keep-trying.ts';
import type { Line } from './line.ts';

interface IngestDeps {
  readonly store: RunnerStore;
  readonly clock: Clock;
  readonly log: Log;
}

interface Waiting {
  readonly line: Line;
  readonly batch: ObservationBatch;
  readonly sizeBytes: number;
}

/** What may wait for the store, over all runners, before the runners are slowed down. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024;
/** What one transaction takes. */
const MAX_COMMIT_BYTES = 4 * 1024 * 1024;

/**
 * Observations of all runners on their way into the store. While one transaction is under way, whatever arrives waits
 * and goes into the next one; a runner hears of a number only when it is durable.
 */
export class Ingest implements AsyncDisposable {
  readonly #deps: IngestDeps;
  readonly #stop = new AbortController();
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #working: Promise<void> | null = null;
  /** Batches ever taken in, and those of them that are stored or refused. */
  #offered = 0;
  #settled = 0;
  #listeners: (() => void)[] = [];

  constructor(deps: IngestDeps) {
    this.#deps = deps;
  }

  /** Takes a batch of a run that the line holds; resolves when there is room for more. `RECORD_INCONSISTENT`. */
  async offer(line: Line, batch: ObservationBatch, sizeBytes: number): Promise<void> {
    checkRecords(batch, line.held.get(batch.run));
    this.#waiting.push({ line, batch, sizeBytes });
    this.#offered += 1;
    this.#waitingBytes += sizeBytes;
    this.#working ??= this.#work();
    while (this.#waitingBytes > MAX_WAITING_BYTES && !this.#stop.signal.aborted) await this.#change();
  }

  /** Resolves when everything that was offered so far is stored or refused. */
  async flushed(): Promise<void> {
    const offered = this.#offered;
    while (this.#settled < offered && !this.#stop.signal.aborted) await this.#change();
  }

  /** Waits a moment for what is under way; what is not stored by then was never acknowledged. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new HarnessError('LINE_DOWN', 'the orchestrator stops'));
    await this.#working;
    this.#tellListeners();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#listeners.push(resolve));
  }

  async #work(): Promise<void> {
    // One turn of the event loop, so that what arrived together is stored together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0 && !this.#stop.signal.aborted) {
      const taken = this.#take();
      await this.#commit(taken);
      this.#settled += taken.length;
      // What is under way takes memory too: it makes room only when it is stored.
      this.#waitingBytes -= taken.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      this.#tellListeners();
    }
    this.#working = null;
    this.#tellListeners();
  }

  #take(): readonly Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { sizeBytes } of this.#waiting) {
      if (count > 0 && bytes + sizeBytes > MAX_COMMIT_BYTES) break;
      bytes += sizeBytes;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  #tellListeners(): void {
    for (const resolve of this.#listeners.splice(0)) resolve();
  }

  async #commit(taken: readonly Waiting[]): Promise<void> {
    const origins = new Map(taken.map((waiting) => [waiting.batch.run, waiting]));
    const batches = merge(taken.map(({ batch }) => batch));
    try {
      for (const answer of await this.#append(batches)) tell(origins.get(answer.run), answer);
    } catch (cause) {
      if (this.#stop.signal.aborted) return;
      if (batches.length > 1) {
        // One of them is something the store cannot take; it must not take the others with it.
        for (const part of taken) await this.#commit([part]);
        return;
      }
      this.#deps.log.error(
        { event: 'ingest.refused', err: cause, runId: batches[0]?.run },
        'observations could not be stored',
      );
      for (const { line, batch } of taken) line.refuse(batch, cause);
    }
  }

  #append(batches: readonly ObservationBatch[]): Promise<readonly BatchAnswer[]> {
    const { store, clock, log } = this.#deps;
    return keepTrying(() => store.append(batches, clock.now()), {
      signal: this.#stop.signal,
      onTrouble: (err) => log.warn({ event: 'ingest.waits', code: err.code }, 'the store takes nothing'),
    });
  }
}

function tell(origin: Waiting | undefined, answer: BatchAnswer): void {
  if (origin === undefined) return;
  const { run, fence } = origin.batch;
  if (answer.ok) origin.line.send({ kind: 'acknowledged', run, fence, seq: answer.seq, finished: false });
  else origin.line.send({ kind: 'refused', run, fence, reason: answer.reason });
}

/** One batch per run: a run has one fence, and what is repeated after a break is left out. */
function merge(batches: readonly ObservationBatch[]): readonly ObservationBatch[] {
  const byRun = new Map<RunId, { run: RunId; fence: number; observations: RunObservation[] }>();
  for (const { run, fence, observations } of batches) {
    const before = byRun.get(run);
    if (before === undefined) {
      byRun.set(run, { run, fence, observations: [...observations] });
      continue;
    }
    const last = before.observations.at(-1)?.seq ?? 0;
    for (const observation of observations) if (observation.seq > last) before.observations.push(observation);
  }
  return [...byRun.values()];
}

/** The runner judged; here it is only checked that verdict, clauses, rule and plan belong together. */
function checkRecords(batch: ObservationBatch, held: Desired | undefined): void {
  if (held === undefined) throw new HarnessError('STALE_FENCE', `run ${batch.run} is not held`);
  for (const observation of batch.observations) {
    if (observation.kind === 'caseRecord') checkRecord(observation.record, held);
  }
}

function checkRecord(record: CaseRecord, { assignment }: Desired): void {
  const { plan, retryOf } = assignment;
  const planned = plan.cases.find(({ id }) => id === record.case);
  if (planned === undefined || record.planVersion !== plan.version || record.retryOf !== retryOf) {
    throw inconsistent(record, 'it is not of this plan and run');
  }
  const checked = checkOutcome(record.outcome, planned);
  if (!checked.ok) throw inconsistent(record, checked.error);
}

function inconsistent(record: CaseRecord, why: string): HarnessError {
  return new HarnessError('RECORD_INCONSISTENT', `record of case ${record.case}: ${why}`);
}
