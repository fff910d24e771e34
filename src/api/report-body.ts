/** What people decide about reports, as it comes in. */
import { type Static, Type } from 'typebox';

import { closed, text } from './parts.ts';
import { FINDINGS } from '../domain/verdict.ts';

const caseNumber = Type.String({ pattern: '^[A-Za-z0-9._:/#-]{1,128}$', description: 'plan:case' });
const person = text(200);

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
        },
        closed,
      ),
      { maxItems: 100 },
    ),
  },
  closed,
);
export type AmendmentBody = Static<typeof amendmentBody>;

export const withdrawalBody = Type.Object({ reason: text(2000), by: person }, closed);
export type WithdrawalBody = Static<typeof withdrawalBody>;
