import type { Carrier, CarrierAddress } from './carrier.ts';
import { CHUNK } from './chunks.ts';
import { HEADER_BYTES, readHead } from './packet-reader.ts';
import type { PacketHead } from './packet-writer.ts';
import { loadUsrsctp, type Usrsctp } from './usrsctp-library.ts';

/** Something that has to be looked at after packets and timers. */
export interface Serviced {
  service(): void;
}

/** Where the same packets come from: one carrier, or all of an address that they share. */
interface Way {
  /** The first takes and sends for all. */
  readonly carriers: Carrier[];
  /** Of peers, by host and UDP port. */
  readonly numbers: Map<string, number>;
}

interface Peer {
  readonly way: Way;
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
  readonly #ways = new Map<Carrier, Way>();
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
      peer.way.carriers[0]?.send(packet, peer.address);
    });
  }

  /** From now on packets of the carrier go to the library. @param heard is shown each of them */
  attach(carrier: Carrier, heard: (packet: Uint8Array) => void): void {
    const way = this.#wayOf(carrier);
    carrier.receive((packet, from) => {
      heard(packet);
      // Every carrier of an address gets all its packets: the library is to have them once.
      if (way.carriers[0] !== carrier) return;
      this.library.input(this.numberOf(carrier, from), packet, packet.length, 0);
      this.#serviceSoon();
    });
  }

  detach(carrier: Carrier): void {
    const way = this.#ways.get(carrier);
    this.#ways.delete(carrier);
    if (way === undefined) return;
    way.carriers.splice(way.carriers.indexOf(carrier), 1);
    if (way.carriers.length > 0) return;
    for (const number of way.numbers.values()) this.#forget(number);
  }

  /** The number of a peer, made when it has none. */
  numberOf(carrier: Carrier, address: CarrierAddress): number {
    const way = this.#ways.get(carrier) ?? { carriers: [carrier], numbers: new Map<string, number>() };
    const { numbers } = way;
    const key = `${address.host} ${address.port}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    if (numbers.size >= MAX_PEERS) this.#evict(numbers);
    this.#lastNumber += 1;
    numbers.set(key, this.#lastNumber);
    this.#peers.set(this.#lastNumber, { way, address, inUse: false, sent: undefined });
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

  #wayOf(carrier: Carrier): Way {
    const { sharedAddress } = carrier;
    const shared =
      sharedAddress === undefined
        ? undefined
        : [...this.#ways].find(([other]) => other.sharedAddress === sharedAddress)?.[1];
    const way = shared ?? { carriers: [], numbers: new Map<string, number>() };
    way.carriers.push(carrier);
    this.#ways.set(carrier, way);
    return way;
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
