/** One value of DER (ITU-T X.690). */
export interface Der {
  /** The identifier byte, class and form included. */
  readonly tag: number;
  readonly content: Uint8Array;
  /** With tag and length: what digests and signatures are over. */
  readonly whole: Uint8Array;
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  octetString: 0x04,
  oid: 0x06,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

const MAX_LENGTH_BYTES = 3;

/** The bytes are not DER, or not the value that was expected. */
export class DerError extends Error {}

/** The one value that `bytes` are. Strict: definite and shortest lengths, nothing behind. Throws {@link DerError}. */
export function readDer(bytes: Uint8Array): Der {
  const value = readAt(bytes, 0);
  if (value.whole.length !== bytes.length) throw new DerError('something follows the value');
  return value;
}

/** The values inside of a constructed one. */
export function partsOf(parent: Der): readonly Der[] {
  if ((parent.tag & 0x20) === 0) throw new DerError(`a value of tag ${parent.tag} has no parts`);
  const parts: Der[] = [];
  for (let at = 0; at < parent.content.length;) {
    const part = readAt(parent.content, at);
    parts.push(part);
    at += part.whole.length;
  }
  return parts;
}

/** `value`, if it has that tag. */
export function expectTag(value: Der | undefined, tag: number): Der {
  if (value?.tag !== tag) throw new DerError(`tag ${tag} was expected, and not ${value?.tag ?? 'the end'}`);
  return value;
}

/** The value inside of an explicit tag. */
export function insideOf(value: Der | undefined, tag: number): Der {
  const [inner, more] = partsOf(expectTag(value, tag));
  if (inner === undefined || more !== undefined) throw new DerError('one value was expected inside of a tag');
  return inner;
}

export function writeDer(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const length = contents.reduce((sum, one) => sum + one.length, 0);
  const head = length < 0x80 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff];
  if (length > 0xffff) throw new RangeError('only short values are written');
  if (length >= 0x80 && length < 0x100) head.splice(1, 2, 0x81);
  const bytes = new Uint8Array(head.length + length);
  bytes.set(head);
  let at = head.length;
  for (const one of contents) {
    bytes.set(one, at);
    at += one.length;
  }
  return bytes;
}

function readAt(bytes: Uint8Array, at: number): Der {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) throw new DerError('a value breaks off');
  if ((tag & 0x1f) === 0x1f) throw new DerError('tags of several bytes are not read');
  const more = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || more > MAX_LENGTH_BYTES) throw new DerError('a length is indefinite or too large');
  const from = at + 2 + more;
  const length = more === 0 ? first : bytes.slice(at + 2, from).reduce((sum, byte) => sum * 256 + byte, 0);
  if (more > 0 && (length < 0x80 || bytes[at + 2] === 0)) throw new DerError('a length is not the shortest');
  if (from + length > bytes.length) throw new DerError('a value breaks off');
  return { tag, content: bytes.slice(from, from + length), whole: bytes.slice(at, from + length) };
}
