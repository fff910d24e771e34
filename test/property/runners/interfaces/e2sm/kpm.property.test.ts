import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schema } from '../../../../../runners/interfaces/e2sm/gen/kpm-schema.js';
import { KPM } from '../../../../../runners/interfaces/e2sm/kpm/kpm.ts';
import { KPM_PARTS } from '../../../../../runners/interfaces/e2sm/kpm/parts.ts';
import { decodeValue } from '../../../../../runners/interfaces/per/interpret-decode.ts';
import { encodeValue } from '../../../../../runners/interfaces/per/interpret-encode.ts';
import { sameValue } from '../../../../../runners/interfaces/per/values.ts';
import { named } from '../../../../support/everything-asn1.ts';
import { outcomeOf, spoiledBytes } from '../../../../support/hostile-bytes.ts';
import { RandomValues } from '../../../../../runners/interfaces/per/mutate/random-values.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 31 });
const { v2, v3 } = KPM;

/** Type, the part of it, and what reads and writes it. */
const PARTS = {
  'E2sm-Kpm.RanFunctionDefinition': [KPM_PARTS.definition, v3.definition],
  'E2sm-Kpm.EventTrigger': [KPM_PARTS.eventTrigger, v3.periodMs],
  'E2sm-Kpm.ActionDefinition': [KPM_PARTS.actionDefinition, v3.action],
  'E2sm-Kpm.IndicationHeaderV2': [KPM_PARTS.indicationHeaderV2, v2.header],
  'E2sm-Kpm.IndicationHeaderV3': [KPM_PARTS.indicationHeaderV3, v3.header],
  'E2sm-Kpm.IndicationMessage': [KPM_PARTS.indicationMessage, v3.message],
} as const;

function randomBytes(name: string, seed: number): Uint8Array {
  const type = named(name);
  return encodeValue(schema, 'aligned', { type, value: new RandomValues(schema, seed).value(type) });
}

describe.each(Object.entries(PARTS))('%s', (name, [part, reading]) => {
  it('is read and written by generated functions as by the interpreter', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const bytes = randomBytes(name, seed);
        const decoding = { schema, variant: 'aligned', type: named(name), mode: 'strict' } as const;
        const value = part.decode(bytes);
        expect(sameValue(value, decodeValue(bytes, decoding).value)).toBe(true);
        expect(Buffer.from(part.encode(value as never)).equals(bytes)).toBe(true);
      }),
      { numRuns: 12 },
    );
  });

  it('has one meaning that gives the same octets again, or is refused with one error', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const bytes = randomBytes(name, seed);
        const read = outcomeOf(() => reading.decode(bytes));
        if (read === 'PER_INVALID') return;
        expect(Buffer.from(reading.encode(reading.decode(bytes) as never)).equals(bytes)).toBe(true);
      }),
      { numRuns: 12 },
    );
  });

  it('cut, changed or made of noise throws nothing else', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        for (const bytes of spoiledBytes(randomBytes(name, seed), new RandomValues(schema, seed)))
          expect(['read', 'PER_INVALID']).toContain(outcomeOf(() => reading.decode(bytes)));
      }),
      { numRuns: 12 },
    );
  });
});
