import { hasRightChecksum, HEADER_BYTES } from '../sctp/packet-reader.ts';
import type { Datagram } from './ip.ts';

/** @see RFC 6951 §4.1 */
const SCTP_TUNNEL_PORT = 9_899;
const UDP_HEADER_BYTES = 8;
const TRIES = 16;
const MAX_GUESSES = 4_096;

export interface UdpPayload {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly bytes: Uint8Array;
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
  open({ bytes, cut }: Datagram): UdpPayload | undefined {
    if (bytes.length < UDP_HEADER_BYTES + HEADER_BYTES) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const [sourcePort, destinationPort] = [view.getUint16(0), view.getUint16(2)];
    const payload = bytes.subarray(UDP_HEADER_BYTES, Math.max(UDP_HEADER_BYTES, view.getUint16(4)));
    const isNamed = this.#ports.has(sourcePort) || this.#ports.has(destinationPort);
    if (!isNamed && !this.#guess(pairOf(sourcePort, destinationPort), payload, cut)) return undefined;
    return { sourcePort, destinationPort, bytes: payload };
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
