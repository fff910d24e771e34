import { BatchWriter, type MessageBatch } from '../../runners/interfaces/trace/message-batch.ts';
import type { HeardMessage } from '../../runners/interfaces/trace/message-judge.ts';
import type { Instant } from '../../runners/interfaces/capture/instant.ts';
import { startWorker } from '../adapters/planning-threads/start-worker.ts';
import type { JudgeOptions } from '../judge/judge.ts';
import { HarnessError } from '../kernel/errors.ts';
import type { FoundInMessages, JudgeSays, JudgeTold } from './judge-worker.ts';

/** Batches that the thread may have before it: more would only fill memory. */
const MAX_AHEAD = 8;
/** Most of what a message leaves is needed for a second or two: it must not be taken for something that lasts. */
const YOUNG_MB = 96;

/** A thread that judges messages; it is told them in batches. */
export class JudgeThread implements AsyncDisposable {
  readonly #worker;
  readonly #writer: BatchWriter;
  #ahead = 0;
  #found: FoundInMessages | undefined;
  #failure: Error | undefined;
  #wake: () => void = () => {};

  constructor(options: JudgeOptions) {
    this.#worker = startWorker(new URL('./judge-worker', import.meta.url), {
      workerData: options,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    this.#listen();
    this.#writer = new BatchWriter((batch) => {
      this.#send(batch);
    });
  }

  /** What findings call 0; before anything else. */
  begin(at: Instant): void {
    this.#tell({ begin: at });
  }

  message(message: HeardMessage): void {
    this.#writer.message(message);
  }

  ended(association: number, at: Instant, isComplete: boolean): void {
    this.#writer.ended(association, at, isComplete);
  }

  /** Resolves when there is room for more. */
  async ready(): Promise<void> {
    await this.#until(() => this.#ahead < MAX_AHEAD);
  }

  /** Nothing more comes. */
  async end({ seconds, nanoseconds }: Instant, isComplete: boolean): Promise<FoundInMessages> {
    this.#writer.flush();
    this.#tell({ end: { at: { seconds, nanoseconds }, isComplete } });
    await this.#until(() => this.#found !== undefined);
    return this.#found ?? { findings: [], messages: 0 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }

  #send(batch: MessageBatch): void {
    this.#ahead += 1;
    this.#tell({ batch }, [batch.numbers.buffer, batch.octets.buffer]);
  }

  #tell(told: JudgeTold, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(told, transfer);
  }

  #listen(): void {
    const failed = (cause: unknown): void => {
      this.#failure ??= new HarnessError('UNEXPECTED', 'the thread that judges failed', { cause });
      this.#wake();
    };
    this.#worker.on('error', failed).on('exit', failed);
    this.#worker.on('message', (said: JudgeSays) => {
      if ('found' in said) this.#found = said.found;
      else {
        this.#ahead -= 1;
        this.#writer.reuse(said.done);
      }
      this.#wake();
    });
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
