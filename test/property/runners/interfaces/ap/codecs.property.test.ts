import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PerError } from '../../../../../runners/interfaces/per/error.ts';
import { decodeValue } from '../../../../../runners/interfaces/per/interpret-decode.ts';
import { encodeValue } from '../../../../../runners/interfaces/per/interpret-encode.ts';
import { RandomValues } from '../../../../../runners/interfaces/per/mutate/random-values.ts';
import { renderTree, treeLines } from '../../../../../runners/interfaces/per/render.ts';
import { sameValue } from '../../../../../runners/interfaces/per/values.ts';
import { PROTOCOLS_UNDER_TEST } from '../../../../support/ap/protocols.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 31 });

describe.each(PROTOCOLS_UNDER_TEST)('$name', ({ schema, codec, comprehend }) => {
  const type = codec.pduType;

  it('reads and writes with built functions what the interpreter of the same text does', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const pdu = new RandomValues(schema, seed).value(type);
        const bytes = codec.encodePdu(pdu);
        expect(sameValue(encodeValue(schema, 'aligned', { type, value: pdu }), bytes)).toBe(true);
        const decoded = codec.decodePdu(bytes);
        expect(decoded.faults).toEqual([]);
        expect(sameValue(decoded.pdu, pdu)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('reads or refuses changed octets alike, shows and weighs them', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = new RandomValues(schema, seed);
        const bytes = codec.encodePdu(random.value(type)).slice(0, 2_000);
        for (let round = 0; round < 5; round += 1) {
          bytes[random.below(bytes.length)] = random.below(256);
          const decoded = codec.decodePdu(bytes);
          const slow = strictly(bytes);
          expect(decoded.faults.length === 0).toBe(slow !== undefined);
          if (slow !== undefined) expect(sameValue(decoded.pdu, slow)).toBe(true);
          const lines = treeLines(renderTree({ schema, type }, decoded.pdu));
          expect(lines.every((line) => !/[\p{Cc}]/u.test(line))).toBe(true);
          expect(comprehend(decoded).cause === 'transfer-syntax-error').toBe(decoded.faults.length > 0);
        }
      }),
      { numRuns: 20 },
    );
  });

  function strictly(bytes: Uint8Array): unknown {
    try {
      return decodeValue(bytes, { schema, variant: 'aligned', type, mode: 'strict' }).value;
    } catch (error) {
      if (error instanceof PerError) return undefined;
      throw error;
    }
  }
});
