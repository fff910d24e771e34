import { asn1Error } from './asn1-error.ts';

/** `word`: identifiers, references and reserved words; `field`: `&name`; `sign`: punctuation. */
export type TokenKind = 'word' | 'field' | 'number' | 'text' | 'bits' | 'hex' | 'sign';

export interface Token {
  readonly kind: TokenKind;
  /** As written; a text without its quotes, a bit or hexadecimal string as its digits alone. */
  readonly text: string;
  readonly file: string;
  readonly line: number;
  /** Offset in the file, in characters: with the file, the identity of what begins here. */
  readonly at: number;
}

/** Largest file of modules, in characters: NR-RRC has 1.6 million. */
const MAX_CHARACTERS = 16_000_000;

const SHAPES: readonly (readonly [TokenKind | 'space' | 'comment', RegExp])[] = [
  ['space', /\s+/uy],
  ['comment', /--+[^\n]*?(?:--|(?=\n)|$)/uy],
  ['word', /[A-Za-z]\w*(?:-\w+)*/uy],
  ['number', /-?\d+(?:\.(?!\.)\d*)?(?:[eE]-?\d+)?/uy],
  ['field', /&[A-Za-z]\w*(?:-\w+)*/uy],
  ['bits', /'[01\s]*'B/uy],
  ['hex', /'[0-9A-F\s]*'H/uy],
  ['text', /"(?:[^"]|"")*"/uy],
  ['sign', /::=|\.\.\.|\.\.|\[\[|\]\]|[{}()[\],;:|.@<>!^=*]/uy],
];

/**
 * Splits the text of ASN.1 modules into tokens; comments and white space are dropped.
 *
 * @throws HarnessError ASN1_INVALID at a character that begins nothing
 * @see ITU-T X.680 clause 12
 */
export function tokenize(text: string, file: string): readonly Token[] {
  if (text.length > MAX_CHARACTERS) throw asn1Error({ file, line: 1 }, 'the file is too large');
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const end = text.startsWith('/*', at) ? endOfBlock(text, at, { file, line }) : undefined;
    const [kind, found] = end === undefined ? shapeAt(text, at) : ['comment', text.slice(at, end)];
    if (kind === undefined || found === undefined) {
      throw asn1Error({ file, line }, `${JSON.stringify(text.slice(at, at + 20))} begins nothing in ASN.1`);
    }
    if (kind !== 'space' && kind !== 'comment')
      tokens.push({ kind: kind as TokenKind, text: contents(kind as TokenKind, found), file, line, at });
    line += newLines(found);
    at += found.length;
  }
  return tokens;
}

function shapeAt(text: string, at: number): readonly [string?, string?] {
  for (const [kind, shape] of SHAPES) {
    shape.lastIndex = at;
    const [found] = shape.exec(text) ?? [];
    if (found !== undefined) return [kind, found];
  }
  return [];
}

/** Comments between slash and star nest. */
function endOfBlock(text: string, start: number, place: { file: string; line: number }): number {
  const edge = /\/\*|\*\//gu;
  edge.lastIndex = start;
  let depth = 0;
  for (let found = edge.exec(text); found !== null; found = edge.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  throw asn1Error(place, 'a comment has no end');
}

function contents(kind: TokenKind, found: string): string {
  if (kind === 'text') return found.slice(1, -1).replaceAll('""', '"');
  if (kind === 'bits' || kind === 'hex') return found.slice(1, -2).replace(/\s/gu, '');
  return found;
}

function newLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
