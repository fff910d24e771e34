import fc from 'fast-check';
import { expect, it } from 'vitest';
import { protocolAnswer } from '../../../../../runners/interfaces/e2/answers.ts';
import { decodePdu, encodeMessage, encodePdu, PDU_TYPE } from '../../../../../runners/interfaces/e2/codec.ts';
import { comprehend } from '../../../../../runners/interfaces/e2/comprehension.ts';
import { schema } from '../../../../../runners/interfaces/e2/gen/e2ap-schema.js';
import { PerError } from '../../../../../runners/interfaces/per/error.ts';
import { decodeValue } from '../../../../../runners/interfaces/per/interpret-decode.ts';
import { encodeValue } from '../../../../../runners/interfaces/per/interpret-encode.ts';
import { renderTree, treeLines } from '../../../../../runners/interfaces/per/render.ts';
import { sameValue } from '../../../../../runners/interfaces/per/values.ts';
import { RandomValues } from '../../../../../runners/interfaces/per/mutate/random-values.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 31 });
const decoding = { schema, variant: 'aligned', type: PDU_TYPE, mode: 'strict' } as const;

function strictly(bytes: Uint8Array): unknown {
  try {
    return decodeValue(bytes, decoding).value;
  } catch (error) {
    if (error instanceof PerError) return undefined;
    throw error;
  }
}

it('what is built reads and writes what the interpreter of the same text does', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const pdu = new RandomValues(schema, seed).value(PDU_TYPE);
      const bytes = encodePdu(pdu);
      expect(encodeValue(schema, 'aligned', { type: PDU_TYPE, value: pdu })).toEqual(bytes);
      const decoded = decodePdu(bytes);
      expect(decoded.faults).toEqual([]);
      expect(sameValue(decoded.pdu, pdu)).toBe(true);
    }),
    { numRuns: 150 },
  );
});

it('changed octets are read or refused alike, shown, judged and answered', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const random = new RandomValues(schema, seed);
      const bytes = encodePdu(random.value(PDU_TYPE)).slice(0, 2_000);
      for (let round = 0; round < 5; round += 1) {
        bytes[random.below(bytes.length)] = random.below(256);
        const decoded = decodePdu(bytes);
        const slow = strictly(bytes);
        expect(decoded.faults.length === 0).toBe(slow !== undefined);
        if (slow !== undefined) expect(sameValue(decoded.pdu, slow)).toBe(true);
        const lines = treeLines(renderTree({ schema, type: PDU_TYPE }, decoded.pdu));
        expect(lines.every((line) => !/[\p{Cc}]/u.test(line))).toBe(true);
        const answer = protocolAnswer(decoded, comprehend(decoded));
        if (answer !== null)
          expect(comprehend(decodePdu(encodeMessage(answer.name, answer.ies as never)))).toMatchObject({
            findings: [],
          });
      }
    }),
    { numRuns: 60 },
  );
});
