/**
 * What an encoder has to know of the types of a set of modules: constraints are reduced to those that PER sees, components are in
 * the order of the encoding, object sets are tables, names are looked up. Plain data.
 */
export interface Schema {
  /** By `Module.Type`, and by `Module.Type{arguments}` where a parameterised type is used. */
  readonly types: ReadonlyMap<string, SchemaType>;
  /** Types of open types, by the text of the key (`keyText`); named by the object set and the field, as in `Module.Set/&Value`. */
  readonly tables: ReadonlyMap<string, Table>;
  /** The information objects of these sets, in their order: what programs want to know beside the types, such as criticality. */
  readonly sets: ReadonlyMap<string, readonly InformationRow[]>;
}

/** The fields of an information object that are values, by their names, as in `&id`. */
export interface InformationRow {
  readonly values: Readonly<Record<string, unknown>>;
  /** Of those values that have a name, the name, as in `id-Cause`. */
  readonly names: Readonly<Record<string, string>>;
}

export type Table = ReadonlyMap<string, SchemaType>;

export type SchemaType =
  | {
      readonly kind: 'reference';
      readonly name: string;
      /** Whether the type named can contain this one. */ readonly recursive: boolean;
    }
  | { readonly kind: 'boolean' | 'null' | 'real' | 'objectIdentifier' | 'relativeOid' }
  | { readonly kind: 'integer'; readonly ranges: Ranges; readonly extensible: boolean }
  | EnumeratedType
  | BitsType
  | OctetsType
  | StringType
  | StructureType
  | { readonly kind: 'list'; readonly element: SchemaType; readonly size: Size }
  | ChoiceType
  | OpenType;

/** Sorted, disjoint, not empty; `null` is no limit. */
export type Ranges = readonly Range[];

export interface Range {
  readonly min: bigint | null;
  readonly max: bigint | null;
}

export interface Size {
  readonly ranges: Ranges;
  readonly min: number;
  readonly max: number | null;
  readonly extensible: boolean;
}

export interface EnumeratedType {
  readonly kind: 'enumerated';
  /** In the order of their numbers. */
  readonly root: readonly string[];
  readonly additions: readonly string[];
  readonly extensible: boolean;
}

export interface BitsType {
  readonly kind: 'bits';
  readonly size: Size;
  /** Bits have names: zeros at the end do not count (X.680 clause 22.7). */
  readonly named: boolean;
}

export interface OctetsType {
  readonly kind: 'octets';
  readonly size: Size;
  /** The type whose encoding these octets are (CONTAINING). */
  readonly contents: SchemaType | null;
}

export interface StringType {
  readonly kind: 'string';
  readonly set: string;
  readonly size: Size;
  /** Code points in order, of a type whose characters all take the same number of bits; `null` of the others. */
  readonly alphabet: Alphabet | null;
}

export interface Alphabet {
  readonly ranges: readonly { readonly min: number; readonly max: number }[];
  readonly count: number;
  readonly highest: number;
}

/** SEQUENCE and SET. */
export interface StructureType {
  readonly kind: 'structure';
  readonly root: readonly Member[];
  /** One addition is one member, or the members of one `[[ ]]`. */
  readonly additions: readonly Addition[];
  readonly extensible: boolean;
}

export interface Addition {
  readonly group: boolean;
  readonly members: readonly Member[];
}

export interface Member {
  readonly name: string;
  readonly type: SchemaType;
  readonly optional: boolean;
  readonly default: DefaultValue | null;
}

/** In an object of its own, so that a default may be NULL. */
export interface DefaultValue {
  readonly value: unknown;
}

export interface ChoiceType {
  readonly kind: 'choice';
  readonly root: readonly Alternative[];
  readonly additions: readonly Alternative[];
  readonly extensible: boolean;
}

export interface Alternative {
  readonly name: string;
  readonly type: SchemaType;
}

export interface OpenType {
  readonly kind: 'open';
  /** Where the type follows from a member beside it: that member's path and the table of types. */
  readonly table: { readonly name: string; readonly at: readonly string[] } | null;
}

/** The text by which a value stands as key in a table. */
export function keyText(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    const [name, inner] = Object.entries(value as Readonly<Record<string, unknown>>)[0] ?? ['', ''];
    return `${name}:${keyText(inner)}`;
  }
  return String(value);
}

export function isWithin(ranges: Ranges, value: bigint): boolean {
  return ranges.some(({ min, max }) => (min === null || value >= min) && (max === null || value <= max));
}
