import { decodePdu } from '../../runners/interfaces/e2/codec.ts';
import { KINDS, type Kind, type MessageName, type ProcedureName } from '../../runners/interfaces/e2/types.ts';
import { isObject } from '../../runners/interfaces/per/values.ts';

/** A message of ours, and what a dissector has to find in it beside E2AP. */
export interface Saying {
  readonly by: 'node' | 'ric';
  readonly bytes: Uint8Array;
  /** Parts of service models, by their names in the standard, as `E2SM-KPM-IndicationHeader`. */
  readonly parts?: readonly string[];
  /** Where a dissector is to find something else than our own decoder does. */
  readonly expected?: Expected;
}

/** What is known of a message from our own decoder alone. */
export interface Expected {
  /** `null` where it is not to be recognised. */
  readonly name: MessageName | null;
  readonly procedure: ProcedureName;
  /** As the index of the alternative. */
  readonly kind: number;
  /** Identifiers of all elements, also those in lists, in the order in which they stand. */
  readonly ids: readonly number[];
}

/** @throws Error for octets that are no message of E2AP, which nobody has to read */
export function expectedOf(bytes: Uint8Array): Expected {
  const { message, pdu, faults } = decodePdu(bytes);
  if (message === null || faults.length > 0)
    throw new Error(`${Buffer.from(bytes).toString('hex')} is wrong`);
  const kind = KINDS.indexOf(message.kind satisfies Kind);
  return { name: message.name, procedure: message.procedure, kind, ids: idsIn(pdu) };
}

function idsIn(value: unknown): readonly number[] {
  if (Array.isArray(value)) return value.flatMap(idsIn);
  if (!isObject(value)) return [];
  const isElement = 'id' in value && 'criticality' in value && 'value' in value;
  return [...(isElement ? [Number(value['id'])] : []), ...Object.values(value).flatMap(idsIn)];
}
