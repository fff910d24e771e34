import type { Assignment } from '../../src/domain/assignment.ts';
import type {
  CaseRecord,
  Cause,
  EvidenceItem,
  FilledPeer,
  FitnessCheck,
  Measurement,
  Outcome,
} from '../../src/domain/case-record.ts';
import type { Equipment } from '../../src/domain/equipment.ts';
import { type Instant, isoTime } from '../../src/domain/ids.ts';
import type { PlanCase } from '../../src/domain/plan.ts';
import { manifestOf } from '../../src/evidence/manifest.ts';
import type { Redactor } from '../../src/evidence/redact.ts';
import type { ExecuteDeps } from './execute-ports.ts';
import { causeOf } from './execute-verdict.ts';
import type { Testbed } from './execute-testbed.ts';

/** What all cases of a run share. */
export interface RunContext {
  readonly assignment: Assignment;
  readonly deps: ExecuteDeps;
  readonly redactor: Redactor;
  readonly dir: string;
  readonly testbed: Testbed;
  /** The subjects as they are in the stored configuration: what judges see. */
  readonly storedSubjects: readonly Equipment[];
  readonly fitness: readonly FitnessCheck[];
  readonly peers: readonly FilledPeer[];
  /** Configuration and tools: belongs to every case. */
  readonly evidence: readonly EvidenceItem[];
}

/** What is particular about one case. */
export interface Findings {
  readonly outcome: Outcome;
  readonly startedAt: Instant;
  readonly attributedTo?: number;
  readonly transports?: Readonly<Record<string, string>>;
  readonly checks?: readonly FitnessCheck[];
  readonly measurements?: readonly Measurement[];
  readonly evidence?: readonly EvidenceItem[];
}

const MAX_REASON_LENGTH = 1000;

export function makeRecord(context: RunContext, planCase: PlanCase, findings: Findings): CaseRecord {
  const { assignment, deps, fitness, peers } = context;
  const checks = [...fitness, ...(findings.checks ?? [])];
  const outcome = withCleanReason(findings.outcome, context.redactor);
  const cause: Cause = causeOf(outcome, assignment.subjects, findings.attributedTo);
  return {
    run: assignment.run,
    retryOf: assignment.retryOf,
    case: planCase.id,
    planVersion: assignment.plan.version,
    fence: assignment.fence,
    startedAt: isoTime(findings.startedAt),
    endedAt: isoTime(deps.clock.now()),
    outcome,
    cause,
    peers,
    transports: findings.transports ?? {},
    fitness: { fit: checks.every(({ fit }) => fit), checks },
    measurements: findings.measurements ?? [],
    evidence: manifestOf([...context.evidence, ...(findings.evidence ?? [])]),
  };
}

/** The text of an error may quote what a product sent. */
function withCleanReason(outcome: Outcome, redactor: Redactor): Outcome {
  if (outcome.reason === undefined) return outcome;
  const text = redactor.text(outcome.reason.text).slice(0, MAX_REASON_LENGTH);
  return { ...outcome, reason: { ...outcome.reason, text } };
}
