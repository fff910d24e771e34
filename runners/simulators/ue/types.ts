import type { HomePublicKey } from '../../interfaces/aka/suci.ts';
import type { SubscriberKeys } from '../../interfaces/aka/subscriber-keys.ts';
import type { NasName } from '../../interfaces/nas/types.ts';
import type { SecurityCapability, SNssai } from '../../interfaces/nas/values.ts';

/** Who a UE is, and what it can do. */
export interface UeProfile {
  /** Of five or six digits: the home network, which is also the one it registers in. */
  readonly plmn: string;
  /** The digits of its IMSI behind the PLMN. */
  readonly msin: string;
  readonly keys: SubscriberKeys;
  /** Default: all algorithms. */
  readonly capability?: SecurityCapability;
  /** Slices that it asks for; none: it does not say. */
  readonly slices?: readonly SNssai[];
  /** Of its home network, with which it conceals who it is. Default: it does not. */
  readonly homeKey?: HomePublicKey;
  /** 16 digits. */
  readonly imeisv?: string;
  /** The highest SQN that its USIM has seen. Default 0. */
  readonly sqn?: bigint;
}

/** @see TS 24.501 clause 5.1.3.2.1 */
export type UeState = 'deregistered' | 'registering' | 'registered' | 'requesting-service' | 'deregistering';

/** @see TS 24.501 clause 10.2, 10.3; those of sessions are followed by the session */
export type UeTimer = 'T3510' | 'T3517' | 'T3521' | `T3580 ${number}` | `T3582 ${number}`;

/** Something that has happened to a UE. */
export type UeFact =
  | { readonly fact: 'authenticated' | 'registered' | 'service-accepted' | 'configuration-updated' }
  | { readonly fact: 'authentication-failed'; readonly cause: number }
  | { readonly fact: 'secured'; readonly ciphering: number; readonly integrity: number }
  | { readonly fact: 'security-refused'; readonly why: SecurityRefusal }
  /** A 5GMM STATUS has come: the network could not take something, and does not say what. */
  | { readonly fact: 'status'; readonly cause: number }
  /** By the network, with the message that said so. */
  | { readonly fact: 'refused'; readonly by: NasName; readonly cause: number }
  | { readonly fact: 'session-up' | 'session-changed'; readonly session: UeSession }
  | { readonly fact: 'session-refused' | 'session-down'; readonly id: number; readonly cause: number }
  | { readonly fact: 'deregistered'; readonly by: 'ue' | 'network'; readonly comesBack: boolean }
  /** What came was left alone. */
  | { readonly fact: 'discarded'; readonly message: NasName | null; readonly why: string }
  | { readonly fact: 'timed-out'; readonly timer: UeTimer };

export type SecurityRefusal = 'mac-failure' | 'capabilities-mismatch' | 'null-integrity' | 'no-context';

export interface UeSession {
  readonly id: number;
  readonly state: 'asked' | 'up' | 'releasing';
  /** Transaction of the procedure that is going on. */
  readonly transaction: number;
  readonly dnn?: string;
  readonly slice?: SNssai;
  /** IPv4, once it is up. */
  readonly address?: string;
  /** The flow of its default rule, once it is up. */
  readonly qfi?: number;
}

/** What has to be done for a UE, in this order. */
export type UeAction =
  /** To the network; the first of a connection carries `initial`: why the UE wants one. */
  | {
      readonly do: 'send';
      readonly message: NasName;
      readonly nas: Uint8Array;
      readonly initial?: InitialReason;
    }
  | { readonly do: 'start'; readonly timer: UeTimer; readonly ms: number }
  | { readonly do: 'stop'; readonly timer: UeTimer }
  | { readonly do: 'tell'; readonly fact: UeFact };

/** What a UE that has no connection says when it wants one. */
export interface InitialReason {
  readonly cause: 'mo-Signalling' | 'mo-Data' | 'mt-Access';
  /** Once it has a temporary identity. */
  readonly sTmsi: { readonly set: number; readonly pointer: number; readonly tmsi: Uint8Array } | null;
}

/** How a UE does what it does: the right way, or as a tester wants it. */
export interface UeBehaviour {
  /** What it answers a challenge with. */
  readonly response: (resStar: Uint8Array) => Uint8Array;
  /** Null integrity is for emergency calls only. */
  readonly acceptsNullIntegrity: boolean;
  /** Whether a network that repeats other capabilities than ours is refused. */
  readonly checksCapabilities: boolean;
}

export const RIGHT_UE: UeBehaviour = {
  response: (resStar) => resStar,
  acceptsNullIntegrity: false,
  checksCapabilities: true,
};
