import { type ProtocolName, type Said, SPOKEN } from './octets.ts';

/** A message of a dialogue; `a` has opened the association. */
export interface Line {
  readonly by: 'a' | 'b';
  readonly name: string;
  readonly said?: Said;
}

/** What a protocol begins with, what it is mostly spoken for, with numbers of its own each, and how it is reset. */
export interface Speech {
  readonly protocol: ProtocolName;
  readonly opening: readonly Line[];
  readonly dialogue: (n: number) => readonly Line[];
  readonly closing: readonly Line[];
}

/** Octets that cannot be read without keys, as most are in a capture: protected NAS, PDCP, reports of a service model. */
function ciphered(length: number, n: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (Math.imul(n + 1, 2_654_435_761 + at * 40_503) >>> 13) & 255);
}

function nas(n: number, length: number): Uint8Array {
  return Uint8Array.of(0x7e, 0x02, ...ciphered(length, n));
}

const a = (name: string, said: Said = {}): Line => ({ by: 'a', name, said });
const b = (name: string, said: Said = {}): Line => ({ by: 'b', name, said });

function ngapDialogue(n: number): readonly Line[] {
  const [ran, amf] = [n + 1, 2 ** 32 + n];
  const ids = { 'AMF-UE-NGAP-ID': amf, 'RAN-UE-NGAP-ID': ran };
  const pair = { 'uE-NGAP-ID-pair': { 'aMF-UE-NGAP-ID': amf, 'rAN-UE-NGAP-ID': ran } };
  const down = (length: number): Line => b('DownlinkNASTransport', { ...ids, 'NAS-PDU': nas(n, length) });
  const up = (length: number): Line => a('UplinkNASTransport', { ...ids, 'NAS-PDU': nas(n, length) });
  return [
    a('InitialUEMessage', { 'RAN-UE-NGAP-ID': ran, 'NAS-PDU': nas(n, 80) }),
    ...[down(42), up(21), down(20), up(60)],
    b('InitialContextSetupRequest', { ...ids, 'NAS-PDU': nas(n, 90) }),
    a('InitialContextSetupResponse', ids),
    ...[up(12), up(70)],
    b('PDUSessionResourceSetupRequest', { ...ids, 'NAS-PDU': nas(n, 110) }),
    a('PDUSessionResourceSetupResponse', ids),
    ...[up(30), down(40), down(25)],
    a('UEContextReleaseRequest', ids),
    b('UEContextReleaseCommand', { 'UE-NGAP-IDs': pair }),
    a('UEContextReleaseComplete', ids),
  ];
}

function f1apDialogue(n: number): readonly Line[] {
  const [du, cu] = [n + 1, 1_000_000 + n];
  const ids = { 'gNB-CU-UE-F1AP-ID': cu, 'gNB-DU-UE-F1AP-ID': du };
  const rrc = (length: number): Said => ({ ...ids, RRCContainer: ciphered(length, n) });
  const [down, up] = [
    (length: number): Line => b('DLRRCMessageTransfer', rrc(length)),
    (length: number): Line => a('ULRRCMessageTransfer', rrc(length)),
  ];
  return [
    a('InitialULRRCMessageTransfer', { 'gNB-DU-UE-F1AP-ID': du, RRCContainer: ciphered(6, n) }),
    ...[down(140), up(90), down(50), up(30)],
    b('UEContextSetupRequest', { ...ids, RRCContainer: ciphered(20, n) }),
    a('UEContextSetupResponse', ids),
    ...[up(12), down(220), up(12), up(80)],
    b('UEContextModificationRequest', { ...ids, RRCContainer: ciphered(120, n) }),
    a('UEContextModificationResponse', ids),
    ...[down(60), up(60)],
    a('UEContextReleaseRequest', ids),
    b('UEContextReleaseCommand', ids),
    a('UEContextReleaseComplete', ids),
  ];
}

