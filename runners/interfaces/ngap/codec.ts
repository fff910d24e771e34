import { make } from './gen/ngap.js';
import { schema } from './gen/ngap-schema.js';
import { type AnyMessage, type MessageName, type Messages, type ProcedureName, PROCEDURES } from './types.ts';
import { ApCodec, type DecodedPdu as DecodedAp } from '../ap/codec.ts';
import { type Comprehension, comprehendBy } from '../ap/comprehension.ts';
import { ApRules } from '../ap/rules.ts';

import * as runtime from '../per/runtime.ts';

/** Payload protocol identifier of NGAP, and the port of SCTP on which it is listened for. @see 3GPP TS 38.412 clause 7 */
export const NGAP_PPID = 60;
export const NGAP_PORT = 38_412;

export type DecodedPdu = DecodedAp<AnyMessage>;

/** What the specification says of messages and elements beside their types. */
export const RULES = new ApRules<MessageName, ProcedureName>({
  module: 'NGAP',
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

/** What the specification makes of a message, whatever it means. @see 3GPP TS 38.413 clause 10 */
export function comprehend(decoded: DecodedPdu): Comprehension {
  return comprehendBy(RULES, decoded);
}
