import { isBefore, type Instant } from '../../runners/interfaces/capture/instant.ts';
import {
  type CapturedMessage,
  MessageReader,
  type MessageReaderOptions,
} from '../../runners/interfaces/capture/message-reader.ts';
import { type JudgedCapture, looksComplete } from '../../runners/interfaces/trace/capture-judge.ts';
import type { PropertyFinding } from '../judge/finding.ts';
import { type JudgeOptions, MAX_KEPT } from '../judge/judge.ts';
import { together } from '../judge/tally.ts';
import { JudgeThread } from './judge-thread.ts';

export interface ThreadedJudgeOptions
  extends Pick<JudgeOptions, 'programs' | 'isComplete'>, Pick<MessageReaderOptions, 'udpPorts'> {
  /** That judge; at least one. */
  readonly threads: number;
}

/**
 * The same as a `CaptureJudge`, on several processors: here a capture is read, down to messages, and other threads judge them, each those of
 * its associations, in the same order. No property looks beyond its association, so what is found is the same.
 */
export class ThreadedJudge implements AsyncDisposable {
  readonly #threads: readonly JudgeThread[];
  readonly #reader: MessageReader;
  readonly #isComplete: boolean;
  #began: Instant | undefined;
  /** The latest time so far. */
  #latest: Instant = { seconds: 0, nanoseconds: 0 };

  constructor({ programs, isComplete = false, threads, ...options }: ThreadedJudgeOptions) {
    this.#isComplete = isComplete;
    const maxKept = Math.ceil(MAX_KEPT / threads);
    const order = { programs, isComplete, maxKept };
    this.#threads = Array.from({ length: threads }, () => new JudgeThread(order));
    this.#reader = new MessageReader({
      ...options,
      onMessage: (message) => {
        this.#message(message);
      },
      onEnded: (association, at) => {
        this.#threadOf(association).ended(association, this.#at(at), this.#looksComplete());
      },
    });
  }

  /** The next piece of the capture, which must not change afterwards; resolves when there is room for another. */
  async push(piece: Uint8Array): Promise<void> {
    this.#reader.push(piece);
    for (const thread of this.#threads) await thread.ready();
  }

  async end(): Promise<JudgedCapture> {
    this.#reader.end();
    const { counts, cutAt, last } = this.#reader;
    const at = this.#at(last);
    const isComplete = this.#looksComplete();
    const found = await Promise.all(this.#threads.map((thread) => thread.end(at, isComplete)));
    return {
      ...{ findings: merged(found.map(({ findings }) => findings)), counts },
      messages: found.reduce((sum, { messages }) => sum + messages, 0),
      began: this.#began ?? at,
      ...(cutAt === undefined ? {} : { cutAt }),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread[Symbol.asyncDispose]()));
  }

  #message(message: CapturedMessage): void {
    const { seconds, nanoseconds } = this.#at(message);
    const isInOrder = seconds === message.seconds && nanoseconds === message.nanoseconds;
    const told = isInOrder ? message : { ...message, seconds, nanoseconds };
    this.#threadOf(message.association).message(told);
  }

  /** Time goes on, never back, whoever judges. */
  #at(at: Instant): Instant {
    if (!isBefore(at, this.#latest)) this.#latest = { seconds: at.seconds, nanoseconds: at.nanoseconds };
    if (this.#began === undefined) {
      this.#began = this.#latest;
      for (const thread of this.#threads) thread.begin(this.#began);
    }
    return this.#latest;
  }

  #threadOf(association: number): JudgeThread {
    const thread = this.#threads[association % this.#threads.length];
    if (thread === undefined) throw new TypeError('there is a thread');
    return thread;
  }

  #looksComplete(): boolean {
    return this.#isComplete && looksComplete(this.#reader.counts);
  }
}

function merged(parts: readonly (readonly PropertyFinding[])[]): readonly PropertyFinding[] {
  const [first = [], ...others] = parts;
  return first.map((finding, index) => together([finding, ...others.flatMap((part) => part[index] ?? [])]));
}
