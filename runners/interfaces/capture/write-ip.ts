import { IP_PROTOCOL } from './ip.ts';
import { ipBytes } from './ip-address.ts';

/** An address, with a port where packets travel in UDP. */
export interface Hop {
  readonly host: string;
  readonly udpPort?: number;
}

const TTL = 64;
const [ICMP, ICMPV6] = [1, 58];

/** The IP packet in which a packet of SCTP travels, in UDP or not, as its sender would write it. @see RFC 6951 §4.1 */
export function ipPacketAround(sctp: Uint8Array, from: Hop, to: Hop): Uint8Array {
  const [source, destination] = [ipBytes(from.host), ipBytes(to.host)];
  const isUdp = from.udpPort !== undefined && to.udpPort !== undefined;
  const payload = isUdp ? udpAround(sctp, from.udpPort, to.udpPort) : sctp;
  const protocol = isUdp ? IP_PROTOCOL.udp : IP_PROTOCOL.sctp;
  if (isUdp) setUdpChecksum(payload, [source, destination]);
  return source.length === 4
    ? ipv4Around(payload, protocol, [source, destination])
    : ipv6Around(payload, protocol, [source, destination]);
}

/** The IP packet in which a message of ICMP travels, whose checksum is put in. @param from address, of the family of `to` */
export function ipPacketAroundIcmp(message: Uint8Array, from: string, to: string): Uint8Array {
  const addresses: Addresses = [ipBytes(from), ipBytes(to)];
  const isV6 = addresses[0].length === 16;
  const start = isV6 ? sumOf(addresses[0]) + sumOf(addresses[1]) + ICMPV6 + message.length : 0;
  new DataView(message.buffer, message.byteOffset).setUint16(2, internetChecksum(message, start));
  return isV6 ? ipv6Around(message, ICMPV6, addresses) : ipv4Around(message, ICMP, addresses);
}

export type Addresses = readonly [source: Uint8Array, destination: Uint8Array];

function udpAround(payload: Uint8Array, sourcePort: number, destinationPort: number): Uint8Array {
  const bytes = new Uint8Array(8 + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, sourcePort);
  view.setUint16(2, destinationPort);
  view.setUint16(4, bytes.length);
  bytes.set(payload, 8);
  return bytes;
}

/** Of a datagram of UDP, its header included. @param addresses as they stand in the header of IP */
export function setUdpChecksum(bytes: Uint8Array, addresses: Addresses): void {
  bytes.fill(0, 6, 8);
  const start = sumOf(addresses[0]) + sumOf(addresses[1]) + IP_PROTOCOL.udp + bytes.length;
  const sum = internetChecksum(bytes, start);
  new DataView(bytes.buffer, bytes.byteOffset).setUint16(6, sum === 0 ? 0xffff : sum);
}

/** Of a header of IPv4, with its options. */
export function setIpv4Checksum(header: Uint8Array): void {
  header.fill(0, 10, 12);
  new DataView(header.buffer, header.byteOffset).setUint16(10, internetChecksum(header));
}

function ipv4Around(payload: Uint8Array, protocol: number, addresses: Addresses): Uint8Array {
  const bytes = new Uint8Array(20 + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 0x45);
  view.setUint16(2, bytes.length);
  view.setUint16(6, 0x4000);
  view.setUint8(8, TTL);
  view.setUint8(9, protocol);
  bytes.set(addresses[0], 12);
  bytes.set(addresses[1], 16);
  setIpv4Checksum(bytes.subarray(0, 20));
  bytes.set(payload, 20);
  return bytes;
}

function ipv6Around(payload: Uint8Array, protocol: number, addresses: Addresses): Uint8Array {
  const bytes = new Uint8Array(40 + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 0x60);
  view.setUint16(4, payload.length);
  view.setUint8(6, protocol);
  view.setUint8(7, TTL);
  bytes.set(addresses[0], 8);
  bytes.set(addresses[1], 24);
  bytes.set(payload, 40);
  return bytes;
}

/** @see RFC 1071 */
export function internetChecksum(bytes: Uint8Array, start = 0): number {
  let sum = start + sumOf(bytes);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  return sum;
}
