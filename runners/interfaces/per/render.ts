import type { Json } from '../../../src/kernel/json.ts';
import { valueAt } from './interpret-encode.ts';
import { keyText, type OpenType, type Schema, type SchemaType, type StructureType } from './schema.ts';
import { isAddition, isBitString, isObject, isUnknown, REST } from './values.ts';

/** A decoded value as people and programs look at it; goes into JSON as it is. */
export interface TreeNode {
  /** Of the component, alternative or item (`[0]`). */
  readonly name: string;
  /** What the information object is called that tells the type, without `id-`; `unknown` when there is none. */
  readonly label?: string;
  /** Octets and bits as text in hexadecimal, cut off behind `maxOctets`; large numbers as text. */
  readonly value?: Json;
  /** Of octets: how many there are. Of bits: how many. */
  readonly octets?: number;
  readonly bits?: number;
  /** The octets could not be read as what they should be, or nobody knows what that is. */
  readonly unread?: true;
  readonly children?: readonly TreeNode[];
}

export interface RenderOptions {
  /** Of a string of octets, so many are shown; default 64. */
  readonly maxOctets?: number;
  /** Nodes of the tree; what lies beyond is left out, and said to be. Default 20,000. */
  readonly maxNodes?: number;
  /** What stands in octets of other protocols; `at` are the names and labels on the way. `null` leaves them as they are. */
  readonly contents?: (at: readonly string[], octets: Uint8Array) => TreeNode | null;
}

/** The tree of a value that was decoded with a schema, strictly or leniently. */
export function renderTree(
  { schema, type }: { readonly schema: Schema; readonly type: SchemaType },
  value: unknown,
  options: RenderOptions = {},
): TreeNode {
  const name = type.kind === 'reference' ? type.name.replace(/^.*\./u, '') : 'value';
  return new Renderer(schema, options).node(name, type, value);
}

class Renderer {
  readonly #schema: Schema;
  readonly #options: RenderOptions;
  readonly #maxOctets: number;
  readonly #path: string[] = [];
  #left: number;

  constructor(schema: Schema, options: RenderOptions) {
    this.#schema = schema;
    this.#options = options;
    this.#maxOctets = options.maxOctets ?? 64;
    this.#left = options.maxNodes ?? 20_000;
  }

