import { Associations } from './associations.ts';
import { readCapturedPacket } from './captured-packet.ts';
import { CaptureReader } from './capture-reader.ts';
import type { EndPoint } from './end-point.ts';
import type { FlowMessage, FlowShare } from './flow.ts';
import type { Frame } from './frame.ts';
import { type Datagram, IP_PROTOCOL, IpReader } from './ip.ts';
import { ipPacketOf, isKnownLink } from './link.ts';
import { UdpTunnel } from './udp-tunnel.ts';

/** A message of SCTP as its receiver could have it; its octets may be a view of what was read. */
export interface CapturedMessage extends FlowMessage {
  /** Counts up from 1. */
  readonly n: number;
  /** When it could have it: nanoseconds since 1970, by the clock of the capture. */
  readonly timeNs: bigint;
  readonly from: EndPoint;
  readonly to: EndPoint;
  /** Counts up from 1 in the file. */
  readonly association: number;
  /** The capture does not have the beginning of the association. */
  readonly inMiddle: boolean;
}

export interface MessageReaderOptions {
  /** Ports of UDP that carry SCTP, beside 9899; others are guessed. */
  readonly udpPorts?: readonly number[];
}

/** What was found in a capture, and what could not be used. */
export interface CaptureCounts {
  readonly frames: number;
  readonly packets: number;
  readonly messages: number;
  readonly associations: number;
  readonly retransmissions: number;
  /** DATA chunks that arrived, and that the capture does not have. */
  readonly missing: number;
  readonly wrongChecksum: number;
  readonly malformed: number;
  /** Packets of which the capture kept the beginning only. */
  readonly cut: number;
  /** Frames of links that are not read. */
  readonly unknownLink: number;
}

const WAITING_BYTES = 64 * 1024 * 1024;

/** Messages of SCTP from a capture file that comes in pieces. `CAPTURE_INVALID` names the offset of what cannot be read. */
export class MessageReader {
  readonly #capture = new CaptureReader();
  readonly #ip = new IpReader();
  readonly #tunnel: UdpTunnel;
  readonly #share: FlowShare = { bytesLeft: WAITING_BYTES, retransmissions: 0, missing: 0 };
  readonly #associations = new Associations(this.#share);
  readonly #counts = {
    ...{ frames: 0, packets: 0, messages: 0, wrongChecksum: 0, malformed: 0, cut: 0, unknownLink: 0 },
  };
  #timeNs = 0n;

  constructor({ udpPorts = [] }: MessageReaderOptions = {}) {
    this.#tunnel = new UdpTunnel(udpPorts);
  }

  get counts(): CaptureCounts {
    const { retransmissions, missing } = this.#share;
    return { ...this.#counts, retransmissions, missing, associations: this.#associations.count };
  }

  /** The time of the last frame that was read, in nanoseconds since 1970. */
  get lastNs(): bigint {
    return this.#timeNs;
  }

  /** Where the file is cut inside of a record; `undefined` when it ends as it should. To be asked at the end. */
  get cutAt(): number | undefined {
    return this.#capture.cutAt;
  }

  /** The messages that can be told with this piece, which must not change afterwards; to be taken all. */
  *push(piece: Uint8Array): Generator<CapturedMessage, void, undefined> {
    for (const frame of this.#capture.push(piece)) yield* this.#frame(frame);
  }

  /** What is left at the end of the file. */
  *end(): Generator<CapturedMessage, void, undefined> {
    for (const message of this.#associations.end()) yield this.#numbered(message);
  }

  *#frame({ timeNs, linkType, bytes }: Frame): Generator<CapturedMessage, void, undefined> {
    this.#counts.frames += 1;
    if (timeNs > this.#timeNs) this.#timeNs = timeNs;
    if (!isKnownLink(linkType)) this.#counts.unknownLink += 1;
    const packet = ipPacketOf(linkType, bytes);
    const datagram = packet === undefined ? undefined : this.#ip.read(packet);
    if (datagram === undefined) return;
    for (const message of this.#datagram(datagram)) yield this.#numbered(message);
  }

  #datagram(datagram: Datagram): ReturnType<Associations['packet']> {
    const { source, destination, protocol } = datagram;
    if (protocol === IP_PROTOCOL.sctp) return this.#sctp(datagram, [{ host: source }, { host: destination }]);
    const inner = this.#tunnel.open(datagram);
    if (inner === undefined) return [];
    return this.#sctp({ bytes: inner.bytes, cut: datagram.cut }, [
      { host: source, udpPort: inner.sourcePort },
      { host: destination, udpPort: inner.destinationPort },
    ]);
  }

  #sctp(
    { bytes, cut }: Pick<Datagram, 'bytes' | 'cut'>,
    [from, to]: readonly [Omit<EndPoint, 'port'>, Omit<EndPoint, 'port'>],
  ): ReturnType<Associations['packet']> {
    if (cut) this.#counts.cut += 1;
    const packet = readCapturedPacket(bytes, cut);
    if (packet === 'checksum') this.#counts.wrongChecksum += 1;
    if (packet === 'malformed') this.#counts.malformed += 1;
    if (typeof packet === 'string') return [];
    this.#counts.packets += 1;
    const { sourcePort, destinationPort } = packet;
    return this.#associations.packet(packet, [endPoint(from, sourcePort), endPoint(to, destinationPort)]);
  }

  #numbered(message: ReturnType<Associations['packet']>[number]): CapturedMessage {
    this.#counts.messages += 1;
    return { ...message, n: this.#counts.messages, timeNs: this.#timeNs };
  }
}

function endPoint({ host, udpPort }: Omit<EndPoint, 'port'>, port: number): EndPoint {
  return udpPort === undefined ? { host, port } : { host, port, udpPort };
}
