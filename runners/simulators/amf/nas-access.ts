import { sqnInAuts, vectorOf } from '../../interfaces/aka/home.ts';
import { kamfOf, kausfOf, kseafOf, resStarOf, servingNetworkName } from '../../interfaces/aka/keys.ts';
import { functionsOf } from '../../interfaces/aka/subscriber-keys.ts';
import { MM_CAUSE } from '../../interfaces/nas/causes.ts';
import { decodeNas, encodeMobility } from '../../interfaces/nas/codec.ts';
import { NasContext } from '../../interfaces/nas/context.ts';
import { decodeIdentity, encodePlmn, imsiOf } from '../../interfaces/nas/identity.ts';
import type { Ies } from '../../interfaces/nas/types.ts';
import {
  decodeNssai,
  decodeSecurityCapability,
  encodeAlgorithms,
  encodeNssai,
  type SNssai,
} from '../../interfaces/nas/values.ts';
import type { Algorithm } from '../../interfaces/nas-security/types.ts';
import { cameAs, renamed } from './nas-naming.ts';
import { secure, send, tell } from './nas-sending.ts';
import type { Network, NetworkAction, NetworkUe } from './nas-types.ts';
import { abandon, answered, ask, waitFor } from './nas-waiting.ts';

const SUCI = 1;
const INITIAL = 1;
const KIND_BITS = 0x7;
const IMEISV_REQUESTED = 1;
const RETRANSMISSION_REQUESTED = 0x2;
const ABBA = new Uint8Array(2);
const MAX_CHALLENGES = 3;
const KEY_SETS = 7;
/** Sequence numbers come in steps that leave room for an index. @see TS 33.102 clause C.1.2 */
const SQN_STEP = 32n;
const ACCESS_3GPP = 1;
/** Of a UE that does not say what it has. */
const NO_CAPABILITY = Uint8Array.of(0, 0);
/** An hour: six times ten minutes. @see TS 24.008 clause 10.5.7.4a */
const T3512 = Uint8Array.of(0x06);

/** @param isAuthentic whether it came under the security that both ends have */
export function registrationAsked(
  ue: NetworkUe,
  { registrationType = INITIAL, mobileIdentity, ...asked }: Partial<Ies<'RegistrationRequest'>>,
  isAuthentic: boolean,
): readonly NetworkAction[] {
  const { ueSecurityCapability, requestedNssai } = asked;
  abandon(ue);
  if ((registrationType & KIND_BITS) === INITIAL) forgetSessions(ue);
  ue.challenges = 0;
  ue.capability = ueSecurityCapability ?? ue.capability;
  ue.requestedSlices = requestedNssai === undefined ? [] : (decodeNssai(requestedNssai) ?? []);
  if (isAuthentic && ue.subscriber !== null) {
    ue.isSecured = true;
    cameAs(ue, mobileIdentity);
    return accept(ue);
  }
  ue.isSecured = false;
  return identified(ue, mobileIdentity);
}

/** Whom an identity names; who cannot be told is asked. */
export function identified(ue: NetworkUe, octets: Uint8Array | undefined): readonly NetworkAction[] {
  answered(ue, 'T3570');
  const identity = octets === undefined ? null : decodeIdentity(octets);
  if (identity === null || identity.kind !== 'suci') {
    if (ue.state === 'identifying') return refuse(ue, MM_CAUSE.identityUnknown);
    ue.state = 'identifying';
    const again = (): readonly NetworkAction[] => [send(ue, 'IdentityRequest', { identityType: SUCI })];
    return ask(ue, 'T3570', { again, giveUp: () => hangUp(ue) });
  }
  const imsi = imsiOf(identity, ue.network.homeKeys);
  ue.subscriber = (imsi === null ? undefined : ue.network.subscribers.get(imsi)) ?? null;
  if (ue.subscriber === null) return refuse(ue, MM_CAUSE.servicesNotAllowed);
  return ue.network.behaviour.authenticates ? challenge(ue) : accept(ue);
}

/** @see TS 24.501 clause 5.4.1.3.2 */
function challenge(ue: NetworkUe): readonly NetworkAction[] {
  const { network, subscriber } = ue;
  if (subscriber === null) return refuse(ue, MM_CAUSE.identityUnknown);
  if (ue.challenges >= MAX_CHALLENGES) return reject(ue);
  ue.challenges += 1;
  ue.state = 'authenticating';
  ue.ksi = (ue.ksi + 1) % KEY_SETS;
  subscriber.sqn += SQN_STEP;
  const { keys, sqn, amf, imsi } = subscriber;
  const vector = vectorOf(functionsOf(keys), { rand: network.newRand(), sqn, amf });
  const home = { ...vector, servingNetwork: servingNetworkName(network.plmn) };
  const kseaf = kseafOf(kausfOf(home, vector.concealedSqn), home.servingNetwork);
  ue.kamf = kamfOf(kseaf, imsi, ABBA);
  ue.challenge = { vector, xresStar: resStarOf(home, vector) };
  const { rand, autn } = vector;
  const ies = { ngKsi: ue.ksi, abba: ABBA, rand, autn };
  const again = (): readonly NetworkAction[] => [send(ue, 'AuthenticationRequest', ies)];
  return ask(ue, 'T3560', { again, giveUp: () => hangUp(ue) });
}

