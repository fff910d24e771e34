import { XMLParser, XMLValidator } from 'fast-xml-parser';

import { clip, malformed } from './parts.ts';

export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Of its own, CDATA included. */
  readonly text: string;
}

const MAX_DEPTH = 64;
const ATTRIBUTES = ':@';
const TEXT = '#text';
const utf8 = new TextDecoder('utf-8', { fatal: true });
const ENCODING = /^<\?xml[^>]*?encoding\s*=\s*["'](?<name>[^"']*)["']/u;

/** One element with all below it; a document type, and with it every entity of its own making, is refused. */
export function parseXml(bytes: Uint8Array): XmlElement {
  const text = decode(bytes);
  refuseDeclarations(text);
  // The package that is to take its place is one more dependency for the same code.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw malformed(`line ${valid.err.line}: ${clip(valid.err.msg)}`);
  const [root] = elementsOf(parse(text));
  if (root === undefined) throw malformed('it has no element');
  return root;
}

function decode(bytes: Uint8Array): string {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch (cause) {
    throw malformed('it is not UTF-8', cause);
  }
  const encoding = ENCODING.exec(text)?.groups?.['name'] ?? 'utf-8';
  if (!/^(?:utf-8|us-ascii|ascii)$/iu.test(encoding)) throw malformed(`its encoding is ${clip(encoding)}`);
  return text;
}

/** `<!` begins CDATA or a comment, or something that could define entities or fetch files. */
function refuseDeclarations(text: string): void {
  for (let at = text.indexOf('<!'); at >= 0;) {
    const close = text.startsWith('<![CDATA[', at) ? ']]>' : text.startsWith('<!--', at) ? '-->' : null;
    if (close === null) throw malformed(`it has a declaration such as <!DOCTYPE (at character ${at})`);
    const end = text.indexOf(close, at + close.length);
    if (end < 0) throw malformed(`something that begins at character ${at} has no end`);
    at = text.indexOf('<!', end + close.length);
  }
}

function parse(text: string): readonly unknown[] {
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    attributesGroupName: false,
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    maxNestedTags: MAX_DEPTH,
  });
  try {
    return parser.parse(text) as readonly unknown[];
  } catch (cause) {
    throw malformed(cause instanceof Error ? clip(cause.message) : 'it is no XML', cause);
  }
}

type Node = Readonly<Record<string, unknown>>;

function elementsOf(nodes: readonly unknown[]): readonly XmlElement[] {
  return nodes.flatMap((node) => {
    const members = node as Node;
    const name = Object.keys(members).find((key) => key !== ATTRIBUTES && key !== TEXT);
    if (name === undefined) return [];
    const inside = (members[name] ?? []) as readonly unknown[];
    const attributes = Object.entries((members[ATTRIBUTES] ?? {}) as Readonly<Record<string, unknown>>);
    return [
      {
        name,
        attributes: new Map(attributes.map(([key, value]) => [key, String(value)])),
        children: elementsOf(inside),
        text: textOf(inside),
      },
    ];
  });
}

function textOf(nodes: readonly unknown[]): string {
  return nodes
    .map((node) => (node as Node)[TEXT])
    .filter((text) => text !== undefined)
    .map(String)
    .join('');
}
