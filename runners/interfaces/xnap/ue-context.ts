import { isIPv4 } from 'node:net';
import { badValue } from '../per/error.ts';
import type { BitString } from '../per/values.ts';
import { bitsOf, plmnOctets } from '../ap/values.ts';
import type { Slice } from '../e2sm/identity.ts';
import { make } from '../ngap/gen/ngap.js';
import * as runtime from '../per/runtime.ts';
import { cgiOf, type NrCell, sliceOctets } from './node.ts';
import type { Ies } from './types.ts';

/** A UE as one node hands it to another. */
export interface XnUe {
  readonly amf: Amf;
  /** Identifier of the UE at its AMF, 40 bits. */
  readonly amfUeId: number;
  readonly capabilities: SecurityCapabilities;
  /** 256 bits. */
  readonly key: Uint8Array;
  /** Next hop chaining counter, 0 to 7. */
  readonly ncc: number;
  readonly sessions: readonly PduSession[];
  /** HandoverPreparationInformation of RRC. */
  readonly rrc: Uint8Array;
}

export interface Amf {
  readonly plmn: string;
  /** 8, 10 and 6 bits. */
  readonly region: number;
  readonly set: number;
  readonly pointer: number;
  /** IPv4 address. */
  readonly address: string;
}

/** Algorithms that a UE has, 16 bits each: the first bit is the first algorithm behind the one that does nothing. */
export interface SecurityCapabilities {
  readonly nrEncryption: number;
  readonly nrIntegrity: number;
  readonly eutraEncryption: number;
  readonly eutraIntegrity: number;
}

export interface PduSession {
  readonly id: number;
  readonly slice: Slice;
  readonly upf: Tunnel;
  readonly qfi: number;
  readonly fiveQi: number;
}

export interface Tunnel {
  /** IPv4 address. */
  readonly address: string;
  readonly teid: number;
}

type ContextInfo = Ies<'HandoverRequest'>['UEContextInfoHORequest'];
type Retrieved = Ies<'RetrieveUEContextResponse'>['UEContextInfoRetrUECtxtResp'];
export type Guami = Ies<'HandoverRequest'>['GUAMI'];

const AMBR = 1_000_000_000;
const NGAP = make(runtime);

export interface HandoverOf {
  readonly ue: XnUe;
  /** Identifier of the UE at the source. */
  readonly sourceId: number;
  readonly from: NrCell;
  readonly to: Pick<NrCell, 'plmn' | 'id'>;
}

/** @see 3GPP TS 38.423 clause 9.1.1.1 */
export function handoverRequest({ ue, sourceId, from, to }: HandoverOf): Ies<'HandoverRequest'> {
  return {
    'sourceNG-RANnodeUEXnAPID': sourceId,
    Cause: { radioNetwork: 'handover-desirable-for-radio-reasons' },
    targetCellGlobalID: { nr: cgiOf(to) },
    GUAMI: guamiOf(ue.amf),
    UEContextInfoHORequest: contextInfo(ue),
    UEHistoryInformation: [{ 'nG-RAN-Cell': visited(from) }],
  };
}

export function guamiOf({ plmn, region, set, pointer }: Amf): Guami {
  return {
    'plmn-ID': plmnOctets(plmn),
    'amf-region-id': bitsOf(region, 8),
    'amf-set-id': bitsOf(set, 10),
    'amf-pointer': bitsOf(pointer, 6),
  };
}

function contextInfo(ue: XnUe): ContextInfo {
  return {
    'ng-c-UE-reference': ue.amfUeId,
    'cp-TNL-info-source': { endpointIPAddress: addressBits(ue.amf.address) },
    ueSecurityCapabilities: capabilitiesOf(ue.capabilities),
    securityInformation: { 'key-NG-RAN-Star': { bits: ue.key, length: 256 }, ncc: ue.ncc },
    'ue-AMBR': { 'dl-UE-AMBR': AMBR, 'ul-UE-AMBR': AMBR },
    'pduSessionResourcesToBeSetup-List': ue.sessions.map(sessionToSetUp),
    'rrc-Context': ue.rrc,
  };
}

/** The same of a UE whose context is retrieved. @see clause 9.2.1.13 */
export function retrievedContext(ue: XnUe): Retrieved {
  const {
    'ng-c-UE-reference': reference,
    'cp-TNL-info-source': address,
    ueSecurityCapabilities,
    securityInformation,
    'ue-AMBR': ambr,
    'pduSessionResourcesToBeSetup-List': sessions,
    'rrc-Context': rrc,
  } = contextInfo(ue);
  return {
    'ng-c-UE-signalling-ref': reference,
    'signalling-TNL-at-source': address,
    ...{ ueSecurityCapabilities, securityInformation, 'ue-AMBR': ambr },
    ...{ 'pduSessionResourcesToBeSetup-List': sessions, 'rrc-Context': rrc },
  };
}

function capabilitiesOf(has: SecurityCapabilities): ContextInfo['ueSecurityCapabilities'] {
  return {
    'nr-EncyptionAlgorithms': bitsOf(has.nrEncryption, 16),
    'nr-IntegrityProtectionAlgorithms': bitsOf(has.nrIntegrity, 16),
    'e-utra-EncyptionAlgorithms': bitsOf(has.eutraEncryption, 16),
    'e-utra-IntegrityProtectionAlgorithms': bitsOf(has.eutraIntegrity, 16),
  };
}

type SessionToSetUp = ContextInfo['pduSessionResourcesToBeSetup-List'][number];

function sessionToSetUp({ id, slice, upf, qfi, fiveQi }: PduSession): SessionToSetUp {
  return {
    pduSessionId: id,
    's-NSSAI': sliceOctets(slice),
    'uL-NG-U-TNLatUPF': {
      gtpTunnel: { 'tnl-address': addressBits(upf.address), 'gtp-teid': bitsOf(upf.teid, 32).bits },
    },
    pduSessionType: 'ipv4',
    'qosFlowsToBeSetup-List': [
      {
        qfi,
        qosFlowLevelQoSParameters: {
          'qos-characteristics': { 'non-dynamic': { fiveQI: fiveQi } },
          allocationAndRetentionPrio: {
            priorityLevel: 8,
            'pre-emption-capability': 'shall-not-trigger-preemption',
            'pre-emption-vulnerability': 'not-preemptable',
          },
        },
      },
    ],
  };
}

/** What a node says of the cell that a UE comes from; written as NGAP has it. @see 3GPP TS 38.413 clause 9.3.1.97 */
function visited(cell: NrCell): Uint8Array {
  const { 'plmn-id': pLMNIdentity, 'nr-CI': nRCellIdentity } = cgiOf(cell);
  return NGAP['NGAP.LastVisitedNGRANCellInformation'].encode({
    globalCellID: { 'nR-CGI': { pLMNIdentity, nRCellIdentity } },
    cellType: { cellSize: 'medium' },
    timeUEStayedInCell: 60,
  });
}

/** @throws PerError PER_VALUE_INVALID for anything but an IPv4 address */
export function addressBits(address: string): BitString {
  if (!isIPv4(address)) throw badValue('an IPv4 address was expected');
  return { bits: Uint8Array.from(address.split('.'), Number), length: 32 };
}
