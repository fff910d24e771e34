import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { HarnessError } from '../../src/kernel/errors.ts';
import type { Json } from '../../src/kernel/json.ts';

/** A frame: length of the payload, its CRC-32, both 32 bits little-endian, then the payload. */
export const FRAME_HEAD = 8;
/** Larger frames are damage. */
const MAX_FRAME = 4 * 1024 * 1024;

/** The first frame, as JSON: where the next ones come from, and what was cut off before. */
export interface SpoolHeader {
  /** Number of the last observation that was cut off. */
  readonly base: number;
  /** What the owner has to remember of them. */
  readonly note: Json;
}

/** A payload as it stands in a spool. */
export function frameOf(payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEAD + payload.length);
  frame.writeUInt32LE(payload.length, 0);
  frame.writeUInt32LE(crc32(payload), 4);
  frame.set(payload, FRAME_HEAD);
  return frame;
}

/** The payloads of whole frames. */
export function framesIn(bytes: Buffer): readonly Buffer[] {
  const payloads: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + FRAME_HEAD + bytes.readUInt32LE(at);
    payloads.push(bytes.subarray(at + FRAME_HEAD, end));
    at = end;
  }
  return payloads;
}

/** The good frames at the start of the file; `null` when not even the header is there. */
export async function scan(file: FileHandle): Promise<{ header: SpoolHeader; ends: number[] } | null> {
  const { size } = await file.stat();
  const head = Buffer.alloc(FRAME_HEAD);
  const ends: number[] = [];
  let header: SpoolHeader | null = null;
  for (let at = 0; at + FRAME_HEAD <= size;) {
    await readFully(file, head, at);
    const length = head.readUInt32LE(0);
    const end = at + FRAME_HEAD + length;
    // Room that a crash left without its content reads as zeros.
    if (length === 0 || length > MAX_FRAME || end > size) break;
    const payload = Buffer.allocUnsafe(length);
    await readFully(file, payload, at + FRAME_HEAD);
    if (crc32(payload) !== head.readUInt32LE(4)) break;
    header ??= JSON.parse(payload.toString('utf8')) as SpoolHeader;
    ends.push(end);
    at = end;
  }
  return header === null ? null : { header, ends };
}

export async function readFully(file: FileHandle, into: Buffer, position: number): Promise<void> {
  for (let at = 0; at < into.length;) {
    const { bytesRead } = await file.read(into, at, into.length - at, position + at);
    if (bytesRead === 0) throw new HarnessError('STORE_UNAVAILABLE', 'the spool is shorter than it was');
    at += bytesRead;
  }
}
