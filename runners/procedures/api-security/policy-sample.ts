import type { Equipment } from '../../../src/domain/equipment.ts';
import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import { inlined } from './secured-api.ts';

/** A policy that the product has to accept, and one that it has to refuse, both as JSON text. */
export interface PolicySample {
  readonly type: string;
  readonly valid: string;
  readonly invalid?: string;
}

/** The first policy type of the IXIT (`a1.policies`) that has a valid policy; undefined when there is none. */
export function policySample({ ixit }: Equipment): PolicySample | undefined {
  const policies = ixit['a1.policies'];
  if (!isJsonObject(policies)) return undefined;
  for (const [type, bodies] of Object.entries(policies)) {
    if (!isJsonObject(bodies)) continue;
    const valid = textOf(bodies['valid']);
    const invalid = textOf(bodies['invalid']);
    if (valid !== undefined) return { type, valid, ...(invalid === undefined ? {} : { invalid }) };
  }
  return undefined;
}

/** Given by path, as JSON text, or written out in the document. */
function textOf(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return inlined(value) ?? JSON.stringify(value);
}
