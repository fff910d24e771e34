import { asn1Error } from './asn1-error.ts';
import { evaluateInteger } from './evaluate.ts';
import type { Library, Scope } from './scope.ts';
import type { EnumeratedType } from '../schema.ts';
import type { EnumerationItem, TypeBody } from './syntax-tree.ts';
import type { Token } from './tokens.ts';

interface Numbered {
  readonly name: string;
  readonly number: bigint;
}

/**
 * Names in the order of their numbers. Items without a number get the lowest free ones; additions go on behind.
 *
 * @see ITU-T X.680 clause 20, X.691 clause 14
 */
export function buildEnumeration(
  library: Library,
  { items, additions, extensible }: TypeBody & { kind: 'ENUMERATED' },
  { scope, begins }: { scope: Scope; begins: Token },
): EnumeratedType {
  const numberOf = ({ value }: EnumerationItem) =>
    value === null ? null : evaluateInteger(library, { value, scope, named: [] });
  const root = numberRoot(items.map((item) => ({ name: item.name, number: numberOf(item) })));
  const added = numberAdditions(
    additions.map((item) => ({ name: item.name, number: numberOf(item) })),
    root,
  );
  const all = [...root, ...added];
  const distinct =
    new Set(all.map(({ name }) => name)).size === all.length &&
    new Set(all.map(({ number }) => number)).size === all.length;
  if (!distinct || root.length === 0)
    throw asn1Error(begins, 'names or numbers of this enumeration are not distinct');
  return { kind: 'enumerated', root: namesInOrder(root), additions: namesInOrder(added), extensible };
}

type Wished = readonly { readonly name: string; readonly number: bigint | null }[];

function numberRoot(items: Wished): readonly Numbered[] {
  const taken = new Set(items.map(({ number }) => number));
  let next = 0n;
  return items.map(({ name, number }) => {
    if (number !== null) return { name, number };
    while (taken.has(next)) next += 1n;
    next += 1n;
    return { name, number: next - 1n };
  });
}

/** Each addition without a number gets one above those of the additions before it that the root does not have. */
function numberAdditions(items: Wished, root: readonly Numbered[]): readonly Numbered[] {
  const taken = new Set(root.map(({ number }) => number));
  let next = 0n;
  return items.map(({ name, number }) => {
    while (taken.has(next)) next += 1n;
    const own = number ?? next;
    if (own >= next) next = own + 1n;
    return { name, number: own };
  });
}

function namesInOrder(items: readonly Numbered[]): readonly string[] {
  const sorted = items.toSorted((a, b) => (a.number < b.number ? -1 : Number(a.number > b.number)));
  return sorted.map(({ name }) => name);
}
