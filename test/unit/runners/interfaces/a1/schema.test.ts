import { describe, expect, it } from 'vitest';
import { deriveMisspelt, deriveValue, deriveVariant } from '../../../../../runners/interfaces/a1/derive.ts';
import { compileSchema, type SchemaCheck } from '../../../../../runners/interfaces/a1/schema.ts';
import { POLICY_BODIES, POLICY_TYPES } from '../../../../../runners/simulators/near-rt-ric/policy-types.ts';
import type { Json } from '../../../../../src/kernel/json.ts';

function checkOf(schema: Json): SchemaCheck {
  const compiled = compileSchema(schema);
  if (!compiled.ok) throw new Error(compiled.error);
  return compiled.value;
}

describe('compileSchema', () => {
  it.each([
    'http://json-schema.org/draft-04/schema#',
    'http://json-schema.org/draft-06/schema#',
    'http://json-schema.org/draft-07/schema#',
    'https://json-schema.org/draft/2019-09/schema',
    'https://json-schema.org/draft/2020-12/schema',
    'http://example.com/none-of-these',
  ])('takes a schema that says %s', ($schema) => {
    const check = checkOf({ $schema, id: 'x', type: 'object', required: ['a'] });
    expect(check({ a: 1 })).toBeNull();
    expect(check({})).not.toBeNull();
  });

  it('reads the boolean limits of draft-04', () => {
    const $schema = 'http://json-schema.org/draft-04/schema#';
    const check = checkOf({ $schema, type: 'number', minimum: 1, exclusiveMinimum: true });
    expect(check(1)).not.toBeNull();
    expect(check(2)).toBeNull();
  });

  it('does not run a pattern that may take for ever', () => {
    expect(checkOf({ type: 'string', pattern: '^(a+)+$' })(`${'a'.repeat(64)}!`)).toBeNull();
  });

  it.each([
    ['a reference to elsewhere', { $ref: 'http://example.com/schema' }],
    ['a list', []],
    ['great depth', JSON.parse(`${'{"not":'.repeat(100)}{}${'}'.repeat(100)}`) as Json],
    ['great size', { description: 'a'.repeat(300_000) }],
  ])('refuses %s', (_, schema) => {
    expect(compileSchema(schema).ok).toBe(false);
  });
});

describe('derived bodies', () => {
  it.each([...POLICY_TYPES])('of %s are valid, another valid one, and invalid', (id, { policySchema }) => {
    const check = checkOf(policySchema);
    const value = deriveValue(policySchema)!;
    expect(check(value)).toBeNull();
    const variant = deriveVariant(value, check)!;
    expect(check(variant)).toBeNull();
    expect(variant).not.toEqual(value);
    expect(check(deriveMisspelt(value, check)!)).not.toBeNull();
    const bodies = POLICY_BODIES[id as keyof typeof POLICY_BODIES];
    expect([check(bodies.valid), check(bodies.update)]).toEqual([null, null]);
    expect(check(bodies.invalid)).not.toBeNull();
  });

  it('gives up on a schema it cannot follow', () => {
    expect(deriveValue({ $ref: '#' })).toBeUndefined();
  });

  it('finds no misspelling that an open schema would refuse', () => {
    expect(deriveMisspelt({ a: 1 }, checkOf({ type: 'object' }))).toBeUndefined();
  });
});