function e1apDialogue(n: number): readonly Line[] {
  const cp = { 'gNB-CU-CP-UE-E1AP-ID': n + 1 };
  const ids = { ...cp, 'gNB-CU-UP-UE-E1AP-ID': 500_000 + n };
  return [
    b('BearerContextSetupRequest', cp),
    a('BearerContextSetupResponse', ids),
    b('BearerContextModificationRequest', ids),
    a('BearerContextModificationResponse', ids),
    a('BearerContextInactivityNotification', ids),
    b('BearerContextModificationRequest', ids),
    a('BearerContextModificationResponse', ids),
    a('BearerContextReleaseRequest', ids),
    b('BearerContextReleaseCommand', ids),
    a('BearerContextReleaseComplete', ids),
  ];
}

function xnapDialogue(n: number): readonly Line[] {
  const source = { 'sourceNG-RANnodeUEXnAPID': n + 1 };
  const ids = { ...source, 'targetNG-RANnodeUEXnAPID': 700_000 + n };
  return [
    a('HandoverRequest', source),
    b('HandoverRequestAcknowledge', ids),
    a('SNStatusTransfer', ids),
    b('UEContextRelease', ids),
  ];
}

function e2apDialogue(n: number): readonly Line[] {
  const request = {
    RICrequestID: { ricRequestorID: 1 + (n % 64), ricInstanceID: Math.floor(n / 64) % 65_536 },
    RANfunctionID: 2,
  };
  const report = (serial: number): Line =>
    a('RICindication', {
      ...{ ...request, RICindicationSN: serial },
      ...{ RICindicationHeader: ciphered(20, n), RICindicationMessage: ciphered(280, n + serial) },
    });
  return [
    b('RICsubscriptionRequest', request),
    a('RICsubscriptionResponse', request),
    ...Array.from({ length: 12 }, (_, serial) => report(serial)),
    b('RICcontrolRequest', { ...request, RICcontrolAckRequest: 'ack' }),
    a('RICcontrolAcknowledge', request),
    ...Array.from({ length: 6 }, (_, serial) => report(12 + serial)),
    b('RICsubscriptionDeleteRequest', request),
    a('RICsubscriptionDeleteResponse', request),
  ];
}

const TRANSACTION = { TransactionID: 1 };

export const SPEECHES: readonly Speech[] = [
  {
    protocol: 'NGAP',
    opening: [a('NGSetupRequest'), b('NGSetupResponse')],
    dialogue: ngapDialogue,
    closing: [a('NGReset'), b('NGResetAcknowledge'), b('NGReset'), a('NGResetAcknowledge')],
  },
  {
    protocol: 'F1AP',
    opening: [a('F1SetupRequest', TRANSACTION), b('F1SetupResponse', TRANSACTION)],
    dialogue: f1apDialogue,
    closing: resets('Reset', 'ResetAcknowledge'),
  },
  {
    protocol: 'E1AP',
    opening: [a('GNB-CU-UP-E1SetupRequest', TRANSACTION), b('GNB-CU-UP-E1SetupResponse', TRANSACTION)],
    dialogue: e1apDialogue,
    closing: resets('Reset', 'ResetAcknowledge'),
  },
  {
    protocol: 'XnAP',
    opening: [a('XnSetupRequest'), b('XnSetupResponse')],
    dialogue: xnapDialogue,
    closing: [a('ResetRequest'), b('ResetResponse'), b('ResetRequest'), a('ResetResponse')],
  },
  {
    protocol: 'E2AP',
    opening: [a('E2setupRequest', TRANSACTION), b('E2setupResponse', TRANSACTION)],
    dialogue: e2apDialogue,
    closing: resets('ResetRequest', 'ResetResponse'),
  },
];

function resets(request: string, answer: string): readonly Line[] {
  return [a(request, TRANSACTION), b(answer, TRANSACTION), b(request, TRANSACTION), a(answer, TRANSACTION)];
}

export function portOf(protocol: ProtocolName): number {
  return SPOKEN[protocol].port;
}
