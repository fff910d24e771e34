import { type Static, Type } from 'typebox';
import { type DocumentKind, parseDocument } from '../documents/document.ts';
import type { Mistake, Problem } from '../documents/problem.ts';
import { makeShape } from '../documents/schema.ts';
import type { Source } from '../documents/source.ts';
import { NAME_PATTERN } from '../domain/ids.ts';
import { ENDS } from '../domain/trace-property.ts';
import { compileProperty, type Program } from '../judge/program.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { readFormula } from './formula.ts';

const closed = { additionalProperties: false } as const;
const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });
const name = Type.String({
  pattern: NAME_PATTERN,
  title: 'a name (1 to 64 of a-z 0-9 . _ -, letter or digit first and last)',
});

const property = Type.Object(
  {
    id: name,
    says: text(500),
    clause: text(64),
    forEvery: Type.Array(text(256), { maxItems: 4, uniqueItems: true }),
    when: Type.Object({}),
    then: Type.Object({}),
    blames: Type.Enum(ENDS),
  },
  closed,
);

const schema = Type.Object(
  {
    apiVersion: Type.Literal('patchbay/v1'),
    kind: Type.Literal('TraceProperties'),
    id: name,
    protocol: Type.String({ pattern: '^[A-Z][A-Za-z0-9]{1,15}$', title: 'a protocol, such as E2AP' }),
    source: Type.Object(
      {
        body: text(64),
        document: text(128),
        version: text(64),
        confidence: Type.Enum(['read', 'title', 'derived', 'memory']),
      },
      closed,
    ),
    properties: Type.Array(property, { minItems: 1, maxItems: 500 }),
  },
  closed,
);

/** What a file in `properties/` looks like. */
export type PropertyFile = Static<typeof schema>;

export const PROPERTY_DOCUMENT = {
  kind: 'TraceProperties',
  shape: makeShape(schema),
} as const satisfies DocumentKind<typeof schema>;

/** Properties ready to be judged, by their ids: `e2ap/setup-answered`. */
export type PropertyCatalogue = ReadonlyMap<string, Program>;

/** The properties of one file. */
export function parseProperties(source: Source): Result<PropertyCatalogue, readonly Problem[]> {
  const document = parseDocument(source, PROPERTY_DOCUMENT);
  if (!document.ok) return document;
  const { value: file, locate } = document.value;
  const mistakes: Mistake[] = [];
  const programs = new Map<string, Program>();
  for (const [index, one] of file.properties.entries()) {
    const program = readProperty(file, one);
    const id = `${file.id}/${one.id}`;
    if (!program.ok)
      mistakes.push(...program.error.map(({ at, what }) => ({ at: ['properties', index, ...at], what })));
    else if (programs.has(id))
      mistakes.push({ at: ['properties', index, 'id'], what: `there is another "${one.id}"` });
    else programs.set(id, program.value);
  }
  return mistakes.length > 0 ? err(locate(mistakes)) : ok(programs);
}

function readProperty(
  { id, protocol, source }: PropertyFile,
  { clause, when, then, ...one }: PropertyFile['properties'][number],
): Result<Program, readonly Mistake[]> {
  const [begins, holds] = [readFormula(when, ['when']), readFormula(then, ['then'])];
  if (!begins.ok) return begins;
  if (!holds.ok) return holds;
  return compileProperty({
    ...one,
    ...{ id: `${id}/${one.id}`, protocol, references: [{ ...source, clause }] },
    ...{ when: begins.value, then: holds.value },
  });
}
