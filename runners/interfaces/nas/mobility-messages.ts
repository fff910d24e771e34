import { type Definition, half, lv, lvE, SPARE, tlv, tlvE, tv, tv1, v } from './fields.ts';

const SESSION_STATUS = tlv(0x50, 'pduSessionStatus', [2, 32]);
const EAP = tlvE(0x78, 'eapMessage');
const CONTAINER = tlvE(0x71, 'nasMessageContainer');
const BACK_OFF = tlv(0x5f, 'backOffTimer', [1, 1]);
const GUTI = tlvE(0x77, 'guti', [11, 11]);
const CAUSE = v('cause', 1);

/**
 * Messages of 5GS mobility management; elements of later releases that nobody here needs are read as unknown ones.
 *
 * @see TS 24.501 clauses 8.2, 9.7
 */
export const MOBILITY_MESSAGES = {
  RegistrationRequest: {
    type: 0x41,
    mandatory: [half('registrationType'), half('ngKsi'), lvE('mobileIdentity')],
    optional: [
      ...[tv1(0xc0, 'nonCurrentNgKsi'), tlv(0x10, 'mmCapability', [1, 13])],
      ...[tlv(0x2e, 'ueSecurityCapability', [2, 8]), tlv(0x2f, 'requestedNssai', [2, 72])],
      ...[tv(0x52, 'lastVisitedTai', 6), tlv(0x17, 's1UeNetworkCapability', [2, 13])],
      ...[tlv(0x40, 'uplinkDataStatus', [2, 32]), SESSION_STATUS],
      ...[tv1(0xb0, 'micoIndication'), tlv(0x2b, 'ueStatus', [1, 1]), tlvE(0x77, 'additionalGuti', [11, 11])],
      ...[tlv(0x25, 'allowedPduSessionStatus', [2, 32]), tlv(0x18, 'usageSetting', [1, 1])],
      ...[tlv(0x51, 'requestedDrx', [1, 1]), tlvE(0x70, 'epsNasMessageContainer')],
      ...[tlvE(0x74, 'ladnIndication'), tv1(0x80, 'payloadContainerType'), tlvE(0x7b, 'payloadContainer')],
      ...[tv1(0x90, 'networkSlicingIndication'), tlv(0x53, 'updateType', [1, 1]), CONTAINER],
      ...[tlv(0x60, 'epsBearerContextStatus', [2, 2])],
    ],
  },
  RegistrationAccept: {
    type: 0x42,
    mandatory: [lv('registrationResult', [1, 1])],
    optional: [
      ...[GUTI, tlv(0x4a, 'equivalentPlmns', [3, 45]), tlv(0x54, 'taiList', [7, 112])],
      ...[tlv(0x15, 'allowedNssai', [2, 72]), tlv(0x11, 'rejectedNssai', [2, 40])],
      ...[tlv(0x31, 'configuredNssai', [2, 144]), tlv(0x21, 'networkFeatureSupport', [1, 3])],
      ...[SESSION_STATUS, tlv(0x26, 'reactivationResult', [2, 32]), tlvE(0x72, 'reactivationErrors')],
      ...[tlvE(0x79, 'ladnInformation'), tv1(0xb0, 'micoIndication'), tv1(0x90, 'networkSlicingIndication')],
      ...[tlv(0x27, 'serviceAreaList', [4, 112]), tlv(0x5e, 't3512', [1, 1])],
      ...[tlv(0x5d, 'nonThreeGppDeregistrationTimer', [1, 1]), tlv(0x16, 't3502', [1, 1])],
      ...[tlv(0x34, 'emergencyNumbers'), tlvE(0x7a, 'extendedEmergencyNumbers'), tlvE(0x73, 'sorContainer')],
      ...[EAP, tv1(0xa0, 'nssaiInclusionMode'), tlvE(0x76, 'operatorAccessCategories')],
      ...[tlv(0x51, 'negotiatedDrx', [1, 1])],
    ],
  },
  RegistrationComplete: { type: 0x43, mandatory: [], optional: [tlvE(0x73, 'sorContainer')] },
  RegistrationReject: {
    type: 0x44,
    mandatory: [CAUSE],
    optional: [BACK_OFF, tlv(0x16, 't3502', [1, 1]), EAP, tlv(0x69, 'rejectedNssai', [2, 40])],
  },
  /** By the UE. */
  DeregistrationRequest: {
    type: 0x45,
    mandatory: [half('deregistrationType'), half('ngKsi'), lvE('mobileIdentity')],
    optional: [CONTAINER],
  },
  DeregistrationAccept: { type: 0x46, mandatory: [], optional: [] },
  /** By the network. */
  NetworkDeregistrationRequest: {
    type: 0x47,
    mandatory: [half('deregistrationType'), half(SPARE)],
    optional: [tv(0x58, 'cause', 1), BACK_OFF],
  },
  NetworkDeregistrationAccept: { type: 0x48, mandatory: [], optional: [] },
  ServiceRequest: {
    type: 0x4c,
    mandatory: [half('ngKsi'), half('serviceType'), lvE('sTmsi', [7, 7])],
    optional: [
      ...[tlv(0x40, 'uplinkDataStatus', [2, 32]), SESSION_STATUS],
      ...[tlv(0x25, 'allowedPduSessionStatus', [2, 32]), CONTAINER],
    ],
  },
  ServiceReject: { type: 0x4d, mandatory: [CAUSE], optional: [SESSION_STATUS, BACK_OFF, EAP] },
  ServiceAccept: {
    type: 0x4e,
    mandatory: [],
    optional: [
      ...[SESSION_STATUS, tlv(0x26, 'reactivationResult', [2, 32]), tlvE(0x72, 'reactivationErrors'), EAP],
    ],
  },
  ConfigurationUpdateCommand: {
    type: 0x54,
    mandatory: [],
    optional: [
      ...[tv1(0xd0, 'updateIndication'), GUTI, tlv(0x54, 'taiList', [7, 112])],
      ...[tlv(0x15, 'allowedNssai', [2, 72]), tlv(0x27, 'serviceAreaList', [4, 112])],
      ...[tlv(0x43, 'fullNetworkName'), tlv(0x45, 'shortNetworkName'), tv(0x46, 'timeZone', 1)],
      ...[tv(0x47, 'universalTime', 7), tlv(0x49, 'daylightSaving', [1, 1])],
      ...[tlvE(0x79, 'ladnInformation'), tv1(0xb0, 'micoIndication'), tv1(0x90, 'networkSlicingIndication')],
      ...[tlv(0x31, 'configuredNssai', [2, 144]), tlv(0x11, 'rejectedNssai', [2, 40])],
    ],
  },
  ConfigurationUpdateComplete: { type: 0x55, mandatory: [], optional: [] },
  AuthenticationRequest: {
    type: 0x56,
    mandatory: [half('ngKsi'), half(SPARE), lv('abba', [2, 255])],
    optional: [tv(0x21, 'rand', 16), tlv(0x20, 'autn', [16, 16]), EAP],
  },
  AuthenticationResponse: {
    type: 0x57,
    mandatory: [],
    optional: [tlv(0x2d, 'resStar', [16, 16]), EAP],
  },
  AuthenticationReject: { type: 0x58, mandatory: [], optional: [EAP] },
  AuthenticationFailure: { type: 0x59, mandatory: [CAUSE], optional: [tlv(0x30, 'auts', [14, 14])] },
  AuthenticationResult: {
    type: 0x5a,
    mandatory: [half('ngKsi'), half(SPARE), lvE('eapMessage')],
    optional: [tlv(0x38, 'abba', [2, 255])],
  },
  IdentityRequest: { type: 0x5b, mandatory: [half('identityType'), half(SPARE)], optional: [] },
  IdentityResponse: { type: 0x5c, mandatory: [lvE('mobileIdentity')], optional: [] },
  SecurityModeCommand: {
    type: 0x5d,
    mandatory: [v('algorithms', 1), half('ngKsi'), half(SPARE), lv('replayedUeSecurityCapability', [2, 8])],
    optional: [
      ...[tv1(0xe0, 'imeisvRequest'), tv(0x57, 'epsAlgorithms', 1), tlv(0x36, 'additionalSecurity', [1, 1])],
      ...[EAP, tlv(0x38, 'abba', [2, 255]), tlv(0x19, 'replayedS1UeSecurityCapability', [2, 5])],
    ],
  },
  SecurityModeComplete: {
    type: 0x5e,
    mandatory: [],
    optional: [tlvE(0x77, 'imeisv', [9, 9]), CONTAINER, tlvE(0x78, 'nonImeisvPei')],
  },
  SecurityModeReject: { type: 0x5f, mandatory: [CAUSE], optional: [] },
  MobilityStatus: { type: 0x64, mandatory: [CAUSE], optional: [] },
  Notification: { type: 0x65, mandatory: [half('accessType'), half(SPARE)], optional: [] },
  NotificationResponse: { type: 0x66, mandatory: [], optional: [SESSION_STATUS] },
  UplinkNasTransport: {
    type: 0x67,
    mandatory: [half('payloadContainerType'), half(SPARE), lvE('payloadContainer')],
    optional: [
      ...[tv(0x12, 'pduSessionId', 1), tv(0x59, 'oldPduSessionId', 1), tv1(0x80, 'requestType')],
      ...[tlv(0x22, 'sNssai', [1, 8]), tlv(0x25, 'dnn', [1, 100]), tlv(0x24, 'additionalInformation')],
    ],
  },
  DownlinkNasTransport: {
    type: 0x68,
    mandatory: [half('payloadContainerType'), half(SPARE), lvE('payloadContainer')],
    optional: [
      ...[tv(0x12, 'pduSessionId', 1), tlv(0x24, 'additionalInformation'), tv(0x58, 'cause', 1)],
      ...[tlv(0x37, 'sessionBackOffTimer', [1, 1])],
    ],
  },
} as const satisfies Record<string, Definition>;
