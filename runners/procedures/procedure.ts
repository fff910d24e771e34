import type { ClauseJudgement, DispositionReason, Measurement } from '../../src/domain/case-record.ts';
import type { Equipment } from '../../src/domain/equipment.ts';
import type { CaseId } from '../../src/domain/ids.ts';
import type { PlanCase } from '../../src/domain/plan.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import type { Observation } from '../../src/evidence/observation.ts';
import type { Json } from '../../src/kernel/json.ts';
import type { PacketTap } from '../interfaces/sctp/tap.ts';

/**
 * Executable behaviour that a plan names by id.
 *
 * It has two halves that never meet: `drive` stimulates and observes, `judge` decides from the observations alone.
 * So a stored case can be judged again, years later, and must come out the same.
 */
export interface Procedure {
  /** Such as `a1.policy.create`. */
  readonly id: string;
  /** The parameters it reads, with their unit; `plan check` holds the plan against this. */
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
  /** Every clause it can judge. A plan lists some or all of them. */
  readonly clauses: readonly string[];
  /**
   * Drives the SUT and observes. Misbehaviour of the SUT is observed, not thrown.
   * Throws `Blocked` when the case cannot start; any other error is ours and makes the case `error`
   * (or `blocked`, when nothing had reached the SUT yet).
   * Rethrows the reason of `signal` when that aborts. Undoes what it created in the SUT.
   */
  drive(bench: Bench, options: { signal: AbortSignal }): Promise<void>;
  /** Pure. One entry per clause of `Procedure.clauses`; the executor drops what the plan does not list. */
  judge(seen: Seen): Judged;
}

export interface ParameterSpec {
  readonly type: 'number' | 'string' | 'boolean';
  /** Required for numbers: `ms`, `count`, `bytes` … */
  readonly unit?: string;
  readonly about: string;
}

/** What a procedure may use while it drives. */
export interface Bench {
  readonly case: PlanCase;
  /** The SUT: one product, two for a pairing, several for a chain, in the order of the plan's subjects. Simulators already have end points. */
  readonly subjects: readonly Equipment[];
  /** Value of a plan parameter; throws `PLAN_INVALID` when it is absent or of another type. */
  number(name: string): number;
  text(name: string): string;
  flag(name: string): boolean;
  /** Adds an observation; redacts it first. Returns it as stored. */
  observe(step: string, kind: string, data: Json): Observation;
  /**
   * To be called when the first byte of a stimulus is known to have reached the SUT: from then on a failure
   * of ours makes the case `error`, before it `blocked`.
   */
  stimulated(): void;
  /** Reads secret text by reference; the value is remembered for redaction and never logged. */
  secret(ref: { readonly file: string } | { readonly env: string }): Promise<string>;
  /** What carried an interface, for the record: `transport('a1', 'http/1.1 tls1.3')`. */
  transport(interfaceName: string, carriedBy: string): void;
  /** To be given to the transport of an interface, when that runs in user space: what it shows becomes a capture of the case. */
  tap(interfaceName: string): PacketTap;
  /** Tells the person at the testbed something, such as "trigger the creation of a policy now". */
  ask(text: string): void;
}

/** What a judge may look at. */
export interface Seen {
  readonly case: PlanCase;
  readonly subjects: readonly Equipment[];
  readonly observations: readonly Observation[];
  /** Value of a plan parameter, as in {@link Bench}. */
  number(name: string): number;
  text(name: string): string;
  flag(name: string): boolean;
}

export interface Judged {
  readonly clauses: readonly JudgedClause[];
  readonly measurements?: readonly Measurement[];
  /** Notes on a verdict that do not change it. */
  readonly remarks?: readonly string[];
  /** Which of several subjects left the rule, when the clauses show it: an index into `subjects`. */
  readonly attributedTo?: number;
}

/** A clause judgement that names observations; the executor turns their numbers into references to the evidence. */
export interface JudgedClause extends Omit<ClauseJudgement, 'evidence' | 'blames'> {
  /** Numbers (`Observation.n`) of what shows it. */
  readonly shownBy: readonly number[];
  /** Of a clause that fails, which of several subjects left the rule: an index into `subjects`. */
  readonly blames?: number;
}

/** Thrown by `drive` when the case cannot start; the case record is then not judged. */
export class Blocked extends Error {
  override readonly name = 'Blocked';
  readonly reason: DispositionReason;
  readonly disposition: 'blocked' | 'notApplicable' | 'notSupportedByDut' | 'notSupportedByTestbed';

  constructor(reason: DispositionReason, disposition: Blocked['disposition'] = 'blocked') {
    super(reason.text);
    this.reason = reason;
    this.disposition = disposition;
  }

  static precondition(text: string, dependsOn?: CaseId): Blocked {
    return new Blocked({
      code: 'PRECONDITION_FAILED',
      text,
      ...(dependsOn === undefined ? {} : { case: dependsOn }),
    });
  }
}

/** Short form for judges: `clause('status', ['pass', 'HTTP 201'], 3)`. */
export function clause(
  id: string,
  [verdict, saw]: readonly [Verdict, string],
  ...shownBy: readonly number[]
): JudgedClause {
  return { id, verdict, saw, shownBy };
}
