import type { SocketCalls } from './socket-library.ts';
import { writeSocketAddress } from './socket-address.ts';
import type { SctpSettings } from './settings.ts';

export const IPPROTO_SCTP = 132;
const SOL_SOCKET = 1;
const SOCKET = { reuseAddress: 2, error: 4, sendBuffer: 7, linger: 13, sendForce: 32, receiveForce: 33 };
const RECEIVE_BUFFER = 8;
const OPTION = {
  ...{ retransmission: 0, association: 1, initial: 2, noDelay: 3, path: 9, mappedAddresses: 12 },
  ...{ sackDelay: 16, receiveInfo: 32, peerAddresses: 108, event: 127, udpPort: 132 },
} as const;
export const [ADD_ADDRESSES, CONNECT_TO] = [100, 110];
/** Association change, peer address change, remote error, shutdown. */
const EVENTS = [0x8001, 0x8002, 0x8004, 0x8005];
const STORAGE_BYTES = 128;
const MAX_ADDRESSES = 64;

export interface OpenSocket {
  readonly calls: SocketCalls;
  readonly fd: number;
}

/** What every socket of ours begins with, and those that are accepted from it. */
export function setUp(socket: OpenSocket, settings: SctpSettings): void {
  // Otherwise a peer that is slow to end keeps the port from those who come after us.
  setSocket(socket, SOCKET.reuseAddress, words(1));
  setSocket(socket, SOCKET.linger, words(1, 0));
  setBuffers(socket, settings);
  setTimes(socket, settings);
  setSctp(socket, OPTION.noDelay, words(1));
  setSctp(socket, OPTION.receiveInfo, words(1));
  // An IPv4 address is one, also where the other addresses of the socket are IPv6.
  setSctp(socket, OPTION.mappedAddresses, words(0));
  for (const type of EVENTS) setSctp(socket, OPTION.event, words(0, type | (1 << 16)));
}

/** The limits of the host hold for those who may not set them aside (CAP_NET_ADMIN). */
function setBuffers(socket: OpenSocket, settings: SctpSettings): void {
  const send = words(Math.max(settings.sendBufferBytes, settings.maxMessageBytes));
  const receive = words(settings.receiveWindowBytes);
  if (!setSocket(socket, SOCKET.sendForce, send)) {
    setSocket(socket, SOCKET.sendBuffer, send);
  }
  if (!setSocket(socket, SOCKET.receiveForce, receive)) {
    setSocket(socket, RECEIVE_BUFFER, receive);
  }
}

function setTimes(socket: OpenSocket, settings: SctpSettings): void {
  const { rtoInitialMs, rtoMaxMs, rtoMinMs, associationMaxRetransmits, cookieLifeMs } = settings;
  setSctp(socket, OPTION.initial, initialOf(settings));
  setSctp(socket, OPTION.retransmission, words(0, rtoInitialMs, rtoMaxMs, rtoMinMs));
  setSctp(socket, OPTION.association, words(0, associationMaxRetransmits, 0, 0, cookieLifeMs));
  setSctp(socket, OPTION.sackDelay, words(0, settings.sackDelayMs, 2));
  setSctp(socket, OPTION.path, pathOf(settings));
}

/** `struct sctp_initmsg` */
function initialOf({ outStreams, inStreams, maxInitRetransmits, rtoMaxMs }: SctpSettings): Buffer {
  const bytes = Buffer.alloc(8);
  [outStreams, inStreams, maxInitRetransmits, Math.min(rtoMaxMs, 0xffff)].forEach((value, index) =>
    bytes.writeUInt16LE(value, 2 * index),
  );
  return bytes;
}

/** `struct sctp_paddrparams`: for every path, heartbeats on. */
function pathOf({ heartbeatIntervalMs, pathMaxRetransmits }: SctpSettings): Buffer {
  const bytes = Buffer.alloc(156);
  const at = 4 + STORAGE_BYTES;
  bytes.writeUInt32LE(heartbeatIntervalMs, at);
  bytes.writeUInt16LE(pathMaxRetransmits, at + 4);
  bytes.writeUInt32LE(1, at + 14);
  return bytes;
}

/** To every address of the peer, in UDP. Linux 5.11; whether packets from it are taken is a setting of the host. @see RFC 6951 */
export function encapsulate(socket: OpenSocket, host: string, udpPort: number): boolean {
  const bytes = Buffer.alloc(144);
  writeSocketAddress(host, 0).copy(bytes, 8, 0, 2);
  bytes.writeUInt16BE(udpPort, 8 + STORAGE_BYTES);
  return setSctp(socket, OPTION.udpPort, bytes);
}

/** `bind` and `connect` for several addresses. The error number of Linux, or 0. */
export function giveAddresses(
  socket: OpenSocket,
  what: { readonly name: number; readonly addresses: readonly string[]; readonly port: number },
): number {
  const bytes = Buffer.concat(what.addresses.map((address) => writeSocketAddress(address, what.port)));
  return setSctp(socket, what.name, bytes) ? 0 : socket.calls.errno();
}

/** `struct sctp_getaddrs`, as the kernel has filled it. */
export function readPeerAddresses(socket: OpenSocket): Buffer {
  const bytes = Buffer.alloc(8 + 28 * MAX_ADDRESSES);
  get(socket, [IPPROTO_SCTP, OPTION.peerAddresses], bytes);
  return bytes;
}

/** The error that waits at the socket, which is taken from it; 0 for none. */
export function takeError(socket: OpenSocket): number {
  return readWord(socket, SOCKET.error);
}

export function sendBufferBytes(socket: OpenSocket): number {
  return readWord(socket, SOCKET.sendBuffer);
}

function readWord(socket: OpenSocket, name: number): number {
  const value = Buffer.alloc(4);
  get(socket, [SOL_SOCKET, name], value);
  return value.readInt32LE(0);
}

function setSctp({ calls, fd }: OpenSocket, name: number, value: Buffer): boolean {
  return Number(calls.setOption(fd, IPPROTO_SCTP, name, value, value.length)) >= 0;
}

function setSocket({ calls, fd }: OpenSocket, name: number, value: Buffer): boolean {
  return Number(calls.setOption(fd, SOL_SOCKET, name, value, value.length)) === 0;
}

function get(
  { calls, fd }: OpenSocket,
  [level, name]: readonly [level: number, name: number],
  value: Buffer,
): void {
  calls.getOption(fd, level, name, value, words(value.length));
}

/** 32 bits each. */
function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32LE(value, 4 * index));
  return bytes;
}
