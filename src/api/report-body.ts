/** What people decide about reports, as it comes in. */
import { type Static, Type } from 'typebox';

import { closed, instant, nullable, qualifiedName, text } from './parts.ts';
import { FINDINGS } from '../domain/verdict.ts';

const caseNumber = Type.String({ pattern: '^[A-Za-z0-9._:/#-]{1,128}$', description: 'plan:case' });
const person = text(200);
const organisation = Type.String({
  pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
  description: 'a reply: the organisation whose product it is about',
});

export const amendmentBody = Type.Object(
  {
    kind: Type.Enum(['amendment', 'replacement']),
    reason: text(2000),
    overrides: Type.Array(
      Type.Object({ case: caseNumber, finding: Type.Enum(FINDINGS), reason: text(2000), by: person }, closed),
      { maxItems: 1000 },
    ),
    opinions: Type.Array(
      Type.Object(
        {
          text: text(10_000),
          basis: text(2000),
          by: person,
          cases: Type.Array(caseNumber, { maxItems: 1000 }),
          repliesFor: Type.Optional(organisation),
        },
        closed,
      ),
      { maxItems: 100 },
    ),
  },
  closed,
);
export type AmendmentBody = Static<typeof amendmentBody>;

/** 16 MiB in base64. */
const MAX_CONTENT_CHARS = 22_369_624;
export const MAX_IMPORT_BODY_BYTES = MAX_CONTENT_CHARS + 4_000_000;

export const importBody = Type.Object(
  {
    format: Type.Enum(['junit', 'oran-test-results']),
    origin: text(1000),
    content: Type.String({
      maxLength: MAX_CONTENT_CHARS,
      pattern: '^[A-Za-z0-9+/]*={0,2}$',
      description: 'the file, in base64',
    }),
    sut: nullable(text(300)),
    map: Type.Record(Type.String({ minLength: 1, maxLength: 1000 }), caseNumber, { maxProperties: 10_000 }),
  },
  closed,
);
export type ImportBody = Static<typeof importBody>;

export const importView = Type.Object(
  {
    ...{ id: Type.String(), campaign: qualifiedName, sut: Type.String(), format: Type.String() },
    ...{ origin: Type.String(), digest: Type.String(), bytes: Type.Integer(), importedAt: instant },
    cases: Type.Array(
      Type.Object(
        {
          ...{ suite: Type.String(), name: Type.String(), finding: Type.Enum(FINDINGS), said: Type.String() },
          text: Type.Optional(Type.String()),
          durationMs: Type.Optional(Type.Number()),
          standsFor: Type.Optional(Type.String()),
        },
        closed,
      ),
    ),
    remarks: Type.Array(Type.String()),
  },
  closed,
);
export type ImportView = Static<typeof importView>;

export const withdrawalBody = Type.Object({ reason: text(2000), by: person }, closed);
export type WithdrawalBody = Static<typeof withdrawalBody>;
