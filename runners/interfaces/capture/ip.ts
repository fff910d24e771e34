import { FragmentStore } from './ip-fragments.ts';
import { word16, word32 } from './words.ts';

export const IP_PROTOCOL = { udp: 17, esp: 50, sctp: 132 } as const;
const READ: ReadonlySet<number> = new Set(Object.values(IP_PROTOCOL));

/** What an IP packet carries, fragments put together, until the next one is read. */
export interface Datagram {
  readonly protocol: number;
  /** What is carried is in it from `start` to before `end`. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** The capture kept its beginning only. */
  readonly cut: boolean;
  /** The packet in which the addresses stand, one behind the other, and where. */
  readonly packet: Uint8Array;
  readonly addressesAt: number;
  /** Of one address: 4 or 16. */
  readonly addressBytes: number;
}

/** Bytes of an extension header are counted in these units, in the order of the standard. @see RFC 8200 §4 */
const EXTENSIONS: ReadonlyMap<number, (length: number) => number> = new Map([
  ...[0, 43, 60, 135, 139, 140].map((next) => [next, (length: number) => 8 * (length + 1)] as const),
  [51, (length: number) => 4 * (length + 2)],
]);
const FRAGMENT_HEADER = 44;
const MAX_EXTENSIONS = 16;
const [V4_HEADER_BYTES, V6_HEADER_BYTES] = [20, 40];

/** Where a fragment belongs. */
interface Part {
  readonly id: number;
  /** In bytes. */
  readonly offset: number;
  readonly more: boolean;
}

/**
 * Reads IPv4 and IPv6; what is not UDP, ESP or SCTP, and what makes no sense, is passed over. It is what it has read: nothing is made for
 * a packet that is whole.
 */
export class IpReader implements Datagram {
  readonly #fragments = new FragmentStore();
  #part: Part | undefined;
  protocol = 0;
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  cut = false;
  packet: Uint8Array = this.bytes;
  addressesAt = 0;
  addressBytes = 4;

  /** @returns whether there is something now */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.#part = undefined;
    this.protocol = 0;
    this.bytes = this.packet = bytes;
    const version = start < end ? (bytes[start] ?? 0) >>> 4 : 0;
    const isRead = version === 4 ? this.#readIpv4(start, end) : version === 6 && this.#readIpv6(start, end);
    return isRead && READ.has(this.protocol) && this.#isWhole();
  }

  /** Now, with this fragment, if it is one. */
  #isWhole(): boolean {
    const part = this.#part;
    if (part === undefined) return true;
    if (this.cut) return false;
    const { addressesAt, addressBytes, protocol } = this;
    const addresses = this.packet.subarray(addressesAt, addressesAt + 2 * addressBytes).join('.');
    const bytes = this.bytes.subarray(this.start, this.end);
    const whole = this.#fragments.add(`${addresses} ${protocol} ${part.id}`, { ...part, bytes });
    if (whole === undefined) return false;
    this.bytes = whole;
    [this.start, this.end] = [0, whole.length];
    return true;
  }

  /** @see RFC 791 §3.1 */
  #readIpv4(start: number, end: number): boolean {
    const { bytes } = this;
    if (end - start < V4_HEADER_BYTES) return false;
    const headerBytes = ((bytes[start] ?? 0) & 0x0f) * 4;
    // Segments that the network card is to cut have no length.
    const said = word16(bytes, start + 2);
    const total = said === 0 ? end - start : said;
    if (headerBytes < V4_HEADER_BYTES || headerBytes > Math.min(total, end - start)) return false;
    const flags = word16(bytes, start + 6);
    const [offset, more] = [8 * (flags & 0x1fff), (flags & 0x2000) !== 0];
    if (offset > 0 || more) this.#part = { id: word16(bytes, start + 4), offset, more };
    this.protocol = bytes[start + 9] ?? 0;
    this.#carries(start + headerBytes, Math.min(start + total, end), start + total > end);
    [this.addressesAt, this.addressBytes] = [start + 12, 4];
    return true;
  }

  /** @see RFC 8200 §3, §4 */
  #readIpv6(start: number, end: number): boolean {
    const { bytes } = this;
    if (end - start < V6_HEADER_BYTES) return false;
    const said = word16(bytes, start + 4);
    const total = said === 0 ? end - start : V6_HEADER_BYTES + said;
    this.protocol = bytes[start + 6] ?? 0;
    const at = this.#passExtensions(start + V6_HEADER_BYTES, Math.min(start + total, end));
    if (at < 0) return false;
    this.#carries(at, Math.min(start + total, end), start + total > end);
    [this.addressesAt, this.addressBytes] = [start + 8, 16];
    return true;
  }

  /** @returns where what is carried begins; -1 when the headers go on behind the end */
  #passExtensions(start: number, end: number): number {
    const { bytes } = this;
    let at = start;
    for (let count = 0; count < MAX_EXTENSIONS; count += 1) {
      const lengthOf = EXTENSIONS.get(this.protocol);
      if (lengthOf === undefined && this.protocol !== FRAGMENT_HEADER) break;
      if (at + 8 > end) return -1;
      if (lengthOf === undefined) this.#part = partOf(bytes, at);
      this.protocol = bytes[at] ?? 0;
      at += lengthOf?.(bytes[at + 1] ?? 0) ?? 8;
      // What follows a fragment header belongs to the whole.
      if (this.#part !== undefined) break;
    }
    return at > end ? -1 : at;
  }

  #carries(start: number, end: number, cut: boolean): void {
    this.start = start;
    this.end = end;
    this.cut = cut;
  }
}

/** `undefined` for a fragment that is the whole. */
function partOf(bytes: Uint8Array, at: number): Part | undefined {
  const word = word16(bytes, at + 2);
  if ((word & 0xfff9) === 0) return undefined;
  return { id: word32(bytes, at + 4), offset: word & 0xfff8, more: (word & 1) === 1 };
}
