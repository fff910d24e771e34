import { MessageReader, type MessageReaderOptions } from '../../runners/interfaces/capture/message-reader.ts';
import { type JudgedCapture, looksComplete } from '../../runners/interfaces/trace/capture-judge.ts';
import { BatchWriter, type MessageBatch } from '../../runners/interfaces/trace/message-batch.ts';
import { startWorker } from '../adapters/planning-threads/start-worker.ts';
import { HarnessError } from '../kernel/errors.ts';
import type { FoundInMessages, JudgeOrder, JudgeSays, JudgeTold } from './judge-worker.ts';

export interface ThreadJudgeOptions extends JudgeOrder, Pick<MessageReaderOptions, 'udpPorts'> {}

/** Batches that the other thread may have before it: more would only fill memory. */
const MAX_AHEAD = 8;
/** Most of what a message leaves is needed for a second or two: it must not be taken for something that lasts. */
const YOUNG_MB = 96;

/**
 * The same as a `CaptureJudge`, on two processors: here a capture is read, down to messages, and another thread judges them, in the same
 * order. So what is found is the same.
 */
export class ThreadJudge implements AsyncDisposable {
  readonly #worker;
  readonly #writer: BatchWriter;
  readonly #reader: MessageReader;
  readonly #isComplete: boolean;
  #ahead = 0;
  #found: FoundInMessages | undefined;
  #failure: Error | undefined;
  #wake: () => void = () => {};

  constructor({ programs, isComplete, ...options }: ThreadJudgeOptions) {
    this.#isComplete = isComplete;
    this.#worker = startWorker(new URL('./judge-worker', import.meta.url), {
      workerData: { programs, isComplete } satisfies JudgeOrder,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    this.#listen();
    this.#writer = new BatchWriter((batch) => {
      this.#send(batch);
    });
    this.#reader = new MessageReader({
      ...options,
      onMessage: (message) => {
        this.#writer.message(message);
      },
      onEnded: (association, at) => {
        this.#writer.ended(association, at, this.#looksComplete());
      },
    });
  }

  /** The next piece of the capture, which must not change afterwards; resolves when there is room for another. */
  async push(piece: Uint8Array): Promise<void> {
    this.#reader.push(piece);
    await this.#until(() => this.#ahead < MAX_AHEAD);
  }

  async end(): Promise<JudgedCapture> {
    this.#reader.end();
    this.#writer.flush();
    const { counts, cutAt, last } = this.#reader;
    const { seconds, nanoseconds } = last;
    this.#tell({ end: { at: { seconds, nanoseconds }, isComplete: this.#looksComplete() } });
    await this.#until(() => this.#found !== undefined);
    const { findings = [], messages = 0, began = last } = this.#found ?? {};
    return { findings, counts, messages, began, ...(cutAt === undefined ? {} : { cutAt }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }

  #looksComplete(): boolean {
    return this.#isComplete && looksComplete(this.#reader.counts);
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
