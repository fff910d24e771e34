import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CO_SIGNATURE_SCHEMA, COSIGN_REQUEST_SCHEMA } from '../../src/attest/format/cosign.ts';

const FOLDER = join(import.meta.dirname, '../../docs/schemas');

it.each([
  ['cosign-request', COSIGN_REQUEST_SCHEMA],
  ['co-signature', CO_SIGNATURE_SCHEMA],
])('the published schema of a %s is the one in the code', async (name, schema) => {
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  await expect(text).toMatchFileSnapshot(join(FOLDER, `${name}.v1.schema.json`));
});
