const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const URL_SAFE = `${STANDARD.slice(0, 62)}-_`;
const NOT_A_DIGIT = 255;
const PAD = 61;
const MINUS = 45;
const UNDERSCORE = 95;

const latin1 = new TextDecoder('latin1');
const ascii = new TextEncoder();
const scratch = new Uint8Array(4096);
const standardPairs = pairsOf(STANDARD);
const urlSafePairs = pairsOf(URL_SAFE);
const standardDigits = digitsOf(STANDARD);
const urlSafeDigits = digitsOf(URL_SAFE);

/** RFC 4648 §4, with padding. */
export function toBase64(bytes: Uint8Array): string {
  return latin1.decode(encode(bytes, standardPairs, Math.ceil(bytes.length / 3) * 4));
}

/** RFC 4648 §5, without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  return latin1.decode(encodeBase64Url(bytes));
}

/** The same as ASCII bytes, for whoever goes on to hash them. */
export function encodeBase64Url(bytes: Uint8Array): Uint8Array {
  return encode(bytes, urlSafePairs, Math.ceil((bytes.length * 4) / 3));
}

/**
 * Reads either alphabet of RFC 4648, padded or not; `undefined` when the text is neither.
 *
 * Strict, so that one byte string has few spellings: no white space, no mixture of the alphabets, no incomplete
 * padding, and the unused bits of the last digit are zero.
 */
export function fromBase64(text: string): Uint8Array | undefined {
  return decodeBase64(ascii.encode(text));
}

/** The same of a text in ASCII. @param place gives where the bytes go, once their number is known */
export function decodeBase64(
  text: Uint8Array,
  place: (length: number) => Uint8Array = newBytes,
): Uint8Array | undefined {
  const isUrlSafe = text.includes(MINUS) || text.includes(UNDERSCORE);
  return decode(text, isUrlSafe ? urlSafeDigits : standardDigits, place);
}

/** Reads the URL-safe alphabet without padding, and nothing else. */
export function fromBase64Url(text: string): Uint8Array | undefined {
  return text.endsWith('=') ? undefined : decode(asciiOf(text), urlSafeDigits, newBytes);
}

/** Good until the next call. */
function asciiOf(text: string): Uint8Array {
  if (text.length > scratch.length) return ascii.encode(text);
  const { read, written } = ascii.encodeInto(text, scratch);
  return read === text.length ? scratch.subarray(0, written) : ascii.encode(text);
}

function decode(
  text: Uint8Array,
  digits: Uint8Array,
  place: (length: number) => Uint8Array,
): Uint8Array | undefined {
  let end = text.length;
  while (end > 0 && text.length - end < 2 && text[end - 1] === PAD) end -= 1;
  if (end !== text.length && text.length % 4 !== 0) return undefined;
  if (end % 4 === 1) return undefined;
  const bytes = place(Math.floor((end * 3) / 4));
  const whole = end - (end % 4);
  let wrong = 0;
  let to = 0;
  for (let from = 0; from < whole; from += 4) {
    const a = digits[text[from] ?? 0] ?? NOT_A_DIGIT;
    const b = digits[text[from + 1] ?? 0] ?? NOT_A_DIGIT;
    const c = digits[text[from + 2] ?? 0] ?? NOT_A_DIGIT;
    const d = digits[text[from + 3] ?? 0] ?? NOT_A_DIGIT;
    wrong |= a | b | c | d;
    bytes[to++] = (a << 2) | (b >> 4);
    bytes[to++] = (b << 4) | (c >> 2);
    bytes[to++] = (c << 6) | d;
  }
  if (wrong > 63) return undefined;
  return decodeTail(text.subarray(whole, end), digits, bytes.subarray(to)) ? bytes : undefined;
}

function newBytes(length: number): Uint8Array {
  return new Uint8Array(length);
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The last two or three digits: one byte or two. */
function decodeTail(tail: Uint8Array, digits: Uint8Array, bytes: Uint8Array): boolean {
  let buffer = 0;
  for (let index = 0; index < tail.length; index += 1) {
    const digit = digits[tail[index] ?? 0] ?? NOT_A_DIGIT;
    if (digit === NOT_A_DIGIT) return false;
    buffer = (buffer << 6) | digit;
  }
  const spareBits = (tail.length * 6) % 8;
  for (let index = 0; index < bytes.length; index += 1) {
    bytes[index] = buffer >> (spareBits + 8 * (bytes.length - 1 - index));
  }
  return (buffer & ((1 << spareBits) - 1)) === 0;
}

/** @param pairs two digits for each twelve bits, the first one in the low byte @param length of the text, padding included */
function encode(bytes: Uint8Array, pairs: Uint16Array, length: number): Uint8Array {
  const text = new Uint8Array(length).fill(PAD, Math.max(0, length - 3));
  const whole = bytes.length - (bytes.length % 3);
  let to = 0;
  for (let from = 0; from < whole; from += 3) {
    const triple = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    const high = pairs[triple >> 12] ?? 0;
    const low = pairs[triple & 0xfff] ?? 0;
    text[to++] = high;
    text[to++] = high >> 8;
    text[to++] = low;
    text[to++] = low >> 8;
  }
  const left = bytes.length - whole;
  if (left === 0) return text;
  const triple = ((bytes[whole] ?? 0) << 16) | ((bytes[whole + 1] ?? 0) << 8);
  const high = pairs[triple >> 12] ?? 0;
  text[to++] = high;
  text[to++] = high >> 8;
  if (left === 2) text[to] = pairs[triple & 0xfff] ?? 0;
  return text;
}

function pairsOf(alphabet: string): Uint16Array {
  return Uint16Array.from(
    { length: 4096 },
    (_, bits) => alphabet.charCodeAt(bits >> 6) | (alphabet.charCodeAt(bits & 63) << 8),
  );
}

function digitsOf(alphabet: string): Uint8Array {
  const digits = new Uint8Array(256).fill(NOT_A_DIGIT);
  for (const [value, character] of Array.from(alphabet).entries()) digits[character.charCodeAt(0)] = value;
  return digits;
}
