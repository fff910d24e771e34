import type { Instant } from '../../domain/ids.ts';

/** What may differ from run to run: the product in a role, its version, a deployment profile, an option. */
export interface Factor {
  readonly name: string;
  readonly levels: readonly string[];
}

/** For some factors one of the named levels each: `{ 'o-ru': 'acme-ru', profile: ['a', 'b'] }`. */
export type Choice = Readonly<Record<string, string | readonly string[]>>;

/** What may not stand in one row. The id is how errors and explanations speak of it. */
export type Constraint =
  | { readonly id: string; readonly forbid: Choice }
  | { readonly id: string; readonly when: Choice; readonly then: Choice }
  /** A rule in code, asked once for every combination of these factors. */
  | {
      readonly id: string;
      readonly factors: readonly string[];
      readonly allows: (...levels: readonly string[]) => boolean;
    };

/** A level for each factor, or for some of them. */
export type PartialRow = Readonly<Record<string, string>>;

export interface CoverageModel {
  readonly factors: readonly Factor[];
  readonly constraints?: readonly Constraint[];
  /** 1 to 4: so many factors, whichever they are, meet in every way that is possible. */
  readonly strength: number;
  /** Factors among which more of them do, or, with a lower strength elsewhere, the only ones. */
  readonly groups?: readonly { readonly factors: readonly string[]; readonly strength: number }[];
  /** Rows that the plan must hold; what they leave open is filled. */
  readonly seeds?: readonly PartialRow[];
  /** Combinations that are not to be planned, though they are possible. */
  readonly exclude?: readonly Choice[];
  /** What has been run before: its combinations count as covered until that instant. */
  readonly covered?: readonly { readonly row: PartialRow; readonly until: Instant }[];
  /** How much more than others a combination that holds this choice matters; several multiply. */
  readonly weights?: readonly { readonly choice: Choice; readonly weight: number }[];
}

export const LIMITS = {
  factors: 1_000,
  levels: 16_000,
  values: 32_000,
  constraints: 10_000,
  clauses: 100_000,
  /** Combinations of a rule's factors. */
  scope: 100_000,
  combinations: 40_000_000,
  rows: 16_000,
  seeds: 4_000,
  covered: 100_000,
  weights: 1_000,
  weight: 1_000,
} as const;

/** A model in numbers, as it travels to the thread that works on it. */
export interface CompiledModel {
  readonly factors: readonly Factor[];
  readonly levels: readonly number[];
  readonly forbidden: readonly (readonly number[])[];
  readonly strata: readonly { readonly factors: readonly number[]; readonly strength: number }[];
  /** Values of each seed; what a seed leaves open is not there. */
  readonly seeds: readonly (readonly number[])[];
  readonly covered: readonly (readonly number[])[];
  /** Values that, all in one combination, multiply its weight. */
  readonly weights: readonly { readonly values: readonly number[]; readonly weight: number }[];
}

/** A level that no valid row holds. */
export interface UnreachableLevel {
  readonly factor: string;
  readonly level: string;
  /** The smallest set of constraints that rule it out together. */
  readonly because: readonly string[];
}
