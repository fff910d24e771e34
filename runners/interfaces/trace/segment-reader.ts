import { CaptureReader } from '../capture/capture-reader.ts';
import { checkPacket, eachChunk, type SctpSpan } from '../capture/captured-packet.ts';
import { readUserData } from '../capture/data-chunk.ts';
import { type Echo, echoIn } from '../capture/echo.ts';
import type { Frame } from '../capture/frame.ts';
import { type Datagram, IP_PROTOCOL, IpReader } from '../capture/ip.ts';
import { ipText } from '../capture/ip-address.ts';
import { ipPacketIn } from '../capture/link.ts';
import { UdpTunnel } from '../capture/udp-tunnel.ts';
import { word16, word32 } from '../capture/words.ts';
import { hasRightChecksum, HEADER_BYTES } from '../sctp/packet-reader.ts';
import { CHUNK } from '../sctp/chunks.ts';
import type { EspPacket } from './esp-history.ts';
import { nameOfPpid, protocolOf } from './protocols.ts';

/** What passed in one security association of ESP. */
export interface EspSeen {
  readonly to: string;
  readonly spi: number;
  readonly packets: number;
  /** Sequence numbers that were used again, for something else. @see RFC 4303 §3.3.3 */
  readonly repeated: number;
  /** Packets whose contents anybody can read: nothing was ciphered. @see RFC 5879 */
  readonly readable: number;
}

/** What passed on a segment of a network, by how it was protected. */
export interface SegmentSeen {
  readonly frames: number;
  /** Messages that anybody can read, by protocol; of GTP-U, packets. What can be read inside of ESP counts too. */
  readonly clear: Readonly<Record<string, number>>;
  readonly esp: readonly EspSeen[];
  /** Messages of SCTP that are records of DTLS. @see RFC 6083 */
  readonly dtls: number;
}

/** Is given what passes. */
export interface SegmentHeard {
  /** Each packet of ESP that is whole in one frame. */
  add(packet: EspPacket): void;
  addEcho(echo: Echo): void;
}

/** @see RFC 3948 §2.1, TS 29.281 clause 4.4.2 */
const [ESP_UDP_PORT, GTPU_PORT] = [4_500, 2_152];
const UDP_HEADER_BYTES = 8;
const ESP_HEADER_BYTES = 8;
/** Of the integrity algorithms in use. */
const ICV_BYTES = [12, 16, 24, 32];
const MAX_ASSOCIATIONS = 1_024;
/** Sequence numbers that are remembered of each. */
const MAX_SEQUENCES = 65_536;
/** Of IANA: DTLS, and NGAP, XnAP, F1AP and E1AP over DTLS. */
const DTLS_PPIDS: ReadonlySet<number> = new Set([47, 66, 67, 68, 69]);
const BEGINNING = 2;

/** Tells from a capture, in pieces, which signalling and user data passed in the clear, and what was protected. `CAPTURE_INVALID` names the offset. */
export class SegmentReader {
  readonly #capture: CaptureReader;
  readonly #ip = new IpReader();
  readonly #inner = new IpReader();
  readonly #tunnel = new UdpTunnel([]);
  readonly #clear = new Map<string, number>();
  readonly #esp = new Map<string, EspAssociation>();
  readonly #heard: SegmentHeard | undefined;
  #frames = 0;
  #dtls = 0;

