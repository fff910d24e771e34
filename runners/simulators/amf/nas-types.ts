import type { HomePrivateKey } from '../../interfaces/aka/suci.ts';
import type { SubscriberKeys } from '../../interfaces/aka/subscriber-keys.ts';
import type { Vector } from '../../interfaces/aka/home.ts';
import type { AmfId } from '../../interfaces/nas/identity.ts';
import type { NasContext } from '../../interfaces/nas/context.ts';
import type { NasName } from '../../interfaces/nas/types.ts';
import type { SNssai } from '../../interfaces/nas/values.ts';
import type { Algorithm } from '../../interfaces/nas-security/types.ts';

/** Who may come, and what for. */
export interface Subscriber {
  readonly imsi: string;
  readonly keys: SubscriberKeys;
  /** Authentication management field, 2 octets; its highest bit is set. */
  readonly amf: Uint8Array;
  /** The last sequence number that was used. */
  sqn: bigint;
  readonly slices: readonly SNssai[];
  readonly dnns: readonly string[];
}

/** The network as its UEs see it. */
export interface Network {
  readonly plmn: string;
  readonly amfId: AmfId;
  readonly tacs: readonly number[];
  /** In the order in which they are liked. */
  readonly ciphering: readonly Algorithm[];
  readonly integrity: readonly Algorithm[];
  readonly networkName: string | null;
  readonly subscribers: ReadonlyMap<string, Subscriber>;
  /** With which subscribers may conceal who they are. */
  readonly homeKeys: readonly HomePrivateKey[];
  readonly behaviour: NasBehaviour;
  /** A temporary identity that nobody has, 4 octets. */
  readonly newTmsi: () => Uint8Array;
  /** 16 octets that nobody can guess. */
  readonly newRand: () => Uint8Array;
}

/** How it does what it does: the right way, or with defects. */
export interface NasBehaviour {
  readonly authenticates: boolean;
  /** Of what a UE answers to a challenge. */
  readonly checksResponse: boolean;
  /** Null integrity is for emergency calls only. */
  readonly acceptsNullIntegrity: boolean;
  readonly acceptsReplays: boolean;
  readonly checksIntegrity: boolean;
  readonly resynchronises: boolean;
  /** What a UE does not answer. */
  readonly repeats: boolean;
  /** The UE security capability that a command repeats. */
  readonly replayed: (capability: Uint8Array) => Uint8Array;
}

export const RIGHT_NAS: NasBehaviour = {
  authenticates: true,
  checksResponse: true,
  acceptsNullIntegrity: false,
  acceptsReplays: false,
  checksIntegrity: true,
  resynchronises: true,
  repeats: true,
  replayed: (capability) => capability,
};

export interface NetworkSession {
  readonly id: number;
  readonly transaction: number;
  readonly dnn: string;
  readonly slice: SNssai;
  readonly state: 'wanted' | 'up' | 'releasing';
}

/** What a UE waits for, or does. */
export type NetworkState =
  | 'idle'
  | 'identifying'
  | 'authenticating'
  | 'securing'
  | 'accepting'
  | 'registered'
  | 'deregistering'
  | 'deregistered';

/** @see TS 24.501 tables 10.2.2, 10.3.2; that of sessions is followed by the session */
export type NetworkTimer = 'T3513' | 'T3522' | 'T3550' | 'T3555' | 'T3560' | 'T3570' | `T3592 ${number}`;

/** An answer of the UE that is outstanding; another one for each time that its timer runs. */
export interface Wait {
  /** How often its timer has run out. */
  readonly expiries: number;
  /** Says it again. */
  readonly again: () => readonly NetworkAction[];
  /** What becomes of a procedure that the UE never answers. */
  readonly giveUp: () => readonly NetworkAction[];
}

/** What the network knows of a UE. */
export interface NetworkUe {
  readonly network: Network;
  state: NetworkState;
  subscriber: Subscriber | null;
  /** The value of its UE security capability. */
  capability: Uint8Array;
  requestedSlices: readonly SNssai[];
  /** Whether NAS is secured on this connection. */
  isSecured: boolean;
  context: NasContext | null;
  ksi: number;
  /** A challenge that waits for its answer, and how many there were. */
  challenge: { readonly vector: Vector; readonly xresStar: Uint8Array } | null;
  challenges: number;
  kamf: Uint8Array | null;
  /** The whole first message has to be repeated under security. */
  wantsRepetition: boolean;
  tmsi: Uint8Array | null;
  /** The last that the UE is known to have, as long as it has not confirmed a newer one: both are good until then. */
  formerTmsi: Uint8Array | null;
  /** COUNT of the uplink message of which K_gNB is derived. */
  kgnbCount: number;
  readonly sessions: Map<number, NetworkSession>;
  /** Sessions for which something has come from the network while the UE was asleep: they get their user plane once it answers. */
  waitingFor: ReadonlySet<number>;
  readonly waits: Map<NetworkTimer, Wait>;
}

export type NetworkFact =
  | { readonly fact: 'authenticated' | 'registered' | 'deregistered' | 'resynchronised' | 'serving' }
  | { readonly fact: 'secured'; readonly ciphering: number; readonly integrity: number }
  | { readonly fact: 'refused' | 'ue-refused'; readonly cause: number }
  | { readonly fact: 'session-asked' | 'session-refused' | 'session-down'; readonly id: number }
  | { readonly fact: 'discarded'; readonly message: NasName | null; readonly why: string }
  | { readonly fact: 'timed-out'; readonly timer: NetworkTimer };

/** What has to be done for a UE, in this order. */
export type NetworkAction =
  | { readonly do: 'send'; readonly message: NasName; readonly nas: Uint8Array }
  /** Security, and sessions that get their user plane at once. */
  | {
      readonly do: 'set-up-context';
      readonly nas: Uint8Array;
      readonly kgnb: Uint8Array;
      readonly sessions: readonly NetworkSession[];
    }
  /** Resources; `accept` makes the message for the UE, once its address is known. */
  | {
      readonly do: 'set-up-session';
      readonly session: NetworkSession;
      readonly accept: (address: string, qfi: number) => Uint8Array;
    }
  | { readonly do: 'release-session'; readonly id: number; readonly nas: Uint8Array }
  | { readonly do: 'page' }
  | {
      readonly do: 'release';
      readonly why: 'normal' | 'deregistered' | 'authentication-failed' | 'unanswered';
    }
  | { readonly do: 'tell'; readonly fact: NetworkFact };
