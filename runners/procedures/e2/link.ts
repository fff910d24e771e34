import { MESSAGE } from '../../../src/evidence/message-log.ts';
import { pause } from '../../../src/kernel/deadline.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import type { Outgoing } from '../../interfaces/e2/answers.ts';
import type { PduEntry } from '../../interfaces/e2/journal.ts';
import { E2Peer, type E2PeerOptions, type Outcome } from '../../interfaces/e2/peer.ts';
import type { Ies, RequestName } from '../../interfaces/e2/types.ts';
import type { SctpAssociation, SctpEvent } from '../../interfaces/sctp/types.ts';
import type { Bench } from '../procedure.ts';
import {
  eventData,
  MESSAGE_PART,
  messageObservations,
  type Parties,
  SCTP_EVENT,
} from './message-observation.ts';

export interface LinkOptions extends Pick<E2PeerOptions, 'handle' | 'answerFaults' | 'ppid' | 'stream'> {
  readonly bench: Bench;
  /** The link owns it. */
  readonly association: SctpAssociation;
  readonly parties: Parties;
  /** The step under which things are observed until {@link E2Link.enter}. */
  readonly step: string;
}

export interface LinkWaiting {
  readonly signal: AbortSignal;
  readonly withinMs: number;
}

/** How long an association may take to shut down. */
const CLOSE_WITHIN_MS = 2_000;

/**
 * One association with a product on which E2AP is spoken: every message and every event of it is observed.
 *
 * Disposing it shuts the association down: that it got there says that the product had acknowledged all it was sent.
 */
export class E2Link implements AsyncDisposable {
  readonly peer: E2Peer;
  /** False while so many messages go by that whoever sends them observes what they come to instead. */
  observes = true;
  readonly #bench: Bench;
  readonly #parties: Parties;
  #step: string;
  #isOpen = true;

  constructor({ bench, association, parties, step, ...options }: LinkOptions) {
    this.#bench = bench;
    this.#parties = parties;
    this.#step = step;
    const shown = withEvents(association, (event) => this.#happened(event));
    this.peer = new E2Peer({ ...options, association: shown, told: (entry) => this.#told(entry) });
  }

  get association(): string {
    return this.#parties.association;
  }

  /** The number of the next message: what comes from then on is `waitFor`'s, when it is given as `from`. */
  get next(): number {
    return this.peer.journal.next;
  }

  /** What is seen from now on belongs to that step. */
  enter(step: string): void {
    this.#step = step;
  }

  /** An association that the product has ended takes nothing more: that is seen by its events. */
  send(step: string, message: Outgoing): Promise<void> {
    this.enter(step);
    return unlessEnded(this.peer.send(message));
  }

  sendBytes(step: string, bytes: Uint8Array): Promise<void> {
    this.enter(step);
    return unlessEnded(this.peer.sendBytes(bytes));
  }

  request<Name extends RequestName>(
    step: string,
    { name, ies }: { readonly name: Name; readonly ies: Ies<Name> },
    { signal, withinMs }: LinkWaiting,
  ): Promise<Outcome<Name>> {
    this.enter(step);
    return this.peer.request(name, ies, { signal, timeoutMs: withinMs });
  }

  requestBytes<Name extends RequestName>(
    step: string,
    bytes: Uint8Array,
    { signal, withinMs }: LinkWaiting,
  ): Promise<Outcome<Name>> {
    this.enter(step);
    return this.peer.requestBytes<Name>(bytes, { signal, timeoutMs: withinMs });
  }

  /** The first message of the product from `from` on (default: now) that fits; null when none came in time. */
  waitFor(
    fits: (entry: PduEntry) => boolean,
    { signal, withinMs, from = this.next }: LinkWaiting & { readonly from?: number },
  ): Promise<PduEntry | null> {
    return this.peer.waitFor(fits, { signal, timeoutMs: withinMs, from });
  }

  /** Shuts the association down; aborts it when the product does not let it. */
  async close(step = 'close'): Promise<void> {
    if (!this.#isOpen) return;
    this.enter(step);
    const late = new AbortController();
    const closed = this.peer.close().then(() => late.abort());
    await Promise.race([closed, pause(CLOSE_WITHIN_MS, { signal: late.signal }).catch(() => {})]);
    await this[Symbol.asyncDispose]();
  }

  /** Ends it at once. */
  async abort(step: string): Promise<void> {
    this.enter(step);
    await this.peer[Symbol.asyncDispose]();
    this.#isOpen = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.peer[Symbol.asyncDispose]();
    this.#isOpen = false;
  }

  #told(entry: PduEntry): void {
    if (!this.#isOpen || !this.observes) return;
    const { message, parts } = messageObservations(entry, this.#parties);
    for (const part of parts) this.#bench.observe(this.#step, MESSAGE_PART, part);
    this.#bench.observe(this.#step, MESSAGE, message);
  }

  #happened(event: SctpEvent): void {
    if (this.#isOpen && this.observes)
      this.#bench.observe(this.#step, SCTP_EVENT, eventData(this.association, event));
  }
}

export async function unlessEnded(sending: Promise<unknown>): Promise<void> {
  try {
    await sending;
  } catch (error) {
    if (!(error instanceof HarnessError && error.code === 'SCTP_ENDED')) throw error;
  }
}

/** The same association, whose events are told as they are taken. */
function withEvents(association: SctpAssociation, told: (event: SctpEvent) => void): SctpAssociation {
  const { transport, peer, outStreams, inStreams, messages } = association;
  async function* events(): AsyncGenerator<SctpEvent> {
    for await (const event of association.events) {
      told(event);
      yield event;
    }
  }
  return {
    ...{ transport, peer, outStreams, inStreams, messages },
    events: events(),
    send: (bytes, options) => association.send(bytes, options),
    close: () => association.close(),
    abort: (why) => association.abort(why),
    [Symbol.asyncDispose]: () => association[Symbol.asyncDispose](),
  };
}
