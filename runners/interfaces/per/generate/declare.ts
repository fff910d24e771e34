import { canBeAbsent } from '../interpret-encode.ts';
import { type InformationRow, keyText, type Member, type Schema, type SchemaType } from '../schema.ts';

/** Declarations of the values of types, and of the codecs by their names. */
export function declareTypes(schema: Schema, names: readonly string[]): string {
  const aliases = [...schema.types].map(([name, type]) => `export type ${aliasOf(name)} = ${declare(type)};`);
  const codecs = names.map((name) => `  readonly ${JSON.stringify(name)}: Codec<${aliasOf(name)}>;`);
  const sets = [...schema.sets].map(
    ([name, rows]) => `  readonly ${JSON.stringify(name)}: ${declareRows(schema, name, rows)};`,
  );
  const interfaces = [
    ['Codecs', codecs],
    ['Sets', sets],
  ] as const;
  return `${COMMON}${aliases.join('\n')}\n${interfaces.map(([name, lines]) => `export interface ${name} {\n${lines.join('\n')}\n}\n`).join('')}`;
}

/** The objects of a set by the name, or else the text, of the first value of each; types stand under the names of their fields. */
function declareRows({ tables }: Schema, set: string, rows: readonly InformationRow[]): string {
  const fields = [...tables].flatMap(([name, table]) =>
    name.startsWith(`${set}/`) ? [{ field: name.slice(set.length + 1), table }] : [],
  );
  const members = rows.map(({ values, names }) => {
    const keys = Object.entries(values).map(([field, value]) => names[field] ?? keyText(value));
    const texts = new Set(Object.values(values).map(keyText));
    const types = fields.flatMap(({ field, table }) =>
      [...table].flatMap(([key, type]) => (texts.has(key) ? [`readonly "${field}": ${declare(type)}`] : [])),
    );
    const plain = Object.entries(values).map(
      ([field, value]) => `readonly "${field}": ${declareLiteral(value)}`,
    );
    return `readonly ${JSON.stringify(keys[0] ?? '')}: { ${[...plain, ...types].join('; ')} }`;
  });
  return `{ ${members.join('; ')} }`;
}

function declareLiteral(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string' ? JSON.stringify(value) : 'unknown';
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
