import type { Scalar, TraceProperty } from '../domain/trace-property.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { Side } from './happening.ts';
import type { Witness } from './obligation.ts';

/** One message at which a property did not hold, or at which that cannot be told. */
export interface Instance {
  readonly trigger: Witness;
  /** The message that decided it; absent where it is that none came. */
  readonly shownBy?: Witness;
  /** When it was decided: a time limit, or a message. */
  readonly atMs: number;
  readonly association: number;
  readonly ids: Readonly<Record<string, Scalar>>;
  /** Whose doing it is, as a trace names it. */
  readonly blamed: string;
  readonly blamedSide: Side;
}

/** What a trace says of a property. */
export interface PropertyFinding {
  readonly property: TraceProperty;
  /** `none` when it never had its chance. */
  readonly verdict: Extract<Verdict, 'none' | 'pass' | 'inconc' | 'fail'>;
  readonly held: number;
  readonly broken: number;
  readonly undecided: number;
  /** The first that were broken, in the order of the times at which that was decided. */
  readonly violations: readonly Instance[];
  /** The first of which it cannot be told, in the same order. */
  readonly doubts: readonly Instance[];
}
