import { createHmac } from 'node:crypto';

/**
 * Stands for identities with others of the same length: the same for the same one under one key, and nobody without the key gets
 * from one to the other.
 */
export class Pseudonyms {
  readonly #key: Uint8Array;

  /** @param key 32 octets of chance, kept by nobody who gets what was redacted */
  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** Octets for octets, in place. */
  octets(kind: string, value: Uint8Array): void {
    value.set(this.#stream(kind, value, value.length));
  }

  /** Decimal digits in half octets for such, in place; what is no digit stays, such as what fills up. @param first half octet that is changed */
  digits(kind: string, value: Uint8Array, first = 0): void {
    const stream = this.#stream(kind, value, 2 * value.length);
    for (let half = first; half < 2 * value.length; half += 1) {
      const at = half >> 1;
      const shift = (half & 1) * 4;
      const octet = value[at] ?? 0;
      if (((octet >> shift) & 0xf) > 9) continue;
      value[at] = (octet & ~(0xf << shift)) | (((stream[half] ?? 0) % 10) << shift);
    }
  }

  #stream(kind: string, value: Uint8Array, length: number): Uint8Array {
    const parts: Buffer[] = [];
    for (let block = 0; block * 32 < length; block += 1) {
      const hmac = createHmac('sha256', this.#key).update(`${kind} ${block} `).update(value);
      parts.push(hmac.digest());
    }
    return Buffer.concat(parts).subarray(0, length);
  }
}
