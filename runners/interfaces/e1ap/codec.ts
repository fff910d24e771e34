import { make } from './gen/e1ap.js';
import { schema } from './gen/e1ap-schema.js';
import {
  type AnyMessage,
  type Item,
  type ItemName,
  type MessageName,
  type Messages,
  type ProcedureName,
  PROCEDURES,
} from './types.ts';
import { ApCodec, type DecodedPdu as DecodedAp } from '../ap/codec.ts';
import { type Comprehension, comprehendBy } from '../ap/comprehension.ts';
import { ApRules } from '../ap/rules.ts';
import type { Element } from '../ap/types.ts';
import * as runtime from '../per/runtime.ts';

/** Payload protocol identifier of E1AP, and the port of SCTP on which it is listened for. @see 3GPP TS 37.482 clause 7 */
export const E1AP_PPID = 64;
export const E1AP_PORT = 38_462;

export type DecodedPdu = DecodedAp<AnyMessage>;

/** What the specification says of messages and elements beside their types. */
export const RULES = new ApRules<MessageName, ProcedureName>({
  module: 'E1AP',
  schema,
  procedures: PROCEDURES,
});

export const CODEC = new ApCodec<Messages, AnyMessage, MessageName, ProcedureName>({
  rules: RULES,
  schema,
  codecs: make(runtime),
});

/** Messages out and in; see {@link ApCodec}, which says what each does. */
export const { encodeMessage, elementsFor, encodeElements, encodePdu, decodePdu } = CODEC;

/** What the specification makes of a message, whatever it means. @see 3GPP TS 37.483 clause 10 */
export function comprehend(decoded: DecodedPdu): Comprehension {
  return comprehendBy(RULES, decoded);
}

/** Values as elements of a list. */
export function wrapItems<Name extends ItemName>(
  name: Name,
  values: readonly Item<Name>[],
): readonly Element[] {
  return RULES.wrapItems(name, values);
}

/** The values in a list, as far as they are of that name and could be read. */
export function unwrapItems<Name extends ItemName>(
  name: Name,
  elements: readonly Element[] | undefined,
): readonly Item<Name>[] {
  return RULES.unwrapItems(name, elements) as readonly Item<Name>[];
}
