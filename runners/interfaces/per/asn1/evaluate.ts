import { asn1Error } from './asn1-error.ts';
import type { Library, Scope } from './scope.ts';
import { streamOver } from './scope.ts';
import { parseValue } from './parse-value.ts';
import { plainInteger } from '../values.ts';
import type { NamedNumber, TypeNode, ValueNode } from './syntax-tree.ts';

export interface ScopedValue {
  readonly value: ValueNode;
  readonly scope: Scope;
  /** Names that the governing type gives to numbers. */
  readonly named: readonly NamedNumber[];
}

const MAX_STEPS = 200;

/** Follows names of values to one that is written out; `null` for a word that names nothing. */
export function followValue(library: Library, { value, scope, named }: ScopedValue): ScopedValue {
  for (let step = 0; step < MAX_STEPS; step += 1) {
    if (value.kind !== 'word' || isLiteral(value.word)) return { value, scope, named };
    const { word } = value;
    const own = named.find(({ name }) => name === word);
    const bound = scope.bound.get(word);
    if (own !== undefined) ({ value } = own);
    else if (bound?.argument.kind === 'value')
      ({ value, scope } = { value: bound.argument.value, scope: bound.scope });
    else {
      const found = library.find(word, scope, value.begins);
      if (found.assignment.kind !== 'value') throw asn1Error(value.begins, `${word} is no value`);
      named = namedNumbers(library, found.assignment.type, found.scope);
      ({ value, scope } = { value: found.assignment.value, scope: found.scope });
    }
  }
  throw asn1Error(value.begins, 'this value is defined by itself');
}

/** The value of an integer. */
export function evaluateInteger(library: Library, scoped: ScopedValue): bigint {
  const { value } = followValue(library, scoped);
  if (value.kind !== 'number' || !/^-?\d{1,1000}$/u.test(value.text))
    throw asn1Error(value.begins, 'an integer was expected');
  return BigInt(value.text);
}

export function namedNumbers(library: Library, type: TypeNode, scope: Scope): readonly NamedNumber[] {
  const { body } = library.follow(type, scope);
  return body.kind === 'INTEGER' || body.kind === 'BIT STRING' ? body.named : [];
}

const LITERALS = new Map<string, unknown>([
  ['TRUE', true],
  ['FALSE', false],
  ['NULL', null],
  ['PLUS-INFINITY', Infinity],
  ['MINUS-INFINITY', -Infinity],
  ['NOT-A-NUMBER', NaN],
]);

function isLiteral(word: string): boolean {
  return LITERALS.has(word);
}

export interface GivenValue {
  readonly given: ValueNode;
  readonly scope: Scope;
}

export interface ScopedType {
  readonly type: TypeNode;
  readonly scope: Scope;
}

/**
 * A value of a type as programs hold it: for defaults and for keys of tables.
 *
 * @throws HarnessError ASN1_INVALID when it is no value of the type, or of a type whose values are not supported here
 */
export function evaluate(library: Library, { given, scope }: GivenValue, type: ScopedType): unknown {
  const { body, scope: home } = library.follow(type.type, type.scope);
  if (body.kind === 'ENUMERATED' && given.kind === 'word') return enumerationName(given, body);
  const named = body.kind === 'INTEGER' ? body.named : [];
  const followed = followValue(library, { value: given, scope, named });
  const { value } = followed;
  if (body.kind === 'INTEGER') return plainInteger(evaluateInteger(library, followed));
  if (body.kind === 'REAL' && value.kind === 'number') return Number(value.text);
  if (value.kind === 'word') return LITERALS.get(value.word);
  if (body.kind === 'string' && value.kind === 'text') return value.text;
  if (body.kind === 'OCTET STRING') return octets(value);
  if (body.kind === 'BIT STRING') return bits(library, value, { named: body.named, scope: home });
  if (body.kind === 'OBJECT IDENTIFIER') return objectIdentifier(library, followed);
  if (body.kind === 'CHOICE' && value.kind === 'choice') {
    const { name } = value;
    const alternative = [...body.root, ...body.additions].find(
      (each) => each.kind === 'component' && each.name === name,
    );
    if (alternative?.kind === 'component')
      return {
        [name]: evaluate(library, { given: value.value, scope }, { type: alternative.type, scope: home }),
      };
  }
  if (value.kind === 'braces' && value.tokens.length === 0) return body.kind.endsWith(' OF') ? [] : {};
  if (value.kind === 'braces' && (body.kind === 'SEQUENCE OF' || body.kind === 'SET OF')) {
    const { element } = body;
    return listed(value).map((item) =>
      evaluate(library, { given: item, scope }, { type: element, scope: home }),
    );
  }
  throw asn1Error(given.begins, `this value of ${body.kind} is not supported`);
}

