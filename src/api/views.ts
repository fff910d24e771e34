/** What the HTTP API answers. Instants are RFC 3339 texts; a state is one word, with its reason beside it. */
import { type Static, Type } from 'typebox';

import { calendar, campaignBody, setUp } from './documents.ts';
import { closed, digest, instant, name, nullable, qualifiedName, reason } from './parts.ts';
import { SCOPES } from './scopes.ts';
import { CAMPAIGN_STATES } from '../domain/campaign.ts';
import { CAUSE_KINDS } from '../domain/case-record.ts';
import { RUN_STATES } from '../domain/run.ts';
import { DISPOSITIONS, FINDINGS, VERDICTS } from '../domain/verdict.ts';

const words = Type.Array(Type.String());
const integer = Type.Integer();
const byName = Type.Record(Type.String(), Type.String());

export const listOf = <T extends Parameters<typeof Type.Array>[0]>(items: T) =>
  Type.Object({ items: Type.Array(items) }, closed);

const hold = Type.Object({ testbed: qualifiedName, slot: integer, fence: integer }, closed);

export const runView = Type.Object(
  {
    id: Type.String(),
    campaign: qualifiedName,
    organisation: name,
    plan: Type.Object({ id: name, version: Type.String() }, closed),
    subjects: words,
    testbeds: words,
    retryOf: nullable(Type.String()),
    createdAt: instant,
    startBy: instant,
    state: Type.Enum(RUN_STATES),
    since: instant,
    reason: nullable(reason),
    hold: nullable(hold),
    end: nullable(Type.Enum(['completed', 'cancelled', 'aborted', 'neverStarted'])),
    finding: nullable(Type.Enum(FINDINGS)),
  },
  closed,
);
export type RunView = Static<typeof runView>;

const campaignFields = {
  id: qualifiedName,
  organisation: name,
  request: campaignBody,
  state: Type.Enum(CAMPAIGN_STATES),
  since: instant,
  reason: nullable(reason),
  remarks: Type.Array(reason),
};
export const campaignView = Type.Object(campaignFields, closed);
export type CampaignView = Static<typeof campaignView>;
/** The newest plan of a campaign, a document of kind CampaignPlan; null where no places are reserved. */
export const campaignPlanView = Type.Object(
  {
    revision: Type.Integer({ minimum: 0 }),
    plan: Type.Union([Type.Object({}, { additionalProperties: true }), Type.Null()]),
  },
  closed,
);
export type CampaignPlanView = Static<typeof campaignPlanView>;
export const campaignDetail = Type.Object({ ...campaignFields, runs: Type.Array(runView) }, closed);
export type CampaignDetail = Static<typeof campaignDetail>;

const outcomeReason = Type.Object(
  { code: Type.String(), text: Type.String(), case: Type.Optional(Type.String()) },
  closed,
);
const outcome = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('judged'),
      verdict: Type.Enum(VERDICTS),
      clauses: Type.Array(
        Type.Object(
          {
            id: Type.String(),
            verdict: Type.Enum(VERDICTS),
            saw: Type.Optional(Type.String()),
            blames: Type.Optional(Type.String()),
            evidence: words,
          },
          closed,
        ),
      ),
      remarks: words,
      reason: Type.Optional(outcomeReason),
    },
    closed,
  ),
  Type.Object(
    { kind: Type.Literal('notJudged'), disposition: Type.Enum(DISPOSITIONS), reason: outcomeReason },
    closed,
  ),
]);
const evidenceItem = Type.Object(
  { digest, mediaType: Type.String(), role: Type.String(), bytes: integer },
  closed,
);
const fitnessCheck = Type.Object({ id: Type.String(), fit: Type.Boolean(), saw: Type.String() }, closed);
const measurement = Type.Object(
  {
    name: Type.String(),
    value: Type.Number(),
    unit: Type.String(),
    min: Type.Optional(Type.Number()),
    max: Type.Optional(Type.Number()),
  },
  closed,
);

