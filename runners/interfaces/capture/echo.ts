import { ipText } from './ip-address.ts';
import { ipPacketAroundIcmp } from './write-ip.ts';
import { word16 } from './words.ts';

/** A ping, or the answer to it. @see RFC 792, RFC 4443 §4 */
export interface Echo {
  readonly isAnswer: boolean;
  readonly from: string;
  readonly to: string;
  /** What who asks gets back: identifier, sequence number, and data. */
  readonly said: Uint8Array;
}

const ICMP = { 4: { protocol: 1, ask: 8, answer: 0 }, 6: { protocol: 58, ask: 128, answer: 129 } } as const;
const HEADER_BYTES = 4;

/** The echo in a packet of IP that is whole; `undefined` when it is something else. */
export function echoIn(packet: Uint8Array): Echo | undefined {
  const version = (packet[0] ?? 0) >>> 4;
  if (version !== 4 && version !== 6) return undefined;
  const { protocol, ask, answer } = ICMP[version];
  const isV4 = version === 4;
  const headerBytes = isV4 ? ((packet[0] ?? 0) & 0x0f) * 4 : 40;
  const total = isV4 ? word16(packet, 2) : 40 + word16(packet, 4);
  if (packet[isV4 ? 9 : 6] !== protocol || total > packet.length || headerBytes + HEADER_BYTES > total)
    return undefined;
  const type = packet[headerBytes];
  if (type !== ask && type !== answer) return undefined;
  const [at, size] = isV4 ? [12, 4] : [8, 16];
  return {
    isAnswer: type === answer,
    from: ipText(packet.subarray(at, at + size)),
    to: ipText(packet.subarray(at + size, at + 2 * size)),
    said: packet.subarray(headerBytes + HEADER_BYTES, total),
  };
}

/** The packet of IP in which it travels. */
export function writeEcho({ isAnswer, from, to, said }: Echo): Uint8Array {
  const { ask, answer } = ICMP[from.includes(':') ? 6 : 4];
  const message = new Uint8Array(HEADER_BYTES + said.length);
  message[0] = isAnswer ? answer : ask;
  message.set(said, HEADER_BYTES);
  return ipPacketAroundIcmp(message, from, to);
}
