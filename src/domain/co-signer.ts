import { err, ok, type Result } from '../kernel/result.ts';
import { REPORT_SECTIONS } from './disclosure.ts';

/** What a co-signature speaks for: everything, a section by its name, or `case:plan:case`. */
const EVERYTHING = '*';
const CASE_WORD = /^case:(?<plan>[a-z0-9._-]{1,64}):[A-Za-z0-9._-]{1,63}$/u;

export const CO_SIGNER_LAB_PATTERN = '^[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?$';
export const KEYID_PATTERN = '^[0-9a-f]{64}$';
/** A report has at most 32 signatories, two of them of the lab itself. */
export const MAX_CO_SIGNERS = 30;
export const MAX_SCOPE_WORDS = 256;

/** Another lab that is to sign a report, with one key. */
export interface CoSigner {
  readonly lab: string;
  /** Lower-case hexadecimal SHA-256 of the DER SubjectPublicKeyInfo of its key for reports. */
  readonly keyid: string;
  readonly scope: readonly string[];
}

export interface CoSignerMistake {
  readonly at: readonly (string | number)[];
  readonly what: string;
}

/** What no shape can say of a list of co-signers. @param plans ids of the plans whose cases they may speak for */
export function coSignerMistakes(
  coSigners: readonly CoSigner[],
  plans: ReadonlySet<string>,
): readonly CoSignerMistake[] {
  return coSigners.flatMap(({ lab, keyid, scope }, index) => {
    const before = coSigners.slice(0, index);
    return [
      ...(before.some((one) => one.lab === lab)
        ? [{ at: [index, 'lab'], what: `${lab} is there twice` }]
        : []),
      ...(before.some((one) => one.keyid === keyid)
        ? [{ at: [index, 'keyid'], what: 'is the key of another co-signer' }]
        : []),
      ...scope.flatMap((word, place) => {
        const known = checkScopeWord(word, { scope, plans });
        return known.ok ? [] : [{ at: [index, 'scope', place], what: known.error }];
      }),
    ];
  });
}

function checkScopeWord(
  word: string,
  { scope, plans }: { scope: readonly string[]; plans: ReadonlySet<string> },
): Result<string, string> {
  if (word === EVERYTHING) {
    return scope.length === 1 ? ok(word) : err('"*" is everything, and stands alone');
  }
  if ((REPORT_SECTIONS as readonly string[]).includes(word)) return ok(word);
  const plan = CASE_WORD.exec(word)?.groups?.['plan'];
  if (plan === undefined) {
    return err(`is not "*", case:PLAN:CASE or a section of a report (${REPORT_SECTIONS.join(', ')})`);
  }
  return plans.has(plan) ? ok(word) : err(`speaks of plan "${plan}", which the campaign does not name`);
}

export function coversSection(scope: readonly string[], section: string): boolean {
  return scope.includes(EVERYTHING) || scope.includes(section);
}

/** @param number as in the report: `plan:case`, or `plan:case#2` for the second time, which the same word covers */
export function coversCase(scope: readonly string[], number: string): boolean {
  return scope.includes(EVERYTHING) || scope.includes(`case:${number.replace(/#\d+$/u, '')}`);
}

/**
 * What is left of a scope in a report of a campaign with several: cases that are not in this one fall away.
 * Empty when the co-signer has nothing to say about this report.
 */
export function scopeWithin(scope: readonly string[], cases: ReadonlySet<string>): readonly string[] {
  return scope.filter((word) => !word.startsWith('case:') || cases.has(word.slice('case:'.length)));
}
