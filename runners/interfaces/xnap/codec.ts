import { make } from './gen/xnap.js';
import { schema } from './gen/xnap-schema.js';
import { type XnapShape, PROCEDURES } from './types.ts';
import { Answers } from '../ap/answers.ts';
import { makeProtocol } from '../ap/protocol.ts';
import { keyByFirst } from '../ap/reference.ts';
import * as runtime from '../per/runtime.ts';

/** Payload protocol identifier of XnAP, and the port of SCTP on which it is listened for. @see 3GPP TS 38.422 clause 7 */
export const XNAP_PPID = 61;
export const XNAP_PORT = 38_422;

/** UE-associated messages name the UE by the identifier of the node that asks; of the others a procedure is open once. @see clause 9.2.3.16 */
const keyOf = keyByFirst(
  [
    ['sourceNG-RANnodeUEXnAPID', 'u'],
    ['newNG-RANnodeUEXnAPID', 'u'],
    ['oldNG-RANnodeUEXnAPID', 'u'],
  ],
  '',
);

/** An ERROR INDICATION has names for the two ends of a UE that fit retrieval of a context. @see clause 9.1.3.8 */
function inErrorIndication(ies: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return {
    'oldNG-RANnodeUEXnAPID': ies['oldNG-RANnodeUEXnAPID'] ?? ies['sourceNG-RANnodeUEXnAPID'],
    'newNG-RANnodeUEXnAPID': ies['newNG-RANnodeUEXnAPID'] ?? ies['targetNG-RANnodeUEXnAPID'],
  };
}

const UE_IDS = [
  'sourceNG-RANnodeUEXnAPID',
  'targetNG-RANnodeUEXnAPID',
  'oldNG-RANnodeUEXnAPID',
  'newNG-RANnodeUEXnAPID',
];

/** @see 3GPP TS 38.423: messages clause 9, what is made of wrong ones clause 10 */
export const PROTOCOL = makeProtocol<XnapShape>({
  module: 'XnAP',
  schema,
  procedures: PROCEDURES,
  codecs: make(runtime),
  ppid: XNAP_PPID,
  reference: { elements: UE_IDS, keyOf, inErrorIndication },
  ueElements: UE_IDS,
});

export const { rules: RULES, codec: CODEC, comprehend } = PROTOCOL;

/** What is sent because of how a message was made; see `Answers`. @see clause 10 */
export const { outgoing, protocolAnswer, errorIndication, failure } = new Answers(PROTOCOL);

/** Messages out and in; see `ApCodec`, which says what each does. */
export const { encodeMessage, elementsFor, encodeElements, encodePdu, decodePdu } = CODEC;
