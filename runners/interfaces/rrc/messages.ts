import { err, ok, type Result } from '../../../src/kernel/result.ts';
import { make } from './gen/rrc.js';
import type { Codecs } from './gen/rrc.js';
import { PerError } from '../per/error.ts';
import * as runtime from '../per/runtime.ts';
import { isObject } from '../per/values.ts';

const CODECS = make(runtime);

/** Logical channels, each with messages of its own. */
const CHANNELS = {
  ulCcch: 'NR-RRC.UL-CCCH-Message',
  dlCcch: 'NR-RRC.DL-CCCH-Message',
  ulDcch: 'NR-RRC.UL-DCCH-Message',
  dlDcch: 'NR-RRC.DL-DCCH-Message',
  pcch: 'NR-RRC.PCCH-Message',
} as const satisfies Record<string, keyof Codecs>;
export type Channel = keyof typeof CHANNELS;

type ValueOf<C extends Channel> = Codecs[(typeof CHANNELS)[C]] extends {
  decode: (bytes: Uint8Array) => infer V;
}
  ? V
  : never;
type Alternatives<C extends Channel> =
  ValueOf<C> extends { readonly message: infer M } ? Extract<M, { readonly c1: unknown }>['c1'] : never;
type KeyOf<Union> = Union extends unknown ? keyof Union : never;
/** The names of the messages of a channel. */
export type RrcName<C extends Channel> = Exclude<KeyOf<Alternatives<C>>, `spare${number}`> & string;
type Wrapped<C extends Channel, Name extends string> =
  Alternatives<C> extends infer Each ? (Each extends { readonly [N in Name]: infer W } ? W : never) : never;
type Inside<W, Name extends string> = W extends { readonly criticalExtensions: infer X }
  ? Extract<X, { readonly [N in Name]: unknown }>[Name & keyof Extract<X, { readonly [N in Name]: unknown }>]
  : W extends { readonly [N in Name]: infer Contents }
    ? Contents
    : W;
/** What a message holds behind its transaction: `null` of one that we have no words for. */
export type RrcContents<C extends Channel, Name extends RrcName<C>> = Inside<Wrapped<C, Name>, Name>;

/** A message as it was read: `name` tells which, and what its contents are. */
export type RrcMessage<C extends Channel> = {
  [Name in RrcName<C>]: {
    readonly name: Name;
    /** 0 to 3; `null` where the message has none. */
    readonly transaction: number | null;
    readonly contents: RrcContents<C, Name>;
  };
}[RrcName<C>];

/** Messages of these names begin with a transaction identifier. */
const WITHOUT_TRANSACTION: readonly string[] = [
  ...['rrcSetupRequest', 'rrcResumeRequest', 'rrcReestablishmentRequest', 'rrcReject'],
  ...['ulInformationTransfer', 'paging', 'measurementReport'],
];
/** Of these, contents stand in the message itself, or in a member of the same name without extensions. */
const BARE: readonly string[] = ['paging'];
const NAMED: readonly string[] = ['rrcSetupRequest', 'rrcResumeRequest', 'rrcReestablishmentRequest'];

/**
 * The octets of a message.
 * @throws PerError PER_VALUE_INVALID with the path of what does not belong to its type
 * @see TS 38.331 clause 6.2
 */
export function writeRrc<C extends Channel, Name extends RrcName<C>>(
  channel: C,
  name: Name,
  message: { readonly transaction?: number; readonly contents: RrcContents<C, Name> },
): Uint8Array {
  const { transaction = 0, contents } = message;
  const value = { message: { c1: { [name]: wrap(name, transaction, contents) } } };
  return (CODECS[CHANNELS[channel]] as unknown as { encode: (value: unknown) => Uint8Array }).encode(value);
}

function wrap(name: string, transaction: number, contents: unknown): unknown {
  if (BARE.includes(name)) return contents;
  if (NAMED.includes(name)) return { [name]: contents };
  const criticalExtensions = { [name]: contents };
  return WITHOUT_TRANSACTION.includes(name)
    ? { criticalExtensions }
    : { 'rrc-TransactionIdentifier': transaction, criticalExtensions };
}

/** What octets say on that channel, or a word on what is wrong with them. */
export function readRrc<C extends Channel>(channel: C, bytes: Uint8Array): Result<RrcMessage<C>, string> {
  let value: unknown;
  try {
    value = CODECS[CHANNELS[channel]].decode(bytes);
  } catch (error) {
    if (!(error instanceof PerError)) throw error;
    return err(error.message);
  }
  const alternative = isObject(value) && isObject(value['message']) ? value['message']['c1'] : undefined;
  const [name] = isObject(alternative) ? Object.keys(alternative) : [];
  if (name === undefined || !isObject(alternative)) return err('a message of a later release');
  const read = unwrap(name, alternative[name]);
  return read === null ? err(`${name} of a later release`) : ok({ name, ...read } as RrcMessage<C>);
}

interface Unwrapped {
  readonly transaction: number | null;
  readonly contents: unknown;
}

function unwrap(name: string, wrapped: unknown): Unwrapped | null {
  if (!isObject(wrapped) || BARE.includes(name)) return { transaction: null, contents: wrapped };
  const { criticalExtensions, 'rrc-TransactionIdentifier': id } = wrapped;
  const holder = criticalExtensions === undefined ? wrapped : criticalExtensions;
  const contents = isObject(holder) ? holder[name] : undefined;
  if (contents === undefined) return null;
  return { transaction: typeof id === 'number' ? id : null, contents };
}
