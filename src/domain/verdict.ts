/** ETSI ES 201 873-1, from harmless to worst. `error` speaks of the test system, never of the IUT. */
export const VERDICTS = ['none', 'pass', 'inconc', 'fail', 'error'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Why there is no verdict. */
export const DISPOSITIONS = [
  'notApplicable',
  'notSupportedByDut',
  'notSupportedByTestbed',
  'blocked',
  'notRun',
] as const;
export type Disposition = (typeof DISPOSITIONS)[number];

/** What a case record says in one word. */
export type Finding = Verdict | Disposition;
export const FINDINGS = [...VERDICTS, ...DISPOSITIONS] as const satisfies readonly Finding[];

/** The worse of two verdicts: inside a case a verdict gets worse, never better. */
export function worse(a: Verdict, b: Verdict): Verdict {
  return VERDICTS.indexOf(a) < VERDICTS.indexOf(b) ? b : a;
}

/** The better of two verdicts; `none` is never best, since it proves nothing. */
export function better(a: Verdict, b: Verdict): Verdict {
  if (a === 'none') return b;
  if (b === 'none') return a;
  return VERDICTS.indexOf(a) < VERDICTS.indexOf(b) ? a : b;
}

export function isVerdict(value: unknown): value is Verdict {
  return (VERDICTS as readonly unknown[]).includes(value);
}

export function isDisposition(value: unknown): value is Disposition {
  return (DISPOSITIONS as readonly unknown[]).includes(value);
}

/**
 * The order in which findings decide over many cases: a proven product failure is not hidden by a
 * harness error elsewhere (KCIDB order), unlike inside one case. See ADR 0002.
 */
export const ROLL_UP_ORDER = [
  'fail',
  'error',
  'blocked',
  'notRun',
  'inconc',
  'none',
  'pass',
  'notSupportedByTestbed',
  'notSupportedByDut',
  'notApplicable',
] as const satisfies readonly Finding[];

/** One finding for many: the first of {@link ROLL_UP_ORDER} that occurs; `none` when there are none. */
export function rollUp(findings: Iterable<Finding>): Finding {
  const seen = new Set(findings);
  return ROLL_UP_ORDER.find((finding) => seen.has(finding)) ?? 'none';
}