export const caseRecordView = Type.Object(
  {
    run: Type.String(),
    retryOf: nullable(Type.String()),
    case: Type.String(),
    planVersion: Type.String(),
    fence: integer,
    startedAt: Type.String(),
    endedAt: Type.String(),
    outcome,
    cause: Type.Object({ kind: Type.Enum(CAUSE_KINDS), attributedTo: Type.Optional(Type.String()) }, closed),
    peers: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          filledBy: Type.Enum(['equipment', 'simulator', 'tester']),
          id: Type.String(),
          version: Type.String(),
        },
        closed,
      ),
    ),
    transports: byName,
    fitness: Type.Object({ fit: Type.Boolean(), checks: Type.Array(fitnessCheck) }, closed),
    measurements: Type.Array(measurement),
    evidence: Type.Array(evidenceItem),
  },
  closed,
);
export type CaseRecordView = Static<typeof caseRecordView>;

const observed = { seq: integer, at: instant };
export const logEntryView = Type.Union([
  Type.Object({ ...observed, kind: Type.Literal('caseStarted'), case: Type.String() }, closed),
  Type.Object(
    { ...observed, kind: Type.Literal('caseRecord'), case: Type.String(), finding: Type.Enum(FINDINGS) },
    closed,
  ),
  Type.Object(
    {
      ...observed,
      kind: Type.Literal('log'),
      level: Type.Enum(['info', 'warn', 'error']),
      text: Type.String(),
    },
    closed,
  ),
]);
export type LogEntryView = Static<typeof logEntryView>;

/** `next` is what to give as `after` for the entries that follow; `final`: none will follow. */
export const logPage = Type.Object(
  { items: Type.Array(logEntryView), next: integer, final: Type.Boolean() },
  closed,
);
export type LogPage = Static<typeof logPage>;

export const testbedView = Type.Object(
  {
    id: qualifiedName,
    organisation: name,
    mode: Type.Enum(['open', 'draining']),
    capabilities: words,
    instruments: Type.Array(Type.Object({ id: Type.String(), capacity: integer }, closed)),
    calendar: Type.Optional(calendar),
    setUp,
    slots: Type.Array(
      Type.Object(
        {
          slot: integer,
          fence: integer,
          state: Type.Enum(['free', 'leased', 'quarantined']),
          reason: nullable(reason),
        },
        closed,
      ),
    ),
    runners: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          attached: Type.Boolean(),
          lastSeenAt: nullable(instant),
          revokedAt: nullable(instant),
          capabilities: words,
          tools: byName,
        },
        closed,
      ),
    ),
  },
  closed,
);
export type TestbedView = Static<typeof testbedView>;

/** What became of a report. */
export const STANDINGS = ['current', 'amended', 'replaced', 'withdrawn'] as const;

export const reportView = Type.Object(
  {
    id: Type.String(),
    campaign: qualifiedName,
    sut: Type.String(),
    revision: integer,
    kind: Type.Enum(['original', 'amendment', 'replacement']),
    /** Why there is this revision; null for the original. */
    reason: nullable(Type.String()),
    standing: Type.Enum(STANDINGS),
    payloadDigest: Type.String(),
    issuedAt: instant,
    files: byName,
  },
  closed,
);
export type ReportView = Static<typeof reportView>;

export const tokenView = Type.Object({ id: Type.String(), token: Type.String() }, closed);
export type TokenView = Static<typeof tokenView>;
export const enrolmentTokenView = Type.Object({ token: Type.String(), expiresAt: instant }, closed);
export type EnrolmentTokenView = Static<typeof enrolmentTokenView>;
export const revisionView = Type.Object({ id: qualifiedName, revision: integer }, closed);
export type RevisionView = Static<typeof revisionView>;

export const healthView = Type.Object(
  {
    healthy: Type.Boolean(),
    version: Type.String(),
    parts: Type.Record(Type.String(), Type.Object({ ok: Type.Boolean(), backend: Type.String() }, closed)),
  },
  closed,
);

/** RFC 9457, with our `code` and, for bad documents, every problem. */
export const problemView = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: integer,
    detail: Type.String(),
    code: Type.String(),
    remedy: Type.String(),
    problems: Type.Optional(
      Type.Array(Type.Object({ path: Type.String(), text: Type.String() }, closed), { maxItems: 101 }),
    ),
  },
  closed,
);
export type ProblemView = Static<typeof problemView>;

export const scopesBody = Type.Array(Type.Enum(SCOPES), { minItems: 1, maxItems: SCOPES.length });
