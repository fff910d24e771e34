import { badValue, PerError } from './error.ts';
import { encodeLeaf, writeCount } from './interpret-encode-leaf.ts';
import { writeConstrained } from './numbers.ts';
import {
  type ChoiceType,
  keyText,
  type Member,
  type OpenType,
  type Schema,
  type SchemaType,
  type StructureType,
} from './schema.ts';
import {
  isAddition,
  isObject,
  isUnknown,
  REST,
  sameValue,
  type Unknown,
  type ValueObject,
} from './values.ts';
import { type Variant, Writer } from './writer.ts';

/**
 * The encoding of a value, by walking the schema: slow, and plain to follow.
 *
 * @throws PerError PER_VALUE_INVALID with the path of what does not belong to the type
 */
export function encodeValue(schema: Schema, variant: Variant, { type, value }: TypedValue): Uint8Array {
  return new Encoder(schema, variant).encode(type, value);
}

export interface TypedValue {
  readonly type: SchemaType;
  readonly value: unknown;
}

class Encoder {
  readonly #schema: Schema;
  readonly #variant: Variant;
  /** Where in the value it is; after an error, where that was. */
  readonly #path: string[] = [];
  #depth = 0;

  constructor(schema: Schema, variant: Variant) {
    this.#schema = schema;
    this.#variant = variant;
  }

  encode(type: SchemaType, value: unknown): Uint8Array {
    const writer = new Writer(this.#variant);
    try {
      this.#write(writer, type, value);
    } catch (error) {
      throw error instanceof PerError ? error.at(this.#path.join('').replace(/^\./u, '')) : error;
    }
    return writer.complete();
  }

  #write(writer: Writer, type: SchemaType, value: unknown): void {
    switch (type.kind) {
      case 'reference': {
        this.#reference(writer, type, value);
        return;
      }
      case 'structure': {
        this.#structure(writer, type, value);
        return;
      }
      case 'choice': {
        this.#choice(writer, type, value);
        return;
      }
      case 'list': {
        const { element, size } = type;
        if (!Array.isArray(value)) throw badValue('a list was expected');
        const items: readonly unknown[] = value;
        writeCount(writer, { size, count: items.length }, (from, to) => {
          for (let at = from; at < to; at += 1)
            this.#inside(`[${String(at)}]`, () => this.#write(writer, element, items[at]));
        });
        return;
      }
      case 'octets': {
        const { contents } = type;
        const octets =
          contents === null || value instanceof Uint8Array ? value : this.#complete(contents, value);
        encodeLeaf(writer, type, octets);
        return;
      }
      case 'open':
        throw badValue('an open type stands in no SEQUENCE');
      default: {
        encodeLeaf(writer, type, value);
        return;
      }
    }
  }

  #reference(writer: Writer, { name, recursive }: SchemaType & { kind: 'reference' }, value: unknown): void {
    const type = this.#schema.types.get(name);
    if (type === undefined) throw badValue(`the schema has no ${name}`);
    this.#depth += Number(recursive);
    if (this.#depth > MAX_DEPTH) throw badValue('the value is nested too deeply');
    this.#write(writer, type, value);
    this.#depth -= Number(recursive);
  }

  #inside(step: string, write: () => void): void {
    this.#path.push(step);
    write();
    this.#path.pop();
  }

