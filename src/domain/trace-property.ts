import type { StandardRef } from './plan.ts';

/** Which end a message comes from, as seen from the message that a property is about: whoever sent that one, or the other. */
export const ENDS = ['self', 'peer'] as const;
export type End = (typeof ENDS)[number];

export type Scalar = string | number | boolean;

/** A message of one of these names. */
export interface MessageAtom {
  readonly message: string | readonly string[];
  readonly by?: End;
  /** What has to stand at a path in it, such as `RICcontrolAckRequest: ack`. */
  readonly having?: Readonly<Record<string, Scalar | readonly Scalar[]>>;
}

/**
 * A statement about one message among those that a property names: what it is, what was before it (`once`, `since`,
 * `previously`, `answers`), and, within a time, what comes after it (`eventually`, `never`, `always`, `until`, `answeredBy`).
 */
export type Formula =
  | MessageAtom
  | { readonly not: Formula }
  | { readonly all: readonly Formula[] }
  | { readonly any: readonly Formula[] }
  /** At the message before. */
  | { readonly previously: Formula }
  /** Now or before; with a time, not longer ago than that. */
  | { readonly once: Formula; readonly withinMs?: number }
  /** `from` was true, now or before, and `hold` has been at each message after it. */
  | { readonly since: { readonly from: Formula; readonly hold: Formula }; readonly withinMs?: number }
  /** There is a request of the peer that none of `with` by this end has answered yet; or two were open at a time, once. */
  | { readonly answers: string | readonly string[]; readonly with: string | readonly string[] }
  | { readonly eventually: Formula; readonly withinMs: number }
  | { readonly always: Formula; readonly withinMs: number }
  | { readonly never: Formula; readonly withinMs: number }
  /** `reach` becomes true, and `hold` is true at each message before that. */
  | { readonly until: { readonly hold: Formula; readonly reach: Formula }; readonly withinMs: number }
  /** The peer sends one of these. */
  | { readonly answeredBy: string | readonly string[]; readonly withinMs: number };

/** What must hold at each message of a trace for which `when` holds. */
export interface TraceProperty {
  /** With the catalogue before it: `e2ap/setup-answered`. */
  readonly id: string;
  readonly protocol: string;
  /** In a sentence. */
  readonly says: string;
  readonly references: readonly StandardRef[];
  /** Paths in messages, mostly identifiers: a property is judged for all messages with the same values by themselves. */
  readonly forEvery: readonly string[];
  readonly when: Formula;
  readonly then: Formula;
  /** Who has left the rule when it does not hold. */
  readonly blames: End;
}
