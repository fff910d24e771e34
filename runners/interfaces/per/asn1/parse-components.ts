import { parseValue } from './parse-value.ts';
import type {
  Component,
  ComponentGroup,
  Components,
  ComponentsOf,
  EnumerationItem,
  NamedNumber,
} from './syntax-tree.ts';
import type { TokenStream } from './token-stream.ts';

/**
 * What stands between the braces of SEQUENCE, SET and CHOICE; a second marker ends the additions.
 *
 * @see ITU-T X.680 clauses 25 and 29
 */
export function parseComponents(stream: TokenStream): Components {
  const root: (Component | ComponentsOf)[] = [];
  const additions: (Component | ComponentGroup)[] = [];
  let markers = 0;
  stream.list(() => {
    if (stream.took('...')) {
      markers += 1;
      if (markers > 2) throw stream.wrong('at most two extension markers');
      skipException(stream);
    } else if (markers === 1) {
      additions.push(stream.took('[[') ? parseGroup(stream) : parseComponent(stream));
    } else if (stream.took('COMPONENTS', 'OF')) {
      root.push({ kind: 'components of', type: stream.type() });
    } else root.push(parseComponent(stream));
  });
  return { root, additions, extensible: markers > 0 };
}

function skipException(stream: TokenStream): void {
  if (!stream.took('!')) return;
  if (/^[A-Z]/u.test(stream.peek().text)) {
    stream.type();
    stream.expect(':');
  }
  parseValue(stream);
}

/** `[[ … ]]`, with or without the number of its version. */
function parseGroup(stream: TokenStream): ComponentGroup {
  if (stream.peek().kind === 'number' && stream.peek(1).text === ':') {
    stream.take();
    stream.take();
  }
  const components = [parseComponent(stream)];
  while (stream.took(',')) components.push(parseComponent(stream));
  stream.expect(']]');
  return { kind: 'group', components };
}

function parseComponent(stream: TokenStream): Component {
  const name = stream.identifier();
  const type = stream.type();
  const optional = stream.took('OPTIONAL');
  const value = !optional && stream.took('DEFAULT') ? parseValue(stream) : null;
  return { kind: 'component', name, type, optional, default: value };
}

export function parseEnumeration(stream: TokenStream) {
  const items: EnumerationItem[] = [];
  const additions: EnumerationItem[] = [];
  let extensible = false;
  stream.list(() => {
    if (!extensible && stream.took('...')) {
      extensible = true;
      skipException(stream);
    } else (extensible ? additions : items).push(parseEnumerationItem(stream));
  });
  return { items, additions, extensible };
}

function parseEnumerationItem(stream: TokenStream): EnumerationItem {
  const name = stream.identifier();
  return { name, value: stream.sees('(') ? inBrackets(stream) : null };
}

/** Names of numbers or of bits: they matter to values that are written by name. */
export function parseNamedNumbers(stream: TokenStream): readonly NamedNumber[] {
  if (!stream.sees('{')) return [];
  return stream.list(() => ({ name: stream.identifier(), value: inBrackets(stream) }));
}

function inBrackets(stream: TokenStream) {
  stream.expect('(');
  const value = parseValue(stream);
  stream.expect(')');
  return value;
}
