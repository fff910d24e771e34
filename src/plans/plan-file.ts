import { type Static, Type } from 'typebox';
import type { DocumentKind } from '../documents/document.ts';
import { makeShape } from '../documents/schema.ts';
import { NAME_PATTERN } from '../domain/ids.ts';
import type { CaseId, PlanId } from '../domain/ids.ts';
import { LEVELS, type Parameter, PLAN_KINDS, REQUIREMENTS, ROLES, type TestPlan } from '../domain/plan.ts';
import { CLAUSE_ID_PATTERN } from '../domain/rule.ts';

export const VERSION_PATTERN = '^(?:0|[1-9][0-9]{0,8})(?:\\.(?:0|[1-9][0-9]{0,8})){2}$';
export const CASE_ID_PATTERN = '^[A-Z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*$';

const closed = { additionalProperties: false } as const;
const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });
const name = Type.String({
  pattern: NAME_PATTERN,
  title: 'a name (1 to 64 of a-z 0-9 . _ -, letter or digit first and last)',
});
const caseId = Type.String({ pattern: CASE_ID_PATTERN, maxLength: 64, title: 'a case id such as A1-003' });
const interfaceName = Type.String({
  pattern: '^[a-z][a-z0-9-]{0,31}$',
  title: 'an interface, such as a1 or open-fronthaul-m',
});
const factKey = Type.String({
  pattern: '^[A-Za-z][A-Za-z0-9._-]{0,63}$',
  title: 'a key of the ICS or IXIT, such as a1.policyTypes',
});

const condition = Type.Object(
  {
    ics: Type.Optional(factKey),
    atLeast: Type.Optional(Type.Number({ minimum: 1 })),
    ixit: Type.Optional(factKey),
    tls: Type.Optional(Type.Boolean()),
  },
  { ...closed, minProperties: 1, title: 'at least one of ics, ixit, tls' },
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
const PARAMETER_NAME = 'a parameter name in camelCase';
const parameterName = Type.String({
  pattern: '^[a-z][A-Za-z0-9]{0,63}$',
  title: PARAMETER_NAME,
});

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
    id: Type.String({ pattern: CLAUSE_ID_PATTERN, title: 'a clause id (a-z 0-9 -, letter first)' }),
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
    requires: Type.Optional(Type.Array(caseId, { maxItems: 64, uniqueItems: true })),
    procedure: Type.String({
      pattern: '^[a-z][A-Za-z0-9-]*(?:\\.[a-z][A-Za-z0-9-]*)+$',
      maxLength: 128,
      title: 'a procedure id such as a1.policy.create',
    }),
    parameters: Type.Optional(Type.Record(parameterName, parameter, { ...closed, title: PARAMETER_NAME })),
    clauses: Type.Array(clause, { minItems: 1, maxItems: 64 }),
    rule: text(1000),
    timeoutMs: Type.Integer({ minimum: 1, maximum: 86_400_000 }),
    silenceMs: Type.Integer({ minimum: 1, maximum: 86_400_000 }),
    tags: Type.Optional(Type.Array(name, { maxItems: 32, uniqueItems: true })),
  },
  closed,
);

const subject = Type.Object(
  {
    role: Type.Enum(ROLES),
    alsoRoles: Type.Optional(Type.Array(Type.Enum(ROLES), { maxItems: 16, uniqueItems: true })),
    interfaces: Type.Array(interfaceName, { maxItems: 16, uniqueItems: true }),
  },
  closed,
);

const peer = Type.Object({ name, role: Type.Enum(ROLES), simulator: Type.Optional(name) }, closed);

const schema = Type.Object(
  {
    apiVersion: Type.Literal('patchbay/v1'),
    kind: Type.Literal('TestPlan'),
    id: name,
    version: Type.String({ pattern: VERSION_PATTERN, title: 'a version such as 1.0.0' }),
    title: text(200),
    planKind: Type.Enum(PLAN_KINDS),
    subject: Type.Optional(subject),
    subjects: Type.Optional(Type.Array(subject, { minItems: 1, maxItems: 16 })),
    peers: Type.Optional(Type.Array(peer, { maxItems: 16 })),
    capabilities: Type.Optional(Type.Array(text(64), { maxItems: 64, uniqueItems: true })),
    objectives: Type.Array(text(32), { minItems: 1, maxItems: 64, uniqueItems: true }),
    properties: Type.Optional(
      Type.Array(
        Type.String({
          pattern: '^[a-z0-9-]{1,64}(?:/[a-z0-9-]{1,64})?$',
          title: 'a catalogue of trace properties or one of them, such as e2ap or e2ap/setup-answered',
        }),
        { minItems: 1, maxItems: 64, uniqueItems: true },
      ),
    ),
    cases: Type.Array(planCase, { minItems: 1, maxItems: 1000 }),
    gates: Type.Optional(Type.Array(name, { maxItems: 64, uniqueItems: true })),
  },
  closed,
);

/** What `plan.yaml` looks like; its JSON Schema is made from this. */
export type PlanFile = Static<typeof schema>;

export const PLAN_DOCUMENT = {
  kind: 'TestPlan',
  shape: makeShape(schema),
} as const satisfies DocumentKind<typeof schema>;

/** The plan that a well-shaped file says: what may be left out is filled in. */
export function planOf(file: PlanFile): TestPlan {
  const { subject: one, subjects = one === undefined ? [] : [one], ...rest } = file;
  return {
    ...rest,
    id: file.id as PlanId,
    subjects,
    peers: file.peers ?? [],
    capabilities: file.capabilities ?? [],
    gates: (file.gates ?? []) as PlanId[],
    cases: file.cases.map(({ requires, ...one }) => ({
      ...one,
      id: one.id as CaseId,
      parameters: one.parameters ?? {},
      ...(requires === undefined ? {} : { requires: requires as CaseId[] }),
    })),
  };
}
