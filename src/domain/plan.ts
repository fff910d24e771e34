import type { CaseId, PlanId } from './ids.ts';

/** A clause of a standard, as a report prints it. `confidence` says how we know the number. */
export interface StandardRef {
  readonly body: string;
  readonly document: string;
  readonly version: string;
  readonly clause: string;
  /** `read` in the source, `title` only, `derived` from a requirement, or from `memory`. */
  readonly confidence: 'read' | 'title' | 'derived' | 'memory';
}

export const ROLES = [
  'near-rt-ric',
  'non-rt-ric',
  'smo',
  'o-cu-cp',
  'o-cu-up',
  'o-du',
  'o-ru',
  'gnb',
  'amf',
  'upf',
  'ue',
  'xapp',
  'rapp',
  'o-cloud',
] as const;
export type Role = (typeof ROLES)[number];

export const PLAN_KINDS = ['wraparound', 'pairwise', 'chain', 'mobility'] as const;
export type PlanKind = (typeof PLAN_KINDS)[number];

export const REQUIREMENTS = ['M', 'CM', 'O'] as const;
export type Requirement = (typeof REQUIREMENTS)[number];

export const LEVELS = ['S1', 'S2', 'S3'] as const;
export type Level = (typeof LEVELS)[number];

/** A quantity with its limits. The unit is part of the name (`responseTimeMs`), or given beside it. */
export interface Parameter {
  readonly value: number | string | boolean;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
}

/** What has to be claimed (ICS) or told (IXIT) for a case or clause to apply. All that are given must hold. */
export interface Condition {
  /** A key of the ICS that must be claimed: present and not false, empty or zero. */
  readonly ics?: string;
  /** With `ics`: the claimed list has at least this many entries, or the claimed number is at least this. */
  readonly atLeast?: number;
  /** A key of the IXIT that must be present; without it: `notSupportedByTestbed`. */
  readonly ixit?: string;
  /** The end point under test speaks TLS, or does not. */
  readonly tls?: boolean;
}

export interface PlanClause {
  /** Stable: golden tables, reports and defect modes refer to `case/clause`. */
  readonly id: string;
  readonly expects: string;
  /** When it does not hold, the clause is `none` and says why. */
  readonly appliesWhen?: Condition;
}

export interface PlanCase {
  readonly id: CaseId;
  readonly title: string;
  readonly aim: string;
  readonly references: readonly StandardRef[];
  readonly requirement: Requirement;
  readonly level: Level;
  /** For S2: in what the procedure differs from the standard one. */
  readonly adaptation?: string;
  readonly appliesWhen?: Condition;
  /** Cases of this plan that must have passed, or this one is `blocked`. */
  readonly requires?: readonly CaseId[];
  readonly procedure: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly clauses: readonly PlanClause[];
  /** `all`, `any`, or an expression over clause ids; see `parseRule`. */
  readonly rule: string;
  readonly timeoutMs: number;
  readonly silenceMs: number;
  readonly tags?: readonly string[];
}

export interface PlanSubject {
  readonly role: Role;
  /** Further roles that a product may have instead. */
  readonly alsoRoles?: readonly Role[];
  readonly interfaces: readonly string[];
}

/** Whether a product of that role can be the subject. */
export function mayBe({ role, alsoRoles = [] }: PlanSubject, of: Role): boolean {
  return of === role || alsoRoles.includes(of);
}

export interface PlanPeer {
  readonly name: string;
  readonly role: Role;
  /** The simulator that fills the peer when no equipment does; `tester` means the procedure itself speaks for it. */
  readonly simulator?: string;
}

export interface TestPlan {
  readonly apiVersion: 'patchbay/v1';
  readonly kind: 'TestPlan';
  readonly id: PlanId;
  readonly version: string;
  readonly title: string;
  readonly planKind: PlanKind;
  /** One for `wraparound`, two for `pairwise`, all products of the way for `chain`. */
  readonly subjects: readonly PlanSubject[];
  readonly peers: readonly PlanPeer[];
  /** What a testbed must be able to do. */
  readonly capabilities: readonly string[];
  readonly objectives: readonly string[];
  /** What traces of the plan are judged by: all of a catalogue (`e2ap`), or one property (`e2ap/setup-answered`). */
  readonly properties?: readonly string[];
  readonly cases: readonly PlanCase[];
  /** Plans that must have passed on the same SUT before this one starts. */
  readonly gates: readonly PlanId[];
}

/** `id@major`, or `id` alone for the newest. */
export interface PlanRef {
  readonly id: PlanId;
  readonly version?: string;
}
