import { isIPv6, SocketAddress } from 'node:net';

const AF_INET = 2;
const AF_INET6 = 10;
const [IPV4_BYTES, IPV6_BYTES] = [16, 28];

/** `sockaddr_in` or `sockaddr_in6` of Linux. @param host an address, not a name */
export function writeSocketAddress(host: string, port: number): Buffer {
  if (!isIPv6(host)) {
    const bytes = Buffer.alloc(IPV4_BYTES);
    bytes.writeUInt16LE(AF_INET, 0);
    bytes.writeUInt16BE(port, 2);
    host.split('.').forEach((part, index) => bytes.writeUInt8(Number(part), 4 + index));
    return bytes;
  }
  const bytes = Buffer.alloc(IPV6_BYTES);
  bytes.writeUInt16LE(AF_INET6, 0);
  bytes.writeUInt16BE(port, 2);
  ipv6Words(host).forEach((word, index) => bytes.writeUInt16BE(word, 8 + 2 * index));
  return bytes;
}

/** Whether it is one that {@link readSocketAddress} can read. */
export function isIpAddress(bytes: Buffer): boolean {
  const family = bytes.readUInt16LE(0);
  return family === AF_INET || family === AF_INET6;
}

export function readSocketPort(bytes: Buffer): number {
  return bytes.readUInt16BE(2);
}

/** Of `sockaddr_in` and `sockaddr_in6`, one after the other. @param count how many there are */
export function readSocketAddresses(bytes: Buffer, count: number): readonly string[] {
  const found: string[] = [];
  for (let at = 0; found.length < count && isIpAddress(bytes.subarray(at));) {
    found.push(readSocketAddress(bytes.subarray(at)));
    at += bytes.readUInt16LE(at) === AF_INET ? IPV4_BYTES : IPV6_BYTES;
  }
  return found;
}

/** The address in it, as text in its usual form. */
export function readSocketAddress(bytes: Buffer): string {
  if (bytes.readUInt16LE(0) === AF_INET) return [...bytes.subarray(4, 8)].join('.');
  const words = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(8 + 2 * index).toString(16));
  return new SocketAddress({ address: words.join(':'), family: 'ipv6' }).address;
}

/** @param host a valid IPv6 address; a zone is left out */
function ipv6Words(host: string): readonly number[] {
  const [address = ''] = host.split('%');
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/u.exec(address);
  const [, head = '', a, b, c, d] = dotted ?? [];
  const hex = (high?: string, low?: string): string => ((Number(high) << 8) | Number(low)).toString(16);
  const plain = dotted === null ? address : `${head}${hex(a, b)}:${hex(c, d)}`;
  const [left = '', right] = plain.split('::');
  const parts = (text: string): readonly number[] =>
    text === '' ? [] : text.split(':').map((part) => Number.parseInt(part, 16));
  if (right === undefined) return parts(left);
  const [before, after] = [parts(left), parts(right)];
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
}
