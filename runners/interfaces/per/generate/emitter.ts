import type { Schema, SchemaType } from '../schema.ts';
import type { Variant } from '../writer.ts';

/** How a value is written and read: statements that write the value of an expression, and an expression that reads one. */
export interface Piece {
  readonly write: (value: string) => string;
  readonly read: string;
}

/** Source text as it grows: functions for types, constants, tables. */
export class Emitter {
  readonly schema: Schema;
  readonly aligned: boolean;
  readonly #lines: string[] = [];
  readonly #constants = new Map<string, string>();
  readonly #named = new Map<string, string>();
  #count = 0;

  constructor(schema: Schema, variant: Variant) {
    this.schema = schema;
    this.aligned = variant === 'aligned';
  }

  get source(): string {
    return this.#lines.join('\n');
  }

  fresh(): string {
    this.#count += 1;
    return String(this.#count);
  }

  line(text: string): void {
    this.#lines.push(text);
  }

  /** A constant of that source text; the same text gives the same constant. */
  constant(text: string): string {
    const known = this.#constants.get(text);
    if (known !== undefined) return known;
    const name = `C${this.fresh()}`;
    this.#constants.set(text, name);
    this.#lines.push(`const ${name} = ${text};`);
    return name;
  }

  /** What was emitted under a name before; `emit` is called, with the number to use, when nothing was. */
  once(name: string, emit: (id: string) => void): string {
    const known = this.#named.get(name);
    if (known !== undefined) return known;
    const id = this.fresh();
    this.#named.set(name, id);
    emit(id);
    return id;
  }
}

export type EmitType = (type: SchemaType) => Piece;

/** A value as source text: objects, arrays, bigints and octets included. */
export function literal(value: unknown): string {
  if (typeof value === 'bigint') return `${String(value)}n`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (value instanceof Uint8Array) return `Uint8Array.of(${value.join(',')})`;
  if (Array.isArray(value)) return `[${value.map(literal).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, each]) => `${JSON.stringify(name)}:${literal(each)}`)
    .join(',')}}`;
}

/** Access to a member by its name. */
export function member(owner: string, name: string): string {
  return /^[a-zA-Z]\w*$/u.test(name) ? `${owner}.${name}` : `${owner}[${JSON.stringify(name)}]`;
}
