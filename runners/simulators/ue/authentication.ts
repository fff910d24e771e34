import { kamfOf, kausfOf, kseafOf, resStarOf, servingNetworkName } from '../../interfaces/aka/keys.ts';
import { MM_CAUSE } from '../../interfaces/nas/causes.ts';
import { encodeMobility, decodeNas } from '../../interfaces/nas/codec.ts';
import { NasContext } from '../../interfaces/nas/context.ts';
import { encodeIdentity } from '../../interfaces/nas/identity.ts';
import { readProtected } from '../../interfaces/nas/protection.ts';
import type { Ies } from '../../interfaces/nas/types.ts';
import { decodeAlgorithms } from '../../interfaces/nas/values.ts';
import { ALGORITHMS, type Algorithm } from '../../interfaces/nas-security/types.ts';
import type { Authenticated, UeMemory } from './memory.ts';
import { imeisvOf } from './registration.ts';
import { send, tell } from './sending.ts';
import type { SecurityRefusal, UeAction } from './types.ts';

/** @see TS 24.501 clause 5.4.1.3.3, 5.4.1.3.6 */
export function authenticate(
  ue: UeMemory,
  { ngKsi = 0, abba, rand, autn }: Partial<Ies<'AuthenticationRequest'>>,
): readonly UeAction[] {
  if (abba === undefined || rand === undefined || autn === undefined)
    return failed(ue, MM_CAUSE.non5gAuthentication);
  // Told again: what it has answered was lost, and its USIM would take the challenge for an old one. @see TS 24.501 clause 5.4.1.3.3
  if (ue.authenticated !== null && isSame(ue.authenticated.rand, rand)) return respond(ue, ue.authenticated);
  const answer = ue.usim.challenge({ rand, autn });
  if (answer.kind === 'synchronisation-failure')
    return failed(ue, MM_CAUSE.synchronisationFailure, answer.auts);
  if (answer.kind !== 'response') return failed(ue, CAUSE_OF[answer.kind]);
  if (ue.context?.ksi === ngKsi) return failed(ue, MM_CAUSE.ksiInUse);
  const { plmn, msin } = ue.profile;
  const home = { ...answer, servingNetwork: servingNetworkName(plmn) };
  const kseaf = kseafOf(kausfOf(home, answer.concealedSqn), home.servingNetwork);
  const resStar = ue.behaviour.response(resStarOf(home, { rand, res: answer.res }));
  ue.authenticated = { kamf: kamfOf(kseaf, `${plmn}${msin}`, abba), ksi: ngKsi, rand, resStar };
  return respond(ue, ue.authenticated);
}

function respond(ue: UeMemory, { resStar }: Authenticated): readonly UeAction[] {
  return [send(ue, 'AuthenticationResponse', { resStar }), tell({ fact: 'authenticated' })];
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((octet, at) => octet === other[at]);
}

const CAUSE_OF = { 'mac-failure': MM_CAUSE.macFailure, 'not-5g': MM_CAUSE.non5gAuthentication } as const;

function failed(ue: UeMemory, cause: number, auts?: Uint8Array): readonly UeAction[] {
  const ies = { cause: Uint8Array.of(cause), ...(auts === undefined ? {} : { auts }) };
  return [send(ue, 'AuthenticationFailure', ies), tell({ fact: 'authentication-failed', cause })];
}

/**
 * A security mode command, in whose own keys it has to be right: a new context after an authentication, else other algorithms for the one
 * that is there.
 * @see TS 24.501 clauses 5.4.2.3 to 5.4.2.5
 */
