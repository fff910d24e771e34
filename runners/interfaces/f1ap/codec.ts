import { make } from './gen/f1ap.js';
import { schema } from './gen/f1ap-schema.js';
import {
  type AnyMessage,
  type AllItems,
  type MessageName,
  type Messages,
  type ProcedureName,
  PROCEDURES,
} from './types.ts';
import { itemLists, makeProtocol } from '../ap/protocol.ts';
import * as runtime from '../per/runtime.ts';

/** Payload protocol identifier of F1AP, and the port of SCTP on which it is listened for. @see 3GPP TS 38.472 clause 7 */
export const F1AP_PPID = 62;
export const F1AP_PORT = 38_472;

/** @see 3GPP TS 38.473: messages clause 9, what is made of wrong ones clause 10 */
export const {
  rules: RULES,
  codec: CODEC,
  comprehend,
} = makeProtocol<Messages, AnyMessage, MessageName, ProcedureName>({
  module: 'F1AP',
  schema,
  procedures: PROCEDURES,
  codecs: make(runtime),
});

/** Messages out and in; see `ApCodec`, which says what each does. */
export const { encodeMessage, elementsFor, encodeElements, encodePdu, decodePdu } = CODEC;

/** Lists of elements; see `ItemLists`. */
export const { wrapItems, unwrapItems } = itemLists<AllItems>(RULES);
