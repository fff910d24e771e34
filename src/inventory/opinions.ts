import { type Static, Type } from 'typebox';
import { type DocumentKind, parseDocument } from '../documents/document.ts';
import type { Problem } from '../documents/problem.ts';
import { makeShape } from '../documents/schema.ts';
import type { Source } from '../documents/source.ts';
import { ok, type Result } from '../kernel/result.ts';
import { CLOSED, header, text } from './shapes.ts';

const caseNumber = Type.String({
  pattern: '^[A-Za-z0-9._:/#-]{1,128}$',
  title: 'the number of a case, such as a1-producer:A1-003',
});

const schema = Type.Object(
  {
    ...header('Opinions'),
    opinions: Type.Array(
      Type.Object(
        {
          text: text(10_000),
          basis: text(2000),
          by: text(200),
          cases: Type.Optional(Type.Array(caseNumber, { maxItems: 1000, uniqueItems: true })),
          repliesFor: Type.Optional(
            Type.String({
              pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
              title: 'of a reply: the organisation whose product it is about, and whose words these are',
            }),
          ),
        },
        CLOSED,
      ),
      { minItems: 1, maxItems: 100 },
    ),
  },
  CLOSED,
);

export type OpinionsFile = Static<typeof schema>;

export const OPINIONS_DOCUMENT = {
  kind: 'Opinions',
  shape: makeShape(schema),
} as const satisfies DocumentKind<typeof schema>;

/** What somebody who is authorised to thinks of results, and what it rests on. @see ISO/IEC 17025:2017, 7.8.7 */
export interface WrittenOpinion {
  readonly text: string;
  readonly basis: string;
  readonly by: string;
  /** Empty: the whole report. */
  readonly cases: readonly string[];
  /** Of a reply: the organisation whose product it is about, and whose words these are. */
  readonly repliesFor?: string;
}

export function parseOpinions(source: Source): Result<readonly WrittenOpinion[], readonly Problem[]> {
  const document = parseDocument(source, OPINIONS_DOCUMENT);
  if (!document.ok) return document;
  return ok(document.value.value.opinions.map(({ cases = [], ...rest }) => ({ ...rest, cases })));
}
