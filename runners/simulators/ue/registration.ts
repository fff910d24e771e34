import {
  concealedSuci,
  decodeIdentity,
  encodeIdentity,
  type MobileIdentity,
  nullSchemeSuci,
} from '../../interfaces/nas/identity.ts';
import type { Ies } from '../../interfaces/nas/types.ts';
import { encodeNssai } from '../../interfaces/nas/values.ts';
import { forget, sessionBits, type UeMemory } from './memory.ts';
import { send, sendInitial, tell } from './sending.ts';
import type { UeAction, UeProfile } from './types.ts';

const NO_KEY = 7;
const FOLLOW_ON = 0x8;
const KINDS = { initial: 1, mobility: 2, periodic: 3 } as const;
export type RegistrationKind = keyof typeof KINDS;

const ACCESS_3GPP = 1;
const SWITCH_OFF = 0x8;
const RE_REGISTRATION_REQUIRED = 0x4;
const ACKNOWLEDGE = 0x1;
const SERVICE = { data: 1, mobileTerminated: 2 } as const;

export const TIMER_MS = { T3510: 15_000, T3517: 15_000, T3521: 15_000 } as const;
const ATTEMPTS = 5;

/** @see TS 24.501 clause 5.5.1.2.2 */
export function register(ue: UeMemory, kind: RegistrationKind): readonly UeAction[] {
  ue.state = 'registering';
  const { slices = [] } = ue.profile;
  const clear = {
    registrationType: FOLLOW_ON | KINDS[kind],
    ngKsi: ue.context?.ksi ?? NO_KEY,
    mobileIdentity: identityOf(ue),
    ueSecurityCapability: ue.capability,
  };
  const status = sessionBits(ue);
  const whole = {
    ...clear,
    mmCapability: Uint8Array.of(0),
    ...(slices.length === 0 ? {} : { requestedNssai: encodeNssai(slices) }),
    ...(kind === 'initial' ? {} : { pduSessionStatus: status }),
  };
  return [
    sendInitial(ue, { name: 'RegistrationRequest', clear, whole, cause: 'mo-Signalling' }),
    { do: 'start', timer: 'T3510', ms: TIMER_MS.T3510 },
  ];
}

/** What it is called by the network; itself, as long as there is no such name. */
function identityOf({ guti, profile }: UeMemory): Uint8Array {
  return encodeIdentity(guti ?? suciOf(profile));
}

/** Concealed anew each time, where its home network has a key for that. */
function suciOf({ plmn, msin, homeKey }: UeProfile): MobileIdentity {
  return homeKey === undefined ? nullSchemeSuci(plmn, msin) : concealedSuci(plmn, msin, homeKey);
}

/** @see TS 24.501 clause 5.5.1.2.4 */
export function registrationAccepted(
  ue: UeMemory,
  { guti, configuredNssai, sorContainer, networkSlicingIndication }: Partial<Ies<'RegistrationAccept'>>,
): readonly UeAction[] {
  // Registered already: that it was told so was not heard.
  if (ue.state !== 'registering' && ue.state !== 'registered') return [];
  const toAcknowledge = [guti, configuredNssai, sorContainer, networkSlicingIndication];
  keepGuti(ue, guti);
  const complete = toAcknowledge.some((each) => each !== undefined)
    ? [send(ue, 'RegistrationComplete', {})]
    : [];
  if (ue.state === 'registered') return complete;
  ue.state = 'registered';
  return [{ do: 'stop', timer: 'T3510' }, ...complete, tell({ fact: 'registered' })];
}

function keepGuti(ue: UeMemory, octets: Uint8Array | undefined): void {
  const identity = octets === undefined ? null : decodeIdentity(octets);
  if (identity?.kind === 'guti') ue.guti = identity;
}

/** Refused: it is not registered, and what the network knew of it is not good any more. @see TS 24.501 clauses 5.5.1.2.5, 5.6.1.5 */
export function refused(
  ue: UeMemory,
  by: 'RegistrationReject' | 'ServiceReject' | 'AuthenticationReject',
  cause: number,
): readonly UeAction[] {
  ue.state = 'deregistered';
  forget(ue);
  return [
    { do: 'stop', timer: 'T3510' },
    { do: 'stop', timer: 'T3517' },
    tell({ fact: 'refused', by, cause }),
  ];
}

/** @see TS 24.501 clause 5.4.4.3 */
export function configurationUpdated(
  ue: UeMemory,
  { guti, updateIndication = 0 }: Partial<Ies<'ConfigurationUpdateCommand'>>,
): readonly UeAction[] {
  keepGuti(ue, guti);
  const complete = updateIndication & ACKNOWLEDGE ? [send(ue, 'ConfigurationUpdateComplete', {})] : [];
  return [...complete, tell({ fact: 'configuration-updated' })];
}

const IDENTITY = { suci: 1, imei: 3, imeisv: 5 } as const;
const IMEI_DIGITS = 14;

