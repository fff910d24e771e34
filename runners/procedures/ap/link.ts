import { MESSAGE } from '../../../src/evidence/message-log.ts';
import { pause } from '../../../src/kernel/deadline.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { ApPeer, type ApPeerOptions, type EntryIn, type OutcomeIn } from '../../interfaces/ap/peer.ts';
import type { ApShape, IesIn, OutgoingIn, RequestIn } from '../../interfaces/ap/types.ts';
import type { SctpAssociation, SctpEvent } from '../../interfaces/sctp/types.ts';
import type { Bench } from '../procedure.ts';
import type { ApInterface } from './ap-interface.ts';
import {
  eventData,
  MESSAGE_PART,
  messageObservations,
  type Parties,
  SCTP_EVENT,
} from './message-observation.ts';

export interface ApLinkOptions<S extends ApShape> extends Pick<
  ApPeerOptions<S>,
  'handle' | 'answerFaults' | 'ppid' | 'stream'
> {
  readonly bench: Bench;
  /** The link owns it. */
  readonly association: SctpAssociation;
  readonly parties: Parties;
  /** The step under which things are observed until {@link ApLink.enter}. */
  readonly step: string;
}

export interface LinkWaiting {
  readonly signal: AbortSignal;
  readonly withinMs: number;
}

/** How long an association may take to shut down. */
const CLOSE_WITHIN_MS = 2_000;

/**
 * One association with a product on which its protocol is spoken: every message and every event of it is observed.
 *
 * Disposing it shuts the association down: that it got there says that the product had acknowledged all it was sent.
 */
export class ApLink<S extends ApShape> implements AsyncDisposable {
  readonly peer: ApPeer<S>;
  /** False while so many messages go by that whoever sends them observes what they come to instead. */
  observes = true;
  readonly #interface: ApInterface<S>;
  readonly #bench: Bench;
  readonly #parties: Parties;
  #step: string;
  #isOpen = true;

  constructor(spoken: ApInterface<S>, { bench, association, parties, step, ...options }: ApLinkOptions<S>) {
    this.#interface = spoken;
    this.#bench = bench;
    this.#parties = parties;
    this.#step = step;
    const shown = withEvents(association, (event) => this.#happened(event));
    this.peer = new ApPeer<S>(spoken.protocol, {
      ...options,
      association: shown,
      told: (entry) => this.#told(entry),
    });
  }

  get association(): string {
    return this.#parties.association;
  }

  /** The payload protocol identifier of what is spoken. */
  get ppid(): number {
    return this.#interface.protocol.ppid;
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
  send(step: string, message: OutgoingIn<S>): Promise<void> {
    this.enter(step);
    return unlessEnded(this.peer.send(message));
  }

  sendBytes(step: string, bytes: Uint8Array): Promise<void> {
    this.enter(step);
    return unlessEnded(this.peer.sendBytes(bytes));
  }

  request<Name extends RequestIn<S>>(
    step: string,
    { name, ies }: { readonly name: Name; readonly ies: IesIn<S, Name> },
    { signal, withinMs }: LinkWaiting,
  ): Promise<OutcomeIn<S, Name>> {
    this.enter(step);
    return this.peer.request(name, ies, { signal, timeoutMs: withinMs });
  }

  requestBytes<Name extends RequestIn<S>>(
    step: string,
    bytes: Uint8Array,
    { signal, withinMs }: LinkWaiting,
  ): Promise<OutcomeIn<S, Name>> {
    this.enter(step);
    return this.peer.requestBytes<Name>(bytes, { signal, timeoutMs: withinMs });
  }

  /** The first message of the product from `from` on (default: now) that fits; null when none came in time. */
  waitFor(
    fits: (entry: EntryIn<S>) => boolean,
    { signal, withinMs, from = this.next }: LinkWaiting & { readonly from?: number },
  ): Promise<EntryIn<S> | null> {
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

  #told(entry: EntryIn<S>): void {
    if (!this.#isOpen || !this.observes) return;
    const { message, parts } = messageObservations(entry, this.#parties, this.#interface);
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
  const { transport, peer, outStreams, inStreams, heartbeats, messages } = association;
  async function* events(): AsyncGenerator<SctpEvent> {
    for await (const event of association.events) {
      told(event);
      yield event;
    }
  }
  return {
    ...{ transport, peer, outStreams, inStreams, heartbeats, messages },
    events: events(),
    send: (bytes, options) => association.send(bytes, options),
    close: () => association.close(),
    abort: (why) => association.abort(why),
    [Symbol.asyncDispose]: () => association[Symbol.asyncDispose](),
  };
}
