import type { Scalar } from '../../../src/domain/trace-property.ts';
import { isObject } from '../per/values.ts';
import type { JudgedContent } from './protocol.ts';

/** A message as a codec of application protocols of the RAN gives it. */
export interface DecodedContent {
  readonly message: { readonly name: string; readonly ies: object } | null;
  readonly faults: readonly unknown[];
}

export function contentOf({ message, faults }: DecodedContent): JudgedContent {
  const ies = message?.ies ?? {};
  return { name: message?.name ?? '', isDamaged: faults.length > 0, value: (path) => valueAt(ies, path) };
}

function valueAt(ies: object, path: string): Scalar | undefined {
  if (Object.hasOwn(ies, path)) return scalarOf((ies as Readonly<Record<string, unknown>>)[path]);
  for (const way of path.split('|')) {
    let here: unknown = ies;
    for (const part of way.split('.'))
      here = isObject(here) && Object.hasOwn(here, part) ? here[part] : undefined;
    const value = scalarOf(here);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Identifiers of several numbers, such as RICrequestID, are one text. */
function scalarOf(value: unknown): Scalar | undefined {
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return value.toString();
  if (!isObject(value)) return undefined;
  const parts = Object.values(value).map(scalarOf);
  return parts.length > 0 && parts.every((part) => part !== undefined) ? parts.join('/') : undefined;
}
