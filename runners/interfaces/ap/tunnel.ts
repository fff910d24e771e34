import { isIPv4, isIPv6 } from 'node:net';
import { ipBytes, ipText } from '../capture/ip-address.ts';
import { badValue } from '../per/error.ts';
import type { BitString } from '../per/values.ts';

/** Where one end of GTP-U takes the packets of a tunnel; the port is always 2152. */
export interface Tunnel {
  /** An address, not a name. */
  readonly host: string;
  /** 32 bits. */
  readonly teid: number;
}

/** The same as all protocols of the RAN write it. */
export interface GtpTunnel {
  readonly transportLayerAddress: BitString;
  readonly 'gTP-TEID': Uint8Array;
}

const IPV4_BITS = 32;
const IPV6_BITS = 128;

/** @throws PerError PER_VALUE_INVALID for what is no address */
export function gtpTunnel({ host, teid }: Tunnel): GtpTunnel {
  const octets = new Uint8Array(4);
  new DataView(octets.buffer).setUint32(0, teid);
  return { transportLayerAddress: addressBits(host), 'gTP-TEID': octets };
}

/** An address as bits. @throws PerError PER_VALUE_INVALID for what is no address */
export function addressBits(host: string): BitString {
  if (!isIPv4(host) && !isIPv6(host)) throw badValue(`${host} is no address`);
  const bits = ipBytes(host);
  return { bits, length: bits.length * 8 };
}

/** Null where it names no address; of two, the one of IPv4 is taken. @see TS 38.414 clause 5.1 */
export function tunnelIn({ transportLayerAddress, 'gTP-TEID': id }: GtpTunnel): Tunnel | null {
  const { bits, length } = transportLayerAddress;
  if (id.length !== 4 || length < IPV4_BITS) return null;
  const teid = new DataView(id.buffer, id.byteOffset, 4).getUint32(0);
  return { host: ipText(bits.subarray(0, length === IPV6_BITS ? 16 : 4)), teid };
}

/** Of a choice between a tunnel and what came later. */
export function tunnelOf(choice: object | undefined): Tunnel | null {
  const { gTPTunnel } = (choice ?? {}) as { readonly gTPTunnel?: GtpTunnel };
  return gTPTunnel === undefined ? null : tunnelIn(gTPTunnel);
}

/** A slice, by numbers of 8 and 24 bits. */
export interface SliceId {
  readonly sst: number;
  readonly sd?: number;
}

export function snssaiOf({ sst, sd }: SliceId): { readonly sST: Uint8Array; readonly sD?: Uint8Array } {
  return {
    sST: Uint8Array.of(sst),
    ...(sd === undefined ? {} : { sD: Uint8Array.of(sd >> 16, (sd >> 8) & 0xff, sd & 0xff) }),
  };
}

export function sliceIn({
  sST,
  sD,
}: {
  readonly sST: Uint8Array;
  readonly sD?: Uint8Array | undefined;
}): SliceId {
  const [a = 0, b = 0, c = 0] = sD ?? [];
  return { sst: sST[0] ?? 0, ...(sD === undefined ? {} : { sd: (a << 16) | (b << 8) | c }) };
}
