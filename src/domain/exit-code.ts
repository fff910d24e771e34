import { isVerdict, type Finding } from './verdict.ts';

/** What a command says to the shell, besides the findings of a campaign. */
export const EXIT = { ok: 0, failed: 1, wrongUse: 2, broken: 3, undecided: 4, interrupted: 130 } as const;

const BROKEN: readonly Finding[] = ['error', 'blocked', 'notRun'];
const UNDECIDED: readonly Finding[] = ['inconc', 'none'];

/**
 * The exit code that follows from findings, the first that applies: 1 any `fail` · 3 any `error`, `blocked` or `notRun` ·
 * 4 any `inconc` or `none`, or nothing judged · 0. Being interrupted (130) and wrong use (2) come before all of them.
 */
export function exitCodeFor(findings: Iterable<Finding>): number {
  const seen = new Set(findings);
  if (seen.has('fail')) return EXIT.failed;
  if (BROKEN.some((finding) => seen.has(finding))) return EXIT.broken;
  const nothingJudged = ![...seen].some(isVerdict);
  if (nothingJudged || UNDECIDED.some((finding) => seen.has(finding))) return EXIT.undecided;
  return EXIT.ok;
}
