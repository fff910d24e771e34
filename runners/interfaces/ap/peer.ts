import { protocolAnswer, type Outgoing } from './answers.ts';
import { decodePdu, type DecodedPdu, E2AP_PPID, encodeMessage } from './codec.ts';
import { comprehend, type Comprehension } from './comprehension.ts';
import { Journal, type JournalLimits, type PduEntry } from './journal.ts';
import { Transactions, wantsAnswer } from './transactions.ts';
import type {
  AcceptedMessage,
  AnyAccepted,
  AnyMessage,
  E2Message,
  FailureName,
  Ies,
  RequestName,
  SuccessName,
} from './types.ts';
import type { SctpAssociation, SctpEvent, SctpMessage } from '../sctp/types.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';

export interface E2PeerOptions {
  /** The peer owns it: disposing the peer aborts it. */
  readonly association: SctpAssociation;
  /** Payload protocol identifier of what is sent; default 70. */
  readonly ppid?: number;
  /** Stream of what is sent; default 0. */
  readonly stream?: number;
  /**
   * What becomes of a message that begins a procedure and that the rules of the protocol let through; what it returns is sent.
   * Default: nothing.
   */
  readonly handle?: (message: AnyAccepted, entry: PduEntry) => readonly Outgoing[];
  /** What goes out because a message breaks the rules of the protocol; default: what clause 10 says. */
  readonly answerFaults?: (entry: PduEntry, answer: Outgoing | null) => Outgoing | null;
  /** In ms, never backwards; default `performance.now`. */
  readonly now?: () => number;
  /** Hears of every message in both directions. */
  readonly told?: (entry: PduEntry) => void;
  readonly limits?: Partial<JournalLimits>;
}

/** How a request ended. What the product did is data; only an abort by the caller is thrown. */
export type Outcome<Name extends RequestName> = { readonly tookMs: number } & (
  | { readonly kind: 'successful'; readonly message: AcceptedMessage<SuccessName<Name>> }
  | { readonly kind: 'unsuccessful'; readonly message: AcceptedMessage<FailureName<Name>> }
  | { readonly kind: 'errorIndication'; readonly message: E2Message<'ErrorIndication'> }
  /** There was an answer, and the rules of the protocol do not let it through. */
  | { readonly kind: 'unacceptable'; readonly message: AnyMessage; readonly comprehension: Comprehension }
  | { readonly kind: 'silent' }
  | { readonly kind: 'ended'; readonly event: SctpEvent | null }
);

export interface Waiting {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

type Watcher = (entry: PduEntry | null) => void;

/** One end of E2AP on an association, whichever side it plays. */
export class E2Peer implements AsyncDisposable {
  readonly journal: Journal;
  /** Resolves when the association has ended, with its last event; `null` when that was not told. */
  readonly ended: Promise<SctpEvent | null>;
  readonly #options: E2PeerOptions;
  readonly #transactions = new Transactions();
  readonly #watchers = new Set<Watcher>();
  readonly #now: () => number;
  #last: SctpEvent | null = null;
  #isOver = false;

  constructor(options: E2PeerOptions) {
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
  send({ name, ies }: Outgoing): Promise<PduEntry> {
    return this.sendBytes(encodeMessage(name, ies as Ies<typeof name>));
  }

  /** Any octets; a request among them is known to be open. @throws HarnessError SCTP_ENDED */
  sendBytes(bytes: Uint8Array): Promise<PduEntry> {
    const decoded = decodePdu(bytes);
    const { message } = decoded;
    if (message !== null && wantsAnswer(message)) this.#transactions.open(message, this.journal.next);
    return this.#send(decoded);
  }

  /**
   * Sends a request and waits for what comes of it.
   * @throws the reason of the signal; HarnessError PER_VALUE_INVALID when the message cannot be written
   */
  request<Name extends RequestName>(name: Name, ies: Ies<Name>, waiting: Waiting): Promise<Outcome<Name>> {
    return this.requestBytes<Name>(encodeMessage(name, ies), waiting);
  }

  /** The same with octets that are, or should have been, such a request. */
  async requestBytes<Name extends RequestName>(bytes: Uint8Array, waiting: Waiting): Promise<Outcome<Name>> {
    waiting.signal.throwIfAborted();
    const startedMs = this.#now();
    const decoded = decodePdu(bytes);
    const request = this.#transactions.open(decoded.message, this.journal.next);
    const from = request.entry;
    try {
      await this.#send(decoded);
      const answer = await this.waitFor(({ answers }) => answers === from, { ...waiting, from });
      return { ...this.#outcome<Name>(answer), tookMs: this.#now() - startedMs } as Outcome<Name>;
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
    fits: (entry: PduEntry) => boolean,
    { signal, timeoutMs, from = this.journal.next }: Waiting & { readonly from?: number },
  ): Promise<PduEntry | null> {
    signal.throwIfAborted();
    const isIt = (entry: PduEntry) => entry.direction === 'received' && entry.n >= from && fits(entry);
    const there = this.journal.entries.find(isIt);
    if (there !== undefined || this.#isOver) return there ?? null;
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(watcher);
        signal.removeEventListener('abort', abort);
      };
      const watcher: Watcher = (entry) => {
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

  async #send(decoded: DecodedPdu): Promise<PduEntry> {
    const { ppid = E2AP_PPID, stream = 0 } = this.#options;
    const { bytes, message } = decoded;
    const entry = this.journal.add({
      ...{ direction: 'sent', ppid, stream, bytes, decoded, comprehension: null, answers: null },
      relation: message?.kind === 'initiating' ? 'initiating' : 'unknown',
    });
    await this.association.send(bytes, { ppid, stream });
    return entry;
  }

  #outcome<Name extends RequestName>(answer: PduEntry | null): Answer<Name> {
    const { message = null } = answer?.decoded ?? {};
    if (answer !== null && message !== null) return outcomeOf<Name>(message, answer.comprehension);
    return (this.#isOver ? { kind: 'ended', event: this.#last } : { kind: 'silent' }) as Answer<Name>;
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
    const decoded = decodePdu(bytes);
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

  #answersTo(entry: PduEntry, comprehension: Comprehension): readonly Outgoing[] {
    const { answerFaults = (_entry, standard) => standard, handle = () => [] } = this.#options;
    const { message } = entry.decoded;
    const toFaults =
      comprehension.findings.length === 0
        ? null
        : answerFaults(entry, protocolAnswer(entry.decoded, comprehension));
    const isForUs = message !== null && comprehension.action === 'accept' && message.kind === 'initiating';
    const answers = isForUs ? handle(message as AnyAccepted, entry) : [];
    return toFaults === null ? answers : [toFaults, ...answers];
  }

  async #sendUnlessEnded(answer: Outgoing): Promise<void> {
    try {
      await this.send(answer);
    } catch (error) {
      if (!(error instanceof HarnessError && error.code === 'SCTP_ENDED')) throw error;
    }
  }
}

type Answer<Name extends RequestName> = Outcome<Name> extends infer Each ? Omit<Each, 'tookMs'> : never;

function outcomeOf<Name extends RequestName>(
  message: AnyMessage,
  comprehension: Comprehension | null,
): Answer<Name> {
  if (message.name === 'ErrorIndication') return { kind: 'errorIndication', message } as Answer<Name>;
  if (comprehension?.action !== 'accept')
    return { kind: 'unacceptable', message, comprehension } as Answer<Name>;
  return { kind: message.kind, message } as unknown as Answer<Name>;
}
