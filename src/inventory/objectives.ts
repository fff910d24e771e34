import { type Static, Type } from 'typebox';
import { type DocumentKind, parseDocument } from '../documents/document.ts';
import type { Problem } from '../documents/problem.ts';
import { makeShape } from '../documents/schema.ts';
import type { Source } from '../documents/source.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { CLOSED, header, text } from './shapes.ts';

/** Something that a public strategy asks for, and to which plans and reports give evidence. */
export interface Objective {
  /** As the strategy numbers it: `A.4(c)`, `2.5`. */
  readonly id: string;
  readonly asks: string;
  /** What Patchbay does about it. */
  readonly answer: string;
}

const schema = Type.Object(
  {
    ...header('Objectives'),
    source: Type.Object({ document: text(200), publisher: text(200) }, CLOSED),
    objectives: Type.Array(
      Type.Object(
        {
          id: Type.String({
            pattern: '^(?:[A-Z]\\.)?[0-9]+(?:\\.[0-9]+)*(?:\\([a-z]\\))?(?: note [0-9]+)?$',
            title: 'the number of an objective, such as A.4(c)',
          }),
          asks: text(500),
          answer: text(500),
        },
        CLOSED,
      ),
      { minItems: 1, maxItems: 1000 },
    ),
  },
  CLOSED,
);

export type ObjectivesFile = Static<typeof schema>;

export const OBJECTIVES_DOCUMENT = {
  kind: 'Objectives',
  shape: makeShape(schema),
} as const satisfies DocumentKind<typeof schema>;

export function parseObjectives(source: Source): Result<readonly Objective[], readonly Problem[]> {
  const document = parseDocument(source, OBJECTIVES_DOCUMENT);
  if (!document.ok) return document;
  const { value: file, locate } = document.value;
  const ids = file.objectives.map(({ id }) => id);
  const repeated = ids.flatMap((id, index) => (ids.indexOf(id) < index ? [index] : []));
  if (repeated.length === 0) return ok(file.objectives);
  return err(
    locate(repeated.map((index) => ({ at: ['objectives', index, 'id'], what: 'this id was used before' }))),
  );
}
