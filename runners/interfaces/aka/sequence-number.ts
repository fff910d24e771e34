/** Of a sequence number SQN. @see TS 33.102 clause 6.3.2 */
export const SQN_OCTETS = 6;
/** AMF of a resynchronisation. @see TS 33.102 clause 6.3.3 */
export const NO_AMF = new Uint8Array(2);

export function numberOf(octets: Uint8Array): bigint {
  return octets.reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
}

export function octetsOf(number: bigint): Uint8Array {
  return Uint8Array.from({ length: SQN_OCTETS }, (_, at) =>
    Number((number >> BigInt(8 * (SQN_OCTETS - 1 - at))) & 0xffn),
  );
}