/** @see TS 24.501 clause 5.4.3.3 */
export function identify(ue: UeMemory, identityType: number | undefined): readonly UeAction[] {
  const digits = imeisvOf(ue);
  // An IMEI has a check digit where an IMEISV has its version; it is sent as zero. @see TS 23.003 clause 6.2.1
  const imei = `${digits.slice(0, IMEI_DIGITS)}0`;
  const named =
    identityType === IDENTITY.imeisv
      ? ({ kind: 'imeisv', digits } as const)
      : identityType === IDENTITY.imei
        ? ({ kind: 'imei', digits: imei } as const)
        : identityType === IDENTITY.suci
          ? suciOf(ue.profile)
          : (ue.guti ?? ({ kind: 'none' } as const));
  return [send(ue, 'IdentityResponse', { mobileIdentity: encodeIdentity(named) })];
}

export function imeisvOf({ profile: { imeisv = '3569380356438091' } }: UeMemory): string {
  return imeisv;
}

/** Answers a page, or asks for its user plane. @see TS 24.501 clause 5.6.1.2 */
export function requestService(ue: UeMemory, why: keyof typeof SERVICE): readonly UeAction[] {
  const { guti, context } = ue;
  if (guti === null || context === null) return register(ue, 'initial');
  ue.state = 'requesting-service';
  const { amf, tmsi } = guti;
  const clear = {
    ngKsi: context.ksi,
    serviceType: SERVICE[why],
    sTmsi: encodeIdentity({ kind: 'sTmsi', amf, tmsi }),
  };
  const status = sessionBits(ue);
  const whole = { ...clear, uplinkDataStatus: status, pduSessionStatus: status };
  const cause = why === 'data' ? 'mo-Data' : 'mt-Access';
  return [
    sendInitial(ue, { name: 'ServiceRequest', clear, whole, cause }),
    { do: 'start', timer: 'T3517', ms: TIMER_MS.T3517 },
  ];
}

export function serviceAccepted(ue: UeMemory): readonly UeAction[] {
  if (ue.state !== 'requesting-service') return [];
  ue.state = 'registered';
  return [{ do: 'stop', timer: 'T3517' }, tell({ fact: 'service-accepted' })];
}

/** @see TS 24.501 clause 5.5.2.2 */
export function deregister(ue: UeMemory, isSwitchedOff: boolean): readonly UeAction[] {
  ue.state = 'deregistering';
  const ies = {
    deregistrationType: ACCESS_3GPP | (isSwitchedOff ? SWITCH_OFF : 0),
    ngKsi: ue.context?.ksi ?? NO_KEY,
    mobileIdentity: identityOf(ue),
  };
  const request = sendInitial(ue, {
    ...{ name: 'DeregistrationRequest', clear: ies, whole: ies, cause: 'mo-Signalling' },
  });
  if (isSwitchedOff) return [request, ...gone(ue, 'ue', false)];
  return [request, { do: 'start', timer: 'T3521', ms: TIMER_MS.T3521 }];
}

export function deregistrationAccepted(ue: UeMemory): readonly UeAction[] {
  return ue.state === 'deregistering' ? [{ do: 'stop', timer: 'T3521' }, ...gone(ue, 'ue', false)] : [];
}

/** @see TS 24.501 clause 5.5.2.3.2 */
export function deregisteredByNetwork(ue: UeMemory, type: number): readonly UeAction[] {
  const accept = send(ue, 'NetworkDeregistrationAccept', {});
  return [accept, ...gone(ue, 'network', (type & RE_REGISTRATION_REQUIRED) !== 0)];
}

/** The context stays: it protects the next registration. @see TS 24.501 clause 4.4.2.1 */
function gone(ue: UeMemory, by: 'ue' | 'network', comesBack: boolean): readonly UeAction[] {
  ue.state = 'deregistered';
  ue.sessions.clear();
  return [tell({ fact: 'deregistered', by, comesBack })];
}

/** Nobody has answered. @see TS 24.501 clauses 5.5.1.2.7 c, 5.5.2.2.6 c, 5.6.1.7 a */
export function unanswered(ue: UeMemory, timer: keyof typeof TIMER_MS): readonly UeAction[] {
  const waits = { T3510: 'registering', T3517: 'requesting-service', T3521: 'deregistering' } as const;
  if (ue.state !== waits[timer]) return [];
  ue.attempts += 1;
  if (timer === 'T3521' && ue.attempts < ATTEMPTS)
    return [tell({ fact: 'timed-out', timer }), ...deregister(ue, false)];
  ue.attempts = 0;
  if (timer === 'T3521') return [tell({ fact: 'timed-out', timer }), ...gone(ue, 'ue', false)];
  ue.state = timer === 'T3510' ? 'deregistered' : 'registered';
  return [tell({ fact: 'timed-out', timer })];
}
