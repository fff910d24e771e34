import type { E2Statement, E2Topic } from '../../domain/e2-statement.ts';
import type { Equipment } from '../../domain/equipment.ts';
import type { Role } from '../../domain/plan.ts';
import type { Code } from '../../kernel/codes.ts';
import { RULES, type Rule } from './rules.ts';
import { statementsOf } from './statements.ts';

/** One of the two products, with what is known of it. */
export interface Side {
  readonly equipment: Equipment;
  /** What octets of its own have shown; they count more than claims. */
  readonly captured?: readonly E2Statement[];
}

export interface Incompatibility {
  readonly code: Code;
  /** `refuse`: they cannot work together as asked. `warn`: something will be missing, or nobody has looked. */
  readonly severity: 'refuse' | 'warn';
  readonly topic: E2Topic;
  /** What the RIC, and what the node says, each with where that stands. */
  readonly ric: string;
  readonly node: string;
  readonly why: string;
}

const RIC_ROLES: ReadonlySet<Role> = new Set(['near-rt-ric']);
const NODE_ROLES: ReadonlySet<Role> = new Set(['gnb', 'o-cu-cp', 'o-cu-up', 'o-du']);

/**
 * What is known beforehand to stand between two products on E2, worst first; `null` where they are not a near-RT RIC and an E2 node,
 * so that there is nothing to compare. What neither says is no finding.
 */
export function compareOnE2(one: Side, other: Side): readonly Incompatibility[] | null {
  const ric = [one, other].find(({ equipment }) => RIC_ROLES.has(equipment.role));
  const node = [one, other].find(({ equipment }) => NODE_ROLES.has(equipment.role));
  if (ric === undefined || node === undefined) return null;
  const [ofRic, ofNode] = [allOf(ric), allOf(node)];
  const found = [
    ...RULES.flatMap((rule) => apply(rule, best(ofRic), best(ofNode))),
    ...contradictions(ofRic).map((each) => contradicted(each, 'ric')),
    ...contradictions(ofNode).map((each) => contradicted(each, 'node')),
  ];
  return found.sort((a, b) => rank(a) - rank(b));
}

function rank({ severity }: Incompatibility): number {
  return severity === 'refuse' ? 0 : 1;
}

function allOf({ equipment, captured = [] }: Side): readonly E2Statement[] {
  return [...statementsOf(equipment), ...captured];
}

/** Of each topic what was captured; where nothing was, what is claimed. */
function best(statements: readonly E2Statement[]): readonly E2Statement[] {
  const seen = new Set(statements.filter(({ captured }) => captured).map(({ topic }) => topic));
  return statements.filter(({ topic, captured }) => captured || !seen.has(topic));
}

function apply(
  { topic, also = topic, judge }: Rule,
  ofRic: readonly E2Statement[],
  ofNode: readonly E2Statement[],
): readonly Incompatibility[] {
  const a = ofRic.filter((each) => each.topic === topic);
  const b = ofNode.filter((each) => each.topic === also);
  const judged = judge(
    a.map(({ value }) => value),
    b.map(({ value }) => value),
  );
  return judged === null ? [] : [{ ...judged, topic, ric: wordsOf(a), node: wordsOf(b) }];
}

/** `kpm, rc (ICS e2.kpm, ICS e2.rc)` */
function wordsOf(statements: readonly E2Statement[]): string {
  if (statements.length === 0) return 'nothing said';
  const of = (pick: (each: E2Statement) => string | number) => [...new Set(statements.map(pick))].join(', ');
  return `${of(({ value }) => value)} (${of(({ source }) => source)})`;
}

interface Contradiction {
  readonly topic: E2Topic;
  readonly claimed: readonly E2Statement[];
  readonly seen: readonly E2Statement[];
}

/** Topics of which a product shows other values than its vendor claims. */
function contradictions(statements: readonly E2Statement[]): readonly Contradiction[] {
  const topics = [...new Set(statements.filter(({ captured }) => captured).map(({ topic }) => topic))];
  return topics.flatMap((topic) => {
    const about = statements.filter((each) => each.topic === topic);
    const claimed = about.filter(({ captured }) => !captured);
    const seen = about.filter(({ captured }) => captured);
    const values = new Set(claimed.map(({ value }) => value));
    const contrary = claimed.length > 0 && seen.some(({ value }) => !values.has(value));
    return contrary ? [{ topic, claimed, seen }] : [];
  });
}

function contradicted({ topic, claimed, seen }: Contradiction, side: 'ric' | 'node'): Incompatibility {
  const words = `claims ${wordsOf(claimed)}, shows ${wordsOf(seen)}`;
  const [ric, node] = side === 'ric' ? [words, '-'] : ['-', words];
  const why = 'the product does not do what its vendor claims; what it shows was compared';
  return { code: 'CLAIM_CONTRADICTED', severity: 'warn', topic, ric, node, why };
}