/** It does not answer: nothing comes of its registration. @see TS 24.501 clauses 5.4.1.3.7 b, 5.4.3.6 b */
function hangUp(ue: NetworkUe): readonly NetworkAction[] {
  ue.state = 'idle';
  return [{ do: 'release', why: 'unanswered' }];
}

/** @see TS 24.501 clauses 5.4.1.3.4, 5.4.1.3.5 */
export function responded(
  ue: NetworkUe,
  { resStar }: Partial<Ies<'AuthenticationResponse'>>,
): readonly NetworkAction[] {
  const { challenge: asked, network } = ue;
  if (ue.state !== 'authenticating' || asked === null) return [];
  answered(ue, 'T3560');
  const isRight = resStar !== undefined && asked.xresStar.every((octet, at) => octet === resStar[at]);
  if (!isRight && network.behaviour.checksResponse) return reject(ue);
  return [tell({ fact: 'authenticated' }), ...secureMode(ue)];
}

function reject(ue: NetworkUe): readonly NetworkAction[] {
  ue.state = 'idle';
  const message = send(ue, 'AuthenticationReject', {});
  return [
    message,
    tell({ fact: 'refused', cause: MM_CAUSE.illegalUe }),
    { do: 'release', why: 'authentication-failed' },
  ];
}

/** @see TS 24.501 clause 5.4.1.3.7 */
export function challengeFailed(
  ue: NetworkUe,
  { cause, auts }: Partial<Ies<'AuthenticationFailure'>>,
): readonly NetworkAction[] {
  const { subscriber, challenge: asked, network } = ue;
  if (ue.state !== 'authenticating' || subscriber === null || asked === null) return [];
  answered(ue, 'T3560');
  const why = cause?.[0];
  if (why === MM_CAUSE.ksiInUse) return challenge(ue);
  if (why !== MM_CAUSE.synchronisationFailure || auts === undefined || !network.behaviour.resynchronises)
    return reject(ue);
  const sqn = sqnInAuts(functionsOf(subscriber.keys), { rand: asked.vector.rand, auts });
  if (sqn === null) return reject(ue);
  subscriber.sqn = sqn;
  return [tell({ fact: 'resynchronised' }), ...challenge(ue)];
}

/** @see TS 24.501 clause 5.4.2.2 */
function secureMode(ue: NetworkUe): readonly NetworkAction[] {
  const { network, kamf, ksi } = ue;
  const chosen = choose(ue);
  if (chosen === null || kamf === null) return refuse(ue, MM_CAUSE.capabilitiesMismatch);
  ue.state = 'securing';
  const secured = new NasContext({ kamf, ksi, ...chosen, sends: 'downlink' });
  ue.context = secured;
  const plain = encodeMobility('SecurityModeCommand', {
    algorithms: encodeAlgorithms({ ciphering: chosen.ciphering, integrity: chosen.integrityProtection }),
    ngKsi: ksi,
    replayedUeSecurityCapability: network.behaviour.replayed(ue.capability),
    imeisvRequest: IMEISV_REQUESTED,
    ...(ue.wantsRepetition ? { additionalSecurity: Uint8Array.of(RETRANSMISSION_REQUESTED) } : {}),
  });
  const again = (): readonly NetworkAction[] => [
    { do: 'send', message: 'SecurityModeCommand', nas: secured.protect(plain, 'newContextIntegrity') },
  ];
  return ask(ue, 'T3560', { again, giveUp: () => modeUnanswered(ue) });
}

/** The context was not taken into use. @see TS 24.501 clause 5.4.2.7 b */
function modeUnanswered(ue: NetworkUe): readonly NetworkAction[] {
  ue.context = null;
  return hangUp(ue);
}

function choose({
  network,
  capability,
}: NetworkUe): { readonly ciphering: Algorithm; readonly integrityProtection: Algorithm } | null {
  const can = decodeSecurityCapability(capability) ?? { ciphering: [], integrity: [] };
  const ciphering = network.ciphering.find((each) => can.ciphering.includes(each));
  const wanted: readonly Algorithm[] = network.behaviour.acceptsNullIntegrity
    ? [...network.integrity, 0]
    : network.integrity.filter((each) => each !== 0);
  const integrityProtection = wanted.find((each) => can.integrity.includes(each));
  return ciphering === undefined || integrityProtection === undefined
    ? null
    : { ciphering, integrityProtection };
}

