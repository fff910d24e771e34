import { readFileSync } from 'node:fs';
import { compileModules } from '../../runners/interfaces/per/asn1/compile.ts';
import type { Schema, SchemaType } from '../../runners/interfaces/per/schema.ts';

const FILE = new URL('asn1/everything.asn1', import.meta.url);

/** The text of our own modules, which hold every construct that the compiler knows. */
export function everythingText(): string {
  return readFileSync(FILE, 'utf8');
}

export function everythingSchema(): Schema {
  return compileModules([{ name: 'everything.asn1', text: everythingText() }]);
}

/** The types that have a name of their own: no uses of parameters, no tightened ones. */
export function namesOf({ types }: Schema): readonly string[] {
  return [...types.keys()].filter((name) => !/[#{]/u.test(name));
}

export function named(name: string): SchemaType {
  return { kind: 'reference', name, recursive: false };
}
