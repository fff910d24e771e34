import { Fifo } from './fifo.ts';
import { Mailbox } from './mailbox.ts';
import { checkMessage, hasEnded } from './message-check.ts';
import { type Notification, type NotificationNumbers, readNotification } from './notifications.ts';
import type { SctpSettings } from './settings.ts';
import type {
  LossReason,
  PeerAddress,
  SctpAssociation,
  SctpEvent,
  SctpMessage,
  SendOptions,
} from './types.ts';
import type { Serviced, UsrsctpRuntime } from './usrsctp-runtime.ts';

export interface UsrsctpSocket {
  readonly runtime: UsrsctpRuntime;
  /** The socket of the library. */
  readonly so: number | bigint;
  readonly peerNumber: number;
  readonly peer: PeerAddress;
  readonly settings: SctpSettings;
  readonly ended: () => void;
}

interface Waiting {
  readonly message: SctpMessage;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const NUMBERS: NotificationNumbers = {
  ...{ associationChange: 1, peerAddressChange: 2, remoteError: 3, shutdownEvent: 5 },
  changes: [1, 2, 3, 4, 5],
  ...{ addressAvailable: 1, addressUnreachable: 2, addressStateAt: 8 + 128 },
};
const [NOTIFICATION, END_OF_RECORD] = [0x2000, 0x80];
const UNORDERED = 0x0400;
const SNDINFO = 1;
const SOL_SOCKET = 1;
const SO_LINGER = 13;
const EAGAIN = 11;
const ECONNRESET = 104;
const ETIMEDOUT = 110;
/** By error number of Linux. */
const LOSSES: Readonly<
  Record<104 | 110, readonly [LossReason, string]> & Record<number, readonly [LossReason, string] | undefined>
> = {
  103: ['peerViolation', 'the association was aborted here'],
  104: ['peerAborted', 'the peer has aborted the association'],
  110: ['unreachable', 'the peer does not answer'],
  111: ['peerAborted', 'the peer refuses the association'],
};
const MAX_EVENTS = 1_024;
const READ_BYTES = 256 * 1024;

/** An association of the library, looked at after every packet and tick. */
export class UsrsctpAssociation implements SctpAssociation, Serviced {
  readonly transport = 'sctp:usrsctp';
  readonly events = new Mailbox<SctpEvent>(MAX_EVENTS);
  readonly messages: AsyncIterable<SctpMessage>;
  readonly firstEvent: Promise<SctpEvent>;
  readonly ended: Promise<void>;
  outStreams = 0;
  inStreams = 0;
  readonly #socket: UsrsctpSocket;
  readonly #inbox = new Mailbox<SctpMessage>();
  readonly #waiting = new Fifo<Waiting>();
  readonly #buffer = Buffer.alloc(READ_BYTES);
  readonly #info = Buffer.alloc(64);
  readonly #from = Buffer.alloc(32);
  readonly #words = [new Uint32Array(1), new Uint32Array(1), new Uint32Array(1), new Uint32Array(1)] as const;
  readonly #sendInfo = Buffer.alloc(16);
  #parts: Uint8Array[] = [];
  #partBytes = 0;
  #held = 0;
  #isClosing = false;
  #isOver = false;
  #tellFirst: (event: SctpEvent) => void = () => {};
  #tellEnded: () => void = () => {};

