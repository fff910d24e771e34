import { make } from './gen/e2ap.js';
import { schema } from './gen/e2ap-schema.js';
import { RULES } from './messages.ts';
import type { AnyMessage, MessageName, Messages, ProcedureName } from './types.ts';
import { ApCodec, type DecodedPdu as DecodedAp } from '../ap/codec.ts';
import * as runtime from '../per/runtime.ts';

export type { Deviation, Envelope } from '../ap/codec.ts';
export type DecodedPdu = DecodedAp<AnyMessage>;

/** Payload protocol identifier of E2AP, on every association. @see O-RAN.WG3.E2GAP; IANA SCTP payload protocol identifiers */
export const E2AP_PPID = 70;

const CODEC = new ApCodec<Messages, AnyMessage, MessageName, ProcedureName>({
  rules: RULES,
  schema,
  codecs: make(runtime),
});

export const PDU_TYPE = CODEC.pduType;

/** Messages out and in; see {@link ApCodec}, which says what each does. */
export const { encodeMessage, elementsFor, encodeElements, encodePdu, decodePdu, skimPdu } = CODEC;
