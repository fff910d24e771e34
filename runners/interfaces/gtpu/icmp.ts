import { isIPv4 } from 'node:net';

/** An ICMP echo within IPv4: what a ping through a PDU session is. @see RFC 792, RFC 791 */
export interface Echo {
  readonly kind: 'request' | 'reply';
  readonly from: string;
  readonly to: string;
  readonly identifier: number;
  readonly sequence: number;
  readonly data: Uint8Array;
}

const IP_BYTES = 20;
const ICMP_BYTES = 8;
const ICMP = 1;
const TYPES = { reply: 0, request: 8 } as const;
const TIME_TO_LIVE = 64;

/** @throws RangeError when an address is not one of IPv4 */
export function encodeEcho({ kind, from, to, identifier, sequence, data }: Echo): Uint8Array {
  const bytes = new Uint8Array(IP_BYTES + ICMP_BYTES + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 0x45);
  view.setUint16(2, bytes.length);
  view.setUint8(8, TIME_TO_LIVE);
  view.setUint8(9, ICMP);
  bytes.set(addressOf(from), 12);
  bytes.set(addressOf(to), 16);
  view.setUint16(10, checksum(bytes.subarray(0, IP_BYTES)));
  view.setUint8(IP_BYTES, TYPES[kind]);
  view.setUint16(IP_BYTES + 4, identifier);
  view.setUint16(IP_BYTES + 6, sequence);
  bytes.set(data, IP_BYTES + ICMP_BYTES);
  view.setUint16(IP_BYTES + 2, checksum(bytes.subarray(IP_BYTES)));
  return bytes;
}

/** Null: the packet is none, or a checksum is wrong. */
export function decodeEcho(packet: Uint8Array): Echo | null {
  const head = ((packet[0] ?? 0) & 0x0f) * 4;
  if ((packet[0] ?? 0) >> 4 !== 4 || head < IP_BYTES || packet.length < head + ICMP_BYTES) return null;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  const total = view.getUint16(2);
  const isFragment = (view.getUint16(6) & 0x3fff) !== 0;
  if (packet[9] !== ICMP || isFragment || total < head + ICMP_BYTES || total > packet.length) return null;
  const icmp = packet.subarray(head, total);
  const kind = ECHOES.get(icmp[0] ?? -1);
  if (kind === undefined || icmp[1] !== 0) return null;
  if (checksum(packet.subarray(0, head)) !== 0 || checksum(icmp) !== 0) return null;
  return {
    kind,
    from: packet.subarray(12, 16).join('.'),
    to: packet.subarray(16, 20).join('.'),
    identifier: view.getUint16(head + 4),
    sequence: view.getUint16(head + 6),
    data: icmp.slice(ICMP_BYTES),
  };
}

const ECHOES: ReadonlyMap<number, Echo['kind']> = new Map([
  [TYPES.reply, 'reply'],
  [TYPES.request, 'request'],
]);

function addressOf(text: string): Uint8Array {
  if (!isIPv4(text)) throw new RangeError(`${text} is no address of IPv4`);
  return Uint8Array.from(text.split('.').map(Number));
}

/** Over what has its own checksum in it, 0 when that is right. @see RFC 1071 */
function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
