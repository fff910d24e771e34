import type { CaseRecord, ClauseJudgement } from './case-record.ts';
import type { EquipmentId } from './ids.ts';
import type { Verdict } from './verdict.ts';

/** What a case of several products says of one of them. */
export interface SideVerdict {
  readonly product: EquipmentId;
  /**
   * `fail` where a clause blames it; a product that nothing blames is not failed by what another one did. Where nothing blames any of
   * them, it cannot be told: `inconc`.
   */
  readonly verdict: Verdict;
  /** It left the rules before the others did. */
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
  // Records from before clauses named a product have the cause alone.
  const culprits = failed.map(({ blames = cause.attributedTo }) => blames);
  const isKnown = culprits.some((each) => each !== undefined);
  const unblamed = outcome.verdict !== 'fail' ? outcome.verdict : isKnown ? 'pass' : 'inconc';
  return products.map((product) => {
    const isFirst = outcome.verdict === 'fail' && cause.attributedTo === product;
    const blamed = failed[culprits.indexOf(product)] ?? null;
    const verdict = isFirst || blamed !== null ? 'fail' : unblamed;
    return { product, verdict, leftFirst: isFirst, because: blamed };
  });
}
