import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PerError } from '../../../../../runners/interfaces/per/error.ts';
import { decodeValue } from '../../../../../runners/interfaces/per/interpret-decode.ts';
import { encodeValue } from '../../../../../runners/interfaces/per/interpret-encode.ts';
import { sameValue } from '../../../../../runners/interfaces/per/values.ts';
import { everythingSchema, named, namesOf } from '../../../../support/everything-asn1.ts';
import { generatedCodecs } from '../../../../support/generated-per.ts';
import { RandomValues } from '../../../../../runners/interfaces/per/mutate/random-values.ts';

const schema = everythingSchema();
const seeds = fc.integer({ min: 0, max: 2 ** 31 });
const names = fc.constantFrom(...namesOf(schema));
const variants = ['aligned', 'unaligned'] as const;

/** What came of it: a value, or the refusal of one of the two codes. */
function outcome(act: () => unknown): { readonly value: unknown } | string {
  try {
    return { value: act() };
  } catch (error) {
    if (error instanceof PerError) return error.code;
    throw error;
  }
}

function agrees(left: ReturnType<typeof outcome>, right: ReturnType<typeof outcome>): boolean {
  if (typeof left === 'string' || typeof right === 'string') return left === right;
  return sameValue(left.value, right.value);
}

describe.each(variants)('generated functions, %s', (variant) => {
  const codecs = generatedCodecs(schema, variant);

  it('write and read what the interpreter does', async () => {
    const made = await codecs;
    fc.assert(
      fc.property(names, seeds, (name, seed) => {
        const value = new RandomValues(schema, seed).value(named(name));
        const bytes = encodeValue(schema, variant, { type: named(name), value });
        expect(made[name]?.encode(value)).toEqual(bytes);
        expect(sameValue(made[name]?.decode(bytes), value)).toBe(true);
      }),
      { numRuns: 600 },
    );
  });

  it('read or refuse changed octets as the interpreter does', async () => {
    const made = await codecs;
    fc.assert(
      fc.property(names, seeds, (name, seed) => {
        const random = new RandomValues(schema, seed);
        const type = named(name);
        const bytes = encodeValue(schema, variant, { type, value: random.value(type) }).slice(0, 1_000);
        for (let round = 0; round < 5; round += 1) {
          bytes[random.below(bytes.length)] = random.below(256);
          const slow = outcome(() => decodeValue(bytes, { schema, variant, type, mode: 'strict' }).value);
          const fast = outcome(() => made[name]?.decode(bytes));
          expect([name, agrees(slow, fast)]).toEqual([name, true]);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('refuse the values that the interpreter refuses', async () => {
    const made = await codecs;
    fc.assert(
      fc.property(
        names,
        seeds,
        fc.constantFrom(undefined, null, -1, 1.5, 2 ** 60, 'x', true, [], {}),
        (name, seed, wrong) => {
          const type = named(name);
          const value = spoiled(new RandomValues(schema, seed).value(type), wrong);
          const slow = outcome(() => encodeValue(schema, variant, { type, value }));
          expect([
            name,
            agrees(
              slow,
              outcome(() => made[name]?.encode(value)),
            ),
          ]).toEqual([name, true]);
        },
      ),
      { numRuns: 400 },
    );
  });
});

/** The value with its first member, or itself, replaced. */
function spoiled(value: unknown, wrong: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array)
    return wrong;
  const [name] = Object.keys(value);
  return name === undefined || name === 'bits' ? wrong : { ...value, [name]: wrong };
}
