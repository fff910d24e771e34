import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileModules } from '../../runners/interfaces/per/asn1/compile.ts';
import type { ModuleFile } from '../../runners/interfaces/per/asn1/parse-module.ts';
import { generateModule, publicNames } from '../../runners/interfaces/per/generate/generate.ts';
import type { Variant } from '../../runners/interfaces/per/writer.ts';
import { HarnessError } from '../kernel/errors.ts';

export interface Asn1Options {
  readonly variant: Variant;
  /** The module to write, `.js` or `.mjs`; its declarations go beside it. Without it, modules are checked only. */
  readonly out: string | null;
}

export interface CompiledAsn1 {
  readonly files: readonly string[];
  readonly types: number;
  readonly tables: number;
  readonly rows: number;
  readonly variant: Variant;
  readonly written: readonly string[];
}

/** Compiles the ASN.1 modules of a folder to functions that write and read packed encodings. */
export async function compileAsn1(dir: string, { variant, out }: Asn1Options): Promise<CompiledAsn1> {
  const files = await readModules(dir);
  const schema = compileModules(files);
  const written = out === null ? [] : [out, declarationsOf(out)];
  if (out !== null) {
    const { code, declarations } = generateModule(schema, variant);
    await writeFile(out, code);
    await writeFile(declarationsOf(out), declarations);
  }
  const tables = [...schema.tables.values()];
  return {
    ...{ files: files.map(({ name }) => name), types: publicNames(schema).length, variant, written },
    ...{ tables: tables.length, rows: tables.reduce((sum, { size }) => sum + size, 0) },
  };
}

/** All modules of a folder, in the order of their names; folders in it are not looked into. */
async function readModules(dir: string): Promise<readonly ModuleFile[]> {
  const names = (await readdir(dir).catch(() => [])).filter((name) => /\.asn1?$/iu.test(name)).sort();
  if (names.length === 0) throw new HarnessError('NOT_FOUND', `there is no file *.asn or *.asn1 in ${dir}`);
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(join(dir, name), 'utf8') })));
}

function declarationsOf(out: string): string {
  if (!/\.m?js$/u.test(out)) throw new HarnessError('INPUT_INVALID', `${out} does not end in .js or .mjs`);
  return out.replace(/\.(m?)js$/u, '.d.$1ts');
}
