import { type Frame, LINK } from './frame.ts';
import { word16 } from './words.ts';

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

/** Where the IP packet in a frame begins; -1 when there is none, or the link is not known. */
export function ipPacketIn({
  linkType,
  bytes,
  start,
  end,
}: Pick<Frame, 'linkType' | 'bytes' | 'start' | 'end'>): number {
  const plain = PLAIN.get(linkType);
  if (plain !== undefined) return start + plain < end ? start + plain : -1;
  const head = HEADS.get(linkType);
  if (head === undefined || end - start < head.bytes) return -1;
  let type = word16(bytes, start + head.typeAt);
  let at = start + head.bytes;
  for (let tags = 0; tags < MAX_TAGS && VLAN_TAGS.has(type); tags += 1) {
    if (end < at + TAG_BYTES) return -1;
    type = word16(bytes, at + 2);
    at += TAG_BYTES;
  }
  return type === IPV4 || type === IPV6 ? at : -1;
}
