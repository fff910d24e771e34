import { once } from 'node:events';
import { connect, isIP } from 'node:net';
import { deadline } from '../../../src/kernel/deadline.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import type { Json } from '../../../src/kernel/json.ts';
import { ipBytes, ipText } from '../../interfaces/capture/ip-address.ts';
import { setIpv4Checksum, setUdpChecksum } from '../../interfaces/capture/write-ip.ts';
import { captureHead, capturedPacket } from '../../interfaces/capture/write-capture.ts';
import { writeEcho } from '../../interfaces/capture/echo.ts';
import { IP_PROTOCOL, IpReader } from '../../interfaces/capture/ip.ts';
import { ipPacketIn } from '../../interfaces/capture/link.ts';
import { word16 } from '../../interfaces/capture/words.ts';
import type { EspPacket } from '../../interfaces/trace/esp-history.ts';

/** What is put onto a segment: a frame as it passes there. */
export type SegmentFrame = Pick<EspPacket, 'linkType' | 'frame'>;

/** Who listens there takes a capture until the connection is half closed, sends its packets, and closes. */
export interface InjectionPoint {
  readonly host: string;
  readonly port: number;
}

const UDP_CHECKSUM_AT = 6;
const WITHIN_MS = 10_000;

/** As an equipment file has it: `tcp://192.0.2.9:8098`; null for anything else. */
export function injectionPointIn(value: Json | undefined): InjectionPoint | null {
  if (typeof value !== 'string' || !URL.canParse(value)) return null;
  const { protocol, hostname, port, pathname, search } = new URL(value);
  if (protocol !== 'tcp:' || hostname === '' || port === '' || `${pathname}${search}` !== '') return null;
  return { host: hostname.replace(/^\[|\]$/gu, ''), port: Number(port) };
}

/** An address of IP in its one form; null for anything else. */
export function addressIn(value: Json | undefined): string | null {
  return typeof value === 'string' && isIP(value) !== 0 ? ipText(ipBytes(value)) : null;
}

/** A ping that goes the way of that packet: from and to the same addresses, and the same on the link. */
export function pingLike({ linkType, frame }: SegmentFrame, said: Uint8Array): SegmentFrame {
  const { start, source, destination } = packetIn({ linkType, frame });
  const [from, to] = [ipText(source), ipText(destination)];
  const ping = writeEcho({ isAnswer: false, from, to, said });
  return { linkType, frame: Buffer.concat([frame.subarray(0, start), ping]) };
}

/**
 * The same with right checksums: who captures where packets are sent from sees them before the network card has put these in, and nobody
 * would take them.
 */
export function withChecksums({ linkType, frame: captured }: SegmentFrame): SegmentFrame {
  const frame = Uint8Array.from(captured);
  const { start, source, destination, ip } = packetIn({ linkType, frame });
  // Zero is none. @see RFC 3948 §2.1
  const hasChecksum = ip.protocol === IP_PROTOCOL.udp && word16(frame, ip.start + UDP_CHECKSUM_AT) !== 0;
  if (hasChecksum) setUdpChecksum(frame.subarray(ip.start, ip.end), [source, destination]);
  if (source.length === 4) setIpv4Checksum(frame.subarray(start, ip.start));
  return { linkType, frame };
}

function packetIn({ linkType, frame }: SegmentFrame): {
  readonly start: number;
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly ip: IpReader;
} {
  const start = ipPacketIn({ linkType, bytes: frame, start: 0, end: frame.length });
  const ip = new IpReader();
  if (start < 0 || !ip.read(frame, start, frame.length))
    throw new HarnessError('INJECTION_FAILED', 'a frame that was kept has no packet of IP');
  const { addressesAt: at, addressBytes: size } = ip;
  return {
    start,
    ip,
    source: frame.subarray(at, at + size),
    destination: frame.subarray(at + size, at + 2 * size),
  };
}

/**
 * Has packets sent on the segment as they passed there.
 * @param packets of one type of link
 * @throws HarnessError INJECTION_FAILED
 */
export async function putOntoSegment(
  { host, port }: InjectionPoint,
  packets: readonly SegmentFrame[],
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const [first] = packets;
  if (first === undefined) return;
  const head = captureHead([{ linkType: first.linkType, name: 'again' }]);
  using limit = deadline(signal, WITHIN_MS, 'putting packets onto the segment');
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal: limit.signal });
    const closed = once(socket, 'close', { signal: limit.signal });
    // What it may say is of no interest.
    socket.resume();
    socket.end(Buffer.concat([head, ...packets.map(({ frame }) => capturedPacket(frame, 0n))]));
    await closed;
  } catch (cause) {
    signal.throwIfAborted();
    const why = limit.signal.aborted
      ? `it is not done after ${WITHIN_MS} ms`
      : HarnessError.from(cause).message;
    const text = `nothing can be put onto the segment by tcp://${host}:${port}: ${why}`;
    throw new HarnessError('INJECTION_FAILED', text, { cause });
  } finally {
    socket.destroy();
  }
}
