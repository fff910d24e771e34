import type { Codec } from '../../../runners/interfaces/per/runtime.ts';
import type { Schema, SchemaType } from '../../../runners/interfaces/per/schema.ts';

/** One type whose octets come from products. */
export interface Subject {
  readonly name: string;
  readonly schema: Schema;
  readonly type: SchemaType;
  readonly codec: Codec;
  /** What the product does with such octets beside decoding; may throw PerError alone. */
  readonly use: (bytes: Uint8Array) => void;
}

interface Codecs {
  /** What the generated `make` gives. */
  readonly codecs: object;
  readonly use: (bytes: Uint8Array) => unknown;
}

/** @param name of a type, with its module */
export function subject(schema: Schema, name: string, { codecs, use }: Codecs): Subject {
  const codec = (codecs as Readonly<Record<string, Codec | undefined>>)[name];
  if (codec === undefined) throw new TypeError(`${name} was not generated`);
  const type = { kind: 'reference', name, recursive: false } as const;
  return {
    ...{ name, schema, type, codec },
    use: (bytes) => {
      use(bytes);
    },
  };
}