function enumerationName(
  { word, begins }: ValueNode & { kind: 'word' },
  body: { items: readonly { name: string }[]; additions: readonly { name: string }[] },
) {
  if ([...body.items, ...body.additions].some(({ name }) => name === word)) return word;
  throw asn1Error(begins, `${word} is not in the enumeration`);
}

function listed(value: ValueNode & { kind: 'braces' }): readonly ValueNode[] {
  const stream = streamOver(value.tokens);
  const items: ValueNode[] = [];
  while (!stream.isAtEnd()) {
    items.push(parseValue(stream));
    if (!stream.isAtEnd()) stream.expect(',');
  }
  return items;
}

function digitsOf(value: ValueNode): string | null {
  if (value.kind === 'bits') return value.text;
  if (value.kind !== 'hex') return null;
  return Array.from(value.text, (digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0')).join('');
}

function octets(value: ValueNode): Uint8Array {
  const digits = digitsOf(value);
  if (digits === null) throw asn1Error(value.begins, 'an octet string was expected');
  return packed(digits);
}

function packed(digits: string): Uint8Array {
  const bytes = digits.match(/.{1,8}/gu) ?? [];
  return Uint8Array.from(bytes, (byte) => Number.parseInt(byte.padEnd(8, '0'), 2));
}

function bits(
  library: Library,
  value: ValueNode,
  { named, scope }: { named: readonly NamedNumber[]; scope: Scope },
) {
  const digits = digitsOf(value);
  if (digits !== null) return { bits: packed(digits), length: digits.length };
  if (value.kind !== 'braces') throw asn1Error(value.begins, 'a bit string was expected');
  const positions = listed(value).map((item) =>
    Number(evaluateInteger(library, { value: item, scope, named })),
  );
  const length = Math.max(-1, ...positions) + 1;
  if (length > 65_536) throw asn1Error(value.begins, 'a bit is too far away');
  const text = Array.from({ length }, (_, at) => (positions.includes(at) ? '1' : '0')).join('');
  return { bits: packed(text), length };
}

/** Arcs as numbers, as `name(number)`, or a first arc that is the name of another identifier. */
function objectIdentifier(library: Library, { value, scope }: ScopedValue): string {
  if (value.kind !== 'braces') throw asn1Error(value.begins, 'an object identifier was expected');
  const stream = streamOver(value.tokens);
  const arcs: string[] = [];
  while (!stream.isAtEnd()) {
    const token = stream.take();
    if (token.kind === 'number') arcs.push(token.text);
    else if (stream.took('(')) {
      arcs.push(stream.take().text);
      stream.expect(')');
    } else
      arcs.push(
        WELL_KNOWN_ARCS.get(token.text) ??
          objectIdentifier(
            library,
            followValue(library, {
              value: { kind: 'word', word: token.text, begins: token },
              scope,
              named: [],
            }),
          ),
      );
  }
  return arcs.join('.');
}

const WELL_KNOWN_ARCS = new Map([
  ['itu-t', '0'],
  ['ccitt', '0'],
  ['iso', '1'],
  ['joint-iso-itu-t', '2'],
  ['joint-iso-ccitt', '2'],
  ['standard', '0'],
  ['member-body', '2'],
  ['identified-organization', '3'],
]);
