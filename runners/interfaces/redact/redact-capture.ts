import { checkPacket, eachChunk } from '../capture/captured-packet.ts';
import { CaptureReader } from '../capture/capture-reader.ts';
import type { Frame } from '../capture/frame.ts';
import { timeNsOf } from '../capture/instant.ts';
import { type Datagram, IP_PROTOCOL, IpReader } from '../capture/ip.ts';
import { ipPacketIn } from '../capture/link.ts';
import { UdpTunnel } from '../capture/udp-tunnel.ts';
import { word16, word32 } from '../capture/words.ts';
import { captureHead, captureInterface, capturedPacket } from '../capture/write-capture.ts';
import { setUdpChecksum } from '../capture/write-ip.ts';
import { CHUNK, DATA_FLAG } from '../sctp/chunks.ts';
import { crc32c } from '../sctp/crc32c.ts';
import { protocolOf } from '../trace/protocols.ts';
import { Pseudonyms } from './pseudonyms.ts';
import { redactMessage } from './redact-message.ts';

export interface RedactOptions {
  /** 32 octets of chance; whoever has them can tell pseudonyms of one file in another. */
  readonly key: Uint8Array;
  /** Gets the file, piece by piece. */
  readonly write: (piece: Uint8Array) => void;
  readonly udpPorts?: readonly number[];
  /** Whether frames that carry no SCTP stay as they are; without it they are left out, since nobody has looked into them. */
  readonly keepsOthers?: boolean;
}

export interface RedactCounts {
  readonly frames: number;
  readonly written: number;
  /** Of messages that were read, and are as before but for identities and keys. */
  readonly messages: number;
  /** Chunks of data whose octets are all zero now: parts of messages, and what cannot be read. */
  readonly masked: number;
  /** Without SCTP, in fragments of IP, or such that their receiver throws them away. */
  readonly leftOut: number;
}

const [CHECKSUM_AT, PORTS_BYTES] = [8, 2];
const [DATA_HEADER_BYTES, I_DATA_HEADER_BYTES, UDP_HEADER_BYTES] = [16, 20, 8];
const WHOLE = DATA_FLAG.beginning | DATA_FLAG.ending;

/** Packets of SCTP in a frame that may be written to. */
interface Held {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly cut: boolean;
}

/**
 * Writes a capture again without the identities and keys of subscribers: every frame as long as it was, with checksums that are right
 * where they were. The same identity gets the same pseudonym in all of the file. `CAPTURE_INVALID` names the offset of what cannot be read.
 */
export class CaptureRedactor {
  readonly #options: RedactOptions;
  readonly #capture: CaptureReader;
  readonly #ip = new IpReader();
  readonly #tunnel: UdpTunnel;
  readonly #pseudonyms: Pseudonyms;
  /** Numbers of interfaces by their links. */
  readonly #interfaces = new Map<number, number>();
  readonly #counts = { frames: 0, written: 0, messages: 0, masked: 0, leftOut: 0 };

