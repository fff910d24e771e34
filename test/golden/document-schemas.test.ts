import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { documentSchemas } from '../../src/app/document-schemas.ts';

const FOLDER = join(import.meta.dirname, '../../docs/schemas');
const schemas = [...documentSchemas()];

describe('the JSON Schemas in docs/schemas', () => {
  it.each(schemas)('%s is what the code says', async (name, text) => {
    await expect(text).toMatchFileSnapshot(join(FOLDER, name));
  });

  it.each(schemas)('%s is a schema that others can compile', (_, text) => {
    const ajv = new Ajv({ strict: true, allowUnionTypes: true });
    expect(ajv.compile(JSON.parse(text) as object)).toBeTypeOf('function');
  });

  it('leaves no old file behind', () => {
    const generated = readdirSync(FOLDER).filter((name) =>
      readFileSync(join(FOLDER, name), 'utf8').includes('"$comment": "Generated from the code'),
    );
    expect(generated.sort()).toEqual(schemas.map(([name]) => name).sort());
  });
});
