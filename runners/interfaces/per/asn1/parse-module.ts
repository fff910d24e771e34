import { asn1Error } from './asn1-error.ts';
import { parseClass } from './parse-class.ts';
import { parseType } from './parse-type.ts';
import { parseValue } from './parse-value.ts';
import type { Assignment, ModuleNode, Parameter } from './syntax-tree.ts';
import { isReference, TokenStream } from './token-stream.ts';
import { tokenize } from './tokens.ts';

export interface ModuleFile {
  readonly name: string;
  readonly text: string;
}

/**
 * The modules of a file, one after the other.
 *
 * @throws HarnessError ASN1_INVALID at the first mistake, with file and line
 * @see ITU-T X.680 clause 13
 */
export function parseModules({ name, text }: ModuleFile): readonly ModuleNode[] {
  const stream = new TokenStream(tokenize(text, name), parseType);
  const modules: ModuleNode[] = [];
  while (!stream.isAtEnd()) modules.push(parseModule(stream));
  return modules;
}

function parseModule(stream: TokenStream): ModuleNode {
  const begins = stream.peek();
  const name = stream.reference();
  if (stream.sees('{')) stream.braces();
  if (stream.peek().kind === 'text') stream.take();
  stream.expect('DEFINITIONS');
  const tagging = parseTagging(stream);
  const extensibilityImplied = stream.took('EXTENSIBILITY', 'IMPLIED');
  stream.expect('::=', 'BEGIN');
  if (stream.took('EXPORTS')) skipTo(stream, ';');
  const imports = stream.took('IMPORTS') ? parseImports(stream) : new Map<string, string>();
  const assignments = new Map<string, Assignment>();
  while (!stream.took('END')) {
    const assignment = parseAssignment(stream);
    if (assignments.has(assignment.name))
      throw asn1Error(assignment.begins, `${assignment.name} stands here twice`);
    assignments.set(assignment.name, assignment);
  }
  return { name, begins, tagging, extensibilityImplied, imports, assignments };
}

function parseTagging(stream: TokenStream): ModuleNode['tagging'] {
  if (stream.took('AUTOMATIC', 'TAGS')) return 'automatic';
  if (stream.took('IMPLICIT', 'TAGS')) return 'implicit';
  stream.took('EXPLICIT', 'TAGS');
  return 'explicit';
}

function skipTo(stream: TokenStream, end: string): void {
  while (!stream.took(end)) stream.take();
}

function parseImports(stream: TokenStream): ReadonlyMap<string, string> {
  const imports = new Map<string, string>();
  let names: string[] = [];
  while (!stream.took(';')) {
    if (stream.took('FROM')) {
      const from = stream.reference();
      if (stream.sees('{')) stream.braces();
      for (const name of names) imports.set(name, from);
      names = [];
      if (stream.took('WITH')) stream.take();
      continue;
    }
    if (stream.peek().kind !== 'word') throw stream.wrong('a name to import');
    names.push(stream.take().text);
    if (stream.sees('{')) stream.braces();
    stream.took(',');
  }
  return imports;
}

function parseAssignment(stream: TokenStream): Assignment {
  const begins = stream.peek();
  if (begins.kind !== 'word') throw stream.wrong('an assignment');
  const name = stream.take().text;
  const parameters = stream.sees('{') ? stream.list(() => parseParameter(stream)) : [];
  const common = { name, begins, parameters };
  if (stream.took('::=')) {
    if (stream.took('CLASS')) return { ...common, kind: 'class', definition: parseClass(stream) };
    return { ...common, kind: 'type', type: parseType(stream) };
  }
  const governor = parseType(stream);
  stream.expect('::=');
  if (isReference(begins)) return { ...common, kind: 'set', governor, tokens: stream.braces() };
  return { ...common, kind: 'value', type: governor, value: parseValue(stream) };
}

/** `Governor:name` or `name`: what the parameter is follows from where its name is used. */
function parseParameter(stream: TokenStream): Parameter {
  const governed =
    stream.peek(1).text === ':' || stream.peek().text === 'OCTET' || stream.peek().text === 'BIT';
  if (governed) {
    parseType(stream);
    stream.expect(':');
  }
  return { name: stream.take().text };
}
