import { make } from './gen/e2ap.js';
import { schema } from './gen/e2ap-schema.js';
import { type AnyMessage, type E2apShape, type Ies, PROCEDURES } from './types.ts';
import type { DecodedPdu as DecodedAp } from '../ap/codec.ts';
import { makeProtocol } from '../ap/protocol.ts';
import * as runtime from '../per/runtime.ts';

export type { Deviation, Envelope } from '../ap/codec.ts';
export type DecodedPdu = DecodedAp<AnyMessage>;

/** Payload protocol identifier of E2AP, on every association. @see O-RAN.WG3.E2GAP; IANA SCTP payload protocol identifiers */
export const E2AP_PPID = 70;

/**
 * By transaction in global procedures, by the request of the application in the others.
 * @see O-RAN.WG3.E2AP clauses 9.2.7 (RIC Request ID), 9.2.33 (Transaction ID)
 */
function keyOf(ies: Partial<Ies<'ErrorIndication'>>): string | null {
  const { TransactionID: transaction, RICrequestID: request } = ies;
  if (transaction !== undefined) return `t${transaction}`;
  return request === undefined ? null : `r${request.ricRequestorID}.${request.ricInstanceID}`;
}

/** @see O-RAN.WG3.E2AP: messages clause 9, what is made of wrong ones clause 10 */
export const PROTOCOL = makeProtocol<E2apShape>({
  module: 'E2AP',
  schema,
  procedures: PROCEDURES,
  codecs: make(runtime),
  ppid: E2AP_PPID,
  reference: { elements: ['TransactionID', 'RICrequestID', 'RANfunctionID'], keyOf },
  ueElements: [],
});

export const PDU_TYPE = PROTOCOL.codec.pduType;

/** Messages out and in; see `ApCodec`, which says what each does. */
export const { encodeMessage, elementsFor, encodeElements, encodePdu, decodePdu, skimPdu } = PROTOCOL.codec;
