import { type Static, Type } from 'typebox';
import type { DocumentKind } from '../documents/document.ts';
import { makeShape } from '../documents/schema.ts';
import { NAME_PATTERN } from '../domain/ids.ts';
import { CLAUSE_ID_PATTERN } from '../domain/rule.ts';
import { FINDINGS, VERDICTS } from '../domain/verdict.ts';
import { CASE_ID_PATTERN } from './plan-file.ts';

const closed = { additionalProperties: false } as const;
const name = Type.String({ pattern: NAME_PATTERN, title: 'a name' });

const expectation = Type.Object(
  {
    verdict: Type.Enum(FINDINGS),
    clauses: Type.Optional(
      Type.Record(Type.String({ pattern: CLAUSE_ID_PATTERN }), Type.Enum(VERDICTS), {
        ...closed,
        title: 'a clause id (a-z 0-9 -, letter first)',
      }),
    ),
  },
  closed,
);

const byCase = Type.Record(Type.String({ pattern: CASE_ID_PATTERN }), expectation, {
  ...closed,
  title: 'a case id such as A1-003',
});

const schema = Type.Object(
  {
    apiVersion: Type.Literal('patchbay/v1'),
    kind: Type.Literal('ExpectedVerdicts'),
    plan: name,
    subject: Type.Optional(name),
    subjects: Type.Optional(Type.Array(name, { minItems: 1, maxItems: 16 })),
    correct: byCase,
    defects: Type.Record(
      Type.String({ pattern: '^(?:[a-z0-9][a-z0-9._-]{0,63}/)?[a-z0-9][a-z0-9-]{0,63}$' }),
      byCase,
      { ...closed, title: 'a defect mode, or simulator/defect' },
    ),
  },
  closed,
);

/** What `expected.yaml` looks like: how the verdicts against our own simulators differ from all-pass. */
export type ExpectedFile = Static<typeof schema>;

export const EXPECTED_DOCUMENT = {
  kind: 'ExpectedVerdicts',
  shape: makeShape(schema),
} as const satisfies DocumentKind<typeof schema>;
