import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSchema } from '../../../../src/attest/format/schema.ts';
import { STATEMENT_SCHEMA } from '../../../../src/attest/format/statement-schema.ts';
import type { Json } from '../../../../src/kernel/json.ts';
import { aStatement } from '../../../support/reports.ts';

const ajv = new Ajv2020({ strict: true, strictTypes: false, strictTuples: false, strictRequired: false });
const oracle = ajv.compile(structuredClone(STATEMENT_SCHEMA));
const sound = JSON.parse(new TextDecoder().decode(aStatement().bytes)) as Json;

/** Every place in a value, as a path. */
function placesOf(value: Json, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, member]) => placesOf(member, [...path, name]))];
}

function withChange(
  path: readonly string[],
  change: (holder: Record<string, Json>, name: string) => void,
): Json {
  const copy = structuredClone(sound) as Record<string, Json>;
  let holder = copy;
  for (const name of path.slice(0, -1)) holder = holder[name] as Record<string, Json>;
  const last = path.at(-1);
  if (last !== undefined) change(holder, last);
  return copy;
}

describe('the schema of the statement', () => {
  it('takes a sound statement, as another validator does', () => {
    expect(checkSchema(STATEMENT_SCHEMA, sound)).toEqual([]);
    expect(oracle(sound)).toBe(true);
  });

  it('judges changed statements as another validator does', () => {
    const places = placesOf(sound).filter(({ length }) => length > 0);
    const values: readonly Json[] = [
      '',
      'x',
      0,
      -1,
      1.5,
      2,
      true,
      null,
      [],
      {},
      ['customer'],
      'amendment',
      'a'.repeat(5000),
    ];
    let refused = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        fc.oneof(fc.constantFrom(...values), fc.constantFrom('remove', 'add')),
        (path, value) => {
          const changed = withChange(path, (holder, name) => {
            if (value === 'remove' && Array.isArray(holder)) holder.splice(Number(name), 1);
            else if (value === 'remove') Reflect.deleteProperty(holder, name);
            else if (value === 'add' && Array.isArray(holder)) holder.push('more');
            else if (value === 'add') holder['more'] = 1;
            else holder[name] = value;
          });
          const accepts = checkSchema(STATEMENT_SCHEMA, changed).length === 0;
          if (!accepts) refused += 1;
          expect(accepts).toBe(oracle(changed));
        },
      ),
      { numRuns: 1500 },
    );
    expect(refused).toBeGreaterThan(500);
  });

  it('says where', () => {
    const changed = withChange(['predicate', 'outcome', 'result'], (holder, name) => {
      holder[name] = 'GOOD';
    });
    expect(checkSchema(STATEMENT_SCHEMA, changed)).toEqual([
      '$.predicate.outcome.result: one of PASS, FAIL, INCONCLUSIVE expected',
    ]);
  });
});
