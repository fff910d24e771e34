import { PerError } from '../per/error.ts';
import { type Decoded, decodeValue } from '../per/interpret-decode.ts';
import { encodeValue } from '../per/interpret-encode.ts';
import type { Schema, SchemaType } from '../per/schema.ts';

/** One type of a service model, between values and octets (aligned PER). Octets in values that were read are views of the message. */
export interface Exact<T> {
  /** @throws PerError PER_VALUE_INVALID with the path of what is wrong */
  readonly encode: (value: T) => Uint8Array;
  /** Strict. @throws PerError PER_INVALID with the path and the bit of the first fault */
  readonly decode: (bytes: Uint8Array) => T;
  /** Goes on behind faults and lists them. @throws PerError PER_INVALID for the fault behind which nothing can be read */
  readonly look: (bytes: Uint8Array) => Decoded;
  /** What a value is of, for whoever shows it. */
  readonly described: { readonly schema: Schema; readonly type: SchemaType };
}

/** What was generated for a type: fast, without paths. */
interface Generated<T> {
  readonly encode: (value: T) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => T;
}

/** Generated functions do the work; when they refuse, the interpreter is asked about the same and says where. */
export function exact<T>(fast: Generated<T>, schema: Schema, name: string): Exact<T> {
  const type = { kind: 'reference', name, recursive: false } as const;
  const decoding = { schema, variant: 'aligned', type } as const;
  return {
    encode: (value) =>
      explained(
        () => fast.encode(value),
        () => encodeValue(schema, 'aligned', { type, value }),
      ),
    decode: (bytes) =>
      explained(
        () => fast.decode(bytes),
        () => decodeValue(bytes, { ...decoding, mode: 'strict' }),
      ),
    look: (bytes) => decodeValue(bytes, { ...decoding, mode: 'lenient' }),
    described: { schema, type },
  };
}

function explained<T>(act: () => T, explain: () => unknown): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof PerError) explain();
    throw error;
  }
}

/** For what is well encoded and still nothing that we know how to read: a format of a later version, a number beyond all use. */
export function unreadable(path: string, message: string): PerError {
  return new PerError('PER_INVALID', { path, bitOffset: 0, message });
}

/** Numbers that the modules leave open; none in use comes near the limit. */
export function plain(value: number | bigint, path: string): number {
  if (typeof value === 'bigint') throw unreadable(path, 'the number is too large');
  return value;
}

/** The one member of a CHOICE. */
export function chosen(choice: object): readonly [name: string, value: unknown] {
  return Object.entries(choice).find(([, value]) => value !== undefined) ?? ['', undefined];
}
