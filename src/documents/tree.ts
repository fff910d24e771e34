import {
  type CST,
  type Document as YamlDocument,
  Composer,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  Parser,
  visit,
} from 'yaml';
import type { Json } from '../kernel/json.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import {
  clip,
  type Mistake,
  orderProblems,
  type Path,
  type Problem,
  renderPath,
  wholeFile,
} from './problem.ts';
import { MAX_DOCUMENT_BYTES, type Source, tooLarge } from './source.ts';

/** How deep maps and lists may stand inside each other. */
const MAX_DEPTH = 32;
/** Of one anchor, counted with those inside it: what keeps a small file from becoming a huge value. */
const MAX_ALIASES = 100;

/** A document as a value, with the place of everything in it. */
export interface Tree {
  readonly value: Json;
  locate(mistake: Mistake): Problem;
}

/**
 * Reads YAML 1.2 (core schema: `no` and `on` are strings) or, in a file called `.json`, JSON.
 * Refuses what is legal YAML and never meant here: several documents, directives, tags, keys that are not strings,
 * repeated keys, alias bombs, numbers that a computer changes, characters that a database refuses.
 */
export function parseTree({ path, text }: Source): Result<Tree, readonly Problem[]> {
  if (Buffer.byteLength(text) > MAX_DOCUMENT_BYTES) return err([wholeFile(path, tooLarge())]);
  const content = text.replace(/^\uFEFF/u, '');
  const lines = linesOf(content);
  const at = (offset: number, what: string): Problem => ({
    ...wholeFile(path, what),
    ...position(lines, offset),
  });
  const control = content.search(FORBIDDEN_CHARACTER);
  if (control !== -1) return err([at(control, 'a control character does not belong in a text')]);
  const tokens = readTokens(content);
  if (!tokens.ok) return err([at(tokens.error.offset, tokens.error.what)]);
  const composer = new Composer({
    schema: 'core',
    stringKeys: true,
    resolveKnownTags: false,
    lineCounter: lines,
  });
  const [document, second] = [...composer.compose(tokens.value, true, content.length)];
  if (document === undefined) return err([wholeFile(path, 'the document is empty')]);
  if (second !== undefined) return err([at(second.range[0], 'a file holds one document, not several')]);
  const json = path.toLowerCase().endsWith('.json') ? checkJson(content) : undefined;
  const faults = [
    ...document.errors.map((error) => ({ offset: error.pos[0], what: friendly(error.code, error.message) })),
    ...(document.errors.length === 0 ? checkNodes(document) : []),
    ...(json === undefined ? [] : [json]),
  ];
  if (faults.length > 0) return err(orderProblems(faults.map(({ offset, what }) => at(offset, what))));
  return makeTree(document, path, lines);
}

interface Fault {
  readonly offset: number;
  readonly what: string;
}

const FORBIDDEN_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]|\p{Surrogate}/u;

function makeTree(
  document: YamlDocument,
  file: string,
  lines: LineCounter,
): Result<Tree, readonly Problem[]> {
  let value: Json;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES }) as Json;
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return err([wholeFile(file, 'the aliases make it too large')]);
  }
  if (value === null) return err([wholeFile(file, 'the document is empty')]);
  const locate = ({ at, what, onName }: Mistake): Problem => ({
    file,
    ...position(lines, offsetOf(document, at, onName ?? false)),
    path: renderPath(at),
    what,
  });
  return ok({ value, locate });
}

function linesOf(text: string): LineCounter {
  const lines = new LineCounter();
  for (let start = 0; start !== 0 || lines.lineStarts.length === 0; start = text.indexOf('\n', start) + 1)
    lines.addNewLine(start);
  return lines;
}

function position(lines: LineCounter, offset: number): { readonly line: number; readonly column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** Where a path stands; when it does not exist, where the last part of it that does stands. */
function offsetOf(document: YamlDocument, path: Path, onName: boolean): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, part] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === part);
      if (pair === undefined) return offset;
      node = pair.value;
      const name = startOf(pair.key) ?? offset;
      offset = onName && index === path.length - 1 ? name : (startOf(node) ?? name);
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

/** Tokens of the whole file; stops as soon as something is refused, so that no file keeps the parser busy. */
function readTokens(text: string): Result<readonly CST.Token[], Fault> {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      if (token.type === 'directive')
        return err({ offset: token.offset, what: 'directives are not allowed' });
      tokens.push(token);
    }
    if (parser.stack.length > MAX_DEPTH + 1)
      return err({ offset: parser.offset, what: `nested over ${MAX_DEPTH} levels deep` });
  }
  return ok([...tokens, ...parser.end()]);
}

function checkNodes(document: YamlDocument.Parsed): readonly Fault[] {
  const faults: Fault[] = [];
  visit(document, (_, node, path) => {
    if (isPair(node) || node === null || node === document) return;
    const { range, tag } = node as Node & { readonly tag?: string };
    const fault = (what: string): number => faults.push({ offset: range?.[0] ?? 0, what });
    if (isAlias(node)) {
      const meant = node.resolve(document);
      if (meant === undefined) fault(`nothing before it is called &${clip(node.source)}`);
      else if (path.includes(meant)) fault('an alias inside its own anchor');
      return;
    }
    if (tag !== undefined) fault(`tags such as ${clip(tag)} are not allowed`);
    if (!isScalar(node)) return;
    const { value } = node;
    if (typeof value === 'number' && !isExact(value))
      fault(`${clip(node.source ?? '')} is not an exact number`);
    if (typeof value === 'string' && UNSTORABLE.test(value))
      fault('this text has characters that are not allowed');
  });
  return faults;
}

const UNSTORABLE = /\0|\p{Surrogate}/u;

function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

function checkJson(text: string): Fault | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const offset = Number(/ at position (\d+)/u.exec(error.message)?.[1] ?? 0);
    return { offset, what: 'not JSON (no comments, no trailing commas, names and texts in double quotes)' };
  }
}

function friendly(code: string, message: string): string {
  const known: Readonly<Record<string, string>> = {
    DUPLICATE_KEY: 'this name occurs twice in the same map',
    NON_STRING_KEY: 'names must be strings',
    TAB_AS_INDENT: 'tabs cannot indent: use spaces',
  };
  return known[code] ?? clip(message.split('\n')[0] ?? message);
}
