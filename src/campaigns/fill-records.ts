import type { AssignmentDraft } from './store-ports.ts';
import type { CaseRecord, Outcome } from '../domain/case-record.ts';
import { type CaseId, type Instant, isoTime } from '../domain/ids.ts';
import type { PlanCase } from '../domain/plan.ts';
import type { Run } from '../domain/run.ts';
import { CODES } from '../kernel/codes.ts';
import { reason, type Reason } from '../kernel/errors.ts';

export interface RunSoFar {
  readonly run: Run;
  readonly draft: AssignmentDraft;
  readonly records: readonly CaseRecord[];
  /** The case that was started and has no record. */
  readonly startedCase: CaseId | null;
  /** Why the run ended before its plan was through; `null` when it was not stopped. */
  readonly stop: Reason | null;
  readonly fence: number;
}

/**
 * Records for the cases of the plan that have none, so that every case of every run is accounted for:
 * what the review decided keeps that, a case that had started is `error`, the others never ran.
 */
export function fillRecords(so: RunSoFar, now: Instant): readonly CaseRecord[] {
  const recorded = new Set(so.records.map((record) => record.case));
  return so.draft.plan.cases
    .filter(({ id }) => !recorded.has(id))
    .map((planCase) => recordFor(planCase, so, now));
}

function recordFor(planCase: PlanCase, so: RunSoFar, now: Instant): CaseRecord {
  const outcome = outcomeFor(planCase, so);
  return {
    run: so.run.id,
    retryOf: so.run.retryOf,
    case: planCase.id,
    planVersion: so.draft.plan.version,
    fence: so.fence,
    startedAt: isoTime(now),
    endedAt: isoTime(now),
    outcome,
    cause: {
      kind: outcome.kind === 'judged' ? (faultOf(so) === 'harness' ? 'harness' : 'testbed') : 'undetermined',
    },
    peers: [],
    transports: {},
    fitness: { fit: true, checks: [] },
    measurements: [],
    evidence: [],
  };
}

function outcomeFor(planCase: PlanCase, so: RunSoFar): Outcome {
  const decided = so.draft.decided[planCase.id];
  if (decided !== undefined) return { kind: 'notJudged', ...decided };
  const why = so.stop ?? reason('NOT_REACHED', 'the run ended before this case began');
  if (planCase.id === so.startedCase) {
    return { kind: 'judged', verdict: 'error', clauses: [], remarks: [], reason: why };
  }
  if (why.code === 'GATE_CLOSED') return { kind: 'notJudged', disposition: 'blocked', reason: why };
  if (why.code === 'CAPABILITY_MISSING') {
    return { kind: 'notJudged', disposition: 'notSupportedByTestbed', reason: why };
  }
  return { kind: 'notJudged', disposition: 'notRun', reason: why };
}

function faultOf(so: RunSoFar): string {
  return so.stop === null ? 'harness' : CODES[so.stop.code].fault;
}
