import type { Code } from '../kernel/codes.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { CaseId, Digest, EquipmentId, RunId } from './ids.ts';
import { applyRule, parseRule } from './rule.ts';
import type { Disposition, Finding, Verdict } from './verdict.ts';

/** What one clause came to. `saw` says, in a few words, what the evidence shows; never a payload. */
export interface ClauseJudgement {
  readonly id: string;
  readonly verdict: Verdict;
  readonly saw?: string;
  /** In a pairing, of a clause that fails: the product whose doing that is. */
  readonly blames?: EquipmentId;
  /** `sha256:…#t=1.204`: seconds since the case started, inside that item of evidence. */
  readonly evidence: readonly string[];
}

export type Outcome =
  | {
      readonly kind: 'judged';
      readonly verdict: Verdict;
      readonly clauses: readonly ClauseJudgement[];
      readonly remarks: readonly string[];
      /** For `error` and `inconc`: what broke, or why it could not be decided. */
      readonly reason?: DispositionReason;
    }
  | { readonly kind: 'notJudged'; readonly disposition: Disposition; readonly reason: DispositionReason };

export interface DispositionReason {
  readonly code: Code;
  readonly text: string;
  /** The case it depends on. */
  readonly case?: CaseId;
}

export const CAUSE_KINDS = ['product', 'specification', 'harness', 'testbed', 'undetermined'] as const;
export interface Cause {
  readonly kind: (typeof CAUSE_KINDS)[number];
  /** For `product`: which one. */
  readonly attributedTo?: EquipmentId;
}

export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly min?: number;
  readonly max?: number;
}

export interface EvidenceItem {
  readonly digest: Digest;
  readonly mediaType: string;
  /** `exchange` (the observations), `process-log`, `configuration`, `capture`, `tls`, `tools` … */
  readonly role: string;
  readonly bytes: number;
}

export interface FilledPeer {
  readonly name: string;
  readonly filledBy: 'equipment' | 'simulator' | 'tester';
  readonly id: string;
  readonly version: string;
}

export interface FitnessCheck {
  readonly id: string;
  readonly fit: boolean;
  readonly saw: string;
}

/** What one run says of one case: stored, signed, never edited. */
export interface CaseRecord {
  readonly run: RunId;
  readonly retryOf: RunId | null;
  readonly case: CaseId;
  readonly planVersion: string;
  readonly fence: number;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly outcome: Outcome;
  readonly cause: Cause;
  readonly peers: readonly FilledPeer[];
  readonly transports: Readonly<Record<string, string>>;
  readonly fitness: { readonly fit: boolean; readonly checks: readonly FitnessCheck[] };
  readonly measurements: readonly Measurement[];
  readonly evidence: readonly EvidenceItem[];
}

export function findingOf(record: Pick<CaseRecord, 'outcome'>): Finding {
  return record.outcome.kind === 'judged' ? record.outcome.verdict : record.outcome.disposition;
}

/** Re-checks that a verdict follows from its clauses and the rule of its case, and that the clauses are the plan's. */
export function checkOutcome(
  outcome: Outcome,
  plan: { readonly clauses: readonly { readonly id: string }[]; readonly rule: string },
): Result<Outcome, string> {
  if (outcome.kind === 'notJudged') return ok(outcome);
  const ids = new Set(plan.clauses.map(({ id }) => id));
  const verdicts = new Map(outcome.clauses.map(({ id, verdict }) => [id, verdict]));
  if (verdicts.size !== outcome.clauses.length) return err('a clause is judged twice');
  const foreign = [...verdicts.keys()].find((id) => !ids.has(id));
  if (foreign !== undefined) return err(`clause ${foreign} is not in the plan`);
  const missing = [...ids].find((id) => !verdicts.has(id));
  if (missing !== undefined && outcome.verdict !== 'error') return err(`clause ${missing} is not judged`);
  const rule = parseRule(plan.rule, ids);
  if (!rule.ok) return rule;
  const follows = applyRule(rule.value, verdicts);
  const broken = outcome.verdict === 'error';
  const undecided = outcome.verdict === 'inconc' && outcome.reason !== undefined && follows !== 'fail';
  return follows === outcome.verdict || broken || undecided
    ? ok(outcome)
    : err(`the clauses make ${follows}, not ${outcome.verdict}`);
}
