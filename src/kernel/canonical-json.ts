import { HarnessError } from './errors.ts';
import type { Json, JsonObject } from './json.ts';

/**
 * Canonical JSON: one text for one value, whatever the order its members were written in.
 *
 * It is used to produce bytes that are then transported as they are; nothing is ever verified by producing them again.
 * Throws `INPUT_INVALID`, naming the place, for what I-JSON cannot carry: `undefined`, numbers that are not finite,
 * integers beyond ±(2^53 − 1) and lone surrogates.
 * @see RFC 8785 §3.2, RFC 7493 §2
 */
export function canonicalBytes(value: Json): Uint8Array {
  const chunks: Uint8Array[] = [];
  const writer = new Writer((chunk) => chunks.push(chunk.slice()));
  if (!writer.write(value)) throw offence(value, '$') ?? refuse('$', 'a value nested that deep');
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : concat(chunks);
}

/** Whether `bytes` are the canonical JSON of `value`; takes no memory to speak of. @param maxDepth of nesting */
export function isCanonical(value: Json, bytes: Uint8Array, maxDepth: number): boolean {
  let at = 0;
  const differs = new Set<number>();
  const writer = new Writer((chunk) => {
    if (!startsWithAt(bytes, chunk, at)) differs.add(at);
    at += chunk.length;
  }, maxDepth);
  return writer.write(value) && differs.size === 0 && at === bytes.length;
}

export function hasLoneSurrogate(text: string): boolean {
  return !text.isWellFormed();
}

const utf8 = new TextEncoder();
const CHUNK_BYTES = 16 * 1024;
/** The engine's own recursion ends not far behind. */
const MAX_DEPTH = 1_000;
const QUOTE = 34;
const COMMA = 44;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const CLOSE_OBJECT = 125;
const MAX_LABELS = 512;
const MAX_SHAPES = 8;
const MAX_SHAPE_NAMES = 64;
const MAX_LABEL_BYTES = 256;

/** Members of objects in one place, as they came and in order, with the bytes of their names: `{"a":`, `,"b":` … */
interface Shape {
  readonly names: readonly string[];
  readonly sorted: readonly string[];
  readonly labels: readonly Uint8Array[];
}

/** By the name of the member that such an object is. It only saves work: a shape that does not fit is made anew. */
const shapes = new Map<string, readonly Shape[]>();
/** One buffer is enough, since nothing of ours runs between taking and giving back; made anew should that ever change. */
let spare: Uint8Array | undefined;

/**
 * Writes ASCII byte by byte into a small buffer, which is several times as fast as joining texts. Objects that are members
 * of the same name mostly have the same members, so names are put in order and escaped once for all of them.
 */
class Writer {
  readonly #flush: (chunk: Uint8Array) => void;
  readonly #maxDepth: number;
  readonly #buffer: Uint8Array;
  #at = 0;

  /** @param flush gets a view that is good until it returns */
  constructor(flush: (chunk: Uint8Array) => void, maxDepth = MAX_DEPTH) {
    this.#flush = flush;
    this.#maxDepth = maxDepth;
    this.#buffer = spare ?? new Uint8Array(CHUNK_BYTES);
    spare = undefined;
  }

  /** `false` when the value cannot be written; what has been flushed by then is worth nothing. */
  write(value: Json): boolean {
    const done = this.#value(value, '', 0);
    this.#flush(this.#buffer.subarray(0, this.#at));
    spare = this.#buffer;
    return done;
  }

  #value(value: Json | undefined, label: string, depth: number): boolean {
    if (typeof value === 'string') return this.#text(value);
    if (typeof value === 'number') return isExact(value) && this.#ascii(String(value));
    if (value === null || typeof value === 'boolean') return this.#ascii(String(value));
    if (typeof value !== 'object' || depth >= this.#maxDepth) return false;
    return Array.isArray(value)
      ? this.#list(value, label, depth)
      : this.#members(value as JsonObject, label, depth);
  }

  #list(items: readonly Json[], label: string, depth: number): boolean {
    this.#byte(OPEN_LIST);
    for (let index = 0; index < items.length; index += 1) {
      if (index > 0) this.#byte(COMMA);
      if (!this.#value(items[index], label, depth + 1)) return false;
    }
    this.#byte(CLOSE_LIST);
    return true;
  }

