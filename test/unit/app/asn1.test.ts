import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compileAsn1 } from '../../../src/app/asn1.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { everythingText } from '../../support/everything-asn1.ts';
import { scratchFolder } from '../../support/scratch.ts';

const code = (cause: unknown) => (cause instanceof HarnessError ? cause.code : cause);

it('writes a module and its declarations for the modules of a folder', async () => {
  await using folder = await scratchFolder();
  await writeFile(join(folder.path, 'everything.asn1'), everythingText());
  const out = join(folder.path, 'everything.mjs');
  const compiled = await compileAsn1(folder.path, { variant: 'unaligned', out });
  expect(compiled).toMatchObject({ files: ['everything.asn1'], variant: 'unaligned', tables: 3, rows: 7 });
  expect((await readdir(folder.path)).sort()).toEqual([
    'everything.asn1',
    'everything.d.mts',
    'everything.mjs',
  ]);
  expect(await readFile(out, 'utf8')).toContain('"Everything.Point": codec(');
  const declared = await readFile(join(folder.path, 'everything.d.mts'), 'utf8');
  expect(declared).toContain(
    'export type Everything$Point = { readonly "x": number; readonly "y": number; readonly "label"?: string | undefined };',
  );
});

it('says what is missing or wrong', async () => {
  await using folder = await scratchFolder();
  await expect(compileAsn1(folder.path, { variant: 'aligned', out: null }).catch(code)).resolves.toBe(
    'NOT_FOUND',
  );
  await writeFile(join(folder.path, 'm.asn'), 'M DEFINITIONS ::= BEGIN A ::= B END');
  await expect(compileAsn1(folder.path, { variant: 'aligned', out: null }).catch(code)).resolves.toBe(
    'ASN1_INVALID',
  );
  await writeFile(join(folder.path, 'm.asn'), 'M DEFINITIONS ::= BEGIN A ::= NULL END');
  await expect(compileAsn1(folder.path, { variant: 'aligned', out: 'x.txt' }).catch(code)).resolves.toBe(
    'INPUT_INVALID',
  );
});
