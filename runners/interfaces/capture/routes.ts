import { word16, word32 } from './words.ts';

/** Where the ends of a packet are named, so that nothing has to be made to find where it belongs. */
export interface Addressed {
  /** The packet of IP; its addresses stand one behind the other. */
  readonly packet: Uint8Array;
  readonly addressesAt: number;
  /** Of one address: 4 or 16. */
  readonly addressBytes: number;
  /** Where the header of SCTP begins: two ports, then the tag. */
  readonly bytes: Uint8Array;
  readonly sctpAt: number;
  /** Of UDP, in which it travels: source in the upper 16 bits; 0 where there is none. */
  readonly udpPorts: number;
}

interface Route<T> {
  readonly addresses: Uint8Array;
  readonly ports: number;
  readonly tag: number;
  readonly udpPorts: number;
  readonly leadsTo: T;
}

const MAX_ROUTES = 16_384;
const HASHED = 2 ** 21;

/** Where packets of a direction with a tag belong: what is here can always be found anew, so that it may be forgotten at any time. */
export class Routes<T> {
  readonly #routes = new Map<number, Route<T>>();

  get(at: Addressed): T | undefined {
    const route = this.#routes.get(keyOf(at));
    if (route === undefined || route.tag !== tagOf(at) || route.ports !== portsOf(at)) return undefined;
    const { addresses } = route;
    if (addresses.length !== 2 * at.addressBytes || route.udpPorts !== at.udpPorts) return undefined;
    for (let index = 0; index < addresses.length; index += 1)
      if (addresses[index] !== at.packet[at.addressesAt + index]) return undefined;
    return route.leadsTo;
  }

  set(at: Addressed, leadsTo: T): void {
    if (this.#routes.size >= MAX_ROUTES) this.#routes.clear();
    const { packet, addressesAt, addressBytes, udpPorts } = at;
    // A copy, which does not keep a piece of the file.
    const addresses = new Uint8Array(packet.subarray(addressesAt, addressesAt + 2 * addressBytes));
    this.#routes.set(keyOf(at), { addresses, ports: portsOf(at), tag: tagOf(at), udpPorts, leadsTo });
  }

  clear(): void {
    this.#routes.clear();
  }
}

function portsOf({ bytes, sctpAt }: Addressed): number {
  return word32(bytes, sctpAt);
}

function tagOf({ bytes, sctpAt }: Addressed): number {
  return word32(bytes, sctpAt + 4);
}

/** The tag, which is chance, and something of ports and addresses. */
function keyOf(at: Addressed): number {
  const mixed = Math.imul(portsOf(at), 0x9e37_79b1) ^ word16(at.packet, at.addressesAt + at.addressBytes - 2);
  return tagOf(at) * HASHED + ((mixed >>> 0) % HASHED);
}