export function takeSecurityMode(ue: UeMemory, bytes: Uint8Array): readonly UeAction[] {
  const head = readProtected(bytes);
  const { message } = decodeNas(head?.contents ?? bytes);
  if (head === null || message?.name !== 'SecurityModeCommand')
    return [tell({ fact: 'discarded', message: message?.name ?? null, why: 'no SECURITY MODE COMMAND' })];
  const context = contextFor(ue, message.ies);
  const why = refusal(ue, { bytes, context, ies: message.ies });
  if (why !== null || context === null) return refuse(ue, why ?? 'no-context');
  ue.context = context;
  ue.authenticated = null;
  ue.isSecured = true;
  ue.kgnbCount = context.nextCount;
  const { ciphering, integrityProtection: integrity } = context.parts;
  const complete = encodeMobility('SecurityModeComplete', completion(ue, message.ies));
  const nas = context.protect(complete, 'newContextCiphered');
  return [
    { do: 'send', message: 'SecurityModeComplete', nas },
    tell({ fact: 'secured', ciphering, integrity }),
  ];
}

function contextFor(
  { authenticated, context }: UeMemory,
  { algorithms = new Uint8Array(1), ngKsi = 0 }: Partial<Ies<'SecurityModeCommand'>>,
): NasContext | null {
  const chosen = decodeAlgorithms(algorithms);
  const [ciphering, integrityProtection] = [known(chosen.ciphering), known(chosen.integrity)];
  if (ciphering === null || integrityProtection === null) return null;
  if (authenticated?.ksi === ngKsi)
    return new NasContext({
      kamf: authenticated.kamf,
      ksi: authenticated.ksi,
      ciphering,
      integrityProtection,
      sends: 'uplink',
    });
  return context?.ksi === ngKsi ? context.under({ ciphering, integrityProtection }) : null;
}

function known(algorithm: number): Algorithm | null {
  return ALGORITHMS.find((each) => each === algorithm) ?? null;
}

interface Commanded {
  readonly bytes: Uint8Array;
  readonly context: NasContext | null;
  readonly ies: Partial<Ies<'SecurityModeCommand'>>;
}

function refusal(ue: UeMemory, { bytes, context, ies }: Commanded): SecurityRefusal | null {
  if (context === null) return 'no-context';
  const { acceptsNullIntegrity, checksCapabilities } = ue.behaviour;
  if (context.parts.integrityProtection === 0 && !acceptsNullIntegrity) return 'null-integrity';
  if (context.open(bytes)?.isAuthentic !== true) return 'mac-failure';
  const replayed = ies.replayedUeSecurityCapability ?? new Uint8Array();
  return checksCapabilities && !isReplayOf(ue.capability, replayed) ? 'capabilities-mismatch' : null;
}

/** A network that does without EPS may leave its algorithms out. */
function isReplayOf(sent: Uint8Array, replayed: Uint8Array): boolean {
  return replayed.length >= 2 && replayed.every((octet, at) => octet === (sent[at] ?? 0));
}

function refuse(ue: UeMemory, why: SecurityRefusal): readonly UeAction[] {
  const cause =
    why === 'capabilities-mismatch' ? MM_CAUSE.capabilitiesMismatch : MM_CAUSE.securityModeRejected;
  const reject = send(ue, 'SecurityModeReject', { cause: Uint8Array.of(cause) });
  return [reject, tell({ fact: 'security-refused', why })];
}

const REQUESTED = 1;
const RETRANSMISSION_REQUESTED = 0x2;

/** What opened the connection is repeated where it could not say all, or where the network wants it. @see TS 24.501 clause 5.4.2.3 */
function completion(
  ue: UeMemory,
  { imeisvRequest, additionalSecurity }: Partial<Ies<'SecurityModeCommand'>>,
): Ies<'SecurityModeComplete'> {
  const repeats = !ue.isInitialWhole || ((additionalSecurity?.[0] ?? 0) & RETRANSMISSION_REQUESTED) !== 0;
  const imeisv = encodeIdentity({ kind: 'imeisv', digits: imeisvOf(ue) });
  return {
    ...((imeisvRequest ?? 0) === REQUESTED ? { imeisv } : {}),
    ...(repeats && ue.initial !== null ? { nasMessageContainer: ue.initial } : {}),
  };
}
