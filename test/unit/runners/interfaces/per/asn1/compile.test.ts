import { describe, expect, it } from 'vitest';
import { compileModules } from '../../../../../../runners/interfaces/per/asn1/compile.ts';
import type { Schema, SchemaType } from '../../../../../../runners/interfaces/per/schema.ts';
import { HarnessError } from '../../../../../../src/kernel/errors.ts';
import { everythingSchema } from '../../../../../support/everything-asn1.ts';

const moduleOf = (body: string, tags = 'AUTOMATIC TAGS') =>
  compileModules([{ name: 'm.asn1', text: `M DEFINITIONS ${tags} ::= BEGIN ${body} END` }]);
const typeOf = ({ types }: Schema, name: string): SchemaType => types.get(`M.${name}`) ?? { kind: 'null' };

function mistake(body: string): string {
  try {
    moduleOf(body);
  } catch (error) {
    if (error instanceof HarnessError && error.code === 'ASN1_INVALID') return error.message;
    throw error;
  }
  return 'no mistake';
}

describe('the ASN.1 compiler', () => {
  it('reduces constraints to what PER sees (X.691 clause 10.3)', () => {
    const schema = moduleOf(`
      A ::= INTEGER (1..10, ...)  B ::= A (2..5)  C ::= INTEGER (0..100 EXCEPT 7)
      D ::= INTEGER (0..10) (CONSTRAINED BY {})  E ::= INTEGER ((0..20) ^ (10..30) | 40)
      F ::= IA5String (SIZE (1..4) ^ FROM ("a".."c"))  G ::= IA5String (FROM ("a".."c") | SIZE (3))`);
    const ranges = (name: string) => {
      const type = typeOf(schema, name);
      return type.kind === 'integer'
        ? [type.ranges.map(({ min, max }) => `${String(min)}..${String(max)}`).join('|'), type.extensible]
        : type.kind;
    };
    expect(ranges('A')).toEqual(['1..10', true]);
    expect(ranges('B')).toEqual(['2..5', false]);
    expect(ranges('C')).toEqual(['0..100', false]);
    expect(ranges('D')).toEqual(['0..10', false]);
    expect(ranges('E')).toEqual(['10..20|40..40', false]);
    expect(typeOf(schema, 'F')).toMatchObject({ size: { min: 1, max: 4 }, alphabet: { count: 3 } });
    expect(typeOf(schema, 'G')).toMatchObject({ size: { min: 0, max: null }, alphabet: { count: 128 } });
  });

  it('numbers enumerations as X.680 clause 20 wants it', () => {
    const schema = moduleOf(
      'A ::= ENUMERATED { a, b(3), ..., c } B ::= ENUMERATED { a, b, c(0) } C ::= ENUMERATED { z(25), x, y, ..., d }',
    );
    expect(typeOf(schema, 'A')).toMatchObject({ root: ['a', 'b'], additions: ['c'] });
    expect(typeOf(schema, 'B')).toMatchObject({ root: ['c', 'a', 'b'] });
    expect(typeOf(schema, 'C')).toMatchObject({ root: ['x', 'y', 'z'], additions: ['d'] });
  });

  it('keeps what information objects say beside types, with the names of the values', () => {
    const text = `
      C ::= CLASS { &id INTEGER UNIQUE, &criticality Criticality, &Value OPTIONAL }
        WITH SYNTAX { &id &criticality [TYPE &Value] }
      Criticality ::= ENUMERATED { reject, ignore }
      id-first INTEGER ::= 7
      Set C ::= { { id-first reject TYPE NULL } | { 8 ignore }, ... }
      M ::= SEQUENCE { id C.&id({Set}), value C.&Value({Set}{@id}) }`;
    expect([...moduleOf(text).sets]).toEqual([
      [
        'M.Set',
        [
          { values: { '&id': 7, '&criticality': 'reject' }, names: { '&id': 'id-first' } },
          { values: { '&id': 8, '&criticality': 'ignore' }, names: {} },
        ],
      ],
    ]);
  });

  it('names the types of parameterised uses, and finds circles', () => {
    const { types, tables } = everythingSchema();
    expect([...types.keys()].filter((name) => name.includes('Container{'))).toEqual([
      'EverythingParts.Container{Everything.FieldSet}',
    ]);
    expect([...(tables.get('Everything.Messages/&Value')?.keys() ?? [])]).toEqual(['1', '200', '3']);
    expect(types.get('Everything.Alias')).toEqual({
      kind: 'reference',
      name: 'Everything.Point',
      recursive: false,
    });
    const tree = types.get('Everything.Tree');
    expect(tree?.kind === 'structure' && tree.root[1]?.type).toMatchObject({ recursive: true });
  });

  it.each([
    ['a name that nobody assigns', 'A ::= B', 'm.asn1:1: B is not known in M'],
    ['a name that is assigned twice', 'A ::= NULL A ::= NULL', 'twice'],
    ['a type that is only itself', 'A ::= B B ::= A', 'defined by itself'],
    [
      'a value that is only itself',
      'a INTEGER ::= b b INTEGER ::= a T ::= INTEGER (0..a)',
      'defined by itself',
    ],
    [
      'parameters without end',
      'P{T} ::= SEQUENCE { a P{SEQUENCE OF T} OPTIONAL } A ::= P{NULL}',
      'without end',
    ],
    ['constraints that nothing fulfils', 'A ::= INTEGER (0..1)(5..6)', 'no value'],
    ['EXTERNAL', 'A ::= EXTERNAL', 'EXTERNAL is not supported'],
    ['an import from nowhere', 'IMPORTS B FROM N; A ::= B', 'not among the modules'],
    [
      'two objects of one key',
      'C ::= CLASS { &id INTEGER UNIQUE, &T } S C ::= { {&id 1, &T NULL} | {&id 1, &T BOOLEAN} } A ::= SEQUENCE { i C.&id ({S}), v C.&T ({S}{@i}) }',
      'have the key 1',
    ],
    [
      'a relation that leads out',
      'C ::= CLASS { &id INTEGER UNIQUE, &T } S C ::= {...} A ::= SEQUENCE { i C.&id, s SEQUENCE { v C.&T ({S}{@i}) } }',
      'reach no further',
    ],
    ['twins', 'A ::= SEQUENCE { a NULL, a NULL }', 'twice'],
    ['numbers of an enumeration that clash', 'A ::= ENUMERATED { a(1), b(1) }', 'not distinct'],
    ['a character that begins nothing', 'A ::= $', 'begins nothing'],
    ['nesting without end', `A ::= ${'SEQUENCE OF '.repeat(5_000)} NULL`, 'too deeply'],
    ['an end that is missing', 'A ::= SEQUENCE {', 'expected'],
  ])('refuses %s', (_, body, message) => {
    expect(mistake(body)).toContain(message);
  });
});
