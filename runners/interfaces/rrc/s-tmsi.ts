import { bitsOf } from '../ap/values.ts';
import type { BitString } from '../per/values.ts';
import type { RrcContents } from './messages.ts';

/** What the core network calls a UE. @see TS 23.003 clause 2.11 */
export interface STmsi {
  /** 10 bits. */
  readonly set: number;
  /** 6 bits. */
  readonly pointer: number;
  /** 4 octets. */
  readonly tmsi: Uint8Array;
}

type Identity = RrcContents<'ulCcch', 'rrcSetupRequest'>['ue-Identity'];
type Value = NonNullable<RrcContents<'ulDcch', 'rrcSetupComplete'>['ng-5G-S-TMSI-Value']>;

/** A request has room for the lower bits; the others follow when the connection is there. */
const [BITS, LOWER_BITS, TMSI_BITS, POINTER_BITS] = [48, 39, 32, 6] as const;

export function sTmsiPart1(sTmsi: STmsi): Identity {
  return { 'ng-5G-S-TMSI-Part1': bitsOf(BigInt.asUintN(LOWER_BITS, numberOf(sTmsi)), LOWER_BITS) };
}

export function sTmsiPart2(sTmsi: STmsi): Value {
  return { 'ng-5G-S-TMSI-Part2': bitsOf(numberOf(sTmsi) >> BigInt(LOWER_BITS), BITS - LOWER_BITS) };
}

/**
 * What a UE has said of it: in its request and when it completed that, or then alone; `null` where it has not, or not all.
 * @see TS 38.331 clauses 5.3.3.3, 5.3.3.4
 */
export function sTmsiIn(identity: Identity | null, value: Value | undefined): STmsi | null {
  if (value === undefined) return null;
  if ('ng-5G-S-TMSI' in value) return sTmsiOf(valueOf(value['ng-5G-S-TMSI']));
  if (identity === null || !('ng-5G-S-TMSI-Part1' in identity)) return null;
  const upper = valueOf(value['ng-5G-S-TMSI-Part2']) << BigInt(LOWER_BITS);
  return sTmsiOf(upper | valueOf(identity['ng-5G-S-TMSI-Part1']));
}

function numberOf({ set, pointer, tmsi }: STmsi): bigint {
  const low = valueOf({ bits: tmsi, length: TMSI_BITS });
  return (BigInt(set) << BigInt(TMSI_BITS + POINTER_BITS)) | (BigInt(pointer) << BigInt(TMSI_BITS)) | low;
}

function sTmsiOf(number: bigint): STmsi {
  const upper = Number(number >> BigInt(TMSI_BITS));
  const tmsi = bitsOf(BigInt.asUintN(TMSI_BITS, number), TMSI_BITS).bits;
  return { set: upper >> POINTER_BITS, pointer: upper & (2 ** POINTER_BITS - 1), tmsi };
}

function valueOf({ bits, length }: BitString): bigint {
  const whole = bits.reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
  return whole >> BigInt(bits.length * 8 - length);
}
