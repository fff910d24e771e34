/** Kinds of radio bearers, by what their PDUs look like: of data, with a sequence number of 12 or 18 bits. */
export type BearerKind = 'srb' | 'drb12' | 'drb18';

export const SEQUENCE_BITS = { srb: 12, drb12: 12, drb18: 18 } as const satisfies Record<BearerKind, number>;
export const HEAD_OCTETS = { srb: 2, drb12: 2, drb18: 3 } as const satisfies Record<BearerKind, number>;
export const MAC_OCTETS = 4;

/** D/C of user data: a data PDU. */
const DATA = 0x80;

/** The header of a data PDU. @see TS 38.323 clauses 6.2.2.1 to 6.2.2.3 */
export function headOf(kind: BearerKind, count: number): Uint8Array {
  const sequence = count % 2 ** SEQUENCE_BITS[kind];
  if (kind === 'drb18')
    return Uint8Array.of(DATA | (sequence >> 16), (sequence >> 8) & 0xff, sequence & 0xff);
  return Uint8Array.of((kind === 'srb' ? 0 : DATA) | (sequence >> 8), sequence & 0xff);
}

export interface DataPdu {
  readonly sequence: number;
  /** What follows the header, ciphered or not. */
  readonly contents: Uint8Array;
}

/** `control` of what is no data; `null` of what ends before its header does. */
export function dataOf(kind: BearerKind, pdu: Uint8Array): DataPdu | 'control' | null {
  const head = HEAD_OCTETS[kind];
  const [first = 0, second = 0, third = 0] = pdu;
  if (pdu.length === 0) return null;
  if (kind !== 'srb' && (first & DATA) === 0) return 'control';
  if (pdu.length < head) return null;
  const sequence =
    kind === 'drb18' ? ((first & 3) << 16) | (second << 8) | third : ((first & 15) << 8) | second;
  return { sequence, contents: pdu.subarray(head) };
}
