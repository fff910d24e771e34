const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const URL_SAFE = `${STANDARD.slice(0, 62)}-_`;
const NOT_A_DIGIT = 255;
const PAD = 61;

const latin1 = new TextDecoder('latin1');
const standardCodes = codesOf(STANDARD);
const urlSafeCodes = codesOf(URL_SAFE);
const standardDigits = digitsOf(STANDARD);
const urlSafeDigits = digitsOf(URL_SAFE);

/** RFC 4648 §4, with padding. */
export function toBase64(bytes: Uint8Array): string {
  return encode(bytes, standardCodes, true);
}

/** RFC 4648 §5, without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  return encode(bytes, urlSafeCodes, false);
}

/**
 * Reads either alphabet of RFC 4648, padded or not; `undefined` when the text is neither.
 *
 * Strict, so that one byte string has few spellings: no white space, no mixture of the alphabets, no incomplete
 * padding, and the unused bits of the last digit are zero.
 */
export function fromBase64(text: string): Uint8Array | undefined {
  const digits = /[-_]/u.test(text) ? urlSafeDigits : standardDigits;
  let end = text.length;
  while (end > 0 && text.length - end < 2 && text.charCodeAt(end - 1) === PAD) end -= 1;
  if (end !== text.length && text.length % 4 !== 0) return undefined;
  if (end % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((end * 3) / 4));
  let buffer = 0;
  let bits = 0;
  let at = 0;
  for (let index = 0; index < end; index += 1) {
    const digit = digits[text.charCodeAt(index)] ?? NOT_A_DIGIT;
    if (digit === NOT_A_DIGIT) return undefined;
    buffer = ((buffer << 6) | digit) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at] = (buffer >> bits) & 0xff;
    at += 1;
  }
  return (buffer & ((1 << bits) - 1)) === 0 ? bytes : undefined;
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function encode(bytes: Uint8Array, codes: Uint8Array, padded: boolean): string {
  const plain = Math.ceil((bytes.length * 4) / 3);
  const text = new Uint8Array(padded ? Math.ceil(bytes.length / 3) * 4 : plain).fill(PAD);
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    const triple = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    for (let digit = 0; digit < 4 && to + digit < plain; digit += 1) {
      text[to + digit] = codes[(triple >> (18 - 6 * digit)) & 63] ?? PAD;
    }
  }
  return latin1.decode(text);
}

function codesOf(alphabet: string): Uint8Array {
  return Uint8Array.from(alphabet, (character) => character.charCodeAt(0));
}

function digitsOf(alphabet: string): Uint8Array {
  const digits = new Uint8Array(128).fill(NOT_A_DIGIT);
  for (const [value, character] of Array.from(alphabet).entries()) digits[character.charCodeAt(0)] = value;
  return digits;
}
