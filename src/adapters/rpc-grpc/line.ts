import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { Desired } from '../../campaigns/store-ports.ts';
import type { Received } from '../../contract/codec.ts';
import type { RunRef } from '../../contract/parts.ts';
import type { KnownRun, ToOrchestrator, ToRunner } from '../../contract/runner-messages.ts';
import type { RunId } from '../../domain/ids.ts';
import { HarnessError } from '../../kernel/errors.ts';
import type { Caller } from './caller.ts';
import { failureOf } from './status.ts';

type Acknowledged = Extract<ToRunner, { kind: 'acknowledged' }>;
export type AttachCall = ServerDuplexStream<Received<ToOrchestrator>, ToRunner>;

/** Messages that may wait for a runner that does not read. */
const MAX_WAITING = 1_024;
/** A runner that reads nothing is not waited for longer before its line is cut. */
const FAREWELL_MS = 5_000;

/** One attached runner: what was heard of it and what it may be told. */
export class Line {
  readonly caller: Caller;
  readonly #call: AttachCall;
  /** Runs that hold a slot of its testbed, as the store said last. */
  held: ReadonlyMap<RunId, Desired> = new Map();
  /** What the runner said it knows, until it was told what becomes of it. */
  known: readonly KnownRun[] = [];
  /** Fences under which assignments were sent on this line: each is large, and goes over it once. */
  readonly assigned = new Map<RunId, number>();
  /** Runs that it accepted on this line, so that the same said again costs nothing. */
  readonly accepted = new Set<RunId>();
  /** Runs of its last heartbeat; `null` once they were passed on. */
  beat: readonly RunRef[] | null = null;
  /** Monotonic milliseconds. */
  heardAt = performance.now();
  certificateCheckedAt = performance.now();
  /** Messages under way through the store: a runner that waits for us is not silent. */
  working = 0;
  /** What the runner was told last, to say nothing twice. */
  told = '';
  #waiting: ToRunner[] = [];
  #writing = false;
  #closed = false;
  #ending: unknown = null;

  constructor(caller: Caller, call: AttachCall) {
    this.caller = caller;
    this.#call = call;
  }

  get closed(): boolean {
    return this.#closed || this.#call.cancelled;
  }

  /** Says it when what was said before has gone; a later acknowledgement of a run takes the place of one that waits. */
  send(message: ToRunner): void {
    if (this.closed) return;
    if (message.kind === 'acknowledged' && !message.finished) {
      this.#waiting = this.#waiting.filter((before) => !supersedes(message, before));
    }
    this.#waiting.push(message);
    this.#writeNext();
    if (this.#waiting.length > MAX_WAITING) {
      this.close(new HarnessError('LINE_DOWN', 'the runner does not read what it is told'));
    }
  }

  /**
   * One message at a time, and nothing from inside the callback of the one before: there HTTP/2 in Node can lose what is
   * done next.
   * @see https://github.com/nodejs/node/issues/49147
   */
  #writeNext(): void {
    if (this.#writing) return;
    const next = this.#waiting.shift();
    if (next === undefined) {
      if (this.#ending !== null) this.#end();
      return;
    }
    this.#writing = true;
    this.#call.write(next, () =>
      process.nextTick(() => {
        this.#writing = false;
        this.#writeNext();
      }),
    );
  }

  refuse(ref: RunRef, cause: unknown): void {
    const { code, message } = HarnessError.from(cause);
    this.send({ kind: 'refused', run: ref.run, fence: ref.fence, reason: { code, text: message } });
  }

  /** Whether the store said that the testbed of this runner holds the run under this fence. */
  holds({ run, fence }: RunRef): boolean {
    return this.held.get(run)?.fence === fence;
  }

  /** Ends the line and says why. What waits is dropped; what is under way goes first, or the reason would be lost. */
  close(why: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#waiting = [];
    this.#ending = why;
    if (!this.#writing) this.#end();
    else setTimeout(() => this.#end(), FAREWELL_MS).unref();
  }

  #end(): void {
    if (this.#ending === null) return;
    const why = this.#ending;
    this.#ending = null;
    this.#call.emit('error', failureOf(why));
  }
}

function supersedes(message: Acknowledged, before: ToRunner): boolean {
  return before.kind === 'acknowledged' && before.run === message.run && !before.finished;
}
