import { err, ok, type Result } from '../kernel/result.ts';
import { better, type Verdict, worse } from './verdict.ts';

/** How the clauses of a case make its verdict: `all`, `any`, or an expression over clause ids with and/or. */
export type Rule =
  | { readonly kind: 'all' }
  | { readonly kind: 'any' }
  | { readonly kind: 'clause'; readonly id: string }
  | { readonly kind: 'and' | 'or'; readonly left: Rule; readonly right: Rule };

export const CLAUSE_ID_PATTERN = '^[a-z][a-z0-9-]{0,63}$';
const CLAUSE_ID = new RegExp(CLAUSE_ID_PATTERN, 'u');
const MAX_TOKENS = 256;

/**
 * Reads a rule: `all`, `any`, or clause ids joined by `and`, `or` and parentheses (`and` binds tighter).
 * @param clauseIds the ids that may be named
 */
export function parseRule(text: string, clauseIds: ReadonlySet<string>): Result<Rule, string> {
  if (text === 'all' || text === 'any') return ok({ kind: text });
  const tokens = text.match(/[()]|[^\s()]+/gu) ?? [];
  if (tokens.length > MAX_TOKENS) return err(`the rule has over ${MAX_TOKENS} words`);
  const reader = { tokens, at: 0, clauseIds };
  const rule = readOr(reader);
  if (!rule.ok) return rule;
  return reader.at === tokens.length ? rule : err(`unexpected "${tokens[reader.at]}" in the rule`);
}

/** The verdict that follows from the clauses: worst of `and`/`all`, best of `or`/`any`; an `error` clause always wins. */
export function applyRule(rule: Rule, clauses: ReadonlyMap<string, Verdict>): Verdict {
  const verdicts = [...clauses.values()];
  if (verdicts.includes('error')) return 'error';
  return evaluate(rule, clauses);
}

function evaluate(rule: Rule, clauses: ReadonlyMap<string, Verdict>): Verdict {
  switch (rule.kind) {
    case 'all':
      return [...clauses.values()].reduce(worse, 'none');
    case 'any':
      return [...clauses.values()].reduce(better, 'none');
    case 'clause':
      return clauses.get(rule.id) ?? 'none';
    case 'and':
      return worse(evaluate(rule.left, clauses), evaluate(rule.right, clauses));
    case 'or':
      return better(evaluate(rule.left, clauses), evaluate(rule.right, clauses));
  }
}

interface Reader {
  readonly tokens: readonly string[];
  at: number;
  readonly clauseIds: ReadonlySet<string>;
}

function readOr(reader: Reader): Result<Rule, string> {
  return readChain(reader, 'or', (inner) => readChain(inner, 'and', readOperand));
}

function readChain(
  reader: Reader,
  word: 'and' | 'or',
  readPart: (reader: Reader) => Result<Rule, string>,
): Result<Rule, string> {
  let left = readPart(reader);
  while (left.ok && reader.tokens[reader.at] === word) {
    reader.at += 1;
    const right = readPart(reader);
    if (!right.ok) return right;
    left = ok({ kind: word, left: left.value, right: right.value });
  }
  return left;
}

function readOperand(reader: Reader): Result<Rule, string> {
  const token = reader.tokens[reader.at];
  reader.at += 1;
  if (token === undefined) return err('the rule ends too early');
  if (token === '(') {
    const inner = readOr(reader);
    if (!inner.ok) return inner;
    if (reader.tokens[reader.at] !== ')') return err('a parenthesis of the rule is not closed');
    reader.at += 1;
    return inner;
  }
  if (!CLAUSE_ID.test(token) || token === 'and' || token === 'or')
    return err(`"${token}" is not a clause id`);
  return reader.clauseIds.has(token)
    ? ok({ kind: 'clause', id: token })
    : err(`no clause is called "${token}"`);
}
