import type { Field, Format, SPARE, ValueOf } from './fields.ts';
import { MOBILITY_MESSAGES } from './mobility-messages.ts';
import { SESSION_MESSAGES } from './session-messages.ts';

/** Messages of NAS of 5GS, by names like those of the specification. @see TS 24.501 clause 8 */
export const MESSAGES = { ...MOBILITY_MESSAGES, ...SESSION_MESSAGES };
type Messages = typeof MESSAGES;

export type MobilityName = keyof typeof MOBILITY_MESSAGES;
export type SessionName = keyof typeof SESSION_MESSAGES;
export type NasName = MobilityName | SessionName;

type Valued<Part> =
  Part extends Field<infer Name, infer F> ? { name: Name; value: ValueOf<F & Format> } : never;
type Mandatory<Name extends NasName> = Valued<Messages[Name]['mandatory'][number]>;
type Optional<Name extends NasName> = Valued<Messages[Name]['optional'][number]>;

/** The elements of a message: numbers of four bits, or octets. */
export type Ies<Name extends NasName> = {
  readonly [Part in Mandatory<Name> as Exclude<Part['name'], typeof SPARE>]: Part['value'];
} & { readonly [Part in Optional<Name> as Part['name']]?: Part['value'] | undefined };

/** Which session, and which procedure of it (0: none), a message of session management is about. */
export interface SessionHead {
  readonly pduSessionId: number;
  readonly transaction: number;
}

/** An element that the definition of its message does not have. */
export interface UnknownElement {
  readonly iei: number;
  readonly value: Uint8Array;
}

export interface NasMessage<Name extends NasName = NasName> {
  readonly name: Name;
  /** `null` of mobility management. */
  readonly session: SessionHead | null;
  readonly ies: Partial<Ies<Name>>;
  readonly unknown: readonly UnknownElement[];
}

/** Any message: `name` tells which, and what its elements may be. */
export type AnyNasMessage = { [Name in NasName]: NasMessage<Name> }[NasName];

/** What a receiver finds wrong with a message, with the cause that says so. @see TS 24.501 clauses 7, 9.11.3.2, 9.11.4.2 */
export interface NasFault {
  readonly cause: 'invalid-mandatory-information' | 'message-type-non-existent' | 'protocol-error';
  /** In octets from the beginning. */
  readonly offset: number;
  readonly message: string;
}

export interface DecodedNas {
  readonly bytes: Uint8Array;
  /** `null` when nobody knows what it is, as of what is ciphered. */
  readonly message: AnyNasMessage | null;
  readonly faults: readonly NasFault[];
}
