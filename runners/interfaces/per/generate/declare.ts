import { canBeAbsent } from '../interpret-encode.ts';
import type { Member, Schema, SchemaType } from '../schema.ts';

/** Declarations of the values of types, and of the codecs by their names. */
export function declareTypes(schema: Schema, names: readonly string[]): string {
  const aliases = [...schema.types].map(([name, type]) => `export type ${aliasOf(name)} = ${declare(type)};`);
  const codecs = names.map((name) => `  readonly ${JSON.stringify(name)}: Codec<${aliasOf(name)}>;`);
  return `${COMMON}${aliases.join('\n')}\nexport interface Codecs {\n${codecs.join('\n')}\n}\n`;
}

const COMMON = `export interface BitString { readonly bits: Uint8Array; readonly length: number }
export interface Addition { readonly index: number; readonly bytes: Uint8Array }
export interface Unknown { readonly count: number; readonly additions: readonly Addition[] }
export interface Codec<T> { readonly encode: (value: T) => Uint8Array; readonly decode: (bytes: Uint8Array) => T }
export declare const variant: 'aligned' | 'unaligned';
export declare function make(runtime: object): Codecs;
`;

/** `Module.Type` as an identifier; what else stands in a name is written as its code. */
function aliasOf(name: string): string {
  return name.replace(/[^A-Za-z0-9]/gu, (sign) =>
    sign === '.' ? '$' : sign === '-' ? '_' : `$${sign.charCodeAt(0).toString(16)}`,
  );
}

function declare(type: SchemaType): string {
  switch (type.kind) {
    case 'reference':
      return aliasOf(type.name);
    case 'boolean':
    case 'null':
      return type.kind;
    case 'real':
      return 'number';
    case 'integer': {
      const [min, max] = [type.ranges[0]?.min ?? null, type.ranges.at(-1)?.max ?? null];
      return !type.extensible && isSafe(min) && isSafe(max) ? 'number' : 'number | bigint';
    }
    case 'enumerated': {
      const names = [...type.root, ...type.additions].map((name) => JSON.stringify(name));
      return [...names, ...(type.extensible ? ['`...${number}`'] : [])].join(' | ');
    }
    case 'bits':
      return 'BitString';
    case 'octets':
      return type.contents === null ? 'Uint8Array' : `${declare(type.contents)} | Uint8Array`;
    case 'string':
    case 'objectIdentifier':
    case 'relativeOid':
      return 'string';
    case 'list':
      return `readonly (${declare(type.element)})[]`;
    case 'open':
      return 'unknown';
    case 'structure': {
      const members = [
        ...type.root.map(declareMember),
        ...type.additions.flatMap(({ members }) => members.map(optionalMember)),
      ];
      return `{ ${[...members, ...(type.extensible ? ["readonly '...'?: Unknown | undefined"] : [])].join('; ')} }`;
    }
    case 'choice': {
      const ways = [...type.root, ...type.additions].map(
        (each) => `{ readonly ${JSON.stringify(each.name)}: ${declare(each.type)} }`,
      );
      return [...ways, ...(type.extensible ? ["{ readonly '...': Addition }"] : [])].join(' | ');
    }
  }
}

function declareMember(member: Member): string {
  return canBeAbsent(member)
    ? optionalMember(member)
    : `readonly ${JSON.stringify(member.name)}: ${declare(member.type)}`;
}

function optionalMember({ name, type }: Member): string {
  return `readonly ${JSON.stringify(name)}?: ${declare(type)} | undefined`;
}

function isSafe(limit: bigint | null): boolean {
  return limit !== null && Number.isSafeInteger(Number(limit));
}
