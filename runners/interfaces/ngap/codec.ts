import { make } from './gen/ngap.js';
import { schema } from './gen/ngap-schema.js';
import { type Ies, type NgapShape, PROCEDURES } from './types.ts';
import { Answers } from '../ap/answers.ts';
import { makeProtocol } from '../ap/protocol.ts';
import * as runtime from '../per/runtime.ts';

/** Payload protocol identifier of NGAP, and the port of SCTP on which it is listened for. @see 3GPP TS 38.412 clause 7 */
export const NGAP_PPID = 60;
export const NGAP_PORT = 38_412;

/**
 * UE-associated messages name the UE by the identifier that the AMF gave it, also where that is told by a node that has it from
 * another one; of the others a procedure is open once. @see clause 9.3.3
 */
function keyOf(ies: Readonly<Record<string, unknown>>): string {
  const { 'UE-NGAP-IDs': ids, 'AMF-UE-NGAP-ID': own, 'SourceAMF-UE-NGAP-ID': told } = ies as Partial<Named>;
  const id = own ?? told ?? (ids === undefined ? undefined : amfIdIn(ids));
  return id === undefined ? '' : `u${id}`;
}

type Named = Ies<'UEContextReleaseCommand'> & Ies<'UEContextReleaseComplete'> & Ies<'PathSwitchRequest'>;

function amfIdIn(ids: Ies<'UEContextReleaseCommand'>['UE-NGAP-IDs']): number | undefined {
  if ('uE-NGAP-ID-pair' in ids) return ids['uE-NGAP-ID-pair']['aMF-UE-NGAP-ID'];
  return 'aMF-UE-NGAP-ID' in ids ? ids['aMF-UE-NGAP-ID'] : undefined;
}

/** @see 3GPP TS 38.413: messages clause 9, what is made of wrong ones clause 10 */
export const PROTOCOL = makeProtocol<NgapShape>({
  module: 'NGAP',
  schema,
  procedures: PROCEDURES,
  codecs: make(runtime),
  ppid: NGAP_PPID,
  reference: { elements: ['AMF-UE-NGAP-ID', 'RAN-UE-NGAP-ID'], keyOf },
  ueElements: ['AMF-UE-NGAP-ID', 'RAN-UE-NGAP-ID', 'UE-NGAP-IDs'],
});

export const { rules: RULES, codec: CODEC, comprehend } = PROTOCOL;

/** What is sent because of how a message was made; see `Answers`. @see clause 10 */
export const { outgoing, protocolAnswer, errorIndication, failure } = new Answers(PROTOCOL);

/** Messages out and in; see `ApCodec`, which says what each does. */
export const { encodeMessage, elementsFor, encodeElements, encodePdu, decodePdu } = CODEC;
