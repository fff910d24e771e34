import { Association } from './association.ts';
import type { CarrierAddress, Timers } from './carrier.ts';
import { Fifo } from './fifo.ts';
import type { Heartbeat, Heartbeats } from './heartbeats.ts';
import { Mailbox } from './mailbox.ts';
import { checkMessage, hasEnded } from './message-check.ts';
import type { PacketHead } from './packet-writer.ts';
import type { SctpSettings } from './settings.ts';
import type {
  PeerAddress,
  SctpAssociation,
  SctpEvent,
  SctpMessage,
  SendOptions,
  TransportName,
} from './types.ts';
import type { HarnessError } from '../../../src/kernel/errors.ts';

export interface LiveOptions {
  readonly transport: TransportName;
  readonly localPort: number;
  readonly peerPort: number;
  readonly remote: CarrierAddress;
  readonly mtuBytes: number;
  readonly settings: SctpSettings;
  readonly timers: Timers;
  readonly random: () => number;
  readonly transmit: (packet: Uint8Array, to: CarrierAddress) => void;
  /** Sends a HEARTBEAT that is nothing to the machine. */
  readonly ask: (head: PacketHead, to: CarrierAddress) => Heartbeat;
  /** Called once, when it has ended. */
  readonly ended: () => void;
}

interface Delivered {
  readonly message: SctpMessage;
  readonly taken: (now: number) => void;
}

interface Waiting {
  readonly message: SctpMessage;
  readonly resolve: () => void;
  readonly reject: (error: HarnessError) => void;
}

const MAX_EVENTS = 1_024;

/** The machine of an association, with time, a way out, and those who wait for it. */
export class LiveAssociation implements SctpAssociation {
  readonly machine: Association;
  readonly events = new Mailbox<SctpEvent>(MAX_EVENTS);
  readonly messages: AsyncIterable<SctpMessage>;
  readonly ended: Promise<void>;
  /** `up`, or how it ended before. */
  readonly firstEvent: Promise<SctpEvent>;
  /** Where its packets go: the address of the peer, and the UDP port from which the last valid one came. @see RFC 6951 §5.4 */
  remote: CarrierAddress;
  readonly #options: LiveOptions;
  readonly #inbox = new Mailbox<Delivered>();
  readonly #waiting = new Fifo<Waiting>();
  readonly #tellEnded: () => void;
  readonly #tellFirst: (event: SctpEvent) => void;
  #timer: { readonly at: number; readonly stop: () => void } | undefined;
  #flushing = false;
  #isOver = false;

  constructor(options: LiveOptions) {
    const { localPort, peerPort, mtuBytes, settings, random } = options;
    let tellEnded = (): void => {};
    let tellFirst: (event: SctpEvent) => void = () => {};
    this.ended = new Promise((resolve) => (tellEnded = resolve));
    this.firstEvent = new Promise((resolve) => (tellFirst = resolve));
    this.#tellEnded = tellEnded;
    this.#tellFirst = tellFirst;
    this.#options = options;
    this.remote = options.remote;
    this.machine = new Association(
      { localPort, peerPort, mtuBytes, settings },
      {
        random,
        transmit: (packet) => options.transmit(packet, this.remote),
        deliver: (message, taken) => this.#inbox.put({ message, taken }),
        happened: (event) => this.#happened(event),
      },
    );
    this.messages = this.#messages();
  }

  get transport(): TransportName {
    return this.#options.transport;
  }

  get localPort(): number {
    return this.#options.localPort;
  }

  get peer(): PeerAddress {
    const { host, port } = this.remote;
    return { host, port: this.#options.peerPort, ...(port === 0 ? {} : { udpPort: port }) };
  }

  get outStreams(): number {
    return this.machine.agreement.outStreams;
  }

  get inStreams(): number {
    return this.machine.agreement.inStreams;
  }

  get heartbeats(): Heartbeats {
    const { ask, localPort: sourcePort, peerPort: destinationPort } = this.#options;
    return {
      ask: () => {
        if (this.#isOver || this.machine.state !== 'established') return null;
        return ask({ sourcePort, destinationPort, tag: this.machine.agreement.peerTag }, this.remote);
      },
    };
  }

  send(bytes: Uint8Array, options: SendOptions = {}): Promise<void> {
    const { maxMessageBytes: maxBytes } = this.#options.settings;
    const message = checkMessage(bytes, options, { outStreams: this.outStreams, maxBytes });
    if (message instanceof Error) return Promise.reject(message);
    if (this.#isOver || this.machine.state !== 'established') return Promise.reject(hasEnded(this.peer));
    if (this.#waiting.length === 0 && this.#hasRoom()) {
      this.machine.send(message);
      this.#flushSoon();
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => this.#waiting.push({ message, resolve, reject }));
  }

  async close(): Promise<void> {
    this.#refuseWaiting();
    this.machine.close(this.#options.timers.now());
    this.settle();
    await this.ended;
  }

  abort(why = 'aborted by the tester'): void {
    this.machine.abort(why);
    this.settle();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.abort();
    await this.ended;
  }

  /** After whatever has changed the machine: lets senders in, and sets the timer. */
  settle(): void {
    let fresh = false;
    while (this.#waiting.length > 0 && this.#hasRoom()) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.machine.send(next.message);
      next.resolve();
      fresh = true;
    }
    if (fresh) this.#flushSoon();
    this.#setTimer();
  }

  #hasRoom(): boolean {
    return this.machine.bufferedBytes < this.#options.settings.sendBufferBytes;
  }

  /** Messages that are sent together travel together. */
  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    this.#options.timers.soon(() => {
      this.#flushing = false;
      this.machine.flush(this.#options.timers.now());
      this.#setTimer();
    });
  }

  /** One that is set for earlier stays: when it comes it finds nothing to do, and is set anew. */
  #setTimer(): void {
    const at = this.machine.nextWakeAt;
    if (at === undefined) {
      this.#timer?.stop();
      this.#timer = undefined;
      return;
    }
    if (this.#timer !== undefined && this.#timer.at <= at) return;
    this.#timer?.stop();
    const { timers } = this.#options;
    const wake = (): void => {
      this.#timer = undefined;
      this.machine.wake(timers.now());
      this.settle();
    };
    this.#timer = { at, stop: timers.after(Math.max(0, Math.ceil(at - timers.now())), wake) };
  }

  #happened(event: SctpEvent): void {
    this.events.put(event);
    if (event.type === 'up') this.#tellFirst(event);
    if (event.type !== 'closed' && event.type !== 'lost') return;
    this.#isOver = true;
    this.events.end();
    this.#inbox.end();
    this.#refuseWaiting();
    this.#options.ended();
    this.#tellFirst(event);
    this.#tellEnded();
  }

  #refuseWaiting(): void {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      next.reject(hasEnded(this.peer));
    }
  }

  async *#messages(): AsyncGenerator<SctpMessage> {
    for await (const { message, taken } of this.#inbox) {
      taken(this.#options.timers.now());
      this.#setTimer();
      yield message;
    }
  }
}
