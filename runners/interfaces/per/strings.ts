import { badValue } from './error.ts';
import type { Alphabet, StringType } from './schema.ts';

export interface CharacterCoding {
  /** Of each character. */
  readonly bits: number;
  /** Whether codes are the characters' own; else they are their places in the alphabet. */
  readonly direct: boolean;
}

/**
 * The bits of a character: as few as the alphabet needs, in the aligned variant a power of two.
 *
 * @see ITU-T X.691 clauses 30.5.2 to 30.5.4
 */
export function codingOf({ count, highest }: Alphabet, aligned: boolean): CharacterCoding {
  const needed = bitsFor(count);
  const bits = aligned && needed > 0 ? 2 ** Math.ceil(Math.log2(needed)) : needed;
  return { bits, direct: highest < 2 ** bits };
}

function bitsFor(count: number): number {
  return Math.ceil(Math.log2(count));
}

/** Whether the characters begin at an octet in the aligned variant (X.691 clauses 30.5.6 and 30.5.7). */
export function isStringAligned({ size: { min, max } }: StringType, bits: number): boolean {
  if (max === null) return true;
  return min === max ? max * bits > 16 : max * bits >= 16;
}

/** The place of a character in the alphabet; -1 outside. */
export function placeOf({ ranges }: Alphabet, code: number): number {
  let before = 0;
  for (const { min, max } of ranges) {
    if (code < min) return -1;
    if (code <= max) return before + code - min;
    before += max - min + 1;
  }
  return -1;
}

/** The character at a place in the alphabet; -1 behind its end. */
export function characterAt({ ranges }: Alphabet, place: number): number {
  let left = place;
  for (const { min, max } of ranges) {
    if (left <= max - min) return min + left;
    left -= max - min + 1;
  }
  return -1;
}

/** Code points of a text; of a BMPString, its code units. */
export function codesOf(text: string, set: string): readonly number[] {
  if (set === 'BMPString') return Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  return Array.from(text, (character) => character.codePointAt(0) ?? 0);
}

export function textOf(codes: readonly number[], set: string): string {
  const parts: string[] = [];
  for (let from = 0; from < codes.length; from += 4_096) {
    const part = codes.slice(from, from + 4_096);
    parts.push(set === 'BMPString' ? String.fromCharCode(...part) : String.fromCodePoint(...part));
  }
  return parts.join('');
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The octets of a text of one of the types whose characters differ in length. */
export function textToOctets(text: string, set: string): Uint8Array {
  if (set !== 'UTF8String') {
    if (/[^\0-\u00ff]/u.test(text)) throw badValue(`a ${set} has characters up to 255`);
    return Buffer.from(text, 'latin1');
  }
  if (!text.isWellFormed()) throw badValue('half a surrogate pair is no character');
  return Buffer.from(text, 'utf8');
}

/** `null` where the octets are no text. */
export function octetsToText(octets: Uint8Array, set: string): string | null {
  if (set !== 'UTF8String') return Buffer.from(octets).toString('latin1');
  try {
    return UTF_8.decode(octets);
  } catch {
    return null;
  }
}
