/**
 * How true something is in a trace from which messages may be missing: `2` and `-2` are shown by messages that are there;
 * `1` and `-1` rest on there being no others; `0` is not known. The order is that of truth, so "and" is the least, "or" the greatest,
 * "not" the opposite.
 */
export const TRUTH = { shown: 2, bySilence: 1, unknown: 0, notBySilence: -1, shownNot: -2 } as const;

/** What is left of something shown, when messages that are not there could end it. */
export function fade(truth: number): number {
  return truth > 1 ? 1 : truth < -1 ? -1 : truth;
}
