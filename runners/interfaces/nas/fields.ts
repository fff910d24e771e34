/** How an element stands in a message. @see TS 24.007 clause 11.2.1.1 */
export type Format =
  /** Four bits without identifier; of two that follow each other, the first has the lower ones. */
  | 'half'
  /** So many octets, without identifier or length. */
  | 'v'
  /** A length of one octet, or of two. */
  | 'lv'
  | 'lv-e'
  /** An identifier of four bits and a value of four. */
  | 'tv1'
  /** An identifier, and so many octets. */
  | 'tv'
  | 'tlv'
  | 'tlv-e';

/** Values of four bits are numbers, all others octets. */
export type ValueOf<F extends Format> = F extends 'half' | 'tv1' ? number : Uint8Array;

export interface Field<Name extends string = string, F extends Format = Format> {
  readonly name: Name;
  readonly format: F;
  /** Identifier; of four bits, these are the upper ones of an octet. */
  readonly iei: number;
  /** Fewest and most octets of the value. */
  readonly octets: readonly [least: number, most: number];
}

/** A message of NAS as its specification tables it. */
export interface Definition {
  readonly type: number;
  readonly mandatory: readonly Field<string, 'half' | 'v' | 'lv' | 'lv-e'>[];
  readonly optional: readonly Field<string, 'tv1' | 'tv' | 'tlv' | 'tlv-e'>[];
}

type Octets = readonly [least: number, most: number];
const ONE_OCTET: Octets = [0, 0xff];
const TWO_OCTETS: Octets = [0, 0xffff];
const NO_IEI = -1;

/** Four bits that nobody uses. */
export const SPARE = 'spare';

export function half<Name extends string>(name: Name): Field<Name, 'half'> {
  return { name, format: 'half', iei: NO_IEI, octets: [1, 1] };
}

export function v<Name extends string>(name: Name, length: number): Field<Name, 'v'> {
  return { name, format: 'v', iei: NO_IEI, octets: [length, length] };
}

export function lv<Name extends string>(name: Name, octets: Octets = ONE_OCTET): Field<Name, 'lv'> {
  return { name, format: 'lv', iei: NO_IEI, octets };
}

export function lvE<Name extends string>(name: Name, octets: Octets = TWO_OCTETS): Field<Name, 'lv-e'> {
  return { name, format: 'lv-e', iei: NO_IEI, octets };
}

/** @param iei as an octet with its lower half zero: `0xb0` for B- */
export function tv1<Name extends string>(iei: number, name: Name): Field<Name, 'tv1'> {
  return { name, format: 'tv1', iei, octets: [1, 1] };
}

export function tv<Name extends string>(iei: number, name: Name, length: number): Field<Name, 'tv'> {
  return { name, format: 'tv', iei, octets: [length, length] };
}

export function tlv<Name extends string>(
  iei: number,
  name: Name,
  octets: Octets = ONE_OCTET,
): Field<Name, 'tlv'> {
  return { name, format: 'tlv', iei, octets };
}

export function tlvE<Name extends string>(
  iei: number,
  name: Name,
  octets: Octets = TWO_OCTETS,
): Field<Name, 'tlv-e'> {
  return { name, format: 'tlv-e', iei, octets };
}