  constructor(socket: UsrsctpSocket) {
    this.#socket = socket;
    this.firstEvent = new Promise((resolve) => (this.#tellFirst = resolve));
    this.ended = new Promise((resolve) => (this.#tellEnded = resolve));
    this.messages = this.#messages();
    socket.runtime.use(socket.peerNumber, true);
    socket.runtime.add(this);
  }

  get peer(): PeerAddress {
    return this.#socket.peer;
  }

  send(bytes: Uint8Array, options: SendOptions = {}): Promise<void> {
    const { maxMessageBytes: maxBytes } = this.#socket.settings;
    const message = checkMessage(bytes, options, { outStreams: this.outStreams, maxBytes });
    if (message instanceof Error) return Promise.reject(message);
    if (this.#isOver || this.#isClosing) return Promise.reject(hasEnded(this.peer));
    if (this.#waiting.length === 0 && this.#transmit(message)) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.push({ message, resolve, reject }));
  }

  async close(): Promise<void> {
    this.#refuseWaiting();
    if (!this.#isOver && !this.#isClosing) {
      this.#isClosing = true;
      this.#socket.runtime.library.shutdown(this.#socket.so, 1);
    }
    await this.ended;
  }

  abort(why = 'aborted by the tester'): void {
    if (this.#isOver) return;
    const linger = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
    this.#socket.runtime.library.setOption(this.#socket.so, SOL_SOCKET, SO_LINGER, linger, linger.length);
    this.#lost('aborted', why, []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.abort();
    await this.ended;
  }

  service(): void {
    while (!this.#isOver && this.#held < this.#socket.settings.receiveWindowBytes && this.#receive());
    while (!this.#isOver && this.#waiting.length > 0) {
      const next = this.#waiting.at(0);
      if (next === undefined || !this.#transmit(next.message)) return;
      this.#waiting.shift();
      next.resolve();
    }
  }

  #transmit({ bytes, ppid, stream, unordered }: SctpMessage): boolean {
    const info = this.#sendInfo;
    info.writeUInt16LE(stream, 0);
    info.writeUInt16LE(unordered ? UNORDERED : 0, 2);
    info.writeUInt32BE(ppid, 4);
    const { runtime, so } = this.#socket;
    return Number(runtime.library.send(so, bytes, bytes.length, null, 0, info, info.length, SNDINFO, 0)) >= 0;
  }

  /** Whether there may be more. */
  #receive(): boolean {
    const { runtime, so } = this.#socket;
    const [fromLength, infoLength, infoType, flags] = this.#words;
    fromLength[0] = this.#from.length;
    infoLength[0] = this.#info.length;
    flags.fill(0);
    const length = Number(
      runtime.library.receive(
        ...[so, this.#buffer, READ_BYTES, this.#from, fromLength, this.#info, infoLength, infoType, flags],
      ),
    );
    if (length < 0) return this.#failed(runtime.library.errno());
    if (length === 0) {
      this.#over({ type: 'closed' });
      return false;
    }
    const bytes = this.#buffer.subarray(0, length);
    const got = flags[0] ?? 0;
    if ((got & NOTIFICATION) !== 0) this.#notified(readNotification(Buffer.from(bytes), NUMBERS));
    else this.#take(new Uint8Array(bytes), (got & END_OF_RECORD) !== 0);
    return true;
  }

  #failed(errno: number): false {
    if (errno === EAGAIN) return false;
    const [why, text] = LOSSES[errno] ?? ['peerViolation', `the association ended with error ${errno}`];
    this.#lost(why, text, []);
    return false;
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
      case 'lost': {
        const { byPeer, causes } = notification;
        const [why, text] = LOSSES[byPeer ? ECONNRESET : ETIMEDOUT];
        this.#lost(why, text, causes);
        return;
      }
      case 'closed':
        this.#over({ type: 'closed' });
        return;
      case 'other':
        return;
      case 'shutdown':
        this.events.put({ type: 'shutdown' });
        return;
      case 'pathDown':
      case 'pathUp':
      case 'peerError':
        this.events.put(notification);
    }
  }

  #take(bytes: Uint8Array, isWhole: boolean): void {
    this.#parts.push(bytes);
    this.#partBytes += bytes.length;
    if (this.#partBytes > this.#socket.settings.maxMessageBytes) {
      this.abort('the peer sent a message above the limit');
      return;
    }
    if (!isWhole) return;
    const message: SctpMessage = {
      bytes: this.#parts.length === 1 ? bytes : Buffer.concat(this.#parts),
      stream: this.#info.readUInt16LE(0),
      ppid: this.#info.readUInt32BE(8),
      unordered: (this.#info.readUInt16LE(4) & UNORDERED) !== 0,
    };
    this.#held += message.bytes.length;
    this.#parts = [];
    this.#partBytes = 0;
    this.#inbox.put(message);
  }

  #lost(why: LossReason, text: string, causes: Extract<SctpEvent, { type: 'lost' }>['causes']): void {
    this.#over({ type: 'lost', why, text, causes, undelivered: this.#waiting.length });
  }

  #over(event: SctpEvent): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { runtime, so, peerNumber, ended } = this.#socket;
    runtime.library.close(so);
    runtime.delete(this);
    runtime.use(peerNumber, false);
    this.events.put(event);
    this.events.end();
    this.#inbox.end();
    this.#refuseWaiting();
    ended();
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
      const wasFull = this.#held >= this.#socket.settings.receiveWindowBytes;
      this.#held -= message.bytes.length;
      if (wasFull) this.service();
      yield message;
    }
  }
}
