import { encodeMobility, encodeSession } from '../../../runners/interfaces/nas/codec.ts';
import { encodeIdentity, nullSchemeSuci } from '../../../runners/interfaces/nas/identity.ts';
import {
  encodeAlgorithms,
  encodeNssai,
  encodePduAddress,
  encodeSecurityCapability,
  encodeSNssai,
} from '../../../runners/interfaces/nas/values.ts';

const PLMN = '00101';
const SLICE = { sst: 1, sd: 0x010203 };
const CAPABILITY = encodeSecurityCapability({ ciphering: [0, 1, 2, 3], integrity: [1, 2, 3] });
const SESSION = { pduSessionId: 5, transaction: 1 };
const AMF = { region: 2, set: 1, pointer: 0 };
/** One rule for everything: create, default, precedence 255, flow 1, a filter that lets all pass. @see TS 24.501 clause 9.11.4.13 */
const RULES = Uint8Array.of(1, 0, 6, 0x31, 0x31, 1, 1, 255, 1);
/** 100 Mbit/s each way. */
const AMBR = Uint8Array.of(0x06, 0, 100, 0x06, 0, 100);
/** Tracking area 7, alone in its list. */
const AREAS = Uint8Array.of(0x00, 0x00, 0xf1, 0x10, 0, 0, 7);

/** What a UE and its network say from the registration to the end, each message in plain octets. */
export function registrationMessages(): readonly (readonly [by: 'ue' | 'network', bytes: Uint8Array])[] {
  const guti = encodeIdentity({ kind: 'guti', plmn: PLMN, amf: AMF, tmsi: Uint8Array.of(1, 2, 3, 4) });
  const container = (bytes: Uint8Array) => ({ payloadContainerType: 1, payloadContainer: bytes });
  const sessionId = { pduSessionId: Uint8Array.of(SESSION.pduSessionId) };
  const request = encodeSession('PduSessionEstablishmentRequest', SESSION, {
    ...{ integrityProtectedRate: Uint8Array.of(0xff, 0xff), pduSessionType: 1, sscMode: 1 },
  });
  const accept = encodeSession('PduSessionEstablishmentAccept', SESSION, {
    ...{ pduSessionType: 1, sscMode: 1, qosRules: RULES, sessionAmbr: AMBR },
    ...{ pduAddress: encodePduAddress('198.51.100.7'), sNssai: encodeSNssai(SLICE), dnn: dnnOf('internet') },
  });
  return [
    ['ue', registrationRequest()],
    [
      'network',
      encodeMobility('AuthenticationRequest', {
        ...{ ngKsi: 0, abba: new Uint8Array(2) },
        ...{ rand: new Uint8Array(16).fill(1), autn: new Uint8Array(16).fill(2) },
      }),
    ],
    ['ue', encodeMobility('AuthenticationResponse', { resStar: new Uint8Array(16).fill(3) })],
    [
      'network',
      encodeMobility('SecurityModeCommand', {
        ...{ algorithms: encodeAlgorithms({ ciphering: 2, integrity: 2 }), ngKsi: 0 },
        ...{ replayedUeSecurityCapability: CAPABILITY, imeisvRequest: 1 },
      }),
    ],
    [
      'ue',
      encodeMobility('SecurityModeComplete', {
        ...{ imeisv: encodeIdentity({ kind: 'imeisv', digits: '3569380356438091' }) },
        ...{ nasMessageContainer: registrationRequest() },
      }),
    ],
    [
      'network',
      encodeMobility('RegistrationAccept', {
        ...{ registrationResult: Uint8Array.of(1), guti, taiList: AREAS },
        ...{ allowedNssai: encodeNssai([SLICE]), t3512: Uint8Array.of(0x21) },
      }),
    ],
    ['ue', encodeMobility('RegistrationComplete', {})],
    [
      'ue',
      encodeMobility('UplinkNasTransport', {
        ...container(request),
        ...sessionId,
        ...{ requestType: 1, sNssai: encodeSNssai(SLICE), dnn: dnnOf('internet') },
      }),
    ],
    ['network', encodeMobility('DownlinkNasTransport', { ...container(accept), ...sessionId })],
    [
      'ue',
      encodeMobility('DeregistrationRequest', { deregistrationType: 9, ngKsi: 0, mobileIdentity: guti }),
    ],
  ];
}

function registrationRequest(): Uint8Array {
  return encodeMobility('RegistrationRequest', {
    ...{ registrationType: 9, ngKsi: 7, mobileIdentity: encodeIdentity(nullSchemeSuci(PLMN, '0000000001')) },
    ...{ ueSecurityCapability: CAPABILITY, requestedNssai: encodeNssai([SLICE]) },
  });
}

/** One label with its length. */
function dnnOf(name: string): Uint8Array {
  const label = new TextEncoder().encode(name);
  return Uint8Array.of(label.length, ...label);
}
