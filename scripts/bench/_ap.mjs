// Messages of NGAP and F1AP: the first on an association, and what gives a UE its context and a session.
import * as f1ap from '../../dist/runners/interfaces/f1ap/codec.js';
import * as ngap from '../../dist/runners/interfaces/ngap/codec.js';

const PLMN = Uint8Array.of(0x00, 0xf1, 0x10);
const TAC = Uint8Array.of(0, 0, 7);
const SLICE = { sST: Uint8Array.of(1), sD: Uint8Array.of(0, 0, 1) };
const bits = (length, ...octets) => ({ bits: Uint8Array.from(octets), length });

/** For each: its octets; the ways of reading and writing it. */
export function apMessages() {
  return {
    NGSetupRequest: waysOf(ngap, 'NGSetupRequest', ngSetupRequest()),
    InitialContextSetupRequest: waysOf(ngap, 'InitialContextSetupRequest', initialContextSetupRequest()),
    F1SetupRequest: waysOf(f1ap, 'F1SetupRequest', f1SetupRequest()),
  };
}

function waysOf({ decodePdu, encodeMessage }, name, ies) {
  const bytes = encodeMessage(name, ies);
  return {
    bytes,
    ways: { message: { decode: () => decodePdu(bytes), encode: () => encodeMessage(name, ies) } },
  };
}

function ngSetupRequest() {
  const plmn = { pLMNIdentity: PLMN, tAISliceSupportList: [{ 's-NSSAI': SLICE }] };
  return {
    GlobalRANNodeID: { 'globalGNB-ID': { pLMNIdentity: PLMN, 'gNB-ID': { 'gNB-ID': bits(32, 0, 0, 1, 0) } } },
    RANNodeName: 'gnb-1',
    SupportedTAList: [{ tAC: TAC, broadcastPLMNList: [plmn] }],
    DefaultPagingDRX: 'v128',
  };
}

function initialContextSetupRequest() {
  const rate = 1_000_000_000;
  return {
    'AMF-UE-NGAP-ID': 7,
    'RAN-UE-NGAP-ID': 9,
    UEAggregateMaximumBitRate: { uEAggregateMaximumBitRateDL: rate, uEAggregateMaximumBitRateUL: rate },
    GUAMI: {
      pLMNIdentity: PLMN,
      aMFRegionID: bits(8, 2),
      aMFSetID: bits(10, 1, 0x40),
      aMFPointer: bits(6, 0),
    },
    PDUSessionResourceSetupListCxtReq: [session()],
    AllowedNSSAI: [{ 's-NSSAI': SLICE }],
    UESecurityCapabilities: {
      nRencryptionAlgorithms: bits(16, 0xe0, 0),
      nRintegrityProtectionAlgorithms: bits(16, 0xe0, 0),
      eUTRAencryptionAlgorithms: bits(16, 0, 0),
      eUTRAintegrityProtectionAlgorithms: bits(16, 0, 0),
    },
    SecurityKey: bits(256, ...new Uint8Array(32).fill(0x5a)),
    'NAS-PDU': new Uint8Array(60).fill(0x7e),
  };
}

function session() {
  const flow = {
    qosFlowIdentifier: 1,
    qosFlowLevelQosParameters: {
      qosCharacteristics: { nonDynamic5QI: { fiveQI: 9 } },
      allocationAndRetentionPriority: {
        priorityLevelARP: 8,
        'pre-emptionCapability': 'shall-not-trigger-pre-emption',
        'pre-emptionVulnerability': 'not-pre-emptable',
      },
    },
  };
  const tunnel = { transportLayerAddress: bits(32, 192, 0, 2, 1), 'gTP-TEID': Uint8Array.of(0, 0, 0, 1) };
  const element = (id, value) => ({ id, criticality: 'reject', value });
  const elements = [element(139, { gTPTunnel: tunnel }), element(134, 'ipv4'), element(136, [flow])];
  return {
    pDUSessionID: 1,
    's-NSSAI': SLICE,
    pDUSessionResourceSetupRequestTransfer: { protocolIEs: elements },
  };
}

function f1SetupRequest() {
  const cell = {
    'served-Cell-Information': {
      nRCGI: { 'pLMN-Identity': PLMN, nRCellIdentity: bits(36, 0, 0, 1, 0, 0x10) },
      nRPCI: 1,
      'fiveGS-TAC': TAC,
      servedPLMNs: [{ 'pLMN-Identity': PLMN }],
      'nR-Mode-Info': {
        tDD: {
          nRFreqInfo: {
            nRARFCN: 633_334,
            freqBandListNr: [{ freqBandIndicatorNr: 78, supportedSULBandList: [] }],
          },
          'transmission-Bandwidth': { nRSCS: 'scs30', nRNRB: 'nrb51' },
        },
      },
      measurementTimingConfiguration: new Uint8Array(12),
    },
    'gNB-DU-System-Information': { 'mIB-message': new Uint8Array(3), 'sIB1-message': new Uint8Array(90) },
  };
  return {
    TransactionID: 0,
    'gNB-DU-ID': 1,
    'gNB-DU-Name': 'du-1',
    'gNB-DU-Served-Cells-List': f1ap.wrapItems('GNB-DU-Served-Cells-Item', [cell]),
    'GNB-DU-RRC-Version': { 'latest-RRC-Version': bits(3, 0) },
  };
}
