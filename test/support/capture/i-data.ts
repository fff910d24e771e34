import { CHUNK } from '../../../runners/interfaces/sctp/chunks.ts';
import { writeChunk } from '../../../runners/interfaces/sctp/packet-writer.ts';

export interface IDataOptions {
  readonly tsn: number;
  /** Of the message in its stream. */
  readonly message: number;
  readonly fragment?: number;
  readonly stream?: number;
  readonly ppid?: number;
  readonly flags: number;
  readonly text: string;
}

/** A fragment of a message that may take turns with others. @see RFC 8260 §2.1 */
export function iDataChunk({
  tsn,
  message,
  fragment = 0,
  stream = 0,
  ppid = 70,
  flags,
  text,
}: IDataOptions): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const value = new Uint8Array(16 + bytes.length);
  const view = new DataView(value.buffer);
  view.setUint32(0, tsn);
  view.setUint16(4, stream);
  view.setUint32(8, message);
  view.setUint32(12, fragment === 0 ? ppid : fragment);
  value.set(bytes, 16);
  return writeChunk(CHUNK.iData, flags, value);
}
