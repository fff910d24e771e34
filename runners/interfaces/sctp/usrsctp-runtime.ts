import type { Carrier, CarrierAddress } from './carrier.ts';
import { CHUNK } from './chunks.ts';
import { HEADER_BYTES, readHead } from './packet-reader.ts';
import type { PacketHead } from './packet-writer.ts';
import { loadUsrsctp, type Usrsctp } from './usrsctp-library.ts';

/** Something that has to be looked at after packets and timers. */
export interface Serviced {
  service(): void;
}

interface Peer {
  readonly carrier: Carrier;
  readonly address: CarrierAddress;
  inUse: boolean;
  /** The latest packet to it that is no INIT. */
  sent: Uint8Array | undefined;
}

const TICK_MS = 10;
/** Of those that have sent something; strangers without association make place for others. */
const MAX_PEERS = 4_096;
const AF_CONN = 123;

/**
 * The library in this process: it has one state, whoever uses it, so there is one of these.
 * Peers are numbers for it; here they are addresses on a carrier.
 */
export class UsrsctpRuntime {
  readonly library: Usrsctp;
  readonly #peers = new Map<number, Peer>();
  readonly #numbers = new Map<Carrier, Map<string, number>>();
  readonly #serviced = new Set<Serviced>();
  #lastNumber = 0;
  #timer: NodeJS.Timeout | undefined;
  #tickedAt = 0;
  #isQueued = false;

  constructor() {
    this.library = loadUsrsctp((number, packet) => {
      const peer = this.#peers.get(number);
      if (peer === undefined) return;
      if (packet[HEADER_BYTES] !== CHUNK.init) peer.sent = packet;
      peer.carrier.send(packet, peer.address);
    });
  }

  /** From now on packets of the carrier go to the library. @param heard is shown each of them */
  attach(carrier: Carrier, heard: (packet: Uint8Array) => void): void {
    this.#numbers.set(carrier, new Map());
    carrier.receive((packet, from) => {
      heard(packet);
      this.library.input(this.numberOf(carrier, from), packet, packet.length, 0);
      this.#serviceSoon();
    });
  }

  detach(carrier: Carrier): void {
    for (const number of this.#numbers.get(carrier)?.values() ?? []) this.#forget(number);
    this.#numbers.delete(carrier);
  }

  /** The number of a peer, made when it has none. */
  numberOf(carrier: Carrier, address: CarrierAddress): number {
    const numbers = this.#numbers.get(carrier) ?? new Map<string, number>();
    const key = `${address.host} ${address.port}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    if (numbers.size >= MAX_PEERS) this.#evict(numbers);
    this.#lastNumber += 1;
    numbers.set(key, this.#lastNumber);
    this.#peers.set(this.#lastNumber, { carrier, address, inUse: false, sent: undefined });
    this.library.registerAddress(this.#lastNumber);
    return this.#lastNumber;
  }

  addressOf(number: number): CarrierAddress | undefined {
    return this.#peers.get(number)?.address;
  }

  /** How packets to the peer begin once there is an association. */
  lastHead(number: number): PacketHead | undefined {
    const sent = this.#peers.get(number)?.sent;
    return sent === undefined ? undefined : readHead(sent);
  }

  /** An association with the peer begins or ends. */
  use(number: number, inUse: boolean): void {
    const peer = this.#peers.get(number);
    if (peer !== undefined) peer.inUse = inUse;
  }

  /** Timers run while somebody is serviced. */
  add(serviced: Serviced): void {
    this.#serviced.add(serviced);
    if (this.#timer !== undefined) return;
    this.#tickedAt = performance.now();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  delete(serviced: Serviced): void {
    this.#serviced.delete(serviced);
    if (this.#serviced.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    const elapsed = Math.floor(performance.now() - this.#tickedAt);
    this.#tickedAt += elapsed;
    this.library.handleTimers(elapsed);
    for (const serviced of this.#serviced) serviced.service();
  }

  /** After all packets that wait now. */
  #serviceSoon(): void {
    if (this.#isQueued) return;
    this.#isQueued = true;
    setImmediate(() => {
      this.#isQueued = false;
      for (const serviced of this.#serviced) serviced.service();
    });
  }

  #evict(numbers: Map<string, number>): void {
    for (const [key, number] of numbers) {
      if (this.#peers.get(number)?.inUse === true) continue;
      numbers.delete(key);
      this.#forget(number);
      return;
    }
  }

  #forget(number: number): void {
    this.#peers.delete(number);
    this.library.deregisterAddress(number);
  }
}

/** `sockaddr_conn`: family, port, number of the peer (0 for any). */
export function connAddress(port: number, number: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(AF_CONN, 0);
  bytes.writeUInt16BE(port, 2);
  bytes.writeBigUInt64LE(BigInt(number), 8);
  return bytes;
}

export function readConnAddress(bytes: Buffer): { readonly port: number; readonly number: number } {
  return { port: bytes.readUInt16BE(2), number: Number(bytes.readBigUInt64LE(8)) };
}
