import { ipPacketAround } from '../../../runners/interfaces/capture/write-ip.ts';
import { CHUNK, DATA_FLAG } from '../../../runners/interfaces/sctp/chunks.ts';
import {
  PacketWriter,
  writeChunk,
  writeInit,
  writePacket,
  writeSack,
  writeShutdown,
} from '../../../runners/interfaces/sctp/packet-writer.ts';
import { type ProtocolName, SPOKEN } from './octets.ts';

/** A packet in IP and when it passed, in milliseconds since the capture began. */
export interface Passed {
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

interface EndState {
  readonly host: string;
  readonly port: number;
  readonly tag: number;
  tsn: number;
  readonly ssns: Map<number, number>;
  /** Of the other end; confirmed with what is sent next. */
  toConfirm: number;
}

const MAX_PACKET_BYTES = 65_535;
const STREAMS = 16;

/** An association on the wire: what both ends write, and how they confirm it. */
export class Wire {
  readonly #protocol: ProtocolName;
  readonly #ends: Readonly<Record<'a' | 'b', EndState>>;
  readonly #writer = new PacketWriter(MAX_PACKET_BYTES);

  /** @param number of the association, from 0; every other one runs over IPv6 */
  constructor(protocol: ProtocolName, number: number) {
    const isV6 = number % 4 === 3;
    const host = (end: number): string =>
      isV6 ? `2001:db8::${end}:${(number + 1).toString(16)}` : `10.${end}.${number >> 8}.${number & 255}`;
    this.#protocol = protocol;
    const end = (of: 1 | 2, port: number): EndState => ({
      ...{ host: host(of), port, tag: 0x1000_0000 * of + number * 7_919 + 1 },
      ...{ tsn: (0xffff_fff0 + number * 104_729) >>> 0, ssns: new Map(), toConfirm: 0 },
    });
    this.#ends = { a: end(1, 30_000 + (number % 30_000)), b: end(2, SPOKEN[protocol].port) };
  }

  open(atMs: number): readonly Passed[] {
    const init = (by: 'a' | 'b'): Uint8Array => {
      const { tag, tsn } = this.#ends[by];
      const kind = by === 'a' ? 'init' : 'initAck';
      const limits = { rwnd: 106_496, outStreams: STREAMS, inStreams: STREAMS };
      return writeInit({ kind, ...{ tag, tsn, ...limits }, parameters: [] });
    };
    return [
      this.#around(atMs, 'a', writePacket({ ...this.#head('a'), tag: 0 }, [init('a')])),
      this.#packet(atMs + 0.1, 'b', [init('b')]),
      this.#packet(atMs + 0.2, 'a', [writeChunk(CHUNK.cookieEcho, 0, new Uint8Array(64))]),
      this.#packet(atMs + 0.3, 'b', [writeChunk(CHUNK.cookieAck)]),
    ];
  }

  /** A message, and what confirms it if nothing else is likely to. */
  message(atMs: number, by: 'a' | 'b', { stream, bytes }: { stream: number; bytes: Uint8Array }): Passed[] {
    const [from, to] = by === 'a' ? [this.#ends.a, this.#ends.b] : [this.#ends.b, this.#ends.a];
    if (from.toConfirm > 0) this.#writer.add(this.#sack(by));
    const ssn = from.ssns.get(stream) ?? 0;
    const flags = DATA_FLAG.beginning | DATA_FLAG.ending;
    const { ppid } = SPOKEN[this.#protocol];
    this.#writer.addData({ kind: 'data', ...{ tsn: from.tsn, stream, ssn, ppid, flags, bytes } });
    from.ssns.set(stream, (ssn + 1) & 0xffff);
    from.tsn = (from.tsn + 1) >>> 0;
    to.toConfirm += 1;
    const packet = this.#writer.finish(this.#head(by));
    const passed = [this.#around(atMs, by, packet)];
    if (to.toConfirm < 2) return passed;
    const other = by === 'a' ? 'b' : 'a';
    return [...passed, this.#packet(atMs + 0.05, other, [this.#sack(other)])];
  }

  close(atMs: number): readonly Passed[] {
    return [
      this.#packet(atMs, 'a', [writeShutdown((this.#ends.b.tsn - 1) >>> 0)]),
      this.#packet(atMs + 0.1, 'b', [writeChunk(CHUNK.shutdownAck)]),
      this.#packet(atMs + 0.2, 'a', [writeChunk(CHUNK.shutdownComplete)]),
    ];
  }

  #sack(by: 'a' | 'b'): Uint8Array {
    const other = this.#ends[by === 'a' ? 'b' : 'a'];
    this.#ends[by].toConfirm = 0;
    return writeSack({ cumulativeTsn: (other.tsn - 1) >>> 0, rwnd: 106_496, gaps: [], duplicates: [] });
  }

  #packet(atMs: number, by: 'a' | 'b', chunks: readonly Uint8Array[]): Passed {
    return this.#around(atMs, by, writePacket(this.#head(by), chunks));
  }

  #head(by: 'a' | 'b') {
    const [from, to] = by === 'a' ? [this.#ends.a, this.#ends.b] : [this.#ends.b, this.#ends.a];
    return { sourcePort: from.port, destinationPort: to.port, tag: to.tag };
  }

  #around(atMs: number, by: 'a' | 'b', packet: Uint8Array): Passed {
    const [from, to] = by === 'a' ? [this.#ends.a, this.#ends.b] : [this.#ends.b, this.#ends.a];
    return { atMs, bytes: ipPacketAround(packet, { host: from.host }, { host: to.host }) };
  }
}
