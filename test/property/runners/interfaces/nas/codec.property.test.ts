import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeNas, encodeMobility, encodeSession } from '../../../../../runners/interfaces/nas/codec.ts';
import { decodeIdentity, encodeIdentity } from '../../../../../runners/interfaces/nas/identity.ts';
import { type Definition, SPARE } from '../../../../../runners/interfaces/nas/fields.ts';
import { readProtected } from '../../../../../runners/interfaces/nas/protection.ts';
import { MESSAGES, type NasName } from '../../../../../runners/interfaces/nas/types.ts';
import { decodeNssai } from '../../../../../runners/interfaces/nas/values.ts';

type Ies = Readonly<Record<string, number | Uint8Array>>;
const LONG = 300;

/** A message of any name with what must be there and any of the rest. */
const messages = fc.constantFrom(...(Object.keys(MESSAGES) as NasName[])).chain((name) => {
  const { mandatory, optional }: Definition = MESSAGES[name];
  const value = ({ format, octets: [least, most] }: Definition[keyof Omit<Definition, 'type'>][number]) =>
    format === 'half' || format === 'tv1'
      ? fc.nat({ max: 15 })
      : fc.uint8Array({ minLength: least, maxLength: Math.min(most, Math.max(least, LONG)) });
  const required = mandatory.filter((field) => field.name !== SPARE);
  const model = Object.fromEntries([...required, ...optional].map((field) => [field.name, value(field)]));
  return fc
    .record<Ies>(model as never, { requiredKeys: required.map((field) => field.name) })
    .map((ies) => ({ name, ies }));
});

function encode({ name, ies }: { name: NasName; ies: Ies }): Uint8Array {
  return MESSAGES[name].type >= 0xc0
    ? encodeSession(name as never, { pduSessionId: 5, transaction: 1 }, ies as never)
    : encodeMobility(name as never, ies as never);
}

it('reads every message as it was written', () => {
  fc.assert(
    fc.property(messages, (made) => {
      const { message, faults } = decodeNas(encode(made));
      expect(faults).toEqual([]);
      expect(message).toMatchObject({ name: made.name, ies: made.ies, unknown: [] });
      expect(Object.keys(message?.ies ?? {}).sort()).toEqual(Object.keys(made.ies).sort());
    }),
    { numRuns: 300 },
  );
});

it('reads any octets to a message or to faults, and neither hangs nor throws', () => {
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 });
  fc.assert(
    fc.property(messages, changes, fc.nat(), (made, changed, cut) => {
      const bytes = encode(made);
      for (const [at, octet] of changed) bytes[at % bytes.length] = octet;
      const { message, faults } = decodeNas(bytes.subarray(0, bytes.length - (cut % 3)));
      expect(message !== null || faults.length > 0).toBe(true);
    }),
    { numRuns: 500 },
  );
});

it('reads octets as identities and slices or not at all', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 30 }), (bytes) => {
      const identity = decodeIdentity(bytes);
      if (identity !== null && identity.kind === 'guti')
        expect(decodeIdentity(encodeIdentity(identity))).toEqual(identity);
      decodeNssai(bytes);
      readProtected(bytes);
    }),
    { numRuns: 300 },
  );
});
