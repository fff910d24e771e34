import { EPD } from './codec.ts';
import { cipher, integrity } from '../nas-security/algorithms.ts';
import type { Algorithm, Direction } from '../nas-security/types.ts';

/** Security header types of messages that are protected. @see TS 24.501 clause 9.3 */
export const PROTECTIONS = {
  integrity: 1,
  ciphered: 2,
  /** Of a SECURITY MODE COMMAND. */
  newContextIntegrity: 3,
  /** Of a SECURITY MODE COMPLETE. */
  newContextCiphered: 4,
} as const;
export type Protection = keyof typeof PROTECTIONS;

const NAMES: ReadonlyMap<number, Protection> = new Map(
  Object.entries(PROTECTIONS).map(([name, type]) => [type, name as Protection]),
);

/** BEARER of NAS over 3GPP access. @see TS 33.501 clause 6.4.3.1 */
export const NAS_BEARER = 1;
const HEAD_OCTETS = 7;
const MAC_AT = 2;
const SEQUENCE_AT = 6;
const COUNTS = 2 ** 24;

/** What both ends have agreed on. */
export interface NasKeys {
  /** K_NASenc, 16 octets. */
  readonly encryption: Uint8Array;
  /** K_NASint, 16 octets. */
  readonly integrity: Uint8Array;
  readonly ciphering: Algorithm;
  readonly integrityProtection: Algorithm;
}

/** A protected message as it can be read without keys. */
export interface ProtectedHead {
  readonly protection: Protection;
  /** 4 octets. */
  readonly mac: Uint8Array;
  /** The lower 8 bits of COUNT. */
  readonly sequence: number;
  /** The message inside, ciphered or not. */
  readonly contents: Uint8Array;
}

/** `null` of a message that is not protected, or is none. @see TS 24.501 clause 9.1.1 */
export function readProtected(bytes: Uint8Array): ProtectedHead | null {
  const protection = NAMES.get((bytes[1] ?? 0) & 0xf);
  if (bytes[0] !== EPD.mobility || protection === undefined || bytes.length <= HEAD_OCTETS) return null;
  const mac = bytes.subarray(MAC_AT, SEQUENCE_AT);
  return { protection, mac, sequence: bytes[SEQUENCE_AT] ?? 0, contents: bytes.subarray(HEAD_OCTETS) };
}

export interface ProtectedBy {
  readonly protection: Protection;
  readonly direction: Direction;
  /** 24 bits: 16 of overflow, 8 of sequence number. */
  readonly count: number;
}

/** A plain message under security. @throws RangeError for a COUNT beyond 24 bits @see TS 33.501 clause 6.4, TS 24.501 clause 4.4 */
export function protect(
  keys: NasKeys,
  plain: Uint8Array,
  { protection, direction, count }: ProtectedBy,
): Uint8Array {
  if (!Number.isInteger(count) || count < 0 || count >= COUNTS)
    throw new RangeError('COUNT of NAS has 24 bits');
  const about = { count, bearer: NAS_BEARER, direction };
  const contents = isCiphered(protection)
    ? cipher(keys.ciphering, { key: keys.encryption, ...about }, plain)
    : plain;
  const checked = Uint8Array.of(count & 0xff, ...contents);
  const mac = integrity(keys.integrityProtection, { key: keys.integrity, ...about }, checked);
  return Uint8Array.of(EPD.mobility, PROTECTIONS[protection], ...mac, ...checked);
}

/** What came out of a protected message. */
export interface Opened {
  /** Deciphered; of a message whose MAC is wrong, whatever came out. */
  readonly plain: Uint8Array;
  readonly protection: Protection;
  readonly isAuthentic: boolean;
  /** The COUNT that it must have had. */
  readonly count: number;
}

/**
 * A protected message opened; `null` of what is not protected.
 *
 * @param expected the lowest COUNT that it may have: the rest of it is not sent, and follows from the sequence number
 */
export function open(
  keys: NasKeys,
  bytes: Uint8Array,
  { direction, expected }: { readonly direction: Direction; readonly expected: number },
): Opened | null {
  const head = readProtected(bytes);
  if (head === null) return null;
  const { protection, sequence, mac, contents } = head;
  const count = countOf(sequence, expected);
  const about = { count, bearer: NAS_BEARER, direction };
  const should = integrity(
    keys.integrityProtection,
    { key: keys.integrity, ...about },
    bytes.subarray(SEQUENCE_AT),
  );
  const plain = isCiphered(protection)
    ? cipher(keys.ciphering, { key: keys.encryption, ...about }, contents)
    : contents;
  const isAuthentic = should.every((octet, at) => octet === mac[at]);
  return { plain, protection, isAuthentic, count };
}

/** The first COUNT from `expected` on that ends in the sequence number. */
function countOf(sequence: number, expected: number): number {
  const same = (expected & ~0xff) | sequence;
  return (same >= expected ? same : same + 0x100) % COUNTS;
}

function isCiphered(protection: Protection): boolean {
  return protection === 'ciphered' || protection === 'newContextCiphered';
}
