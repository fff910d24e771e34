import { ipText } from './ip-address.ts';
import { type Fragment, FragmentStore } from './ip-fragments.ts';

export const IP_PROTOCOL = { udp: 17, sctp: 132 } as const;

/** What an IP packet carries, fragments put together. */
export interface Datagram {
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  readonly bytes: Uint8Array;
  /** The capture kept its beginning only. */
  readonly cut: boolean;
}

/** Bytes of an extension header are counted in these units, in the order of the standard. @see RFC 8200 §4 */
const EXTENSIONS: ReadonlyMap<number, (length: number) => number> = new Map([
  ...[0, 43, 60, 135, 139, 140].map((next) => [next, (length: number) => 8 * (length + 1)] as const),
  [51, (length: number) => 4 * (length + 2)],
]);
const FRAGMENT_HEADER = 44;
const MAX_EXTENSIONS = 16;
const WANTED: ReadonlySet<number> = new Set(Object.values(IP_PROTOCOL));

interface Parts {
  readonly protocol: number;
  readonly payload: Uint8Array;
  readonly cut: boolean;
  readonly fragment?: Omit<Fragment, 'bytes'>;
  readonly addresses: readonly [source: Uint8Array, destination: Uint8Array];
}

/** Reads IPv4 and IPv6; what is not UDP or SCTP, and what makes no sense, is passed over. */
export class IpReader {
  readonly #fragments = new FragmentStore();

  read(packet: Uint8Array): Datagram | undefined {
    const version = (packet[0] ?? 0) >>> 4;
    const parts = version === 4 ? readIpv4(packet) : version === 6 ? readIpv6(packet) : undefined;
    if (parts === undefined || !WANTED.has(parts.protocol)) return undefined;
    const { protocol, addresses, fragment, cut } = parts;
    const [source, destination] = [ipText(addresses[0]), ipText(addresses[1])];
    if (fragment === undefined) return { source, destination, protocol, cut, bytes: parts.payload };
    if (cut) return undefined;
    const key = `${source} ${destination} ${protocol} ${fragment.id}`;
    const bytes = this.#fragments.add(key, { ...fragment, bytes: parts.payload });
    return bytes === undefined ? undefined : { source, destination, protocol, bytes, cut: false };
  }
}

/** @see RFC 791 §3.1 */
function readIpv4(packet: Uint8Array): Parts | undefined {
  if (packet.length < 20) return undefined;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const headerBytes = (view.getUint8(0) & 0x0f) * 4;
  // Segments that the network card is to cut have no length.
  const said = view.getUint16(2);
  const total = said === 0 ? packet.length : said;
  if (headerBytes < 20 || headerBytes > Math.min(total, packet.length)) return undefined;
  const flags = view.getUint16(6);
  const [offset, more] = [8 * (flags & 0x1fff), (flags & 0x2000) !== 0];
  return {
    protocol: view.getUint8(9),
    payload: packet.subarray(headerBytes, total),
    cut: total > packet.length,
    addresses: [packet.subarray(12, 16), packet.subarray(16, 20)],
    ...(offset > 0 || more ? { fragment: { id: view.getUint16(4), offset, more } } : {}),
  };
}

/** @see RFC 8200 §3, §4 */
function readIpv6(packet: Uint8Array): Parts | undefined {
  if (packet.length < 40) return undefined;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const said = view.getUint16(4);
  const total = said === 0 ? packet.length : 40 + said;
  const end = Math.min(total, packet.length);
  let [protocol, at] = [view.getUint8(6), 40];
  let fragment: Parts['fragment'];
  for (let count = 0; count < MAX_EXTENSIONS; count += 1) {
    const lengthOf = EXTENSIONS.get(protocol);
    if (lengthOf === undefined && protocol !== FRAGMENT_HEADER) break;
    if (at + 8 > end) return undefined;
    if (lengthOf === undefined) {
      const word = view.getUint16(at + 2);
      const whole = (word & 0xfff9) === 0;
      if (!whole) fragment = { id: view.getUint32(at + 4), offset: word & 0xfff8, more: (word & 1) === 1 };
    }
    const lengthByte = view.getUint8(at + 1);
    protocol = view.getUint8(at);
    at += lengthOf?.(lengthByte) ?? 8;
    // What follows a fragment header belongs to the whole.
    if (fragment !== undefined) break;
  }
  if (at > end) return undefined;
  return {
    ...{ protocol, payload: packet.subarray(at, end), cut: total > packet.length },
    addresses: [packet.subarray(8, 24), packet.subarray(24, 40)],
    ...(fragment === undefined ? {} : { fragment }),
  };
}
