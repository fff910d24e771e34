import { make, type Sets } from './gen/e1ap.js';
import { schema } from './gen/e1ap-schema.js';
import { type AllItems, type E1apShape, PROCEDURES } from './types.ts';
import { Answers } from '../ap/answers.ts';
import { elementSets, itemLists, makeProtocol } from '../ap/protocol.ts';
import { keyByFirst } from '../ap/reference.ts';
import * as runtime from '../per/runtime.ts';

/** Payload protocol identifier of E1AP, and the port of SCTP on which it is listened for. @see 3GPP TS 37.482 clause 7 */
export const E1AP_PPID = 64;
export const E1AP_PORT = 38_462;

/** UE-associated messages name the UE by the identifier that the gNB-CU-CP gave it, the others a transaction. @see clauses 9.3.1.4, 9.3.1.53 */
const keyOf = keyByFirst(
  [
    ['gNB-CU-CP-UE-E1AP-ID', 'u'],
    ['TransactionID', 't'],
  ],
  null,
);

/** @see 3GPP TS 37.483: messages clause 9, what is made of wrong ones clause 10 */
export const PROTOCOL = makeProtocol<E1apShape>({
  module: 'E1AP',
  schema,
  procedures: PROCEDURES,
  codecs: make(runtime),
  ppid: E1AP_PPID,
  reference: { elements: ['TransactionID', 'gNB-CU-CP-UE-E1AP-ID', 'gNB-CU-UP-UE-E1AP-ID'], keyOf },
  ueElements: ['gNB-CU-CP-UE-E1AP-ID', 'gNB-CU-UP-UE-E1AP-ID'],
});

export const { rules: RULES, codec: CODEC, comprehend } = PROTOCOL;

/** What is sent because of how a message was made; see `Answers`. @see clause 10 */
export const { outgoing, protocolAnswer, errorIndication, failure } = new Answers(PROTOCOL);

/** Messages out and in; see `ApCodec`, which says what each does. */
export const { encodeMessage, elementsFor, encodeElements, encodePdu, decodePdu } = CODEC;

/** Lists of elements; see `ItemLists`. */
export const { wrapItems, unwrapItems } = itemLists<AllItems>(RULES);

/** Elements that stand in structures or extend them; see `ElementSets`. */
export const { wrapElements, unwrapElements } = elementSets<Sets, 'E1AP'>(RULES);
