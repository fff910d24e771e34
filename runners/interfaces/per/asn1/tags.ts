import { asn1Error } from './asn1-error.ts';
import { evaluateInteger } from './evaluate.ts';
import type { Library, Scope } from './scope.ts';
import type { Component, ComponentGroup, ComponentsOf, Tag, TypeNode } from './syntax-tree.ts';

/** Class and number in one: classes sort first, in the order of X.680 clause 8.6. */
export type TagOrder = number;

const CLASSES: Readonly<Record<Tag['class'], number>> = {
  UNIVERSAL: 0,
  APPLICATION: 1,
  CONTEXT: 2,
  PRIVATE: 3,
};
const CLASS_STEP = 2 ** 40;

const UNIVERSAL: Readonly<Record<string, number>> = {
  ...{ BOOLEAN: 1, INTEGER: 2, 'BIT STRING': 3, 'OCTET STRING': 4, NULL: 5, 'OBJECT IDENTIFIER': 6 },
  ...{ ObjectDescriptor: 7, REAL: 9, ENUMERATED: 10, UTF8String: 12, 'RELATIVE-OID': 13, SEQUENCE: 16 },
  ...{ 'SEQUENCE OF': 16, SET: 17, 'SET OF': 17, NumericString: 18, PrintableString: 19, TeletexString: 20 },
  ...{
    T61String: 20,
    VideotexString: 21,
    IA5String: 22,
    UTCTime: 23,
    GeneralizedTime: 24,
    GraphicString: 25,
  },
  ...{ VisibleString: 26, ISO646String: 26, GeneralString: 27, UniversalString: 28, BMPString: 30 },
};

const MAX_STEPS = 200;

interface Scoped {
  readonly node: TypeNode;
  readonly scope: Scope;
}

/** The outermost tag of a type; of a CHOICE without one, the smallest of its alternatives. */
function tagOf(library: Library, { node, scope }: Scoped, depth = 0): TagOrder {
  if (depth > MAX_STEPS) throw asn1Error(node.begins, 'this type is defined by itself');
  if (node.tag !== null) return tagNumber(library, node.tag, scope);
  const { body, begins } = node;
  if (body.kind === 'reference') {
    return tagOf(library, library.step(body, scope, begins), depth + 1);
  }
  if (body.kind === 'class field') {
    const field = library.fieldType(body, scope, begins);
    if (field === null) throw asn1Error(begins, 'an open type needs a tag here');
    return tagOf(library, field, depth + 1);
  }
  if (body.kind === 'CHOICE') {
    if (isAutomatic(scope, body.root)) return CLASSES.CONTEXT * CLASS_STEP;
    return Math.min(
      ...body.root.flatMap((each) =>
        each.kind === 'component' ? [tagOf(library, { node: each.type, scope }, depth + 1)] : [],
      ),
    );
  }
  return UNIVERSAL[body.kind === 'string' ? body.set : body.kind] ?? 0;
}

function tagNumber(library: Library, tag: Tag, scope: Scope): TagOrder {
  const number = Number(evaluateInteger(library, { value: tag.number, scope, named: [] }));
  return CLASSES[tag.class] * CLASS_STEP + number;
}

/** Whether components get their tags by their place: in such modules, where none of them has a tag of its own. */
function isAutomatic(
  scope: Scope,
  components: readonly (Component | ComponentsOf | ComponentGroup)[],
): boolean {
  const untagged = components.every((each) => each.kind !== 'component' || each.type.tag === null);
  return scope.module.tagging === 'automatic' && untagged;
}

/**
 * The components of a SET or CHOICE in the order of their tags.
 *
 * @see ITU-T X.691 clauses 21 and 23, X.680 clause 8.6
 */
export function inTagOrder(
  library: Library,
  components: readonly Component[],
  scope: Scope,
): readonly Component[] {
  if (isAutomatic(scope, components)) return components;
  const tags = new Map(components.map((each) => [each, tagOf(library, { node: each.type, scope })]));
  return components.toSorted((a, b) => (tags.get(a) ?? 0) - (tags.get(b) ?? 0));
}
