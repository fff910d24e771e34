import { expect, it } from 'vitest';
import { emitSchema } from '../../../../../../runners/interfaces/per/generate/emit-schema.ts';
import { generateUnits } from '../../../../../../runners/interfaces/per/generate/units.ts';
import { everythingSchema } from '../../../../../support/everything-asn1.ts';

const COMMON = { name: 'common.asn', text: 'Common DEFINITIONS ::= BEGIN Id ::= INTEGER (0..9) END' };
const version = (number: number, size: number) => ({
  name: `kpm-v${number}.asn`,
  text: `Kpm DEFINITIONS ::= BEGIN IMPORTS Id FROM Common; Stamp ::= OCTET STRING (SIZE (${size})) Both ::= SEQUENCE { id Id } END`,
});
const USER = {
  name: 'user.asn',
  text: 'User DEFINITIONS ::= BEGIN IMPORTS Stamp FROM Kpm; Mine ::= Stamp END',
};

it('makes one unit of every file, with what it imports from the files beside', () => {
  const files = generateUnits([COMMON, version(2, 4), version(3, 8)]);
  expect(files.map(({ name }) => name)).toEqual(
    ['common', 'kpm-v2', 'kpm-v3'].flatMap((name) =>
      ['.js', '.d.ts', '-schema.js', '-schema.d.ts'].map((ending) => `${name}${ending}`),
    ),
  );
  const kpm = files.filter(({ name }) => /^kpm-v.\.d\.ts$/u.test(name));
  for (const { text } of kpm) expect(text).toMatch(/"Kpm\.Both"[^]*"Common\.Id"/u);
});

it('refuses an import that no file has, and one that two files have', () => {
  expect(() => generateUnits([version(3, 8)])).toThrow(/Common, which is imported, is in no file/u);
  expect(() => generateUnits([COMMON, version(2, 4), version(3, 8), USER])).toThrow(
    /Kpm, which is imported, is in kpm-v2\.asn and kpm-v3\.asn/u,
  );
});

it('writes a schema that is the same when it is read again', async () => {
  const schema = everythingSchema();
  const url = `data:text/javascript;base64,${Buffer.from(emitSchema(schema)).toString('base64')}`;
  const { schema: again } = (await import(url)) as { readonly schema: unknown };
  expect(again).toEqual(schema);
});