  /** @see ITU-T X.691 clause 19 */
  #structure(writer: Writer, type: StructureType, value: unknown): void {
    if (!isObject(value)) throw badValue('an object was expected');
    const unknown = unknownOf(type, value);
    refuseStrangers(type, value);
    const present = type.additions.map(({ members }) => members.some((member) => isPresent(member, value)));
    const extended = present.includes(true) || unknown !== null;
    if (type.extensible) writer.bit(extended);
    this.#members(writer, type.root, value);
    if (extended) this.#additions(writer, type, { value, present, unknown });
  }

  #members(writer: Writer, members: readonly Member[], value: ValueObject): void {
    for (const member of members) if (canBeAbsent(member)) writer.bit(isPresent(member, value));
    for (const member of members) {
      if (isPresent(member, value)) this.#member(writer, member, value);
      else if (!canBeAbsent(member))
        this.#inside(`.${member.name}`, () => raise('this component is missing'));
    }
  }

  #member(writer: Writer, { name, type }: Member, value: ValueObject): void {
    this.#inside(`.${name}`, () =>
      type.kind === 'open'
        ? this.#open(writer, type, { whole: value, value: value[name] })
        : this.#write(writer, type, value[name]),
    );
  }

  #additions(
    writer: Writer,
    type: StructureType,
    at: { value: ValueObject; present: readonly boolean[]; unknown: Unknown | null },
  ): void {
    const { value, present, unknown } = at;
    const count = unknown?.count ?? type.additions.length;
    if (present.lastIndexOf(true) >= count)
      throw badValue(`the receiver knows ${String(count)} additions only`);
    const raw = new Map(unknown?.additions.map(({ index, bytes }) => [index, bytes]));
    writer.smallLength(count);
    for (let index = 0; index < count; index += 1) writer.bit(present[index] ?? raw.has(index));
    for (let index = 0; index < count; index += 1) {
      const [addition, bytes] = [type.additions[index], raw.get(index)];
      if (bytes !== undefined) writer.octetsWithLength(bytes);
      else if (addition !== undefined && present[index] === true)
        this.#enclosed(writer, (inner) =>
          addition.group
            ? this.#members(inner, addition.members, value)
            : this.#only(inner, addition.members, value),
        );
    }
  }

  #only(writer: Writer, members: readonly Member[], value: ValueObject): void {
    for (const member of members) this.#member(writer, member, value);
  }

  /** @see ITU-T X.691 clause 23 */
  #choice(writer: Writer, { root, additions, extensible }: ChoiceType, value: unknown): void {
    if (!isObject(value)) throw badValue('an object with one member was expected');
    const [name, ...others] = Object.keys(value).filter((key) => value[key] !== undefined);
    if (name === undefined || others.length > 0) throw badValue('a CHOICE has exactly one member');
    if (name === REST) {
      this.#unknownAlternative(writer, { extensible, known: additions.length }, value[REST]);
      return;
    }
    const index = root.findIndex((each) => each.name === name);
    const added = additions.findIndex((each) => each.name === name);
    const alternative = root[index] ?? additions[added];
    if (alternative === undefined) throw badValue(`there is no alternative ${name}`);
    if (extensible) writer.bit(index < 0);
    if (index >= 0) writeConstrained(writer, BigInt(index), BigInt(root.length));
    else writer.small(added);
    const write = (to: Writer) =>
      this.#inside(`.${name}`, () => this.#write(to, alternative.type, value[name]));
    if (index >= 0) write(writer);
    else this.#enclosed(writer, write);
  }

  #unknownAlternative(
    writer: Writer,
    { extensible, known }: { extensible: boolean; known: number },
    value: unknown,
  ): void {
    if (!extensible || !isAddition(value) || value.index < known)
      throw badValue('this is no unknown alternative');
    writer.bit(true);
    writer.small(value.index);
    writer.octetsWithLength(value.bytes);
  }

  /** @see ITU-T X.691 clause 11.2 */
  #open(writer: Writer, { table }: OpenType, { whole, value }: { whole: ValueObject; value: unknown }): void {
    const type =
      table === null
        ? undefined
        : this.#schema.tables.get(table.name)?.get(keyText(valueAt(whole, table.at)));
    const raw = isObject(value) && Object.keys(value).length === 1 ? value[REST] : undefined;
    if (raw instanceof Uint8Array) {
      writer.octetsWithLength(raw);
      return;
    }
    if (type !== undefined) {
      this.#enclosed(writer, (inner) => this.#write(inner, type, value));
      return;
    }
    if (!(value instanceof Uint8Array)) throw badValue('octets were expected: nothing tells the type');
    writer.octetsWithLength(value);
  }

  #enclosed(writer: Writer, write: (inner: Writer) => void): void {
    const inner = new Writer(this.#variant);
    write(inner);
    writer.octetsWithLength(inner.complete());
  }

  #complete(type: SchemaType, value: unknown): Uint8Array {
    const inner = new Writer(this.#variant);
    this.#write(inner, type, value);
    return inner.complete();
  }
}

const MAX_DEPTH = 64;

export function canBeAbsent(member: Member): boolean {
  return member.optional || member.default !== null;
}

/** A value that is the default is left out (X.691 clause 19.5). */
function isPresent({ name, default: standard }: Member, value: ValueObject): boolean {
  return value[name] !== undefined && !(standard !== null && sameValue(value[name], standard.value));
}

/** The value at a path of names, of what is beside an open type. */
export function valueAt(whole: ValueObject, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), whole);
}

function unknownOf({ extensible, additions }: StructureType, value: ValueObject): Unknown | null {
  const unknown = value[REST];
  if (unknown === undefined) return null;
  const sound = isUnknown(unknown) && unknown.additions.every(({ index }) => index >= additions.length);
  if (!extensible || !sound) throw badValue('the unknown additions are not sound');
  return unknown;
}

function refuseStrangers({ root, additions }: StructureType, value: ValueObject): void {
  const known = new Set([
    REST,
    ...root.map(({ name }) => name),
    ...additions.flatMap(({ members }) => members.map(({ name }) => name)),
  ]);
  for (const name of Object.keys(value))
    if (value[name] !== undefined && !known.has(name)) throw badValue(`there is no component ${name}`);
}

function raise(message: string): never {
  throw badValue(message);
}
