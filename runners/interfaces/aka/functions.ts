/**
 * The functions f1 to f5* that a USIM and its home network share. Keys and challenges are octets; SQN has 6, AMF 2, RAND 16.
 * @see TS 33.102 clause 6.3, TS 33.501 clause 6.1.3
 */
export interface AuthenticationFunctions {
  /** MAC-A: what the network proves itself with. */
  f1(challenge: Challenge): Uint8Array;
  /** MAC-S: what the USIM proves itself with when it asks for another sequence number. */
  f1Star(challenge: Challenge): Uint8Array;
  f2345(rand: Uint8Array): Response;
  /** AK for a resynchronisation. */
  f5Star(rand: Uint8Array): Uint8Array;
}

export interface Challenge {
  readonly rand: Uint8Array;
  readonly sqn: Uint8Array;
  readonly amf: Uint8Array;
}

export interface Response {
  readonly res: Uint8Array;
  readonly ck: Uint8Array;
  readonly ik: Uint8Array;
  readonly ak: Uint8Array;
}

export function xor(one: Uint8Array, other: Uint8Array): Uint8Array {
  return one.map((octet, index) => octet ^ (other[index] ?? 0));
}

/** @throws RangeError when `octets` has another length */
export function mustHave(length: number | readonly number[], octets: Uint8Array, name: string): void {
  const lengths = typeof length === 'number' ? [length] : length;
  if (!lengths.includes(octets.length))
    throw new RangeError(`${name} has ${octets.length} octets, not ${lengths.join(' or ')}`);
}
