import { make } from './gen/xnap.js';
import { schema } from './gen/xnap-schema.js';
import { type AnyMessage, type MessageName, type Messages, type ProcedureName, PROCEDURES } from './types.ts';
import { makeProtocol } from '../ap/protocol.ts';
import * as runtime from '../per/runtime.ts';

/** Payload protocol identifier of XnAP, and the port of SCTP on which it is listened for. @see 3GPP TS 38.422 clause 7 */
export const XNAP_PPID = 61;
export const XNAP_PORT = 38_422;

/** @see 3GPP TS 38.423: messages clause 9, what is made of wrong ones clause 10 */
export const {
  rules: RULES,
  codec: CODEC,
  comprehend,
} = makeProtocol<Messages, AnyMessage, MessageName, ProcedureName>({
  module: 'XnAP',
  schema,
  procedures: PROCEDURES,
  codecs: make(runtime),
});

/** Messages out and in; see `ApCodec`, which says what each does. */
export const { encodeMessage, elementsFor, encodeElements, encodePdu, decodePdu } = CODEC;
