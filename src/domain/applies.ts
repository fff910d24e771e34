import { isJsonObject, type Json } from '../kernel/json.ts';
import type { DecidedCase } from './assignment.ts';
import type { Equipment } from './equipment.ts';
import type { Condition, PlanCase } from './plan.ts';

/** What conditions look at: the claims, what the tester was told, and whether the end point under test speaks TLS. */
export interface Facts {
  readonly ics: Readonly<Record<string, Json>>;
  readonly ixit: Readonly<Record<string, Json>>;
  readonly tls: boolean;
}

export type ConditionFinding =
  | { readonly holds: true }
  | { readonly holds: false; readonly because: 'ics' | 'ixit' | 'tls'; readonly text: string };

const HOLDS: ConditionFinding = { holds: true };

/**
 * The facts about one subject, or about the subjects of a pairing taken together: where both claim the same key, the first counts.
 * @param interfaces the interfaces under test; the end point speaks TLS when one of theirs has an `https:` URL
 */
export function factsOf(subjects: readonly Equipment[], interfaces: readonly string[]): Facts {
  const merged = (of: (subject: Equipment) => Readonly<Record<string, Json>>): Record<string, Json> =>
    Object.fromEntries([...subjects].reverse().flatMap((subject) => Object.entries(of(subject))));
  const urls = subjects.flatMap((subject) =>
    interfaces.map((name) => ownValue(subject.interfaces, name)?.endpoint.url ?? ''),
  );
  return {
    ics: merged(({ ics }) => ics),
    ixit: merged(({ ixit }) => ixit),
    tls: urls.some((url) => /^https:/iu.test(url)),
  };
}

/** Whether everything a condition asks for is there; no condition always holds. The first part that does not is named. */
export function conditionHolds(condition: Condition | undefined, facts: Facts): ConditionFinding {
  if (condition === undefined) return HOLDS;
  const { ics, atLeast, ixit, tls } = condition;
  if (ics !== undefined) {
    const claim = ownValue(facts.ics, ics);
    if (!isClaimed(claim)) return no('ics', `${ics} is not claimed`);
    if (atLeast !== undefined && amountOf(claim) < atLeast)
      return no('ics', `${ics} is claimed for less than ${atLeast}`);
  }
  if (ixit !== undefined && ownValue(facts.ixit, ixit) === undefined)
    return no('ixit', `the IXIT does not say ${ixit}`);
  if (tls !== undefined && tls !== facts.tls)
    return no('tls', facts.tls ? 'the end point speaks TLS' : 'the end point does not speak TLS');
  return HOLDS;
}

/**
 * Why a case does not apply, or null when it does. A claim that is missing makes a mandatory case `notSupportedByDut`
 * and any other `notApplicable`; an IXIT that is missing makes it `notSupportedByTestbed`.
 */
export function inapplicable(
  planCase: Pick<PlanCase, 'appliesWhen' | 'requirement'>,
  facts: Facts,
): DecidedCase | null {
  const finding = conditionHolds(planCase.appliesWhen, facts);
  if (finding.holds) return null;
  const { because, text } = finding;
  if (because === 'ixit')
    return { disposition: 'notSupportedByTestbed', reason: { code: 'IXIT_MISSING', text } };
  const mandatory = because === 'ics' && planCase.requirement === 'M';
  return {
    disposition: mandatory ? 'notSupportedByDut' : 'notApplicable',
    reason: { code: 'ICS_NOT_CLAIMED', text },
  };
}

/** Present, and not false, empty or zero. */
function isClaimed(claim: Json | undefined): claim is Json {
  if (claim === undefined || claim === null || claim === false || claim === '' || claim === 0) return false;
  if (Array.isArray(claim)) return claim.length > 0;
  return !isJsonObject(claim) || Object.keys(claim).length > 0;
}

/** Entries of a list or members of an object, or the number itself; anything else that is claimed counts as one. */
function amountOf(claim: Json): number {
  if (typeof claim === 'number') return claim;
  if (Array.isArray(claim)) return claim.length;
  return isJsonObject(claim) ? Object.keys(claim).length : 1;
}

function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function no(because: 'ics' | 'ixit' | 'tls', text: string): ConditionFinding {
  return { holds: false, because, text };
}
