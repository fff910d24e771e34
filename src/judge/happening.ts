import type { Scalar } from '../domain/trace-property.ts';

/** One of the two ends of an association. */
export type Side = 0 | 1;

/** A message as it is judged. */
export interface JudgedMessage {
  /** Counts up in its trace. */
  readonly n: number;
  /** Milliseconds since the trace began; never less than that of the message before. */
  readonly atMs: number;
  readonly association: number;
  readonly side: Side;
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  /** Empty where its octets do not tell: it may have been anything. */
  readonly name: string;
  /** It breaks the rules of its encoding: what cannot be found in it may have been meant. */
  readonly isDamaged: boolean;
  /** What stands at a path; what has several parts is one text. */
  value(path: string): Scalar | undefined;
}

/** Messages of one end that passed and are not in the trace. */
export interface Gap {
  readonly association: number;
  readonly side: Side;
  /** When it was found that they are missing: they passed after the last message of that end. */
  readonly atMs: number;
}
