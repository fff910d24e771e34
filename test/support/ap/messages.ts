import type { Ies as E1Ies } from '../../../runners/interfaces/e1ap/types.ts';
import { wrapItems } from '../../../runners/interfaces/f1ap/codec.ts';
import type { Ies as F1Ies, AllItems } from '../../../runners/interfaces/f1ap/types.ts';
import type { Ies as NgIes } from '../../../runners/interfaces/ngap/types.ts';
import { systemInformation } from '../../../runners/interfaces/rrc/system-information.ts';
import type { Ies as XnIes } from '../../../runners/interfaces/xnap/types.ts';

/** 001 01 */
const PLMN = Uint8Array.of(0x00, 0xf1, 0x10);
const TAC = Uint8Array.of(0, 0, 7);
const SLICE = { sST: Uint8Array.of(1) };
const GNB_ID = { bits: Uint8Array.of(0, 0, 1, 0), length: 32 };
const CELL = { bits: Uint8Array.of(0, 0, 1, 0, 0x10), length: 36 };
/** Band 78 at 3,500.01 MHz, 20 MHz wide. */
const CARRIER = { arfcn: 633_334, band: 78, scs: 'scs30', blocks: 'nrb51' } as const;
const CELL_NUMBER = 1;

export function anNgSetupRequest(change: Partial<NgIes<'NGSetupRequest'>> = {}): NgIes<'NGSetupRequest'> {
  const slices = { pLMNIdentity: PLMN, tAISliceSupportList: [{ 's-NSSAI': SLICE }] };
  return {
    GlobalRANNodeID: { 'globalGNB-ID': { pLMNIdentity: PLMN, 'gNB-ID': { 'gNB-ID': GNB_ID } } },
    RANNodeName: 'gnb-1',
    SupportedTAList: [{ tAC: TAC, broadcastPLMNList: [slices] }],
    DefaultPagingDRX: 'v128',
    ...change,
  };
}

export function anF1SetupRequest(change: Partial<F1Ies<'F1SetupRequest'>> = {}): F1Ies<'F1SetupRequest'> {
  return {
    TransactionID: 3,
    'gNB-DU-ID': 5,
    'gNB-DU-Name': 'du-1',
    'gNB-DU-Served-Cells-List': wrapItems('GNB-DU-Served-Cells-Item', [aServedCell()]),
    'GNB-DU-RRC-Version': { 'latest-RRC-Version': { bits: Uint8Array.of(0), length: 3 } },
    ...change,
  };
}

function aServedCell(): AllItems['GNB-DU-Served-Cells-Item'] {
  const { arfcn, band, scs, blocks } = CARRIER;
  const { mib, sib1, measurementTiming } = systemInformation({
    ...{ plmn: '00101', tac: 7, cellIdentity: 0x1001n, subcarrierSpacing: 'kHz30', ssbArfcn: arfcn },
  });
  return {
    'served-Cell-Information': {
      nRCGI: { 'pLMN-Identity': PLMN, nRCellIdentity: CELL },
      nRPCI: CELL_NUMBER,
      'fiveGS-TAC': TAC,
      servedPLMNs: [{ 'pLMN-Identity': PLMN }],
      'nR-Mode-Info': {
        tDD: {
          nRFreqInfo: {
            nRARFCN: arfcn,
            freqBandListNr: [{ freqBandIndicatorNr: band, supportedSULBandList: [] }],
          },
          'transmission-Bandwidth': { nRSCS: scs, nRNRB: blocks },
        },
      },
      measurementTimingConfiguration: measurementTiming,
    },
    'gNB-DU-System-Information': { 'mIB-message': mib, 'sIB1-message': sib1 },
  };
}

export function anE1SetupRequest(
  change: Partial<E1Ies<'GNB-CU-UP-E1SetupRequest'>> = {},
): E1Ies<'GNB-CU-UP-E1SetupRequest'> {
  return {
    TransactionID: 4,
    'gNB-CU-UP-ID': 9,
    'gNB-CU-UP-Name': 'cu-up-1',
    CNSupport: 'c-5gc',
    SupportedPLMNs: [{ 'pLMN-Identity': PLMN, 'slice-Support-List': [{ sNSSAI: SLICE }] }],
    ...change,
  };
}

export function anXnSetupRequest(change: Partial<XnIes<'XnSetupRequest'>> = {}): XnIes<'XnSetupRequest'> {
  const plmn = { 'plmn-id': PLMN };
  return {
    'GlobalNG-RAN-node-ID': { gNB: { ...plmn, 'gnb-id': { 'gnb-ID': GNB_ID } } },
    'TAISupport-list': [
      { tac: TAC, broadcastPLMNs: [{ ...plmn, 'tAISliceSupport-List': [{ sst: SLICE.sST }] }] },
    ],
    'AMF-Region-Information': [{ 'plmn-ID': PLMN, 'amf-region-id': { bits: Uint8Array.of(1), length: 8 } }],
    ...change,
  };
}
