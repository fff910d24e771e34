import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PerError } from '../../../../../runners/interfaces/per/error.ts';
import { decodeValue } from '../../../../../runners/interfaces/per/interpret-decode.ts';
import { encodeValue } from '../../../../../runners/interfaces/per/interpret-encode.ts';
import { sameValue } from '../../../../../runners/interfaces/per/values.ts';
import { everythingSchema, named, namesOf } from '../../../../support/everything-asn1.ts';
import { RandomValues } from '../../../../../runners/interfaces/per/mutate/random-values.ts';

const schema = everythingSchema();
const seeds = fc.integer({ min: 0, max: 2 ** 31 });
const places = fc.record({
  type: fc.constantFrom(...namesOf(schema)).map(named),
  variant: fc.constantFrom('aligned' as const, 'unaligned' as const),
});

/** How often a decoder may say no; anything else it throws is a mistake of ours. */
function readsOrRefuses(act: () => unknown): 'read' | 'refused' {
  try {
    act();
    return 'read';
  } catch (error) {
    if (error instanceof PerError && error.code === 'PER_INVALID') return 'refused';
    throw error;
  }
}

describe('PER by walking the schema, for any value of any type', () => {
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(places, seeds, ({ type, variant }, seed) => {
        const value = new RandomValues(schema, seed).value(type);
        const bytes = encodeValue(schema, variant, { type, value });
        const decoded = decodeValue(bytes, { schema, variant, type, mode: 'strict' });
        expect(sameValue(decoded.value, value)).toBe(true);
        expect(encodeValue(schema, variant, { type, value: decoded.value })).toEqual(bytes);
      }),
      { numRuns: 600 },
    );
  });

  it('reads or refuses whatever octets it is given, and a lenient one names what a strict one throws', () => {
    fc.assert(
      fc.property(places, fc.uint8Array({ maxLength: 40 }), ({ type, variant }, bytes) => {
        const strict = readsOrRefuses(() => decodeValue(bytes, { schema, variant, type, mode: 'strict' }));
        readsOrRefuses(() => {
          const { faults } = decodeValue(bytes, { schema, variant, type, mode: 'lenient' });
          expect(faults.length > 0).toBe(strict === 'refused');
        });
      }),
      { numRuns: 1_500 },
    );
  });

  it('reads or refuses messages with changed octets; what it reads strictly, it writes to the same bits', () => {
    fc.assert(
      fc.property(places, seeds, ({ type, variant }, seed) => {
        const random = new RandomValues(schema, seed);
        const bytes = encodeValue(schema, variant, { type, value: random.value(type) }).slice(0, 2_000);
        for (let round = 0; round < 3; round += 1) bytes[random.below(bytes.length)] = random.below(256);
        readsOrRefuses(() => {
          const { value } = decodeValue(bytes, { schema, variant, type, mode: 'strict' });
          const again = encodeValue(schema, variant, { type, value });
          const reread = decodeValue(again, { schema, variant, type, mode: 'strict' });
          expect(sameValue(reread.value, value)).toBe(true);
        });
      }),
      { numRuns: 500 },
    );
  });
});
