import { functionsOf } from '../../interfaces/aka/subscriber-keys.ts';
import { Usim } from '../../interfaces/aka/usim.ts';
import type { NasContext } from '../../interfaces/nas/context.ts';
import type { MobileIdentity } from '../../interfaces/nas/identity.ts';
import { encodeSecurityCapability } from '../../interfaces/nas/values.ts';
import { ALGORITHMS } from '../../interfaces/nas-security/types.ts';
import type { UeBehaviour, UeProfile, UeSession, UeState } from './types.ts';

export type Guti = Extract<MobileIdentity, { readonly kind: 'guti' }>;

/** What came of a challenge, and what it was answered with: the same challenge gets the same answer. */
export interface Authenticated {
  readonly kamf: Uint8Array;
  readonly ksi: number;
  readonly rand: Uint8Array;
  readonly resStar: Uint8Array;
}

/** What a UE knows. */
export interface UeMemory {
  readonly profile: UeProfile;
  readonly behaviour: UeBehaviour;
  readonly usim: Usim;
  /** The value of its UE security capability. */
  readonly capability: Uint8Array;
  state: UeState;
  /** Whether there is a connection for NAS. */
  isConnected: boolean;
  /** Whether NAS is secured on this connection: then nothing without security is taken. */
  isSecured: boolean;
  guti: Guti | null;
  context: NasContext | null;
  /** After an authentication, until a security mode command takes it into use. */
  authenticated: Authenticated | null;
  /** The whole of the message that opened the connection: a network may ask for it again. */
  initial: Uint8Array | null;
  /** Whether that went out with all of its elements. */
  isInitialWhole: boolean;
  /** COUNT of the message of which K_gNB is derived. */
  kgnbCount: number;
  /** How often the timer of a procedure has run out. */
  attempts: number;
  readonly sessions: Map<number, UeSession>;
  lastTransaction: number;
}

export function newMemory(profile: UeProfile, behaviour: UeBehaviour): UeMemory {
  const { keys, sqn, capability = { ciphering: ALGORITHMS, integrity: ALGORITHMS } } = profile;
  const algorithms = encodeSecurityCapability(capability);
  return {
    ...{ profile, behaviour, usim: new Usim(functionsOf(keys), sqn) },
    // Those of EPS have the same numbers.
    capability: Uint8Array.of(...algorithms, ...algorithms),
    ...{ state: 'deregistered', isConnected: false, isSecured: false, guti: null, context: null },
    ...{ authenticated: null, initial: null, isInitialWhole: true, kgnbCount: 0, attempts: 0 },
    ...{ sessions: new Map(), lastTransaction: 0 },
  };
}

/** Identity, security and sessions are gone. */
export function forget(ue: UeMemory): void {
  ue.guti = null;
  ue.context = null;
  ue.authenticated = null;
  ue.isSecured = false;
  ue.sessions.clear();
}

/** Session status as its element has it: a bit for each session. @see TS 24.501 clause 9.11.3.44 */
export function sessionBits({ sessions }: UeMemory): Uint8Array {
  const bits = [...sessions.values()]
    .filter(({ state }) => state === 'up')
    .reduce((sum, { id }) => sum | (1 << id), 0);
  return Uint8Array.of(bits & 0xff, (bits >> 8) & 0xff);
}
