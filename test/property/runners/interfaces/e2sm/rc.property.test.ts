import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schema } from '../../../../../runners/interfaces/e2sm/gen/rc-schema.js';
import { ueOfDu } from '../../../../../runners/interfaces/e2sm/identity.ts';
import {
  decodeControl,
  decodeOutcome,
  encodeControl,
} from '../../../../../runners/interfaces/e2sm/rc/control.ts';
import { decodeRcDefinition } from '../../../../../runners/interfaces/e2sm/rc/definition.ts';
import { RC_PARTS } from '../../../../../runners/interfaces/e2sm/rc/parts.ts';
import { decodeValue } from '../../../../../runners/interfaces/per/interpret-decode.ts';
import { encodeValue } from '../../../../../runners/interfaces/per/interpret-encode.ts';
import { sameValue } from '../../../../../runners/interfaces/per/values.ts';
import { named } from '../../../../support/everything-asn1.ts';
import { outcomeOf, spoiledBytes } from '../../../../support/hostile-bytes.ts';
import { RandomValues } from '../../../../../runners/interfaces/per/mutate/random-values.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 31 });

const NAMES = {
  definition: 'RanFunctionDefinition',
  eventTrigger: 'EventTrigger',
  actionDefinition: 'ActionDefinition',
  indicationHeader: 'IndicationHeader',
  indicationMessage: 'IndicationMessage',
  callProcess: 'CallProcess',
  controlHeader: 'ControlHeader',
  controlMessage: 'ControlMessage',
  controlOutcome: 'ControlOutcome',
} as const satisfies Record<keyof typeof RC_PARTS, string>;

function randomBytes(name: string, seed: number): Uint8Array {
  const type = named(`E2sm-Rc.${name}`);
  return encodeValue(schema, 'aligned', { type, value: new RandomValues(schema, seed).value(type) });
}

describe.each(Object.entries(NAMES))('the %s of RC', (part, name) => {
  const codec = RC_PARTS[part as keyof typeof RC_PARTS];

  it('is read and written by generated functions as by the interpreter', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const bytes = randomBytes(name, seed);
        const value = codec.decode(bytes);
        const type = named(`E2sm-Rc.${name}`);
        const slow = decodeValue(bytes, { schema, variant: 'aligned', type, mode: 'strict' }).value;
        expect(sameValue(value, slow)).toBe(true);
        expect(Buffer.from(codec.encode(value as never)).equals(bytes)).toBe(true);
      }),
      { numRuns: 12 },
    );
  });

  it('cut, changed or made of noise throws nothing but the one error', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        for (const bytes of spoiledBytes(randomBytes(name, seed), new RandomValues(schema, seed)))
          expect(['read', 'PER_INVALID']).toContain(outcomeOf(() => codec.decode(bytes)));
      }),
      { numRuns: 12 },
    );
  });
});

describe('what RC means', () => {
  it('is read or refused with the one error, whatever comes', () => {
    const { header } = encodeControl({
      ue: ueOfDu(1),
      command: { kind: 'handover', target: { kind: 'nr', plmn: '00101', id: 1 } },
    });
    fc.assert(
      fc.property(seeds, (seed) => {
        const ways = [
          () =>
            decodeControl({
              header: randomBytes('ControlHeader', seed),
              message: randomBytes('ControlMessage', seed),
            }),
          () => decodeControl({ header, message: randomBytes('ControlMessage', seed) }),
          () => decodeOutcome(randomBytes('ControlOutcome', seed)),
          () => decodeRcDefinition(randomBytes('RanFunctionDefinition', seed)),
        ];
        for (const way of ways) expect(['read', 'PER_INVALID']).toContain(outcomeOf(way));
      }),
      { numRuns: 12 },
    );
  });
});