  constructor(options: RedactOptions) {
    this.#options = options;
    this.#pseudonyms = new Pseudonyms(options.key);
    this.#tunnel = new UdpTunnel(options.udpPorts ?? []);
    this.#capture = new CaptureReader((frame) => {
      this.#frame(frame);
    });
    options.write(captureHead([]));
  }

  get counts(): RedactCounts {
    return this.#counts;
  }

  push(piece: Uint8Array): void {
    this.#capture.push(piece);
  }

  #frame(frame: Frame): void {
    this.#counts.frames += 1;
    const bytes = new Uint8Array(frame.bytes.subarray(frame.start, frame.end));
    const at = ipPacketIn({ ...frame, bytes, start: 0, end: bytes.length });
    const isIp = at >= 0 && this.#ip.read(bytes, at, bytes.length);
    // What was put together from fragments stands in none of the frames.
    const isWhole = isIp && this.#ip.bytes === bytes;
    const isRedacted = isWhole && this.#datagram(this.#ip);
    if (isRedacted || (this.#options.keepsOthers === true && !this.#mayBeSctp(at >= 0, isWhole)))
      this.#write(frame, bytes);
    else this.#counts.leftOut += 1;
  }

  /** Parts of packets that may be of SCTP count as such. */
  #mayBeSctp(isIp: boolean, isWhole: boolean): boolean {
    const { protocol } = this.#ip;
    if (!isIp || (protocol !== IP_PROTOCOL.sctp && protocol !== IP_PROTOCOL.udp)) return false;
    return !isWhole || protocol === IP_PROTOCOL.sctp || this.#tunnel.open(this.#ip) !== undefined;
  }

  #datagram(ip: Datagram): boolean {
    if (ip.protocol === IP_PROTOCOL.sctp) return this.#sctp(ip);
    const inner = ip.protocol === IP_PROTOCOL.udp ? this.#tunnel.open(ip) : undefined;
    if (inner === undefined) return false;
    const { bytes, start, end, cut, packet, addressesAt, addressBytes } = ip;
    if (!this.#sctp({ bytes, start: inner.start, end: inner.end, cut })) return false;
    const datagram = bytes.subarray(start, Math.max(inner.end, start + UDP_HEADER_BYTES));
    const half = addressesAt + addressBytes;
    const addresses = [
      packet.subarray(addressesAt, half),
      packet.subarray(half, half + addressBytes),
    ] as const;
    if (word16(bytes, start + 6) !== 0 && !cut && datagram.length <= end - start)
      setUdpChecksum(datagram, addresses);
    return true;
  }

  #sctp({ bytes, start, end, cut }: Held): boolean {
    const kind = checkPacket({ bytes, start, end, cut });
    if (kind === 'malformed' || kind === 'checksum') return false;
    let last = start + CHECKSUM_AT + 4;
    eachChunk({ bytes, start, end, cut }, (at, length) => {
      last = Math.min(end, at + ((length + 3) & ~3));
      this.#chunk(bytes.subarray(at, at + length), [
        word16(bytes, start),
        word16(bytes, start + PORTS_BYTES),
      ]);
    });
    // Behind the last whole chunk the capture has the beginning of one.
    bytes.fill(0, last, end);
    if (word32(bytes, start + CHECKSUM_AT) === 0 || cut) return true;
    bytes.fill(0, start + CHECKSUM_AT, start + CHECKSUM_AT + 4);
    const sum = crc32c(bytes, start, end);
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(start + CHECKSUM_AT, sum, true);
    return true;
  }

  #chunk(chunk: Uint8Array, ports: readonly number[]): void {
    const type = chunk[0];
    if (type !== CHUNK.data && type !== CHUNK.iData) return;
    const header = type === CHUNK.data ? DATA_HEADER_BYTES : I_DATA_HEADER_BYTES;
    const ppid = word32(chunk, header - 4);
    const contents = chunk.subarray(header);
    const protocol = protocolOf({ ppid, ports });
    const isWhole = ((chunk[1] ?? 0) & WHOLE) === WHOLE;
    const redacted =
      isWhole && protocol !== undefined
        ? redactMessage(protocol.name, contents, this.#pseudonyms)
        : undefined;
    if (redacted === undefined) {
      contents.fill(0);
      this.#counts.masked += 1;
    } else {
      contents.set(redacted);
      this.#counts.messages += 1;
    }
  }

  #write(frame: Frame, bytes: Uint8Array): void {
    const known = this.#interfaces.get(frame.linkType);
    const number = known ?? this.#interfaces.size;
    if (known === undefined) {
      this.#interfaces.set(frame.linkType, number);
      this.#options.write(captureInterface({ linkType: frame.linkType, name: `redacted-${number}` }));
    }
    this.#options.write(capturedPacket(bytes, timeNsOf(frame), number));
    this.#counts.written += 1;
  }
}

/** A whole file at once. */
export function redactCapture(
  file: Uint8Array,
  options: Omit<RedactOptions, 'write'>,
): { readonly file: Uint8Array; readonly counts: RedactCounts } {
  const pieces: Uint8Array[] = [];
  const redactor = new CaptureRedactor({ ...options, write: (piece) => pieces.push(piece) });
  redactor.push(file);
  return { file: Buffer.concat(pieces), counts: redactor.counts };
}
