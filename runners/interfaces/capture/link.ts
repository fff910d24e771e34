import { LINK } from './frame.ts';

const [IPV4, IPV6] = [0x0800, 0x86dd];
/** Customer and service tags, and what was in use before they had a number. @see IEEE 802.1Q §9.6 */
const VLAN_TAGS: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100, 0x9200]);
const MAX_TAGS = 8;
const TAG_BYTES = 4;

/** What lies before the packet: where the type of what follows stands, and where that begins. */
interface Head {
  readonly typeAt: number;
  readonly bytes: number;
}

const HEADS: ReadonlyMap<number, Head> = new Map([
  [LINK.ethernet, { typeAt: 12, bytes: 14 }],
  [LINK.linuxCooked, { typeAt: 14, bytes: 16 }],
  [LINK.linuxCooked2, { typeAt: 0, bytes: 20 }],
]);

/** How many bytes there are before an IP packet, for links that carry nothing else. 12 and 14 are raw IP on other systems. */
const PLAIN: ReadonlyMap<number, number> = new Map([
  ...[LINK.raw, LINK.ipv4, LINK.ipv6, 12, 14].map((link) => [link, 0] as const),
  ...[LINK.null, LINK.loop].map((link) => [link, 4] as const),
]);

export function isKnownLink(linkType: number): boolean {
  return HEADS.has(linkType) || PLAIN.has(linkType);
}

/** The IP packet in a frame; `undefined` when there is none, or the link is not known. */
export function ipPacketOf(linkType: number, frame: Uint8Array): Uint8Array | undefined {
  const plain = PLAIN.get(linkType);
  if (plain !== undefined) return plain < frame.length ? frame.subarray(plain) : undefined;
  const head = HEADS.get(linkType);
  if (head === undefined || frame.length < head.bytes) return undefined;
  let type = twoBytes(frame, head.typeAt);
  let at = head.bytes;
  for (let tags = 0; VLAN_TAGS.has(type) && tags < MAX_TAGS; tags += 1) {
    if (frame.length < at + TAG_BYTES) return undefined;
    type = twoBytes(frame, at + 2);
    at += TAG_BYTES;
  }
  return type === IPV4 || type === IPV6 ? frame.subarray(at) : undefined;
}

function twoBytes(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
