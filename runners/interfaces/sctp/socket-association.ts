import { Fifo } from './fifo.ts';
import type { Heartbeats } from './heartbeats.ts';
import { Mailbox } from './mailbox.ts';
import { checkMessage, hasEnded } from './message-check.ts';
import type { Notification } from './notifications.ts';
import type {
  CauseRecord,
  LossReason,
  PeerAddress,
  SctpAssociation,
  SctpEvent,
  SctpMessage,
  SendOptions,
  TransportName,
} from './types.ts';

/** One association behind a socket of a stack that is not ours. Nothing in here waits. @see RFC 6458 §4 */
export interface AssociationSocket {
  readonly transport: TransportName;
  readonly peer: PeerAddress;
  /** Largest message that can be sent, and that is taken. */
  readonly maxMessageBytes: number;
  /** What may wait here for its reader, beside what the stack keeps. */
  readonly receiveWindowBytes: number;
  /** Whether it is in the send buffer. `false` while that is full, and after the end, which `receive` tells. */
  send(message: SctpMessage): boolean;
  receive(): Received;
  /** Sends what is buffered, then ends. */
  shutdown(): void;
  /** Ends it at once, and frees the socket. */
  abort(why: string): void;
  /** Frees the socket of an association that has ended. */
  free(): void;
}

export type Received =
  | { readonly type: 'nothing' | 'end' }
  | ({ readonly type: 'part'; readonly isWhole: boolean } & { readonly part: SctpMessage })
  | { readonly type: 'notification'; readonly notification: Notification }
  /** @param errno of Linux, and what the peer said if it did */
  | { readonly type: 'lost'; readonly errno: number; readonly causes: readonly CauseRecord[] };

interface Waiting {
  readonly message: SctpMessage;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** By error number of Linux. */
const LOSSES: Readonly<Record<number, readonly [LossReason, string]>> = {
  103: ['peerViolation', 'the association was aborted here'],
  104: ['peerAborted', 'the peer has aborted the association'],
  110: ['unreachable', 'the peer does not answer'],
  111: ['peerAborted', 'the peer refuses the association'],
  113: ['unreachable', 'there is no way to the peer'],
};
const MAX_EVENTS = 1_024;

export interface SocketAssociationOptions {
  /** Called once. */
  readonly whenEnded: () => void;
  readonly heartbeats?: Heartbeats;
}

/** Looked at (`service`) after whatever may have changed the socket. */
export class SocketAssociation implements SctpAssociation {
  readonly events = new Mailbox<SctpEvent>(MAX_EVENTS);
  readonly messages: AsyncIterable<SctpMessage>;
  readonly firstEvent: Promise<SctpEvent>;
  readonly ended: Promise<void>;
  readonly heartbeats: Heartbeats | undefined;
  outStreams = 0;
  inStreams = 0;
  readonly #socket: AssociationSocket;
  readonly #whenEnded: () => void;
  readonly #inbox = new Mailbox<SctpMessage>();
  readonly #waiting = new Fifo<Waiting>();
  #parts: SctpMessage[] = [];
  #partBytes = 0;
  #held = 0;
  #isClosing = false;
  #isOver = false;
  #tellFirst: (event: SctpEvent) => void = () => {};
  #tellEnded: () => void = () => {};

