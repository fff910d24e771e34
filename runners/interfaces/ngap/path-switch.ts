import { bitsOf, plmnOctets } from '../ap/values.ts';
import type { BitString } from '../per/values.ts';
import type { Ies } from './types.ts';

/** What a gNB to which a UE has moved tells the AMF. */
export interface PathSwitch {
  readonly ranUeId: number;
  /** Identifier of the UE at the AMF, as the source has told it. */
  readonly amfUeId: number;
  readonly capabilities: Ies<'PathSwitchRequest'>['UESecurityCapabilities'];
  readonly plmn: string;
  /** 36 bits. */
  readonly cell: number;
  readonly tac: number;
  /** Where user data has to go: an address of 32 bits, and of each session the tunnel and its flows. */
  readonly address: BitString;
  readonly sessions: readonly {
    readonly id: number;
    readonly teid: number;
    readonly qfis: readonly number[];
  }[];
}

/** @see 3GPP TS 38.413 clause 9.2.3.8 */
export function pathSwitchRequest(of: PathSwitch): Ies<'PathSwitchRequest'> {
  const { ranUeId, amfUeId, capabilities, plmn, cell, tac, address, sessions } = of;
  const pLMNIdentity = plmnOctets(plmn);
  return {
    'RAN-UE-NGAP-ID': ranUeId,
    'SourceAMF-UE-NGAP-ID': amfUeId,
    UserLocationInformation: {
      userLocationInformationNR: {
        'nR-CGI': { pLMNIdentity, nRCellIdentity: bitsOf(cell, 36) },
        tAI: { pLMNIdentity, tAC: bitsOf(tac, 24).bits },
      },
    },
    UESecurityCapabilities: capabilities,
    PDUSessionResourceToBeSwitchedDLList: sessions.map(({ id, teid, qfis }) => ({
      pDUSessionID: id,
      pathSwitchRequestTransfer: {
        'dL-NGU-UP-TNLInformation': {
          gTPTunnel: { transportLayerAddress: address, 'gTP-TEID': bitsOf(teid, 32).bits },
        },
        qosFlowAcceptedList: qfis.map((qosFlowIdentifier) => ({ qosFlowIdentifier })),
      },
    })),
  };
}
