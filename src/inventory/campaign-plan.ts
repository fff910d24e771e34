import { type Static, Type } from 'typebox';
import { type DocumentKind, parseDocument } from '../documents/document.ts';
import type { Problem } from '../documents/problem.ts';
import { makeShape } from '../documents/schema.ts';
import type { Source } from '../documents/source.ts';
import { type Result } from '../kernel/result.ts';
import { CLOSED, header, text } from './shapes.ts';

// Numbers are looked at by the checkers: here is the shape only.
const number = Type.Number({ minimum: -1e15, maximum: 1e15 });
const span = Type.Object({ from: number, to: number }, CLOSED);
const spans = Type.Array(span, { maxItems: 10_000 });
const id = text(400);
const list = <T extends Parameters<typeof Type.Array>[0]>(of: T) => Type.Array(of, { maxItems: 20_000 });
const numbers = Type.Record(Type.String(), number, { maxProperties: 10_000 });
const texts = Type.Record(Type.String(), text(400), { maxProperties: 1000 });
const spoken = Type.Object({ code: text(64), text: Type.String({ maxLength: 4000 }) }, CLOSED);
const open = Type.Union([spans, Type.Null()]);
const place = Type.Union([id, Type.Null()]);

const problem = Type.Object(
  {
    horizon: number,
    testbeds: list(
      Type.Object(
        {
          id,
          staffed: open,
          closed: spans,
          setUp: Type.Object({ kind: Type.Literal('byRole'), minutes: numbers }, CLOSED),
          holds: texts,
        },
        CLOSED,
      ),
    ),
    resources: list(Type.Object({ id, capacity: number, open }, CLOSED)),
    budgets: list(Type.Object({ id, amount: number }, CLOSED)),
    lines: list(Type.Object({ testbeds: list(id) }, CLOSED)),
    shares: numbers,
    runs: list(
      Type.Object(
        {
          id,
          organisation: Type.String({ maxLength: 400 }),
          weight: number,
          release: number,
          due: Type.Union([number, Type.Null()]),
          after: list(id),
          roles: texts,
          hours: Type.Enum(['any', 'staffed', 'paused'] as const),
          modes: list(
            Type.Object(
              { testbed: place, duration: number, buffer: number, needs: numbers, takes: numbers },
              CLOSED,
            ),
          ),
        },
        CLOSED,
      ),
    ),
  },
  CLOSED,
);

const timetable = Type.Object(
  {
    entries: list(
      Type.Object(
        { run: id, mode: number, testbed: place, setUpStart: number, start: number, end: number },
        CLOSED,
      ),
    ),
    objective: Type.Object(
      {
        weightedTardiness: number,
        makespan: number,
        setUpMinutes: number,
        unfairness: number,
        moved: number,
      },
      CLOSED,
    ),
    bound: Type.Object({ makespan: number, because: text(4000) }, CLOSED),
    gap: number,
    seed: number,
    moves: number,
  },
  CLOSED,
);

const coverage = Type.Object(
  {
    plan: id,
    strength: number,
    factors: list(Type.Object({ name: id, levels: list(id) }, CLOSED)),
    forbidden: list(Type.Object({ id: text(4000), forbid: texts }, CLOSED)),
    seeds: list(texts),
    feasible: number,
    covered: number,
    bound: number,
    prefixes: list(number),
    unreachable: list(Type.Object({ factor: id, level: id, because: list(text(4000)) }, CLOSED)),
  },
  CLOSED,
);

const schema = Type.Object(
  {
    ...header('CampaignPlan'),
    campaign: id,
    organisation: id,
    madeAt: number,
    origin: number,
    timeZone: text(64),
    coverage: list(coverage),
    runs: list(
      Type.Object(
        {
          key: text(64),
          plan: Type.Object({ id, version: text(32) }, CLOSED),
          subjects: Type.Array(id, { minItems: 1, maxItems: 16 }),
          because: Type.String({ maxLength: 4000 }),
          run: Type.Optional(text(64)),
        },
        CLOSED,
      ),
    ),
    problem,
    timetable,
    leftOut: list(
      Type.Object(
        {
          ...{ plan: id, subjects: list(id), reason: spoken },
          ...{ run: Type.Optional(text(64)), key: Type.Optional(text(64)) },
        },
        CLOSED,
      ),
    ),
    remarks: list(spoken),
    replanned: Type.Optional(
      Type.Object(
        {
          because: list(spoken),
          stage: Type.Enum(['repaired', 'improved'] as const),
          begun: list(text(64)),
          moved: list(text(64)),
          mayMove: number,
        },
        CLOSED,
      ),
    ),
  },
  CLOSED,
);

export type CampaignPlanFile = Static<typeof schema>;

export const CAMPAIGN_PLAN_DOCUMENT = {
  kind: 'CampaignPlan',
  shape: makeShape(schema),
} as const satisfies DocumentKind<typeof schema>;

/** A plan of a campaign that somebody stored; whether it holds is for the checkers to say. */
export function parseCampaignPlan(source: Source): Result<CampaignPlanFile, readonly Problem[]> {
  const document = parseDocument(source, CAMPAIGN_PLAN_DOCUMENT);
  return document.ok ? { ok: true, value: document.value.value } : document;
}
