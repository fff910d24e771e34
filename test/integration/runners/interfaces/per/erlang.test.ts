import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeValue } from '../../../../../runners/interfaces/per/interpret-encode.ts';
import { askErlang, hasErlangAsn1, modulesOf } from '../../../../support/erlang-asn1.ts';
import { everythingSchema, everythingText, named, namesOf } from '../../../../support/everything-asn1.ts';
import { RandomValues } from '../../../../../runners/interfaces/per/mutate/random-values.ts';
import { scratchFolder } from '../../../../support/scratch.ts';

/** Where Erlang's asn1 5.0.21 does something else than the standard, by type. */
const ERLANG_DIFFERS = new Map([
  ['Measure', 'reads no real number in PER'],
  ['Versions', 'loses groups of additions that mix optional and other components'],
  ['Fields', 'contains Versions'],
  ['Extended', 'sends the default of an addition'],
  ['Within', 'ignores INCLUDES in a union'],
  ['PrintableOuter', 'drops a size whose marker stands outside of it (asn1c keeps it, as we do)'],
  ['PointsFew', 'ignores a size on a reference to a list'],
  ['MoreTwins', 'ignores constraints on an argument'],
  ['Tagged', 'does not sort the alternatives of a CHOICE by their tags'],
  ['Elsewhere', 'is Tagged'],
]);

/** A string of one possible character makes code that Erlang cannot compile. */
const TEXT = everythingText().replace(/^Single ::=.*$/mu, '');

describe.skipIf(!hasErlangAsn1())("Erlang's asn1 (needs erlang-asn1)", () => {
  it.each(['aligned', 'unaligned'] as const)(
    'reads our encodings and writes the same octets, %s',
    async (variant) => {
      const schema = everythingSchema();
      const names = namesOf(schema).filter((name) => {
        const type = name.split('.')[1] ?? '';
        return !ERLANG_DIFFERS.has(type) && type !== 'Single';
      });
      const samples = names.flatMap((name) =>
        Array.from({ length: 10 }, (_, seed) => {
          const value = new RandomValues(schema, seed).value(named(name));
          return {
            type: name.split('.')[1] ?? '',
            bytes: encodeValue(schema, variant, { type: named(name), value }),
          };
        }),
      );
      await using folder = await scratchFolder();
      const answers = askErlang(
        { folder: join(folder.path, variant), modules: modulesOf(TEXT), variant },
        samples,
      );
      expect(answers).toHaveLength(samples.length);
      expect(
        samples.flatMap(({ type }, index) =>
          answers[index] === 'same' ? [] : [`${type}: ${answers[index] ?? ''}`],
        ),
      ).toEqual([]);
    },
  );
});
