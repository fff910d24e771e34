import { parseValue } from './parse-value.ts';
import type { ConstraintNode, ElementNode, EndNode } from './syntax-tree.ts';
import type { TokenStream } from './token-stream.ts';

const INVISIBLE = { kind: 'invisible' } as const;

/**
 * One constraint in its round brackets.
 *
 * @see ITU-T X.680 clauses 49 to 51, X.682
 */
export function parseConstraint(stream: TokenStream): ConstraintNode {
  return stream.nested(() => {
    stream.expect('(');
    const constraint = inBrackets(stream);
    stream.expect(')');
    return constraint;
  });
}

function inBrackets(stream: TokenStream): ConstraintNode {
  if (stream.sees('{')) return tableConstraint(stream);
  if (stream.took('CONTAINING')) {
    const type = stream.type();
    if (stream.took('ENCODED', 'BY'))
      throw stream.wrong('contents encoded as their container (no ENCODED BY)');
    return { kind: 'contents', type };
  }
  if (stream.took('CONSTRAINED', 'BY')) {
    stream.braces();
    return INVISIBLE;
  }
  return elementSets(stream);
}

/** `({Set})` or `({Set}{@path})`; the first has no bearing on the encoding. */
function tableConstraint(stream: TokenStream): ConstraintNode {
  const set = stream.braces();
  if (!stream.sees('{')) return { kind: 'table', set, at: [], level: null };
  const relation = stream.over(stream.braces());
  relation.expect('@');
  let level: number | null = null;
  while (relation.took('.')) level = (level ?? -1) + 1;
  const at = [relation.identifier()];
  while (relation.took('.')) at.push(relation.identifier());
  if (!relation.isAtEnd()) throw relation.wrong('the end of the relation');
  return { kind: 'table', set, at, level };
}

/** `root`, `root, ...` or `root, ..., additions`; additions have no bearing on the encoding. */
export function elementSets(stream: TokenStream): ConstraintNode {
  const root = union(stream);
  const extensible = stream.took(',', '...');
  if (extensible && stream.took(',')) union(stream);
  if (stream.took('!')) {
    parseValue(stream);
    if (stream.took(':')) parseValue(stream);
  }
  return { kind: 'subtype', root, extensible };
}

function union(stream: TokenStream): ElementNode {
  if (stream.took('ALL')) {
    stream.expect('EXCEPT');
    element(stream);
    return INVISIBLE;
  }
  const parts = [intersection(stream)];
  while (stream.took('|') || stream.took('UNION')) parts.push(intersection(stream));
  return one('union', parts);
}

function intersection(stream: TokenStream): ElementNode {
  const parts = [exclusion(stream)];
  while (stream.took('^') || stream.took('INTERSECTION')) parts.push(exclusion(stream));
  return one('intersection', parts);
}

/** What EXCEPT takes away has no bearing on the encoding (X.691 clause 10.3). */
function exclusion(stream: TokenStream): ElementNode {
  const kept = element(stream);
  if (stream.took('EXCEPT')) element(stream);
  return kept;
}

function one(kind: 'union' | 'intersection', parts: readonly ElementNode[]): ElementNode {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind, parts };
}

function element(stream: TokenStream): ElementNode {
  return stream.nested(() => {
    if (stream.took('SIZE')) return { kind: 'size', constraint: parseConstraint(stream) };
    if (stream.took('FROM')) return { kind: 'alphabet', constraint: parseConstraint(stream) };
    if (stream.sees('(')) return { kind: 'nested', constraint: parseConstraint(stream) };
    if (stream.took('PATTERN')) {
      parseValue(stream);
      return INVISIBLE;
    }
    if (stream.took('SETTINGS')) {
      stream.take();
      return INVISIBLE;
    }
    if (stream.sees('WITH')) return withComponents(stream);
    if (stream.took('INCLUDES') || isTypeAhead(stream)) return { kind: 'type', type: stream.type() };
    return valueOrRange(stream);
  });
}

/** Inner subtyping has no bearing on the encoding (X.691 clause 10.3). */
function withComponents(stream: TokenStream): ElementNode {
  stream.expect('WITH');
  if (stream.took('COMPONENT')) parseConstraint(stream);
  else {
    stream.expect('COMPONENTS');
    stream.braces();
  }
  return INVISIBLE;
}

const VALUE_WORDS = new Set([
  'MIN',
  'MAX',
  'TRUE',
  'FALSE',
  'NULL',
  'PLUS-INFINITY',
  'MINUS-INFINITY',
  'NOT-A-NUMBER',
]);

function isTypeAhead(stream: TokenStream): boolean {
  const { kind, text } = stream.peek();
  const value = kind === 'word' && stream.peek(1).text === '.' && /^[a-z]/u.test(stream.peek(2).text);
  return kind === 'word' && /^[A-Z]/u.test(text) && !VALUE_WORDS.has(text) && !value;
}

function valueOrRange(stream: TokenStream): ElementNode {
  const first = stream.took('MIN') ? null : parseValue(stream);
  const openFrom = stream.took('<');
  if (!stream.took('..')) {
    if (first === null || openFrom) throw stream.wrong('..');
    return { kind: 'value', value: first };
  }
  const from: EndNode = { value: first, open: openFrom };
  const openTo = stream.took('<');
  const to: EndNode = { value: stream.took('MAX') ? null : parseValue(stream), open: openTo };
  return { kind: 'range', from, to };
}
