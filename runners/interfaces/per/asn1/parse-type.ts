import { asn1Error } from './asn1-error.ts';
import { parseComponents, parseEnumeration, parseNamedNumbers } from './parse-components.ts';
import { parseConstraint } from './parse-constraint.ts';
import { parseValue } from './parse-value.ts';
import type { Argument, ConstraintNode, Tag, TypeBody, TypeNode } from './syntax-tree.ts';
import { isReference, type TokenStream } from './token-stream.ts';

/** Character string types, and the useful types that are strings (X.680 clauses 41, 46 to 48). */
const STRINGS = new Set([
  ...['NumericString', 'PrintableString', 'VisibleString', 'ISO646String', 'IA5String', 'BMPString'],
  ...['UniversalString', 'UTF8String', 'TeletexString', 'T61String', 'VideotexString', 'GraphicString'],
  ...['GeneralString', 'ObjectDescriptor', 'UTCTime', 'GeneralizedTime'],
]);

const REFUSED = new Set([
  'EXTERNAL',
  'EMBEDDED',
  'INSTANCE',
  'ANY',
  'CHARACTER',
  'TIME',
  'DATE',
  'TIME-OF-DAY',
  'DATE-TIME',
  'DURATION',
  'OID-IRI',
  'RELATIVE-OID-IRI',
]);

/**
 * A type with its tag and constraints.
 *
 * @see ITU-T X.680 clause 17
 */
export function parseType(stream: TokenStream): TypeNode {
  return stream.nested(() => {
    const begins = stream.peek();
    const tag = parseTag(stream);
    const { body, constraints } = parseBody(stream);
    while (stream.sees('(')) constraints.push(parseConstraint(stream));
    return { begins, tag, constraints, body };
  });
}

function parseTag(stream: TokenStream): Tag | null {
  if (!stream.took('[')) return null;
  const named = (['UNIVERSAL', 'APPLICATION', 'PRIVATE'] as const).find((name) => stream.took(name));
  const number = parseValue(stream);
  stream.expect(']');
  if (!stream.took('IMPLICIT')) stream.took('EXPLICIT');
  return { class: named ?? 'CONTEXT', number };
}

interface Parsed {
  readonly body: TypeBody;
  readonly constraints: ConstraintNode[];
}

function parseBody(stream: TokenStream): Parsed {
  const { text } = stream.peek();
  if (REFUSED.has(text)) throw asn1Error(stream.place(), `${text} is not supported`);
  if (text === 'SEQUENCE' || text === 'SET') return structureOrList(stream, text);
  return { body: simpleBody(stream) ?? referenceBody(stream), constraints: [] };
}

function structureOrList(stream: TokenStream, kind: 'SEQUENCE' | 'SET'): Parsed {
  stream.take();
  if (stream.sees('{')) return { body: { kind, ...parseComponents(stream) }, constraints: [] };
  const constraints: ConstraintNode[] = [];
  if (stream.took('SIZE')) {
    const root = { kind: 'size', constraint: parseConstraint(stream) } as const;
    constraints.push({ kind: 'subtype', root, extensible: false });
  } else if (stream.sees('(')) constraints.push(parseConstraint(stream));
  stream.expect('OF');
  if (isNamedElement(stream)) stream.take();
  return { body: { kind: `${kind} OF`, element: parseType(stream) }, constraints };
}

/** `SEQUENCE OF name Type`: the name says nothing to the encoding. */
function isNamedElement(stream: TokenStream): boolean {
  return /^[a-z]/u.test(stream.peek().text) && stream.peek().kind === 'word';
}

function simpleBody(stream: TokenStream): TypeBody | null {
  const { text } = stream.peek();
  if (STRINGS.has(text)) return { kind: 'string', set: stream.take().text };
  if (text === 'BOOLEAN' || text === 'NULL' || text === 'REAL' || text === 'RELATIVE-OID') {
    stream.take();
    return { kind: text };
  }
  if (stream.took('INTEGER')) return { kind: 'INTEGER', named: parseNamedNumbers(stream) };
  if (stream.took('BIT', 'STRING')) return { kind: 'BIT STRING', named: parseNamedNumbers(stream) };
  if (stream.took('OCTET', 'STRING')) return { kind: 'OCTET STRING' };
  if (stream.took('OBJECT', 'IDENTIFIER')) return { kind: 'OBJECT IDENTIFIER' };
  if (stream.took('ENUMERATED')) return { kind: 'ENUMERATED', ...parseEnumeration(stream) };
  if (stream.took('CHOICE')) return { kind: 'CHOICE', ...parseComponents(stream) };
  return null;
}

function referenceBody(stream: TokenStream): TypeBody {
  const name = stream.reference();
  if (stream.sees('.') && stream.peek(1).kind === 'field') {
    stream.take();
    return { kind: 'class field', class: name, field: stream.take().text };
  }
  const outside = stream.took('.');
  const target = outside ? stream.reference() : name;
  const given = stream.sees('{') ? stream.list(() => parseArgument(stream)) : [];
  return { kind: 'reference', module: outside ? name : null, name: target, arguments: given };
}

/** @see ITU-T X.683 clause 9 */
export function parseArgument(stream: TokenStream): Argument {
  const begins = stream.peek();
  if (stream.sees('{')) return { kind: 'braces', begins, tokens: stream.braces() };
  const value = /^(?:TRUE|FALSE)$/u.test(begins.text) && /^[,}]$/u.test(stream.peek(1).text);
  if (isReference(begins) && !value) return { kind: 'type', type: parseType(stream) };
  return { kind: 'value', value: parseValue(stream) };
}
