import { type Static, Type } from 'typebox';
import { CLOSED, header, reference, text } from './shapes.ts';
import { type DocumentKind, parseDocument } from '../documents/document.ts';
import type { Problem } from '../documents/problem.ts';
import { makeShape } from '../documents/schema.ts';
import type { Source } from '../documents/source.ts';
import { type Finding, FINDINGS } from '../domain/verdict.ts';
import { ok, type Result } from '../kernel/result.ts';

/** What a run of the demo campaign has to come to. */
export interface ExpectedRun {
  readonly plan: string;
  /** `organisation/equipment`, in the order of the plan's subjects. */
  readonly subjects: readonly string[];
  readonly finding: Finding;
  /** Every clause that fails, as `case/clause`; no other may. */
  readonly failed: readonly string[];
}

const schema = Type.Object(
  {
    ...header('ExpectedRuns'),
    runs: Type.Array(
      Type.Object(
        {
          plan: text(64),
          subjects: Type.Array(reference, { minItems: 1, maxItems: 8 }),
          finding: Type.Enum(FINDINGS),
          failed: Type.Optional(Type.Array(text(140), { maxItems: 1000, uniqueItems: true })),
        },
        CLOSED,
      ),
      { minItems: 1, maxItems: 1000 },
    ),
  },
  CLOSED,
);

const EXPECTED_RUNS_DOCUMENT = {
  kind: 'ExpectedRuns',
  shape: makeShape(schema),
} as const satisfies DocumentKind<typeof schema>;

export function parseExpectedRuns(source: Source): Result<readonly ExpectedRun[], readonly Problem[]> {
  const document = parseDocument(source, EXPECTED_RUNS_DOCUMENT);
  if (!document.ok) return document;
  const { runs }: Static<typeof schema> = document.value.value;
  return ok(runs.map((run) => ({ ...run, failed: run.failed ?? [] })));
}
