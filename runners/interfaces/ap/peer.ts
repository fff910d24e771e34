import { Answers } from './answers.ts';
import type { DecodedPdu } from './codec.ts';
import type { Comprehension } from './comprehension.ts';
import { Journal, type JournalLimits, type PduEntry } from './journal.ts';
import type { ApProtocol } from './protocol.ts';
import { streamFor } from './streams.ts';
import { Transactions, wantsAnswer } from './transactions.ts';
import type {
  AcceptedIn,
  AnyAcceptedIn,
  AnyMessageIn,
  ApMessage,
  ApShape,
  FailureIn,
  IesIn,
  MessageIn,
  NameIn,
  OutgoingIn,
  RequestIn,
  SuccessIn,
} from './types.ts';
import type { SctpAssociation, SctpEvent, SctpMessage } from '../sctp/types.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';

export interface ApPeerOptions<S extends ApShape> {
  /** The peer owns it: disposing the peer aborts it. */
  readonly association: SctpAssociation;
  /** Payload protocol identifier of what is sent; default that of the protocol. */
  readonly ppid?: number;
  /** Stream of what is sent; default: 0, of UE-associated signalling 1. */
  readonly stream?: number;
  /**
   * What becomes of a message that begins a procedure and that the rules of the protocol let through; what it returns is sent.
   * Default: nothing.
   */
  readonly handle?: (message: AnyAcceptedIn<S>, entry: EntryIn<S>) => readonly OutgoingIn<S>[];
  /** What goes out because a message breaks the rules of the protocol; default: what clause 10 says. */
  readonly answerFaults?: (entry: EntryIn<S>, answer: OutgoingIn<S> | null) => OutgoingIn<S> | null;
  /** In ms, never backwards; default `performance.now`. */
  readonly now?: () => number;
  /** Hears of every message in both directions. */
  readonly told?: (entry: EntryIn<S>) => void;
  readonly limits?: Partial<JournalLimits>;
}

/** How a request ended. What the product did is data; only an abort by the caller is thrown. */
export type OutcomeIn<S extends ApShape, Name extends RequestIn<S>> = { readonly tookMs: number } & (
  | { readonly kind: 'successful'; readonly message: AcceptedIn<S, SuccessIn<S, Name>> }
  | { readonly kind: 'unsuccessful'; readonly message: AcceptedIn<S, FailureIn<S, Name>> }
  | { readonly kind: 'errorIndication'; readonly message: MessageIn<S, 'ErrorIndication' & NameIn<S>> }
  /** There was an answer, and the rules of the protocol do not let it through. */
  | {
      readonly kind: 'unacceptable';
      readonly message: AnyMessageIn<S>;
      readonly comprehension: Comprehension;
    }
  | { readonly kind: 'silent' }
  | { readonly kind: 'ended'; readonly event: SctpEvent | null }
);

export interface Waiting {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** A message that was sent or received. */
export type EntryIn<S extends ApShape> = PduEntry<AnyMessageIn<S>>;
type Watcher<S extends ApShape> = (entry: EntryIn<S> | null) => void;

/** One end of a protocol on an association, whichever side it plays. */
export class ApPeer<S extends ApShape> implements AsyncDisposable {
  readonly journal: Journal<AnyMessageIn<S>>;
  /** Resolves when the association has ended, with its last event; `null` when that was not told. */
  readonly ended: Promise<SctpEvent | null>;
  readonly #protocol: ApProtocol<S>;
  readonly #options: ApPeerOptions<S>;
  readonly #answers: Answers<S>;
  readonly #transactions: Transactions;
  readonly #watchers = new Set<Watcher<S>>();
  readonly #now: () => number;
  #last: SctpEvent | null = null;
  #isOver = false;

