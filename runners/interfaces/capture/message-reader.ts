import { type Association, Associations } from './associations.ts';
import { CaptureReader } from './capture-reader.ts';
import { checkPacket } from './captured-packet.ts';
import type { EndPoint } from './end-point.ts';
import type { FlowMessage, FlowShare } from './flow.ts';
import type { Frame } from './frame.ts';
import { FrameOrder } from './frame-order.ts';
import type { Instant } from './instant.ts';
import { IP_PROTOCOL, IpReader } from './ip.ts';
import { ipPacketIn, isKnownLink } from './link.ts';
import { PacketCursor } from './packet-cursor.ts';
import { UdpTunnel } from './udp-tunnel.ts';

/** A message of SCTP as its receiver could have it, and when, by the clock of the capture; its octets may be a view of what was read. */
export interface CapturedMessage extends FlowMessage, Instant {
  /** Counts up from 1. */
  readonly n: number;
  readonly from: EndPoint;
  readonly to: EndPoint;
  /** Which of the ends sends: 0 is the one that opened the association, or was heard first. */
  readonly sender: 0 | 1;
  /** Counts up from 1 in the file. */
  readonly association: number;
  /** The capture does not have the beginning of the association. */
  readonly inMiddle: boolean;
}

export interface MessageReaderOptions {
  readonly onMessage: (message: CapturedMessage) => void;
  /** An association has ended: by either end's word, because another one began between its ends, or with the file. */
  readonly onEnded?: (association: number, at: Instant) => void;
  /** Ports of UDP that carry SCTP, beside 9899; others are guessed. */
  readonly udpPorts?: readonly number[];
  /** How far behind others a frame may stand in the file, in milliseconds; 0 for what comes as it passes. */
  readonly windowMs?: number;
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
  readonly #options: MessageReaderOptions;
  readonly #order: FrameOrder;
  readonly #capture: CaptureReader;
  readonly #ip = new IpReader();
  readonly #packet = new PacketCursor();
  readonly #tunnel: UdpTunnel;
  readonly #share: FlowShare = { bytesLeft: WAITING_BYTES, retransmissions: 0, missing: 0 };
  readonly #associations: Associations;
  readonly #counts = {
    ...{ frames: 0, packets: 0, messages: 0, wrongChecksum: 0, malformed: 0, cut: 0, unknownLink: 0 },
  };
  #now: Instant = { seconds: 0, nanoseconds: 0 };

  constructor(options: MessageReaderOptions) {
    const { udpPorts = [], windowMs, onEnded } = options;
    this.#options = options;
    this.#tunnel = new UdpTunnel(udpPorts);
    this.#order = new FrameOrder((frame) => {
      this.#frame(frame);
    }, windowMs);
    this.#capture = new CaptureReader((frame) => {
      this.#order.push(frame);
    });
    this.#associations = new Associations(this.#share, {
      message: (association, sender, message) => {
        this.#told(association, sender, message);
      },
      ended: ({ number }) => onEnded?.(number, this.#now),
    });
  }

  get counts(): CaptureCounts {
    const { retransmissions, missing } = this.#share;
    return { ...this.#counts, retransmissions, missing, associations: this.#associations.count };
  }

  /** The time of the last frame that was read. */
  get last(): Instant {
    return this.#now;
  }

  /** Where the file is cut inside of a record; `undefined` when it ends as it should. To be asked at the end. */
  get cutAt(): number | undefined {
    return this.#capture.cutAt;
  }

  /** Gives on the messages that can be told with this piece, which must not change afterwards. */
  push(piece: Uint8Array): void {
    try {
      this.#capture.push(piece);
    } catch (error) {
      // What comes before the place that cannot be read is good.
      this.#order.end();
      throw error;
    }
  }

  /** Gives on what is left at the end of the file. */
  end(): void {
    this.#order.end();
    this.#associations.end();
  }

  #frame(frame: Frame): void {
    this.#counts.frames += 1;
    this.#now = frame;
    const { linkType, bytes, end } = frame;
    const start = ipPacketIn(frame);
    if (start < 0) {
      if (!isKnownLink(linkType)) this.#counts.unknownLink += 1;
      return;
    }
    const ip = this.#ip;
    if (!ip.read(bytes, start, end)) return;
    if (ip.protocol === IP_PROTOCOL.sctp) {
      this.#packet.set(ip, { start: ip.start, end: ip.end, udpPorts: 0 });
      this.#sctp();
      return;
    }
    const inner = ip.protocol === IP_PROTOCOL.udp ? this.#tunnel.open(ip) : undefined;
    if (inner === undefined) return;
    this.#packet.set(ip, { ...inner, udpPorts: inner.sourcePort * 0x10000 + inner.destinationPort });
    this.#sctp();
  }

  #sctp(): void {
    const packet = this.#packet;
    if (packet.cut) this.#counts.cut += 1;
    const kind = checkPacket(packet);
    if (kind === 'checksum') this.#counts.wrongChecksum += 1;
    if (kind === 'malformed') this.#counts.malformed += 1;
    if (kind === 'checksum' || kind === 'malformed') return;
    this.#counts.packets += 1;
    packet.isPlain = kind === 'plain';
    this.#associations.packet(packet);
  }

  #told(
    { number, ends, inMiddle }: Association,
    sender: 0 | 1,
    { stream, ppid, unordered, bytes, missing, isLate, isUnsure, isOvertaken }: FlowMessage,
  ): void {
    this.#counts.messages += 1;
    const { seconds, nanoseconds } = this.#now;
    const [from, to] = sender === 0 ? ends : [ends[1], ends[0]];
    // Written out, for there are millions of them.
    this.#options.onMessage({
      n: this.#counts.messages,
      seconds,
      nanoseconds,
      from,
      to,
      sender,
      association: number,
      inMiddle,
      stream,
      ppid,
      unordered,
      bytes,
      missing,
      isLate,
      isUnsure,
      isOvertaken,
    });
  }
}
