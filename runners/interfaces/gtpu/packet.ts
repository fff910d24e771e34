import { err, ok, type Result } from '../../../src/kernel/result.ts';

/** UDP port on which every GTP-U entity takes what it is sent. @see TS 29.281 clause 4.4.2 */
export const GTPU_PORT = 2_152;

/** @see TS 29.281 clause 6.1, table 6.1-1 */
export const GTPU_TYPE = {
  echoRequest: 1,
  echoResponse: 2,
  errorIndication: 26,
  supportedExtensionHeaders: 31,
  endMarker: 254,
  gPdu: 255,
} as const;

/** One extension header: octets of its content, without length and next type. @see TS 29.281 clause 5.2 */
export interface GtpuExtension {
  readonly type: number;
  readonly content: Uint8Array;
}

/** A GTP-U packet, version 1. @see TS 29.281 clause 5.1 */
export interface GtpuPacket {
  readonly type: number;
  /** Tunnel endpoint identifier, 32 bits. */
  readonly teid: number;
  /** 16 bits; null: there is none. */
  readonly sequence: number | null;
  /** N-PDU number; null: there is none. */
  readonly nPdu: number | null;
  readonly extensions: readonly GtpuExtension[];
  /** A user's packet in a G-PDU; information elements in every other message. */
  readonly payload: Uint8Array;
}

const VERSION_1 = 0x20;
const PROTOCOL_GTP = 0x10;
const HAS_EXTENSION = 0x04;
const HAS_SEQUENCE = 0x02;
const HAS_N_PDU = 0x01;
const MANDATORY_BYTES = 8;
const OPTIONAL_BYTES = 4;
/** A packet has no more; a chain of them could be as long as the packet. */
const MAX_EXTENSIONS = 64;

/** @returns a word on what is wrong and where, counted in octets from the first of the packet */
export function decodeGtpu(bytes: Uint8Array): Result<GtpuPacket, string> {
  if (bytes.length < MANDATORY_BYTES) return err(`${bytes.length} octets are no header of GTP-U`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const flags = view.getUint8(0);
  if (flags >> 5 !== 1) return err(`octet 0: version ${flags >> 5}, not 1`);
  if ((flags & PROTOCOL_GTP) === 0) return err("octet 0: GTP', not GTP");
  const end = MANDATORY_BYTES + view.getUint16(2);
  if (end > bytes.length)
    return err(`octet 2: ${end - MANDATORY_BYTES} octets are told, ${bytes.length - MANDATORY_BYTES} follow`);
  const head = { type: view.getUint8(1), teid: view.getUint32(4) };
  if ((flags & (HAS_EXTENSION | HAS_SEQUENCE | HAS_N_PDU)) === 0)
    return ok({
      ...head,
      sequence: null,
      nPdu: null,
      extensions: [],
      payload: bytes.slice(MANDATORY_BYTES, end),
    });
  const start = MANDATORY_BYTES + OPTIONAL_BYTES;
  if (end < start) return err('octet 8: the optional part of the header is cut off');
  const first = flags & HAS_EXTENSION ? view.getUint8(11) : 0;
  const chain = readExtensions(bytes.subarray(0, end), start, first);
  if (!chain.ok) return chain;
  return ok({
    ...head,
    sequence: flags & HAS_SEQUENCE ? view.getUint16(8) : null,
    nPdu: flags & HAS_N_PDU ? view.getUint8(10) : null,
    extensions: chain.value.extensions,
    payload: bytes.slice(chain.value.end, end),
  });
}

function readExtensions(
  bytes: Uint8Array,
  start: number,
  first: number,
): Result<{ readonly extensions: readonly GtpuExtension[]; readonly end: number }, string> {
  const extensions: GtpuExtension[] = [];
  let [at, type] = [start, first];
  while (type !== 0) {
    const length = (bytes[at] ?? 0) * 4;
    if (length === 0) return err(`octet ${at}: an extension header of no length`);
    if (at + length > bytes.length) return err(`octet ${at}: the extension header is cut off`);
    if (extensions.length === MAX_EXTENSIONS)
      return err(`octet ${at}: more than ${MAX_EXTENSIONS} extension headers`);
    extensions.push({ type, content: bytes.slice(at + 1, at + length - 1) });
    type = bytes[at + length - 1] ?? 0;
    at += length;
  }
  return ok({ extensions, end: at });
}

/**
 * Content of an extension header is filled up with zeros to a multiple of four octets, length and next type included.
 * @throws RangeError when a number or a length does not fit
 */
export function encodeGtpu(packet: GtpuPacket): Uint8Array {
  const { type, teid, sequence, nPdu, extensions, payload } = packet;
  const flags =
    (extensions.length > 0 ? HAS_EXTENSION : 0) |
    (sequence === null ? 0 : HAS_SEQUENCE) |
    (nPdu === null ? 0 : HAS_N_PDU);
  const parts = extensions.map(({ content }, index) =>
    extensionOf(content, extensions[index + 1]?.type ?? 0),
  );
  const length =
    (flags === 0 ? 0 : OPTIONAL_BYTES) + parts.reduce((sum, part) => sum + part.length, 0) + payload.length;
  mustFit(length, 0xffff, 'the length of the packet');
  mustFit(teid, 0xffff_ffff, 'TEID');
  const bytes = new Uint8Array(MANDATORY_BYTES + length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, VERSION_1 | PROTOCOL_GTP | flags);
  view.setUint8(1, type);
  view.setUint16(2, length);
  view.setUint32(4, teid);
  let at = MANDATORY_BYTES;
  if (flags !== 0) {
    mustFit(sequence ?? 0, 0xffff, 'the sequence number');
    view.setUint16(8, sequence ?? 0);
    view.setUint8(10, nPdu ?? 0);
    view.setUint8(11, extensions[0]?.type ?? 0);
    at += OPTIONAL_BYTES;
  }
  for (const part of [...parts, payload]) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function extensionOf(content: Uint8Array, next: number): Uint8Array {
  const words = Math.ceil((content.length + 2) / 4);
  mustFit(words, 0xff, 'the length of an extension header');
  const bytes = new Uint8Array(words * 4);
  bytes[0] = words;
  bytes.set(content, 1);
  bytes[bytes.length - 1] = next;
  return bytes;
}

function mustFit(value: number, max: number, what: string): void {
  if (!Number.isInteger(value) || value < 0 || value > max)
    throw new RangeError(`${what} is ${value}, not 0 to ${max}`);
}
