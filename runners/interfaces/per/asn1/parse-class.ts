import { parseType } from './parse-type.ts';
import { parseValue } from './parse-value.ts';
import type { ClassField, ClassNode, SyntaxItem } from './syntax-tree.ts';
import { TokenStream } from './token-stream.ts';
import { tokenize } from './tokens.ts';

/**
 * An information object class with its syntax, after the word CLASS.
 *
 * @see ITU-T X.681 clauses 9 and 10
 */
export function parseClass(stream: TokenStream): ClassNode {
  const fields = stream.list(() => parseField(stream));
  const syntax = stream.took('WITH', 'SYNTAX') ? parseSyntax(stream.over(stream.braces())) : null;
  return { fields, syntax };
}

function parseField(stream: TokenStream): ClassField {
  if (stream.peek().kind !== 'field') throw stream.wrong('a field');
  const { text: name } = stream.take();
  const ends = () =>
    stream.sees(',') || stream.sees('}') || stream.sees('OPTIONAL') || stream.sees('DEFAULT');
  if (stream.peek().kind === 'field') throw stream.wrong('a type (fields typed by fields are not supported)');
  const type = ends() ? null : parseType(stream);
  const unique = stream.took('UNIQUE');
  if (!stream.took('OPTIONAL') && stream.took('DEFAULT')) skipDefault(stream, name, type !== null);
  return { name, type, unique };
}

function skipDefault(stream: TokenStream, name: string, typed: boolean): void {
  if (/^&[A-Z]/u.test(name) && !typed) parseType(stream);
  else parseValue(stream);
}

function parseSyntax(stream: TokenStream): readonly SyntaxItem[] {
  const items: SyntaxItem[] = [];
  while (!stream.isAtEnd() && !stream.sees(']')) items.push(stream.nested(() => parseSyntaxItem(stream)));
  return items;
}

function parseSyntaxItem(stream: TokenStream): SyntaxItem {
  if (stream.took('[')) {
    const items = parseSyntax(stream);
    stream.expect(']');
    return { kind: 'optional', items };
  }
  const { kind, text } = stream.take();
  return { kind: kind === 'field' ? 'field' : 'literal', text };
}

/** The classes that every module knows (X.681 annexes A and B). */
export function builtInClass(name: string): ClassNode | null {
  if (name !== 'TYPE-IDENTIFIER') return null;
  const text = '{&id OBJECT IDENTIFIER UNIQUE, &Type} WITH SYNTAX {&Type IDENTIFIED BY &id}';
  return parseClass(new TokenStream(tokenize(text, 'X.681 annex A'), parseType));
}