  #members(value: JsonObject, label: string, depth: number): boolean {
    const names = Object.keys(value);
    if (names.length === 0) return this.#ascii('{}');
    const shape = this.#shape(names, label);
    if (shape === undefined) return false;
    const { sorted, labels } = shape;
    for (let index = 0; index < sorted.length; index += 1) {
      const name = sorted[index] ?? '';
      this.#bytes(labels[index] ?? utf8.encode(''));
      if (!this.#value(value[name], name, depth + 1)) return false;
    }
    this.#byte(CLOSE_OBJECT);
    return true;
  }

  #shape(names: readonly string[], label: string): Shape | undefined {
    const known = shapes.get(label)?.find((shape) => areSame(shape.names, names));
    if (known !== undefined) return known;
    if (names.some(hasLoneSurrogate)) return undefined;
    const sorted = [...names].sort();
    const labels = sorted.map((name, index) =>
      utf8.encode(`${index === 0 ? '{' : ','}${JSON.stringify(name)}:`),
    );
    const shape = { names, sorted, labels };
    remember(label, shape);
    return shape;
  }

  #text(text: string): boolean {
    const { length } = text;
    this.#reserve(length + 2);
    if (length + 2 > CHUNK_BYTES) return this.#escaped(text);
    const buffer = this.#buffer;
    let at = this.#at;
    buffer[at++] = QUOTE;
    for (let index = 0; index < length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit < 32 || unit > 126 || unit === QUOTE || unit === BACKSLASH) return this.#escaped(text);
      buffer[at++] = unit;
    }
    buffer[at++] = QUOTE;
    this.#at = at;
    return true;
  }

  #escaped(text: string): boolean {
    if (hasLoneSurrogate(text)) return false;
    this.#bytes(utf8.encode(JSON.stringify(text)));
    return true;
  }

  #ascii(text: string): true {
    this.#reserve(text.length);
    for (let index = 0; index < text.length; index += 1) this.#buffer[this.#at++] = text.charCodeAt(index);
    return true;
  }

  #bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    if (bytes.length > CHUNK_BYTES) {
      this.#flush(bytes);
      return;
    }
    for (let index = 0; index < bytes.length; index += 1) this.#buffer[this.#at++] = bytes[index] ?? 0;
  }

  #byte(byte: number): void {
    this.#reserve(1);
    this.#buffer[this.#at++] = byte;
  }

  /** Afterwards there is room for `bytes`, or for a whole chunk when that is less. */
  #reserve(bytes: number): void {
    if (this.#at + bytes <= CHUNK_BYTES) return;
    this.#flush(this.#buffer.subarray(0, this.#at));
    this.#at = 0;
  }
}

function remember(label: string, shape: Shape): void {
  const { names, labels } = shape;
  if (names.length > MAX_SHAPE_NAMES || label.length > MAX_LABEL_BYTES) return;
  if (labels.some(({ length }) => length > MAX_LABEL_BYTES)) return;
  if (shapes.size >= MAX_LABELS) shapes.clear();
  shapes.set(label, [shape, ...(shapes.get(label) ?? [])].slice(0, MAX_SHAPES));
}

function areSame(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}

function startsWithAt(bytes: Uint8Array, part: Uint8Array, at: number): boolean {
  if (at + part.length > bytes.length) return false;
  for (let index = 0; index < part.length; index += 1) if (bytes[at + index] !== part[index]) return false;
  return true;
}

function isExact(number: number): boolean {
  return Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** What it is that cannot be written, with its place. */
function offence(value: Json | undefined, path: string): HarnessError | undefined {
  if (typeof value === 'string')
    return hasLoneSurrogate(value) ? refuse(path, 'half a surrogate pair') : undefined;
  if (typeof value === 'number') {
    if (isExact(value)) return undefined;
    return refuse(path, Number.isFinite(value) ? 'an integer beyond 2^53 - 1' : String(value));
  }
  if (value === null || typeof value === 'boolean') return undefined;
  if (typeof value !== 'object') return refuse(path, `a ${typeof value}`);
  for (const [name, member] of Object.entries(value)) {
    if (hasLoneSurrogate(name)) return refuse(path, 'half a surrogate pair');
    const found = offence(member, Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function refuse(path: string, what: string): HarnessError {
  return new HarnessError('INPUT_INVALID', `${path}: canonical JSON cannot carry ${what}`);
}
