import { effectiveAlphabet, effectiveSize, type Constrained } from './effective.ts';
import { normalised } from './ranges.ts';
import type { Alphabet, Ranges, StringType } from '../schema.ts';

/** The characters of the types that give each the same number of bits (X.680 clauses 41 to 44, X.691 clause 30.1). */
const CHARACTERS: Readonly<Record<string, Ranges>> = {
  NumericString: characters(' 0123456789'),
  PrintableString: normalised([
    ...characters(" '()+,-./:=?"),
    ...between('0', '9'),
    ...between('A', 'Z'),
    ...between('a', 'z'),
  ]),
  VisibleString: between(' ', '~'),
  ISO646String: between(' ', '~'),
  UTCTime: between(' ', '~'),
  GeneralizedTime: between(' ', '~'),
  IA5String: [{ min: 0n, max: 127n }],
  BMPString: [{ min: 0n, max: 0xffffn }],
  UniversalString: [{ min: 0n, max: 0x10ffffn }],
};

/** The other string types are octets, whatever their constraints. */
export function buildString(set: string, type: Constrained): StringType {
  const all = CHARACTERS[set];
  if (all === undefined)
    return { kind: 'string', set, size: effectiveSize({ ...type, constraints: [] }), alphabet: null };
  return {
    kind: 'string',
    set,
    size: effectiveSize(type),
    alphabet: alphabetOf(effectiveAlphabet(type, all), set),
  };
}

function alphabetOf(ranges: Ranges, set: string): Alphabet {
  const numbers = ranges.map(({ min, max }) => ({ min: Number(min), max: Number(max) }));
  const count = numbers.reduce((sum, { min, max }) => sum + max - min + 1, 0);
  const highest = numbers.at(-1)?.max ?? 0;
  // Without a constraint, all 2^32 codes count for the number of bits.
  const whole = set === 'UniversalString' && highest === 0x10ffff;
  return { ranges: numbers, count: whole ? 2 ** 32 : count, highest: whole ? 2 ** 32 - 1 : highest };
}

function characters(text: string): Ranges {
  return normalised(Array.from(text).flatMap((character) => between(character, character)));
}

function between(from: string, to: string): Ranges {
  return [{ min: BigInt(from.charCodeAt(0)), max: BigInt(to.charCodeAt(0)) }];
}
