import { compileModules } from '../../runners/interfaces/per/asn1/compile.ts';
import type { ModuleFile } from '../../runners/interfaces/per/asn1/parse-module.ts';
import { PerError } from '../../runners/interfaces/per/error.ts';
import { decodeValue } from '../../runners/interfaces/per/interpret-decode.ts';
import { encodeValue } from '../../runners/interfaces/per/interpret-encode.ts';
import type { Schema } from '../../runners/interfaces/per/schema.ts';
import { sameValue } from '../../runners/interfaces/per/values.ts';
import type { Variant } from '../../runners/interfaces/per/writer.ts';
import { named } from '../support/everything-asn1.ts';
import { RandomValues } from '../../runners/interfaces/per/mutate/random-values.ts';

/** A type in each of two texts that should be the same on the wire. */
export interface Twins {
  readonly schema: Schema;
  readonly type: string;
  readonly other: readonly ModuleFile[];
  readonly otherType: string;
  readonly variant: Variant;
}

export interface Comparison {
  readonly values: number;
  readonly different: number;
  /** The first few, for people. */
  readonly examples: readonly string[];
}

const EXAMPLES = 5;

/** Random values of either text, read by the other and written again: the octets must be the same, names need not be. */
export function sameOctets(twins: Twins, { values, seed }: { values: number; seed: number }): Comparison {
  const other = { schema: compileModules(twins.other), type: twins.otherType };
  const one = { schema: twins.schema, type: twins.type };
  const examples: string[] = [];
  let different = 0;
  for (let round = 0; round < values; round += 1) {
    const [from, to] = round % 2 === 0 ? [one, other] : [other, one];
    const value = new RandomValues(from.schema, seed + round).value(named(from.type));
    const bytes = encodeValue(from.schema, twins.variant, { type: named(from.type), value });
    const trouble = troubleWith(bytes, to, twins.variant);
    if (trouble === null) continue;
    different += 1;
    if (examples.length < EXAMPLES)
      examples.push(`${to.type}: ${trouble}: ${Buffer.from(bytes).toString('hex')}`);
  }
  return { values, different, examples };
}

function troubleWith(
  bytes: Uint8Array,
  { schema, type }: { readonly schema: Schema; readonly type: string },
  variant: Variant,
): string | null {
  try {
    const { value } = decodeValue(bytes, { schema, variant, type: named(type), mode: 'strict' });
    const again = encodeValue(schema, variant, { type: named(type), value });
    return sameValue(again, bytes) ? null : 'other octets come back';
  } catch (error) {
    if (error instanceof PerError) return error.message;
    throw error;
  }
}
