import { recomputeCase, type RecomputedCase } from './recompute.ts';
import type { CosignRequest } from '../../attest/format/cosign.ts';
import type { CaseEntry, Signatory } from '../../attest/format/statement.ts';
import type { Trust } from '../../attest/verify/trust.ts';
import { type Accepted, type Refused, verifyReport } from '../../attest/verify/verify.ts';
import { coversCase, coversSection } from '../../domain/co-signer.ts';
import type { Code } from '../../kernel/codes.ts';
import { reason } from '../../kernel/errors.ts';

/** A report that the co-signer may sign: sound as far as it goes, and everything it would speak for was seen. */
export interface Checked {
  readonly status: 'checked';
  readonly reasons: readonly [];
  /** The entry of the report that names the co-signer. */
  readonly signatory: Signatory;
  /** Whom else the report waits for, the co-signer itself included. */
  readonly report: Accepted;
  /** Every case whose records were disclosed, in the order of the report. */
  readonly cases: readonly RecomputedCase[];
}

const MAX_NAMED = 8;

/**
 * What a lab does before it puts its name under the report of another: verifies the lead's signatures and every commitment,
 * and judges anew, from the disclosed records, each case it can see. Fails closed, with the first reason: also when anything
 * that the co-signature would speak for was not disclosed.
 */
export function checkCosign(
  request: CosignRequest,
  { trust, now }: { readonly trust: Trust; readonly now: number },
): Checked | Refused {
  const { envelope: envelopeBytes, disclosures } = request;
  const report = verifyReport({
    envelopeBytes,
    disclosures: [disclosures],
    trust,
    now,
    awaiting: () => true,
  });
  if (report.status === 'refused') return report;
  const { signatories, cases, outcome } = report.statement.predicate;
  const named = signatories.filter(({ lab, role }) => lab === request.for && role === 'co-signing-lab');
  const [signatory] = named;
  if (signatory === undefined || named.length > 1) {
    return refused(
      'COSIGN_NOT_SIGNATORY',
      `the report names ${request.for} ${named.length} times as a co-signer`,
    );
  }
  const unseen = unseenOf(report, signatory.scope);
  if (unseen !== undefined) return refused('COSIGN_NOT_DISCLOSED', unseen);
  const overridden = new Map(outcome.overridden ?? []);
  const recomputed: RecomputedCase[] = [];
  for (const [entry, detail] of openedCases(cases, report)) {
    const judged = recomputeCase(entry, detail, overridden);
    if (!judged.ok) return refused('COSIGN_VERDICT', `case ${entry[0]}: ${judged.error}`);
    recomputed.push(judged.value);
  }
  return { status: 'checked', reasons: [], signatory, report, cases: recomputed };
}

function openedCases(cases: Iterable<CaseEntry>, { disclosed }: Accepted) {
  return [...cases].flatMap((entry) => {
    const detail = disclosed[`case:${entry[0]}`];
    return detail === undefined ? [] : [[entry, detail] as const];
  });
}

/** What the scope speaks for and nobody can see, in words; nobody co-signs that. */
function unseenOf({ statement, ...seen }: Accepted, scope: readonly string[]): string | undefined {
  const { cases, sections } = statement.predicate;
  const numbers = Array.from(cases, ([number]) => number);
  const speaksOf = (word: string): boolean =>
    numbers.some((number) => coversCase([word], number)) ||
    sections.some(([name]) => coversSection([word], name));
  const odd = scope.find((word) => !speaksOf(word));
  if (odd !== undefined)
    return `the co-signature speaks for ${JSON.stringify(odd)}, which the report does not have`;
  const missing = [
    ...seen.cases.hidden.filter((number) => coversCase(scope, number)).map((number) => `case ${number}`),
    ...seen.sections.hidden.filter((name) => coversSection(scope, name)).map((name) => `section ${name}`),
  ];
  if (missing.length > 0) {
    const more = missing.length > MAX_NAMED ? ` and ${missing.length - MAX_NAMED} more` : '';
    return `the co-signature speaks for what was not disclosed: ${missing.slice(0, MAX_NAMED).join(', ')}${more}`;
  }
  return seen.hiddenInside > 0
    ? `${seen.hiddenInside} part(s) inside of what was disclosed stay hidden`
    : undefined;
}

function refused(code: Code, text: string): Refused {
  return { status: 'refused', reasons: [reason(code, text)], steps: [], standing: null };
}
