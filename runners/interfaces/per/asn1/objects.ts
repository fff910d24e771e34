import { asn1Error } from './asn1-error.ts';
import { evaluate } from './evaluate.ts';
import { parseArgument } from './parse-type.ts';
import { parseValue } from './parse-value.ts';
import { placeKey, type Library, type Scope, streamOver } from './scope.ts';
import type { ClassNode, SyntaxItem, TypeNode, ValueNode } from './syntax-tree.ts';
import type { TokenStream } from './token-stream.ts';
import type { Token } from './tokens.ts';
import type { InformationRow } from '../schema.ts';

/** What an information object says of each field of its class. */
export interface InformationObject {
  readonly fields: ReadonlyMap<string, Setting>;
  readonly scope: Scope;
  readonly begins: Token;
}

export type Setting =
  | { readonly kind: 'type'; readonly type: TypeNode }
  | { readonly kind: 'value'; readonly value: ValueNode }
  | { readonly kind: 'set' };

export interface ClassInScope {
  readonly definition: ClassNode;
  readonly scope: Scope;
}

/** An object set as it stands in braces somewhere. */
export interface SetUse {
  readonly tokens: readonly Token[];
  readonly scope: Scope;
}

const MAX_SET_DEPTH = 100;

/** The name of a set that is written as a name alone; where else it stands, with what its parameters are. */
export function setKey(library: Library, { tokens, scope }: SetUse): string {
  const [first] = tokens;
  if (first === undefined) return '{}';
  if (tokens.length > 1 || first.kind !== 'word') return `${placeKey(first)}${scope.key}`;
  const bound = scope.bound.get(first.text);
  if (bound !== undefined) return bound.key;
  const { scope: home } = library.find(first.text, scope, first);
  return `${home.module.name}.${first.text}`;
}

/**
 * All objects of a set, those of the sets in it included; extension markers say nothing.
 *
 * @param owner the class that objects written in place belong to
 * @see ITU-T X.681 clause 12
 */
export function objectsOf(
  library: Library,
  { tokens, scope, owner }: OwnedSet,
  depth = 0,
): readonly InformationObject[] {
  const stream = streamOver(tokens);
  const objects: InformationObject[] = [];
  if (depth > MAX_SET_DEPTH) throw asn1Error(stream.place(), 'this object set contains itself');
  while (!stream.isAtEnd()) {
    if (stream.took('...') || stream.took('|') || stream.took(',') || stream.took('UNION')) continue;
    const begins = stream.peek();
    if (stream.sees('{')) objects.push(parseObject(owner, { tokens: stream.braces(), scope, begins }));
    else objects.push(...namedObjects(library, stream, { scope, owner, depth: depth + 1 }));
  }
  return objects;
}

/** What an object says beside types, as plain data. */
export function rowOf(
  library: Library,
  { fields, scope }: InformationObject,
  { definition, scope: home }: ClassInScope,
): InformationRow {
  const values: Record<string, unknown> = {};
  const names: Record<string, string> = {};
  for (const [name, setting] of fields) {
    const type = definition.fields.find((field) => field.name === name)?.type ?? null;
    if (setting.kind !== 'value' || type === null) continue;
    values[name] = evaluate(library, { given: setting.value, scope }, { type, scope: home });
    if (setting.value.kind === 'word' && library.names(setting.value.word, scope))
      names[name] = setting.value.word;
  }
  return { values, names };
}

interface OwnedSet extends SetUse {
  readonly owner: ClassInScope;
}

/** The object, or those of the set, that a name stands for. */
function namedObjects(
  library: Library,
  stream: TokenStream,
  at: Omit<OwnedSet, 'tokens'> & { depth: number },
) {
  const { scope, owner, depth } = at;
  const begins = stream.take();
  if (begins.kind !== 'word') throw asn1Error(begins, 'an object or an object set was expected');
  const bound = scope.bound.get(begins.text);
  if (bound?.argument.kind === 'braces')
    return objectsOf(library, { tokens: bound.argument.tokens, scope: bound.scope, owner }, depth);
  const found = library.find(begins.text, scope, begins);
  const given = stream.sees('{') ? stream.list(() => parseArgument(stream)) : [];
  const inner = library.enter(found, given, { scope, begins });
  const { assignment } = found;
  if (assignment.kind !== 'set' && assignment.kind !== 'value')
    throw asn1Error(begins, `${begins.text} is no object set`);
  const governor = assignment.kind === 'set' ? assignment.governor : assignment.type;
  if (governor.body.kind !== 'reference') throw asn1Error(begins, `${begins.text} belongs to no class`);
  const own = library.findClass(governor.body.name, found.scope, begins);
  if (assignment.kind === 'set')
    return objectsOf(library, { tokens: assignment.tokens, scope: inner, owner: own }, depth);
  if (assignment.value.kind !== 'braces') throw asn1Error(begins, `${begins.text} is no object`);
  return [parseObject(own, { tokens: assignment.value.tokens, scope: inner, begins })];
}

function parseObject(
  owner: ClassInScope,
  at: { tokens: readonly Token[]; scope: Scope; begins: Token },
): InformationObject {
  const { tokens, scope, begins } = at;
  const stream = streamOver(tokens);
  const fields = new Map<string, Setting>();
  const { definition } = owner;
  if (definition.syntax === null) readPlain(stream, definition, fields);
  else for (const item of definition.syntax) readItem(stream, item, { definition, fields });
  if (!stream.isAtEnd()) throw stream.wrong('the end of the object');
  return { fields, scope, begins };
}

/** Without WITH SYNTAX: fields by their names, with commas. */
function readPlain(stream: TokenStream, definition: ClassNode, fields: Map<string, Setting>): void {
  while (!stream.isAtEnd()) {
    const { text } = stream.take();
    fields.set(text, readSetting(stream, definition, text));
    if (!stream.isAtEnd()) stream.expect(',');
  }
}

interface Reading {
  readonly definition: ClassNode;
  readonly fields: Map<string, Setting>;
}

function readItem(stream: TokenStream, item: SyntaxItem, into: Reading): void {
  if (item.kind === 'literal') stream.expect(item.text);
  else if (item.kind === 'field') into.fields.set(item.text, readSetting(stream, into.definition, item.text));
  else if (isAhead(stream, item.items)) for (const inner of item.items) readItem(stream, inner, into);
}

/** Whether an optional group is there: by its first word, or, where it begins with a field, by anything that fits one. */
function isAhead(stream: TokenStream, items: readonly SyntaxItem[]): boolean {
  const [first] = items;
  if (first === undefined || stream.isAtEnd()) return false;
  if (first.kind === 'literal') return stream.sees(first.text);
  if (first.kind === 'optional') return isAhead(stream, first.items) || isAhead(stream, items.slice(1));
  const wantsType = /^&[A-Z]/u.test(first.text);
  return wantsType === /^[A-Z[]/u.test(stream.peek().text);
}

function readSetting(stream: TokenStream, definition: ClassNode, name: string): Setting {
  const field = definition.fields.find((each) => each.name === name);
  if (field === undefined) throw stream.wrong(`a field of the class (${name} is none)`);
  if (/^&[a-z]/u.test(name)) return { kind: 'value', value: parseValue(stream) };
  if (field.type === null) return { kind: 'type', type: stream.type() };
  if (stream.sees('{')) stream.braces();
  else stream.take();
  return { kind: 'set' };
}
