/**
 * How programs hold values of ASN.1:
 *
 * - BOOLEAN, NULL: `true`, `false`, `null`
 * - INTEGER: a number where it is exact, else a bigint; both are taken
 * - REAL: a number (also `-0`, infinities, `NaN`)
 * - ENUMERATED: the name; an addition that the schema does not know is `...` and its index, as in `...3`
 * - BIT STRING: `{ bits, length }`, filled up with zeros
 * - OCTET STRING: octets; with CONTAINING the value contained (octets are taken, too, and sent as they are)
 * - strings and times: text · OBJECT IDENTIFIER, RELATIVE-OID: numbers with dots
 * - SEQUENCE, SET: an object by the names of the components; what is absent is `undefined` or not there; defaults are filled in;
 *   members of `[[ ]]` stand beside the others; additions that the schema does not know are in the member `...` (`Unknown`)
 * - SEQUENCE OF, SET OF: an array · CHOICE: an object with exactly one member; an unknown addition is `{ '...': Addition }`
 * - open type: the value, if a table tells its type; octets if it does not; `{ '...': octets }` where a lenient decoder could
 *   not read them as that type
 *
 * No name in ASN.1 is `...`, so nothing clashes.
 */
export const REST = '...';

export interface BitString {
  /** Bits from the highest of the first octet on; what fills up the last octet is zero. */
  readonly bits: Uint8Array;
  readonly length: number;
}

/** An addition that the schema does not know, as it was received. */
export interface UnknownAddition {
  /** Counted from the first addition, which is 0. */
  readonly index: number;
  readonly bytes: Uint8Array;
}

/** There where the additions of a SEQUENCE are not those that the schema knows; encoded again, it gives the same bits. */
export interface Unknown {
  /** How many additions the sender knows, present or not. */
  readonly count: number;
  readonly additions: readonly UnknownAddition[];
}

export type ValueObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is ValueObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

export function isBitString(value: unknown): value is BitString {
  if (!isObject(value)) return false;
  const { bits, length } = value;
  return (
    bits instanceof Uint8Array &&
    Number.isSafeInteger(length) &&
    Math.ceil(Number(length) / 8) === bits.length &&
    Number(length) >= 0
  );
}

/** Indexes are small numbers of at most four octets. */
export function isAddition(value: unknown): value is UnknownAddition {
  if (!isObject(value) || !(value['bytes'] instanceof Uint8Array)) return false;
  const { index } = value;
  return Number.isSafeInteger(index) && Number(index) >= 0 && Number(index) < 2 ** 32;
}

export function isUnknown(value: unknown): value is Unknown {
  if (!isObject(value) || !Array.isArray(value['additions'])) return false;
  const count = value['count'];
  const sound = Number.isSafeInteger(count) && Number(count) > 0 && Number(count) < 16_384;
  return sound && value['additions'].every((each) => isAddition(each) && each.index < Number(count));
}

/** A number where it is exact, else a bigint. */
export function plainInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Whether two values are the same; members that are `undefined` are not there. */
export function sameValue(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left === 'bigint' || typeof right === 'bigint') return sameNumber(left, right);
  if (left instanceof Uint8Array && right instanceof Uint8Array)
    return left.length === right.length && left.every((octet, index) => octet === right[index]);
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, index) => sameValue(item, right[index]));
  if (!isObject(left) || !isObject(right)) return false;
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((name) =>
    sameValue(left[name], right[name]),
  );
}

function sameNumber(left: unknown, right: unknown): boolean {
  const number = (value: unknown) =>
    typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value));
  return number(left) && number(right) && String(left) === String(right);
}
