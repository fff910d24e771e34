import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { CaptureReader } from '../../interfaces/capture/capture-reader.ts';
import { echoIn, writeEcho } from '../../interfaces/capture/echo.ts';
import type { Frame } from '../../interfaces/capture/frame.ts';
import { IP_PROTOCOL, IpReader } from '../../interfaces/capture/ip.ts';
import { ipText } from '../../interfaces/capture/ip-address.ts';
import { ipPacketIn } from '../../interfaces/capture/link.ts';

/** What is made of packets that somebody puts onto a segment. */
export interface SegmentSide {
  /** Gets every packet of IP. */
  readonly passed: (packet: Uint8Array) => void;
  /** Gets what is in a datagram of UDP. @param from address */
  readonly datagram: (payload: Uint8Array, from: string) => void;
  /** The address at which pings are answered. */
  readonly gateway: string;
}

const UDP_HEADER_BYTES = 8;
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Whoever connects sends a capture and closes; its packets are put onto the segment. That the connection is closed here says that all of
 * them were.
 * @returns where it listens
 */
export async function listenForPackets(side: SegmentSide): Promise<string> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    takeCapture(socket, side);
  });
  const listening = once(server, 'listening');
  server.listen(0, '127.0.0.1');
  await listening;
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function takeCapture(socket: Socket, side: SegmentSide): void {
  const reader = new CaptureReader((frame) => send(frame, side));
  let bytes = 0;
  // That who sends is gone ends it, too.
  socket.on('error', () => undefined);
  socket.on('end', () => socket.end());
  socket.on('data', (piece) => {
    bytes += piece.length;
    if (bytes > MAX_BYTES || !isReadable(reader, piece)) socket.destroy();
  });
}

function isReadable(reader: CaptureReader, piece: Uint8Array): boolean {
  try {
    reader.push(piece);
    return true;
  } catch (error) {
    if (error instanceof HarnessError && error.code === 'CAPTURE_INVALID') return false;
    throw error;
  }
}

function send(frame: Frame, { passed, datagram, gateway }: SegmentSide): void {
  const start = ipPacketIn(frame);
  if (start < 0) return;
  const packet = frame.bytes.subarray(start, frame.end);
  passed(packet);
  const ip = new IpReader();
  if (ip.read(packet, 0, packet.length) && ip.protocol === IP_PROTOCOL.udp) {
    const { bytes, addressesAt: at, addressBytes } = ip;
    datagram(
      bytes.subarray(ip.start + UDP_HEADER_BYTES, ip.end),
      ipText(packet.subarray(at, at + addressBytes)),
    );
  }
  const echo = echoIn(packet);
  if (echo?.to !== gateway || echo.isAnswer) return;
  passed(writeEcho({ isAnswer: true, from: echo.to, to: echo.from, said: echo.said }));
}
