import { keyText, type Schema, type SchemaType } from '../schema.ts';
import { valueAt } from '../interpret-encode.ts';
import { isObject, REST } from '../values.ts';

type Step = string | number;

/** A place in a value, with what it is by the schema. */
export interface Site {
  /** Never a reference: what it stands for. */
  readonly type: SchemaType;
  readonly value: unknown;
  /** Members and positions from the whole value to here. */
  readonly path: readonly Step[];
  /** Of an open type, the type that its key says; `null` of all others, and where there is no such key. */
  readonly contents: SchemaType | null;
}

/** All places of a value, the whole of it first. What the schema does not know is not looked into. */
export function sitesOf(schema: Schema, type: SchemaType, value: unknown): readonly Site[] {
  const sites: Site[] = [];
  walk({ schema, sites }, { type, value, path: [], contents: null });
  return sites;
}

interface Walk {
  readonly schema: Schema;
  readonly sites: Site[];
}

function walk(walking: Walk, at: Site): void {
  const type = resolved(walking.schema, at.type);
  const site = { ...at, type };
  walking.sites.push(site);
  const { value, path } = site;
  const into = (inner: SchemaType, member: unknown, step: Step): void => {
    walk(walking, { type: inner, value: member, path: [...path, step], contents: null });
  };
  if (type.kind === 'list' && Array.isArray(value))
    value.forEach((item: unknown, index) => {
      into(type.element, item, index);
    });
  else if (type.kind === 'octets' && type.contents !== null && !(value instanceof Uint8Array))
    walk(walking, { type: type.contents, value, path, contents: null });
  else if (type.kind === 'open' && site.contents !== null && !isRaw(value))
    walk(walking, { type: site.contents, value, path, contents: null });
  else if (!isObject(value)) return;
  else if (type.kind === 'choice') {
    for (const { name, type: inner } of [...type.root, ...type.additions])
      if (value[name] !== undefined) into(inner, value[name], name);
  } else if (type.kind === 'structure') {
    const members = [...type.root, ...type.additions.flatMap((each) => each.members)];
    for (const { name, type: inner } of members) {
      if (value[name] === undefined) continue;
      const contents = inner.kind === 'open' ? typeByKey(walking.schema, inner, value) : null;
      walk(walking, { type: inner, value: value[name], path: [...path, name], contents });
    }
  }
}

/** What a reference stands for in the end. */
export function resolved(schema: Schema, type: SchemaType): SchemaType {
  let at = type;
  while (at.kind === 'reference') {
    const next = schema.types.get(at.name);
    if (next === undefined) throw new TypeError(`the schema has no ${at.name}`);
    at = next;
  }
  return at;
}

function typeByKey(
  schema: Schema,
  { table }: SchemaType & { kind: 'open' },
  whole: Readonly<Record<string, unknown>>,
): SchemaType | null {
  if (table === null) return null;
  return schema.tables.get(table.name)?.get(keyText(valueAt(whole, table.at))) ?? null;
}

function isRaw(value: unknown): boolean {
  return value instanceof Uint8Array || (isObject(value) && value[REST] instanceof Uint8Array);
}

/** The value with another one in one place; what is on the way there is copied. */
export function replaced(value: unknown, path: readonly Step[], by: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return by;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === step ? replaced(item, rest, by) : item));
  if (!isObject(value)) throw new TypeError(`there is nothing at ${String(step)}`);
  return { ...value, [step]: replaced(value[step], rest, by) };
}