  constructor(socket: AssociationSocket, { whenEnded, heartbeats }: SocketAssociationOptions) {
    this.#socket = socket;
    this.heartbeats = heartbeats;
    this.#whenEnded = whenEnded;
    this.firstEvent = new Promise((resolve) => (this.#tellFirst = resolve));
    this.ended = new Promise((resolve) => (this.#tellEnded = resolve));
    this.messages = this.#messages();
  }

  get transport(): TransportName {
    return this.#socket.transport;
  }

  get peer(): PeerAddress {
    return this.#socket.peer;
  }

  send(bytes: Uint8Array, options: SendOptions = {}): Promise<void> {
    const { maxMessageBytes: maxBytes } = this.#socket;
    const message = checkMessage(bytes, options, { outStreams: this.outStreams, maxBytes });
    if (message instanceof Error) return Promise.reject(message);
    if (this.#isOver || this.#isClosing) return Promise.reject(hasEnded(this.peer));
    if (this.#waiting.length === 0 && this.#socket.send(message)) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.push({ message, resolve, reject }));
  }

  async close(): Promise<void> {
    this.#refuseWaiting();
    if (!this.#isOver && !this.#isClosing) {
      this.#isClosing = true;
      this.#socket.shutdown();
    }
    await this.ended;
  }

  abort(why = 'aborted by the tester'): void {
    if (this.#isOver) return;
    this.#socket.abort(why);
    this.#over({ type: 'lost', why: 'aborted', text: why, causes: [], undelivered: this.#waiting.length });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.abort();
    await this.ended;
  }

  /** Takes what has come, and sends what waits. */
  service(): void {
    while (!this.#isOver && !this.#isFull() && this.#receive());
    while (!this.#isOver && this.#waiting.length > 0) {
      const next = this.#waiting.at(0);
      if (next === undefined || !this.#socket.send(next.message)) return;
      this.#waiting.shift();
      next.resolve();
    }
  }

  #isFull(): boolean {
    return this.#held >= this.#socket.receiveWindowBytes;
  }

  /** Whether there may be more. */
  #receive(): boolean {
    const received = this.#socket.receive();
    switch (received.type) {
      case 'nothing':
        return false;
      case 'end':
        this.#end({ type: 'closed' });
        return false;
      case 'lost': {
        const { errno, causes } = received;
        const [why, text] = LOSSES[errno] ?? ['peerViolation', `the association ended with error ${errno}`];
        this.#end({ type: 'lost', why, text, causes, undelivered: this.#waiting.length });
        return false;
      }
      case 'notification':
        this.#notified(received.notification);
        return true;
      case 'part':
        this.#take(received.part, received.isWhole);
        return true;
    }
  }

  #notified(notification: Notification): void {
    switch (notification.type) {
      case 'up':
        this.outStreams = notification.outStreams;
        this.inStreams = notification.inStreams;
        this.#tellFirst(notification);
        this.events.put(notification);
        return;
      case 'restarted':
        this.events.put({ type: 'restarted', undelivered: this.#waiting.length });
        return;
      case 'closed':
        this.#end({ type: 'closed' });
        return;
      case 'shutdown':
      case 'pathDown':
      case 'pathUp':
      case 'peerError':
        this.events.put(notification);
        return;
      // Losses are told by the socket, which knows the error number; the rest is of no use here.
      case 'lost':
      case 'other':
    }
  }

  #take(part: SctpMessage, isWhole: boolean): void {
    this.#parts.push(part);
    this.#partBytes += part.bytes.length;
    if (this.#partBytes > this.#socket.maxMessageBytes) {
      this.abort('the peer sent a message above the limit');
      return;
    }
    if (!isWhole) return;
    const bytes =
      this.#parts.length === 1 ? part.bytes : Buffer.concat(this.#parts.map((piece) => piece.bytes));
    this.#held += bytes.length;
    this.#parts = [];
    this.#partBytes = 0;
    this.#inbox.put({ ...part, bytes });
  }

  #end(event: SctpEvent): void {
    if (!this.#isOver) this.#socket.free();
    this.#over(event);
  }

  #over(event: SctpEvent): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.events.put(event);
    this.events.end();
    this.#inbox.end();
    this.#refuseWaiting();
    this.#whenEnded();
    this.#tellFirst(event);
    this.#tellEnded();
  }

  #refuseWaiting(): void {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      next.reject(hasEnded(this.peer));
    }
  }

  async *#messages(): AsyncGenerator<SctpMessage> {
    for await (const message of this.#inbox) {
      const wasFull = this.#isFull();
      this.#held -= message.bytes.length;
      if (wasFull) this.service();
      yield message;
    }
  }
}
