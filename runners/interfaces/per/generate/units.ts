import { asn1Error } from '../asn1/asn1-error.ts';
import { compileModules } from '../asn1/compile.ts';
import { type ModuleFile, parseModules } from '../asn1/parse-module.ts';
import type { ModuleNode } from '../asn1/syntax-tree.ts';
import { generateModule } from './generate.ts';
import { emitSchema } from './emit-schema.ts';

/** A file to write. */
export interface UnitFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Functions and schema for every file of a folder, of `NAME.uper.asn` in the unaligned variant, with the modules that it imports, wherever among the files these
 * are. Two files may define the same module, as versions of a protocol do, unless a third one imports it.
 *
 * @throws HarnessError ASN1_INVALID at the first mistake, with file and line
 */
export function generateUnits(files: readonly ModuleFile[]): readonly UnitFile[] {
  const parsed = files.map((file) => ({ file, modules: parseModules(file) }));
  return parsed.flatMap((unit) => {
    const schema = compileModules(needed(unit, parsed));
    const isUnaligned = UNALIGNED.test(unit.file.name);
    const { code, declarations } = generateModule(schema, isUnaligned ? 'unaligned' : 'aligned');
    const name = unit.file.name.replace(UNALIGNED, '').replace(/\.asn$/u, '');
    return [
      { name: `${name}.js`, text: code },
      { name: `${name}.d.ts`, text: declarations },
      { name: `${name}-schema.js`, text: emitSchema(schema) },
      { name: `${name}-schema.d.ts`, text: SCHEMA_TYPES },
    ];
  });
}

const UNALIGNED = /\.uper\.asn$/u;

const SCHEMA_TYPES = `import type { Schema } from '../../per/schema.js';
export declare const schema: Schema;
`;

interface Parsed {
  readonly file: ModuleFile;
  readonly modules: readonly ModuleNode[];
}

/** A file and those that define what it imports, and so on. */
function needed(start: Parsed, all: readonly Parsed[]): readonly ModuleFile[] {
  const taken = new Set([start]);
  for (const { modules } of taken) {
    for (const module of modules) {
      for (const name of module.imports.values()) {
        const here = [...taken].some((one) => defines(one, name));
        if (!here) taken.add(definer(name, { module, all }));
      }
    }
  }
  return [...taken].map(({ file }) => file);
}

function definer(name: string, { module, all }: { module: ModuleNode; all: readonly Parsed[] }): Parsed {
  const [found, another] = all.filter((one) => defines(one, name));
  if (found === undefined) throw asn1Error(module.begins, `${name}, which is imported, is in no file beside`);
  if (another !== undefined)
    throw asn1Error(
      module.begins,
      `${name}, which is imported, is in ${found.file.name} and ${another.file.name}`,
    );
  return found;
}

function defines({ modules }: Parsed, name: string): boolean {
  return modules.some((module) => module.name === name);
}