  node(name: string, type: SchemaType, value: unknown): TreeNode {
    this.#left -= 1;
    this.#path.push(name);
    const node = { name, ...this.#contents(type, value) };
    this.#path.pop();
    return node;
  }

  #contents(type: SchemaType, value: unknown): Omit<TreeNode, 'name'> {
    if (isUnread(value)) return { ...this.#octets(value[REST]), unread: true };
    switch (type.kind) {
      case 'reference': {
        const target = this.#schema.types.get(type.name);
        return target === undefined ? {} : this.#contents(target, value);
      }
      case 'structure':
        return isObject(value) ? this.#structure(type, value) : {};
      case 'choice':
        return isObject(value) ? this.#choice([...type.root, ...type.additions], value) : {};
      case 'list':
        return Array.isArray(value) ? { children: this.#list(type.element, value) } : {};
      case 'octets':
        if (type.contents !== null && !(value instanceof Uint8Array))
          return this.#contents(type.contents, value);
        return value instanceof Uint8Array ? this.#octets(value) : {};
      case 'bits':
        return isBitString(value) ? { value: hex(value.bits, this.#maxOctets), bits: value.length } : {};
      default:
        return { value: leaf(value) };
    }
  }

  #list(element: SchemaType, items: readonly unknown[]): readonly TreeNode[] {
    const nodes: TreeNode[] = [];
    for (const [index, item] of items.entries()) {
      if (this.#left <= 0) return [...nodes, { name: REST, value: `${items.length - index} more` }];
      nodes.push(this.node(`[${index}]`, element, item));
    }
    return nodes;
  }

  #structure(type: StructureType, value: Readonly<Record<string, unknown>>): Omit<TreeNode, 'name'> {
    const members = [...type.root, ...type.additions.flatMap(({ members: added }) => added)];
    const open = members.map((member) => member.type).find((each) => each.kind === 'open');
    const label = open?.kind === 'open' ? this.#label(open, value) : undefined;
    if (label !== undefined) this.#path.push(label);
    const children = members
      .filter(({ name }) => value[name] !== undefined)
      .map(({ name, type: inner }) => this.#member(name, inner, value));
    if (label !== undefined) this.#path.pop();
    const all = [...children, ...this.#unknown(value[REST])];
    return { ...(label === undefined ? {} : { label }), children: all };
  }

  #member(name: string, type: SchemaType, whole: Readonly<Record<string, unknown>>): TreeNode {
    const value = whole[name];
    if (type.kind !== 'open') return this.node(name, type, value);
    const key = type.table === null ? '' : keyText(valueAt(whole, type.table.at));
    const found = type.table === null ? undefined : this.#schema.tables.get(type.table.name)?.get(key);
    if (found !== undefined) return this.node(name, found, value);
    return value instanceof Uint8Array ? { name, ...this.#octets(value), unread: true } : { name };
  }

  /** The name of the object that the key beside an open type picks out of its set. */
  #label({ table }: OpenType, whole: Readonly<Record<string, unknown>>): string | undefined {
    if (table === null) return undefined;
    const key = keyText(valueAt(whole, table.at));
    for (const { values, names } of this.#schema.sets.get(table.name.replace(/\/[^/]*$/u, '')) ?? []) {
      const field = Object.keys(values).find((each) => each in names && keyText(values[each]) === key);
      if (field !== undefined) return names[field]?.replace(/^id-/u, '');
    }
    return 'unknown';
  }

  #choice(
    ways: readonly { readonly name: string; readonly type: SchemaType }[],
    value: Readonly<Record<string, unknown>>,
  ): Omit<TreeNode, 'name'> {
    const unknown = value[REST];
    if (isAddition(unknown)) return { children: [this.#addition(unknown)] };
    const way = ways.find(({ name }) => value[name] !== undefined);
    return way === undefined ? {} : { children: [this.node(way.name, way.type, value[way.name])] };
  }

  #unknown(rest: unknown): readonly TreeNode[] {
    return isUnknown(rest) ? rest.additions.map((each) => this.#addition(each)) : [];
  }

  #addition({ index, bytes }: { readonly index: number; readonly bytes: Uint8Array }): TreeNode {
    return { name: `${REST}${index}`, ...this.#octets(bytes), unread: true };
  }

  #octets(octets: Uint8Array): Omit<TreeNode, 'name'> {
    const inside = this.#options.contents?.([...this.#path], octets) ?? null;
    const shown = { value: hex(octets, this.#maxOctets), octets: octets.length };
    return inside === null ? shown : { ...shown, children: [inside] };
  }
}

function isUnread(value: unknown): value is { readonly [REST]: Uint8Array } {
  return isObject(value) && value[REST] instanceof Uint8Array;
}

function hex(octets: Uint8Array, most: number): string {
  const shown = [...octets.subarray(0, most)].map((octet) => octet.toString(16).padStart(2, '0')).join('');
  return octets.length > most ? `${shown}…` : shown;
}

function leaf(value: unknown): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'number') return null;
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
}

/** A tree as lines of text; what an information object says of its value stands in the line of its name. */
export function treeLines(node: TreeNode, indent = 0): readonly string[] {
  const { children = [] } = node;
  const value = node.label === undefined ? undefined : children.at(-1);
  if (value === undefined)
    return [line(node, indent), ...children.flatMap((each) => treeLines(each, indent + 1))];
  const about = children.slice(0, -1).map(({ name, value: text }) => `${name} ${textOf(text)}`);
  const head = { ...value, name: [node.name, node.label, `(${about.join(', ')})`].filter(Boolean).join(' ') };
  return treeLines(head, indent);
}

function line({ name, value, octets, bits, unread, children }: TreeNode, indent: number): string {
  const counts = [
    ...(octets === undefined ? [] : [`${octets} octets`]),
    ...(bits === undefined ? [] : [`${bits} bits`]),
    ...(unread === undefined ? [] : ['not read']),
  ];
  const text = value === undefined ? '' : `: ${textOf(value)}`;
  const count = counts.length === 0 ? '' : ` (${counts.join(', ')})`;
  const empty = value === undefined && children?.length === 0 ? ': empty' : '';
  return `${'  '.repeat(indent)}${name}${text}${empty}${count}`;
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? printable(value) : JSON.stringify(value ?? null);
}

/** What a product sent may hold signs that would move the cursor of a terminal. */
function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
