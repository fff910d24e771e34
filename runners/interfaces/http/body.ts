import type { Json } from '../../../src/kernel/json.ts';
import type { BodyRecord, HeaderList } from './types.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function recordBody(bytes: Uint8Array): BodyRecord {
  try {
    return { bytes: bytes.byteLength, text: UTF8.decode(bytes) };
  } catch {
    return { bytes: bytes.byteLength, base64: Buffer.from(bytes).toString('base64') };
  }
}

export function bytesOf(body: BodyRecord): Uint8Array {
  return 'text' in body ? Buffer.from(body.text, 'utf8') : Buffer.from(body.base64, 'base64');
}

/** The body as JSON; undefined when it is none. A byte order mark is tolerated (RFC 8259 §8.1). */
export function jsonOf(body: BodyRecord): Json | undefined {
  if (!('text' in body)) return undefined;
  try {
    return JSON.parse(body.text.replace(/^\uFEFF/u, '')) as Json;
  } catch {
    return undefined;
  }
}

/** First value of a header field, names compared without regard to case (RFC 9110 §5.1). */
export function header(headers: HeaderList, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return headers.find(([given]) => given.toLowerCase() === wanted)?.[1];
}

/** Type and subtype of `Content-Type`, lower case, without parameters; undefined when the field is absent. */
export function mediaType(headers: HeaderList): string | undefined {
  return header(headers, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase();
}
