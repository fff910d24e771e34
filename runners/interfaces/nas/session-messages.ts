import { type Definition, half, lv, lvE, tlv, tlvE, tv, tv1, v } from './fields.ts';

const PROTOCOL_OPTIONS = tlvE(0x7b, 'protocolConfigurationOptions');
const EAP = tlvE(0x78, 'eapMessage');
const CAUSE = v('cause', 1);
const OPTIONAL_CAUSE = tv(0x59, 'cause', 1);
const BACK_OFF = tlv(0x37, 'backOffTimer', [1, 1]);
const CONGESTION = tlv(0x61, 'reattemptIndicator', [1, 1]);
const MM_CAPABILITY = tlv(0x28, 'smCapability', [1, 13]);
const FILTERS = tv(0x55, 'maximumPacketFilters', 2);
const ALWAYS_ON = tv1(0xb0, 'alwaysOnRequested');
const RULES = tlvE(0x7a, 'qosRules');
const FLOWS = tlvE(0x79, 'qosFlowDescriptions');
const MAPPED = tlvE(0x75, 'mappedEpsBearers');

/**
 * Messages of 5GS session management; elements of later releases that nobody here needs are read as unknown ones.
 *
 * @see TS 24.501 clauses 8.3, 9.7
 */
export const SESSION_MESSAGES = {
  PduSessionEstablishmentRequest: {
    type: 0xc1,
    mandatory: [v('integrityProtectedRate', 2)],
    optional: [
      ...[tv1(0x90, 'pduSessionType'), tv1(0xa0, 'sscMode'), MM_CAPABILITY, FILTERS, ALWAYS_ON],
      ...[tlv(0x39, 'dnRequestContainer'), PROTOCOL_OPTIONS],
    ],
  },
  PduSessionEstablishmentAccept: {
    type: 0xc2,
    mandatory: [half('pduSessionType'), half('sscMode'), lvE('qosRules'), lv('sessionAmbr', [6, 6])],
    optional: [
      ...[OPTIONAL_CAUSE, tlv(0x29, 'pduAddress', [5, 29]), tv(0x56, 'rqTimer', 1)],
      ...[tlv(0x22, 'sNssai', [1, 8]), tv1(0x80, 'alwaysOnIndication'), MAPPED, EAP, FLOWS, PROTOCOL_OPTIONS],
      ...[tlv(0x25, 'dnn', [1, 100])],
    ],
  },
  PduSessionEstablishmentReject: {
    type: 0xc3,
    mandatory: [CAUSE],
    optional: [BACK_OFF, tv1(0xf0, 'allowedSscMode'), EAP, CONGESTION, PROTOCOL_OPTIONS],
  },
  PduSessionAuthenticationCommand: {
    type: 0xc5,
    mandatory: [lvE('eapMessage')],
    optional: [PROTOCOL_OPTIONS],
  },
  PduSessionAuthenticationComplete: {
    type: 0xc6,
    mandatory: [lvE('eapMessage')],
    optional: [PROTOCOL_OPTIONS],
  },
  PduSessionAuthenticationResult: { type: 0xc7, mandatory: [], optional: [EAP, PROTOCOL_OPTIONS] },
  PduSessionModificationRequest: {
    type: 0xc9,
    mandatory: [],
    optional: [
      ...[MM_CAPABILITY, OPTIONAL_CAUSE, FILTERS, ALWAYS_ON, tv(0x13, 'integrityProtectedRate', 2)],
      ...[RULES, FLOWS, MAPPED, PROTOCOL_OPTIONS],
    ],
  },
  PduSessionModificationReject: {
    type: 0xca,
    mandatory: [CAUSE],
    optional: [BACK_OFF, CONGESTION, PROTOCOL_OPTIONS],
  },
  PduSessionModificationCommand: {
    type: 0xcb,
    mandatory: [],
    optional: [
      ...[OPTIONAL_CAUSE, tlv(0x2a, 'sessionAmbr', [6, 6]), tv(0x56, 'rqTimer', 1)],
      ...[tv1(0x80, 'alwaysOnIndication'), RULES, MAPPED, FLOWS, PROTOCOL_OPTIONS],
    ],
  },
  PduSessionModificationComplete: { type: 0xcc, mandatory: [], optional: [PROTOCOL_OPTIONS] },
  PduSessionModificationCommandReject: { type: 0xcd, mandatory: [CAUSE], optional: [PROTOCOL_OPTIONS] },
  PduSessionReleaseRequest: { type: 0xd1, mandatory: [], optional: [OPTIONAL_CAUSE, PROTOCOL_OPTIONS] },
  PduSessionReleaseReject: { type: 0xd2, mandatory: [CAUSE], optional: [PROTOCOL_OPTIONS] },
  PduSessionReleaseCommand: {
    type: 0xd3,
    mandatory: [CAUSE],
    optional: [BACK_OFF, EAP, CONGESTION, PROTOCOL_OPTIONS],
  },
  PduSessionReleaseComplete: { type: 0xd4, mandatory: [], optional: [OPTIONAL_CAUSE, PROTOCOL_OPTIONS] },
  SessionStatus: { type: 0xd6, mandatory: [CAUSE], optional: [] },
} as const satisfies Record<string, Definition>;