  constructor(heard?: SegmentHeard) {
    this.#heard = heard;
    this.#capture = new CaptureReader((frame) => {
      this.#frame(frame);
    });
  }

  /** The next piece of the capture, which must not change afterwards. */
  push(piece: Uint8Array): void {
    this.#capture.push(piece);
  }

  seen(): SegmentSeen {
    return {
      frames: this.#frames,
      clear: Object.fromEntries(this.#clear),
      esp: [...this.#esp.values()].map(({ to, spi, packets, repeated, readable }) => ({
        ...{ to, spi, packets, repeated, readable },
      })),
      dtls: this.#dtls,
    };
  }

  #frame(frame: Frame): void {
    this.#frames += 1;
    const start = ipPacketIn(frame);
    if (start < 0) return;
    if (this.#ip.read(frame.bytes, start, frame.end)) this.#datagram(this.#ip, frame);
    else if (this.#heard !== undefined) this.#other(frame.bytes.subarray(start, frame.end), this.#heard);
  }

  #other(packet: Uint8Array, heard: SegmentHeard): void {
    const echo = echoIn(packet);
    if (echo !== undefined) heard.addEcho(echo);
  }

  /** @param frame in which it is; absent of what is inside of ESP */
  #datagram(ip: Datagram, frame?: Frame): void {
    const { protocol, bytes, start, end, cut } = ip;
    if (protocol === IP_PROTOCOL.sctp) this.#sctp({ bytes, start, end, cut });
    else if (protocol === IP_PROTOCOL.esp) this.#protected(ip, start, frame);
    else this.#udp(ip, frame);
  }

  #udp(ip: Datagram, frame: Frame | undefined): void {
    const { bytes, start, end, cut } = ip;
    if (end - start < UDP_HEADER_BYTES) return;
    const ports = [word16(bytes, start), word16(bytes, start + 2)];
    const at = start + UDP_HEADER_BYTES;
    // Four zeros begin a message of IKE instead. @see RFC 3948 §2.2
    if (ports.includes(ESP_UDP_PORT) && end - at > ESP_HEADER_BYTES) {
      if (word32(bytes, at) !== 0) this.#protected(ip, at, frame);
      return;
    }
    if (ports.includes(GTPU_PORT)) {
      this.#count('GTP-U');
      return;
    }
    const inner = this.#tunnel.open(ip);
    if (inner !== undefined) this.#sctp({ bytes, start: inner.start, end: inner.end, cut });
  }

  #sctp(span: SctpSpan): void {
    const kind = checkPacket(span);
    if (kind === 'checksum' || kind === 'malformed') return;
    const ports = [word16(span.bytes, span.start), word16(span.bytes, span.start + 2)];
    eachChunk(span, (at, length) => {
      const type = span.bytes[at];
      if (type !== CHUNK.data && type !== CHUNK.iData) return;
      const data = readUserData(span.bytes, at, length);
      // A message is counted where it begins.
      if (data === undefined || (data.flags & BEGINNING) === 0) return;
      if (isDtls(data.bytes, data.ppid)) this.#dtls += 1;
      else if (DTLS_PPIDS.has(data.ppid)) this.#count('what is called DTLS and is not');
      else this.#count(protocolOf({ ppid: data.ppid, ports })?.name ?? nameOfPpid(data.ppid));
    });
  }

  /** What is signalling of nobody that is known here is counted for no protocol. */
  #count(protocol: string): void {
    if (protocol !== '') this.#clear.set(protocol, (this.#clear.get(protocol) ?? 0) + 1);
  }

  #protected(ip: Datagram, at: number, frame: Frame | undefined): void {
    const { bytes, end, cut, packet, addressesAt, addressBytes } = ip;
    if (end - at <= ESP_HEADER_BYTES) return;
    const toAt = addressesAt + addressBytes;
    const to = ipText(packet.subarray(toAt, toAt + addressBytes));
    const [spi, sequence] = [word32(bytes, at), word32(bytes, at + 4)];
    const key = `${to} ${spi}`;
    const known = this.#esp.get(key) ?? new EspAssociation(to, spi);
    if (this.#esp.size < MAX_ASSOCIATIONS) this.#esp.set(key, known);
    const isReadable = this.#readInside(bytes, at + ESP_HEADER_BYTES, end);
    const mark = word32(bytes, end - 4);
    known.packet(sequence, { mark, isReadable });
    if (this.#heard === undefined || cut || frame?.bytes !== bytes) return;
    const { linkType } = frame;
    this.#heard.add({ to, spi, sequence, mark, linkType, frame: bytes.slice(frame.start, frame.end) });
  }

  /** Whether nothing is ciphered; then what is inside counts as what it is. */
  #readInside(bytes: Uint8Array, start: number, end: number): boolean {
    if (isIpv4(bytes, start, end)) {
      // ESP in ESP is looked into no further.
      if (this.#inner.read(bytes, start, end) && this.#inner.protocol !== IP_PROTOCOL.esp)
        this.#datagram(this.#inner);
      return true;
    }
    for (const icvBytes of ICV_BYTES) {
      const trailer = end - icvBytes - 2;
      const last = trailer - (trailer < start ? 0 : (bytes[trailer] ?? 0));
      if (last - start < HEADER_BYTES || bytes[trailer + 1] !== IP_PROTOCOL.sctp) continue;
      if (!hasRightChecksum(bytes, start, last)) continue;
      this.#sctp({ bytes, start, end: last, cut: false });
      return true;
    }
    return false;
  }
}

class EspAssociation {
  readonly to: string;
  readonly spi: number;
  packets = 0;
  repeated = 0;
  readable = 0;
  /** The end of each packet, by its number: the same packet may be captured twice. */
  readonly #marks = new Map<number, number>();

  constructor(to: string, spi: number) {
    this.to = to;
    this.spi = spi;
  }

  packet(
    sequence: number,
    { mark, isReadable }: { readonly mark: number; readonly isReadable: boolean },
  ): void {
    this.packets += 1;
    if (isReadable) this.readable += 1;
    const before = this.#marks.get(sequence);
    if (before !== undefined && before !== mark) this.repeated += 1;
    const [oldest] = this.#marks.size < MAX_SEQUENCES ? [] : this.#marks.keys();
    if (oldest !== undefined) this.#marks.delete(oldest);
    this.#marks.set(sequence, mark);
  }
}

/** A whole packet of IPv4 with a right checksum: chance makes none. */
function isIpv4(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 20 || (bytes[start] ?? 0) >>> 4 !== 4) return false;
  const headerBytes = ((bytes[start] ?? 0) & 0x0f) * 4;
  const total = word16(bytes, start + 2);
  if (headerBytes < 20 || total < headerBytes || start + total > end) return false;
  let sum = 0;
  for (let at = start; at < start + headerBytes; at += 2) sum += word16(bytes, at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum === 0xffff;
}

/** A record of DTLS. The form that DTLS 1.3 has once it is ciphered also begins other messages. @see RFC 6347 §4.1, RFC 9147 §4 */
function isDtls(bytes: Uint8Array, ppid: number): boolean {
  const [type = 0, major, minor] = bytes;
  if (type >= 20 && type <= 26) return major === 0xfe && (minor === 0xff || minor === 0xfd);
  return type >>> 5 === 1 && DTLS_PPIDS.has(ppid);
}
