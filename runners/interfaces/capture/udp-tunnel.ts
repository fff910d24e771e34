import { hasRightChecksum, HEADER_BYTES } from '../sctp/packet-reader.ts';
import type { Datagram } from './ip.ts';
import { word16 } from './words.ts';

/** @see RFC 6951 §4.1 */
const SCTP_TUNNEL_PORT = 9_899;
const UDP_HEADER_BYTES = 8;
const TRIES = 16;
const MAX_GUESSES = 4_096;

/** What is in a datagram of UDP, in its bytes from `start` to before `end`. */
export interface UdpPayload {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly start: number;
  readonly end: number;
}

/** Tells which UDP datagrams carry SCTP. @see RFC 6951 */
export class UdpTunnel {
  readonly #ports: ReadonlySet<number>;
  /** Pairs of ports that nobody named: how often they looked like something else, or that they carry SCTP. */
  readonly #guesses = new Map<number, number | 'sctp'>();

  /** @param ports of UDP that carry SCTP, beside 9899; others are found by the checksum, which chance does not make right */
  constructor(ports: readonly number[]) {
    this.#ports = new Set([SCTP_TUNNEL_PORT, ...ports]);
  }

  /** What is in a datagram of UDP, when that is SCTP. */
  open({ bytes, start, end, cut }: Datagram): UdpPayload | undefined {
    if (end - start < UDP_HEADER_BYTES + HEADER_BYTES) return undefined;
    const [sourcePort, destinationPort] = [word16(bytes, start), word16(bytes, start + 2)];
    const from = start + UDP_HEADER_BYTES;
    const to = Math.max(from, Math.min(end, start + word16(bytes, start + 4)));
    const isNamed = this.#ports.has(sourcePort) || this.#ports.has(destinationPort);
    const pair = pairOf(sourcePort, destinationPort);
    if (!isNamed && !this.#guess(pair, bytes.subarray(from, to), cut)) return undefined;
    return { sourcePort, destinationPort, start: from, end: to };
  }

  #guess(pair: number, payload: Uint8Array, cut: boolean): boolean {
    const known = this.#guesses.get(pair) ?? 0;
    if (known === 'sctp') return true;
    if (known >= TRIES || cut || payload.length < HEADER_BYTES + 4 || payload.length % 4 !== 0) return false;
    const isSctp = hasRightChecksum(payload);
    if (this.#guesses.size < MAX_GUESSES) this.#guesses.set(pair, isSctp ? 'sctp' : known + 1);
    return isSctp;
  }
}

function pairOf(a: number, b: number): number {
  return Math.min(a, b) * 0x10000 + Math.max(a, b);
}
