import { asn1Error } from './asn1-error.ts';
import { evaluateInteger, followValue } from './evaluate.ts';
import { EVERYTHING, intersection, NATURAL, normalised } from './ranges.ts';
import type { Library, ScopedConstraint } from './scope.ts';
import type { Ranges, Size } from '../schema.ts';
import type { ConstraintNode, ElementNode, EndNode, NamedNumber, ValueNode } from './syntax-tree.ts';
import type { Token } from './tokens.ts';

/** What of a constraint is asked for: numbers, lengths, or the characters that may occur. */
type Facet = 'value' | 'size' | 'alphabet';

interface Question {
  readonly library: Library;
  readonly facet: Facet;
  /** Inside FROM, values are texts whose characters are meant. */
  readonly characters: boolean;
  readonly named: readonly NamedNumber[];
  readonly scope: ScopedConstraint['scope'];
  /** What MIN and MAX mean. */
  readonly parent: Ranges;
}

/** `ranges` is `null` where the constraint says nothing to PER. */
interface Answer {
  readonly ranges: Ranges | null;
  readonly extensible: boolean;
}

export interface Effective {
  readonly ranges: Ranges;
  readonly extensible: boolean;
}

export interface Constrained {
  readonly library: Library;
  readonly constraints: readonly ScopedConstraint[];
  readonly named: readonly NamedNumber[];
  readonly begins: Token;
}

const SILENT: Answer = { ranges: null, extensible: false };

/**
 * Constraints one after the other: each takes its part of what the one before left in the root; the last that PER sees decides
 * whether there are extensions.
 *
 * @see ITU-T X.691 clause 10.3, X.680 clause 50.8
 */
export function effective(type: Constrained, facet: Facet, all: Ranges): Effective {
  const { library, named, begins } = type;
  let now: Effective = { ranges: all, extensible: false };
  for (const { constraint, scope } of type.constraints) {
    const question = { library, facet, named, scope, parent: now.ranges, characters: false };
    const { ranges, extensible } = ask(constraint, question);
    if (ranges !== null) now = { ranges: intersection(now.ranges, ranges), extensible };
  }
  if (now.ranges.length === 0) throw asn1Error(begins, 'no value fulfils these constraints');
  return now;
}

const MAX_SIZE = BigInt(Number.MAX_SAFE_INTEGER);

export function effectiveSize(type: Constrained): Size {
  const { ranges, extensible } = effective(type, 'size', NATURAL);
  const min = ranges[0]?.min ?? 0n;
  const max = ranges.at(-1)?.max ?? null;
  if (min > MAX_SIZE) throw asn1Error(type.begins, 'nothing is that long');
  return { ranges, extensible, min: Number(min), max: max === null || max > MAX_SIZE ? null : Number(max) };
}

export function effectiveInteger(type: Constrained): Effective {
  return effective(type, 'value', EVERYTHING);
}

/** An alphabet with an extension marker says nothing to PER. */
export function effectiveAlphabet(type: Constrained, all: Ranges): Ranges {
  const visible = type.constraints.filter(
    ({ constraint }) => constraint.kind === 'subtype' && !constraint.extensible,
  );
  return effective({ ...type, constraints: visible }, 'alphabet', all).ranges;
}

function ask(constraint: ConstraintNode, question: Question): Answer {
  if (constraint.kind !== 'subtype') return SILENT;
  const { ranges, extensible } = element(constraint.root, question);
  return { ranges, extensible: extensible || constraint.extensible };
}

function element(node: ElementNode, question: Question): Answer {
  switch (node.kind) {
    case 'union':
      return union(node.parts.map((part) => element(part, question)));
    case 'intersection':
      return both(node.parts.map((part) => element(part, question)));
    case 'nested':
      return ask(node.constraint, question);
    case 'size':
      if (question.facet !== 'size') return SILENT;
      return ask(node.constraint, { ...question, facet: 'value', named: [] });
    case 'alphabet': {
      if (question.facet !== 'alphabet') return SILENT;
      const inner = ask(node.constraint, { ...question, facet: 'value', characters: true });
      return inner.extensible ? SILENT : inner;
    }
    case 'value':
      return question.facet === 'value'
        ? { ranges: normalised(values(node.value, question)), extensible: false }
        : SILENT;
    case 'range':
      return question.facet === 'value' ? { ranges: range(node, question), extensible: false } : SILENT;
    case 'type':
      return included(node, question);
    case 'invisible':
      return SILENT;
  }
}

/** Of a union with a silent part nothing is known. */
function union(answers: readonly Answer[]): Answer {
  if (answers.some(({ ranges }) => ranges === null)) return SILENT;
  const ranges = normalised(answers.flatMap((answer) => answer.ranges ?? []));
  return { ranges, extensible: answers.some(({ extensible }) => extensible) };
}

function both(answers: readonly Answer[]): Answer {
  const speaking = answers.filter(({ ranges }) => ranges !== null);
  if (speaking.length === 0) return SILENT;
  const ranges = speaking.reduce<Ranges>(
    (left, { ranges: right }) => intersection(left, right ?? EVERYTHING),
    EVERYTHING,
  );
  return { ranges, extensible: speaking.some(({ extensible }) => extensible) };
}

function included({ type }: ElementNode & { kind: 'type' }, question: Question): Answer {
  const { library, facet, scope } = question;
  const { constraints, body, begins } = library.follow(type, scope);
  const named = body.kind === 'INTEGER' ? body.named : [];
  const { ranges } = effective(
    { library, constraints, named, begins },
    facet,
    facet === 'size' ? NATURAL : EVERYTHING,
  );
  return { ranges, extensible: false };
}

function range({ from, to }: ElementNode & { kind: 'range' }, question: Question): Ranges {
  const min = end(from, question) ?? question.parent[0]?.min ?? null;
  const max = end(to, question) ?? question.parent.at(-1)?.max ?? null;
  return normalised([
    { min: min !== null && from.open ? min + 1n : min, max: max !== null && to.open ? max - 1n : max },
  ]);
}

function end({ value }: EndNode, question: Question): bigint | null {
  if (value === null) return null;
  const [first] = values(value, question);
  return first?.min ?? null;
}

/** A number, or the characters of a text. */
function values(value: ValueNode, { library, scope, named, characters }: Question): Ranges {
  if (!characters) {
    const number = evaluateInteger(library, { value, scope, named });
    return [{ min: number, max: number }];
  }
  const { value: written } = followValue(library, { value, scope, named });
  if (written.kind === 'braces') return [tuple(written)];
  if (written.kind !== 'text') throw asn1Error(value.begins, 'characters were expected');
  return Array.from(written.text, (character) => {
    const code = BigInt(character.codePointAt(0) ?? 0);
    return { min: code, max: code };
  });
}

/** A character by its column and row, or by group, plane, row and cell (X.680 clause 41.8). */
function tuple({ tokens, begins }: ValueNode & { kind: 'braces' }) {
  const numbers = tokens.filter(({ kind }) => kind === 'number').map(({ text }) => BigInt(text));
  const base = numbers.length === 2 ? 16n : 256n;
  if (numbers.length !== 2 && numbers.length !== 4) throw asn1Error(begins, 'this is no character');
  const code = numbers.reduce((sum, number) => sum * base + number, 0n);
  return { min: code, max: code };
}
