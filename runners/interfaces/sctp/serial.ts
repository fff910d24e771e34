/** Numbers that wrap on the wire are kept unwrapped here, so that they compare and subtract as numbers do. */
const WRAP_32 = 2 ** 32;

/** The number nearest to `near` that is `wire` modulo 2^32. @see RFC 9260 §1.6, RFC 1982 */
export function unwrap32(wire: number, near: number): number {
  return near + ((wire - near) | 0);
}

/** What a transmission sequence number is on the wire. */
export function wrap32(number: number): number {
  return ((number % WRAP_32) + WRAP_32) % WRAP_32;
}
