/** A test plan as it comes in over the HTTP API: what `plan.yaml` says, with everything filled in. */
import { type Static, Type } from 'typebox';

import { closed, count, INTERFACE_PATTERN, KEY_PATTERN, keyed, name, text } from './parts.ts';
import { LEVELS, type Parameter, PLAN_KINDS, REQUIREMENTS, ROLES } from '../domain/plan.ts';
import { CLAUSE_ID_PATTERN } from '../domain/rule.ts';

const DAY_MS = 86_400_000;

const caseId = Type.String({ pattern: '^[A-Z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*$', maxLength: 64 });
const factKey = Type.String({ pattern: KEY_PATTERN });

const condition = Type.Object(
  {
    ics: Type.Optional(factKey),
    atLeast: Type.Optional(Type.Number({ minimum: 1 })),
    ixit: Type.Optional(factKey),
    tls: Type.Optional(Type.Boolean()),
  },
  { ...closed, minProperties: 1 },
);

const parameter = Type.Object(
  {
    value: Type.Unsafe<Parameter['value']>({ type: ['number', 'string', 'boolean'], maxLength: 4096 }),
    unit: Type.Optional(text(16)),
    min: Type.Optional(Type.Number()),
    max: Type.Optional(Type.Number()),
  },
  closed,
);

const reference = Type.Object(
  {
    body: text(64),
    document: text(128),
    version: text(64),
    clause: text(256),
    confidence: Type.Enum(['read', 'title', 'derived', 'memory']),
  },
  closed,
);

const clause = Type.Object(
  {
    id: Type.String({ pattern: CLAUSE_ID_PATTERN }),
    expects: text(500),
    appliesWhen: Type.Optional(condition),
  },
  closed,
);

const planCase = Type.Object(
  {
    id: caseId,
    title: text(200),
    aim: text(1000),
    references: Type.Array(reference, { minItems: 1, maxItems: 32 }),
    requirement: Type.Enum(REQUIREMENTS),
    level: Type.Enum(LEVELS),
    adaptation: Type.Optional(text(1000)),
    appliesWhen: Type.Optional(condition),
    requires: Type.Optional(Type.Array(caseId, { maxItems: 64 })),
    procedure: Type.String({ pattern: '^[a-z][A-Za-z0-9-]*(?:\\.[a-z][A-Za-z0-9-]*)+$', maxLength: 128 }),
    parameters: keyed('^[a-z][A-Za-z0-9]{0,63}$', parameter),
    clauses: Type.Array(clause, { minItems: 1, maxItems: 64 }),
    rule: text(1000),
    timeoutMs: count(DAY_MS, 1),
    silenceMs: count(DAY_MS, 1),
    tags: Type.Optional(Type.Array(name, { maxItems: 32 })),
  },
  closed,
);

const interfaces = Type.Array(Type.String({ pattern: INTERFACE_PATTERN }), { maxItems: 16 });

export const planBody = Type.Object(
  {
    apiVersion: Type.Literal('patchbay/v1'),
    kind: Type.Literal('TestPlan'),
    id: name,
    version: Type.String({ pattern: '^(?:0|[1-9][0-9]{0,8})(?:\\.(?:0|[1-9][0-9]{0,8})){2}$' }),
    title: text(200),
    planKind: Type.Enum(PLAN_KINDS),
    subjects: Type.Array(Type.Object({ role: Type.Enum(ROLES), interfaces }, closed), {
      minItems: 1,
      maxItems: 16,
    }),
    peers: Type.Array(Type.Object({ name, role: Type.Enum(ROLES), simulator: Type.Optional(name) }, closed), {
      maxItems: 16,
    }),
    capabilities: Type.Array(text(64), { maxItems: 64 }),
    objectives: Type.Array(text(32), { maxItems: 64 }),
    properties: Type.Optional(Type.Array(text(129), { maxItems: 64 })),
    cases: Type.Array(planCase, { minItems: 1, maxItems: 1000 }),
    gates: Type.Array(name, { maxItems: 64 }),
  },
  closed,
);
export type PlanBody = Static<typeof planBody>;