/** @param count COUNT of the message */
export function modeCompleted(
  ue: NetworkUe,
  { nasMessageContainer }: Partial<Ies<'SecurityModeComplete'>>,
  count: number,
): readonly NetworkAction[] {
  const { context } = ue;
  if (ue.state !== 'securing' || context === null) return [];
  answered(ue, 'T3560');
  ue.isSecured = true;
  ue.kgnbCount = count;
  const whole = nasMessageContainer === undefined ? null : decodeNas(nasMessageContainer).message;
  if (whole?.name === 'RegistrationRequest' && whole.ies.requestedNssai !== undefined)
    ue.requestedSlices = decodeNssai(whole.ies.requestedNssai) ?? [];
  const { ciphering, integrityProtection: integrity } = context.parts;
  return [tell({ fact: 'secured', ciphering, integrity }), ...accept(ue)];
}

/** The UE does not like what it was commanded. */
export function modeRejected(ue: NetworkUe, cause: number): readonly NetworkAction[] {
  ue.state = 'idle';
  ue.context = null;
  answered(ue, 'T3560');
  return [tell({ fact: 'ue-refused', cause }), { do: 'release', why: 'normal' }];
}

/** @see TS 24.501 clause 5.5.1.2.4 */
function accept(ue: NetworkUe): readonly NetworkAction[] {
  const { network, subscriber, context } = ue;
  const slices = allowedSlices(ue);
  if (slices.length === 0) return refuse(ue, MM_CAUSE.noSlice);
  ue.state = 'accepting';
  const plain = encodeMobility('RegistrationAccept', {
    registrationResult: Uint8Array.of(ACCESS_3GPP),
    guti: renamed(ue),
    taiList: taiList(network),
    allowedNssai: encodeNssai(slices),
    t3512: T3512,
  });
  const again = (): NetworkAction => ({ do: 'send', message: 'RegistrationAccept', nas: secure(ue, plain) });
  waitFor(ue, 'T3550', { again: () => [again()], giveUp: () => unconfirmed(ue) });
  // Only a network that does not authenticate has none.
  if (context === null || subscriber === null) return [again()];
  const nas = secure(ue, plain);
  return [{ do: 'set-up-context', nas, kgnb: context.kgnb(ue.kgnbCount), sessions: [] }];
}

/** It is registered all the same, under either name. @see TS 24.501 clause 5.5.1.2.8 c */
function unconfirmed(ue: NetworkUe): readonly NetworkAction[] {
  ue.state = 'registered';
  return [];
}

/** Nothing of them is waited for any more. */
export function forgetSessions(ue: NetworkUe): void {
  for (const id of ue.sessions.keys()) answered(ue, `T3592 ${id}`);
  ue.sessions.clear();
}

/** What was asked for and may be had; all that may be had, where nothing was asked for. */
function allowedSlices({ subscriber, requestedSlices }: NetworkUe): readonly SNssai[] {
  const subscribed = subscriber?.slices ?? [];
  if (requestedSlices.length === 0) return subscribed;
  return subscribed.filter((slice) => requestedSlices.some((each) => isSame(slice, each)));
}

export function isSame(one: SNssai, other: SNssai): boolean {
  return one.sst === other.sst && one.sd === other.sd;
}

/** One list of tracking areas of one PLMN, one after the other. @see TS 24.501 clause 9.11.3.9 */
function taiList({ plmn, tacs }: Network): Uint8Array {
  const octets = tacs.flatMap((tac) => [(tac >> 16) & 0xff, (tac >> 8) & 0xff, tac & 0xff]);
  return Uint8Array.of(tacs.length - 1, ...encodePlmn(plmn), ...octets);
}

/** @see TS 24.501 clause 5.5.1.2.5 */
function refuse(ue: NetworkUe, cause: number): readonly NetworkAction[] {
  ue.state = 'idle';
  const message = send(ue, 'RegistrationReject', { cause: Uint8Array.of(cause) });
  return [message, tell({ fact: 'refused', cause }), { do: 'release', why: 'normal' }];
}

export function newNetworkUe(network: Network): NetworkUe {
  return {
    ...{ network, state: 'idle', subscriber: null, capability: NO_CAPABILITY, requestedSlices: [] },
    ...{ isSecured: false, context: null, ksi: KEY_SETS - 1, challenge: null, challenges: 0, kamf: null },
    ...{ wantsRepetition: false, tmsi: null, formerTmsi: null, kgnbCount: 0 },
    ...{ sessions: new Map(), waitingFor: new Set(), waits: new Map() },
  };
}