  constructor(protocol: ApProtocol<S>, options: ApPeerOptions<S>) {
    this.#protocol = protocol;
    this.#answers = new Answers(protocol);
    this.#transactions = new Transactions(protocol);
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    const { limits, told } = options;
    this.journal = new Journal({
      now: this.#now,
      ...(limits === undefined ? {} : { limits }),
      ...(told === undefined ? {} : { told }),
    });
    this.ended = this.#run();
    // Whoever waits for the end hears of it; nobody has to.
    this.ended.catch(() => {});
  }

  get association(): SctpAssociation {
    return this.#options.association;
  }

  /** Whether the association has ended. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** A transaction identifier that is not in use. */
  newTransactionId(): number {
    return this.#transactions.newId();
  }

  /** @throws HarnessError SCTP_ENDED; PER_VALUE_INVALID when the message cannot be written */
  send({ name, ies }: OutgoingIn<S>): Promise<EntryIn<S>> {
    return this.sendBytes(this.#protocol.codec.encodeMessage(name, ies));
  }

  /** Any octets; a request among them is known to be open. @throws HarnessError SCTP_ENDED */
  sendBytes(bytes: Uint8Array): Promise<EntryIn<S>> {
    const { codec, rules } = this.#protocol;
    const decoded = codec.decodePdu(bytes);
    const message = decoded.message as ApMessage | null;
    if (message !== null && wantsAnswer(message, rules)) this.#transactions.open(message, this.journal.next);
    return this.#send(decoded);
  }

  /**
   * Sends a request and waits for what comes of it.
   * @throws the reason of the signal; HarnessError PER_VALUE_INVALID when the message cannot be written
   */
  request<Name extends RequestIn<S>>(
    name: Name,
    ies: IesIn<S, Name>,
    waiting: Waiting,
  ): Promise<OutcomeIn<S, Name>> {
    return this.requestBytes<Name>(this.#protocol.codec.encodeMessage(name, ies), waiting);
  }

  /** The same with octets that are, or should have been, such a request. */
  async requestBytes<Name extends RequestIn<S>>(
    bytes: Uint8Array,
    waiting: Waiting,
  ): Promise<OutcomeIn<S, Name>> {
    waiting.signal.throwIfAborted();
    const startedMs = this.#now();
    const decoded = this.#protocol.codec.decodePdu(bytes);
    const request = this.#transactions.open(decoded.message, this.journal.next);
    const from = request.entry;
    try {
      await this.#send(decoded);
      const answer = await this.waitFor(({ answers }) => answers === from, { ...waiting, from });
      return { ...this.#outcome<Name>(answer), tookMs: this.#now() - startedMs } as OutcomeIn<S, Name>;
    } catch (error) {
      if (!(error instanceof HarnessError && error.code === 'SCTP_ENDED')) throw error;
      return { kind: 'ended', event: await this.ended, tookMs: this.#now() - startedMs };
    } finally {
      this.#transactions.close(request);
    }
  }

  /**
   * The first message that was received, is in the journal from `from` on (default: what comes from now on) and fits.
   * `null` when the time is over or the association has ended.
   * @throws the reason of the signal
   */
  async waitFor(
    fits: (entry: EntryIn<S>) => boolean,
    { signal, timeoutMs, from = this.journal.next }: Waiting & { readonly from?: number },
  ): Promise<EntryIn<S> | null> {
    signal.throwIfAborted();
    const isIt = (entry: EntryIn<S>) => entry.direction === 'received' && entry.n >= from && fits(entry);
    const there = this.journal.entries.find(isIt);
    if (there !== undefined || this.#isOver) return there ?? null;
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(watcher);
        signal.removeEventListener('abort', abort);
      };
      const watcher: Watcher<S> = (entry) => {
        if (entry !== null && !isIt(entry)) return;
        stop();
        resolve(entry);
      };
      const abort = (): void => {
        stop();
        reject(signal.reason as Error);
      };
      const timer = setTimeout(() => watcher(null), timeoutMs);
      signal.addEventListener('abort', abort, { once: true });
      this.#watchers.add(watcher);
    });
  }

  /** Shuts the association down, with what is buffered delivered. */
  async close(): Promise<void> {
    await this.association.close();
    await this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.association[Symbol.asyncDispose]();
    await this.ended;
  }

  async #send(decoded: DecodedPdu<AnyMessageIn<S>>): Promise<EntryIn<S>> {
    const { bytes } = decoded;
    const message = decoded.message as ApMessage | null;
    const { outStreams } = this.association;
    const usual = streamFor(message, { protocol: this.#protocol, outStreams });
    const { ppid = this.#protocol.ppid, stream = usual } = this.#options;
    const entry = this.journal.add({
      ...{ direction: 'sent', ppid, stream, bytes, decoded, comprehension: null, answers: null },
      relation: message?.kind === 'initiating' ? 'initiating' : 'unknown',
    });
    await this.association.send(bytes, { ppid, stream });
    return entry;
  }

  #outcome<Name extends RequestIn<S>>(answer: EntryIn<S> | null): AnswerIn<S, Name> {
    const { message = null } = answer?.decoded ?? {};
    if (answer !== null && message !== null) return outcomeOf<S, Name>(message, answer.comprehension);
    return (this.#isOver ? { kind: 'ended', event: this.#last } : { kind: 'silent' }) as AnswerIn<S, Name>;
  }

  async #run(): Promise<SctpEvent | null> {
    const events = this.#watchEvents();
    try {
      for await (const message of this.association.messages) await this.#receive(message);
      await events;
    } finally {
      this.#isOver = true;
      for (const watcher of [...this.#watchers]) watcher(null);
    }
    return this.#last;
  }

  async #watchEvents(): Promise<void> {
    for await (const event of this.association.events) this.#last = event;
  }

  async #receive({ bytes, ppid, stream }: SctpMessage): Promise<void> {
    const { codec, comprehend } = this.#protocol;
    const decoded = codec.decodePdu(bytes);
    const comprehension = comprehend(decoded);
    const { relation, request } =
      decoded.message === null
        ? ({ relation: 'unknown', request: null } as const)
        : this.#transactions.relate(decoded.message);
    const entry = this.journal.add({
      ...{ direction: 'received', ppid, stream, bytes, decoded, comprehension, relation },
      answers: request?.entry ?? null,
    });
    for (const watcher of [...this.#watchers]) watcher(entry);
    for (const answer of this.#answersTo(entry, comprehension)) await this.#sendUnlessEnded(answer);
  }

  #answersTo(entry: EntryIn<S>, comprehension: Comprehension): readonly OutgoingIn<S>[] {
    const { answerFaults = (_entry, standard) => standard, handle = () => [] } = this.#options;
    const message = entry.decoded.message as ApMessage | null;
    const toFaults =
      comprehension.findings.length === 0
        ? null
        : answerFaults(entry, this.#answers.protocolAnswer(entry.decoded, comprehension));
    const isForUs = message !== null && comprehension.action === 'accept' && message.kind === 'initiating';
    const answers = isForUs ? handle(message as AnyAcceptedIn<S>, entry) : [];
    return toFaults === null ? answers : [toFaults, ...answers];
  }

  async #sendUnlessEnded(answer: OutgoingIn<S>): Promise<void> {
    try {
      await this.send(answer);
    } catch (error) {
      if (!(error instanceof HarnessError && error.code === 'SCTP_ENDED')) throw error;
    }
  }
}

type AnswerIn<S extends ApShape, Name extends RequestIn<S>> =
  OutcomeIn<S, Name> extends infer Each ? Omit<Each, 'tookMs'> : never;

function outcomeOf<S extends ApShape, Name extends RequestIn<S>>(
  message: AnyMessageIn<S>,
  comprehension: Comprehension | null,
): AnswerIn<S, Name> {
  const { name, kind } = message as ApMessage;
  const how =
    name === 'ErrorIndication'
      ? { kind: 'errorIndication', message }
      : comprehension?.action !== 'accept'
        ? { kind: 'unacceptable', message, comprehension }
        : { kind, message };
  return how as unknown as AnswerIn<S, Name>;
}
