import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PRODUCT_ROOT } from '../../../src/app/shipped.ts';
import { VERSION } from '../../../src/app/version.ts';

it('the version in the code is the one of package.json', async () => {
  const text = await readFile(join(PRODUCT_ROOT, 'package.json'), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ name: 'patchbay', version: VERSION });
});
