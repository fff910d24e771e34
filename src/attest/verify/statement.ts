import { type Finding, FINDINGS } from '../../domain/verdict.ts';
import { isJsonObject } from '../../kernel/json.ts';
import { collectCases, type ReadPredicate, type ReadStatement } from '../format/case-list.ts';
import { readJson } from '../format/json-reader.ts';
import { countFindings, decideResult } from '../format/outcome.ts';
import { checkSchema } from '../format/schema.ts';
import { STATEMENT_SCHEMA } from '../format/statement-schema.ts';
import { PREDICATE_TYPE } from '../format/uris.ts';
import { CLOCK_TOLERANCE_MS, readTime } from './clock.ts';
import { orRefuse, refuse } from './refusal.ts';

const MAX_LISTED = 5;

/** Reads the verified bytes, and no others. */
export function parsePayload(verified: Uint8Array): unknown {
  return orRefuse(readJson(verified, { predicate: { cases: collectCases } }));
}

export function readStatement(json: unknown): ReadStatement {
  const predicateType = isJsonObject(json) ? json['predicateType'] : undefined;
  if (predicateType !== PREDICATE_TYPE) {
    refuse('VERIFY_PREDICATE_TYPE', `the statement is not a ${PREDICATE_TYPE}`);
  }
  const problems = checkSchema(STATEMENT_SCHEMA, json);
  if (problems.length > 0) refuse('VERIFY_SCHEMA', problems.slice(0, MAX_LISTED).join('; '));
  return asStatement(json);
}

/** What no schema can say. @param now milliseconds since the epoch */
export function checkStatement({ predicate }: ReadStatement, now: number): void {
  checkCases(predicate);
  checkOverrides(predicate);
  checkTimes(predicate, now);
  const { issuer, signatories } = predicate;
  for (const role of ['lab-system', 'authorised-signatory']) {
    if (signatories.some((one) => one.lab === issuer.lab && one.role === role)) continue;
    refuse('VERIFY_ISSUER_NOT_SIGNATORY', `${issuer.lab} issues the report but is not its ${role}`);
  }
}

function checkCases({ cases, outcome, report }: ReadPredicate): void {
  if (report.components.cases !== cases.length) {
    refuse('VERIFY_COUNTS', `the report says ${report.components.cases} cases and has ${cases.length}`);
  }
  const { repeatedNumber } = cases;
  if (repeatedNumber !== undefined) refuse('VERIFY_CASE_REPEATED', `case ${repeatedNumber} occurs twice`);
  const counted = countFindings(findingsOf(cases));
  const wrong = FINDINGS.find((finding) => counted[finding] !== outcome.counts[finding]);
  if (wrong !== undefined) {
    refuse('VERIFY_COUNTS', `the report says ${outcome.counts[wrong]} × ${wrong} and has ${counted[wrong]}`);
  }
  const follows = decideResult(cases.kinds());
  if (follows !== outcome.result) {
    refuse('VERIFY_OUTCOME', `the report says ${outcome.result}, its cases make ${follows}`);
  }
}

function* findingsOf(cases: ReadPredicate['cases']): Iterable<Finding> {
  for (const { finding } of cases.kinds()) yield finding;
}

/** A person may decide otherwise than the machine, but in a later revision only, and for all to see. */
function checkOverrides({ cases, outcome, report }: ReadPredicate): void {
  const { overridden = [] } = outcome;
  if (overridden.length > 0 && report.kind === 'original') {
    refuse('VERIFY_OVERRIDE', 'an original report overrides the machine, which only a later revision may');
  }
  if (overridden.length === 0) return;
  const left = new Map(Array.from(cases, ([number, , finding]) => [number, finding]));
  for (const [number, machine] of overridden) {
    const finding = left.get(number);
    left.delete(number);
    if (finding === undefined)
      refuse('VERIFY_OVERRIDE', `case ${number} is overridden twice or is not there`);
    if (finding === machine) refuse('VERIFY_OVERRIDE', `case ${number} is overridden by what it was before`);
  }
}

function checkTimes({ time, report }: ReadPredicate, now: number): void {
  const [from, to, issued] = [time.performedFrom, time.performedTo, report.issuedAt].map(readTime);
  if (from === undefined || to === undefined || issued === undefined) {
    return refuse('VERIFY_TIME_ORDER', 'a time of the report does not exist in the calendar');
  }
  if (from > to) refuse('VERIFY_TIME_ORDER', 'the tests ended before they began');
  if (to > issued) refuse('VERIFY_TIME_ORDER', 'the report was issued before the tests ended');
  if (issued > now + CLOCK_TOLERANCE_MS) {
    refuse('VERIFY_TIME_ORDER', `the report was issued at ${report.issuedAt}, which is in the future here`);
  }
}

/** The schema has just been checked, which is what makes this cast true. */
function asStatement(json: unknown): ReadStatement {
  return json as ReadStatement;
}
