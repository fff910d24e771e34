import type { CaseRecord, ClauseJudgement } from './case-record.ts';
import type { EquipmentId } from './ids.ts';
import type { Verdict } from './verdict.ts';

/** What a case of a pairing says of one of the two products. */
export interface SideVerdict {
  readonly product: EquipmentId;
  /** `fail` where a clause blames it; a product that nothing blames is not failed by what the other one did. */
  readonly verdict: Verdict;
  /** It left the rules before the other one did. */
  readonly leftFirst: boolean;
  /** The first clause that blames it, with the message that shows it. */
  readonly because: ClauseJudgement | null;
}

/** One for each product; none for a case of a single product, or one that was not judged. */
export function sideVerdicts(
  { outcome, cause }: Pick<CaseRecord, 'outcome' | 'cause'>,
  products: readonly EquipmentId[],
): readonly SideVerdict[] {
  if (outcome.kind === 'notJudged' || products.length < 2) return [];
  const failed = outcome.clauses.filter(({ verdict }) => verdict === 'fail');
  return products.map((product) => {
    const isFirst = outcome.verdict === 'fail' && cause.attributedTo === product;
    // Records from before clauses named a product have the cause alone.
    const blamed = failed.find(({ blames = cause.attributedTo }) => blames === product) ?? null;
    const isBlamed = isFirst || blamed !== null;
    const verdict = isBlamed ? 'fail' : outcome.verdict === 'fail' ? 'pass' : outcome.verdict;
    return { product, verdict, leftFirst: isFirst, because: blamed };
  });
}
