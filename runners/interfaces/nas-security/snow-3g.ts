/** The key stream generator SNOW 3G. @see ETSI/SAGE, UEA2 and UIA2 document 2 */
export class Snow3g {
  readonly #lfsr: Uint32Array;
  #r1 = 0;
  #r2 = 0;
  #r3 = 0;

  /** Key and initialisation vector, four words of 32 bits each, numbered as the document does. */
  constructor(k: readonly [number, number, number, number], iv: readonly [number, number, number, number]) {
    const [k0, k1, k2, k3] = k;
    const [iv0, iv1, iv2, iv3] = iv;
    this.#lfsr = Uint32Array.of(
      ...[~k0, ~k1, ~k2, ~k3, k0, k1, k2, k3],
      ...[~k0, ~k1 ^ iv3, ~k2 ^ iv2, ~k3, k0 ^ iv1, k1, k2, k3 ^ iv0],
    );
    for (let round = 0; round < 32; round += 1) this.#shift(this.#clock());
    // The first word after initialisation is not used.
    this.#clock();
    this.#shift(0);
  }

  /** The next word of the key stream. */
  next(): number {
    const word = (this.#clock() ^ this.#at(0)) >>> 0;
    this.#shift(0);
    return word;
  }

  #at(index: number): number {
    return this.#lfsr[index] ?? 0;
  }

  /** The finite state machine: what it gives, before it moves on. */
  #clock(): number {
    const given = ((this.#at(15) + this.#r1) ^ this.#r2) >>> 0;
    const r1 = (this.#r2 + (this.#r3 ^ this.#at(5))) >>> 0;
    this.#r3 = substitute(this.#r2, S2);
    this.#r2 = substitute(this.#r1, S1);
    this.#r1 = r1;
    return given;
  }

  #shift(fed: number): void {
    const [s0, s11] = [this.#at(0), this.#at(11)];
    const next = (s0 << 8) ^ timesAlpha(s0 >>> 24) ^ this.#at(2) ^ (s11 >>> 8) ^ overAlpha(s11 & 0xff) ^ fed;
    this.#lfsr.copyWithin(0, 1);
    this.#lfsr[15] = next;
  }
}

/** A box of octets, with the polynomial that mixes its four outputs. */
interface Box {
  readonly octets: Uint8Array;
  readonly polynomial: number;
}

/** Multiplies by x in the field of 256 elements with that polynomial. */
function timesX(value: number, polynomial: number): number {
  return value & 0x80 ? ((value << 1) ^ polynomial) & 0xff : value << 1;
}

function timesXPower(value: number, power: number, polynomial: number): number {
  let product = value;
  for (let done = 0; done < power; done += 1) product = timesX(product, polynomial);
  return product;
}

function multiply(one: number, other: number, polynomial: number): number {
  let product = 0;
  for (let bit = 0; bit < 8; bit += 1) if ((other >> bit) & 1) product ^= timesXPower(one, bit, polynomial);
  return product;
}

function power(value: number, exponent: number, polynomial: number): number {
  let result = 1;
  for (let done = 0; done < exponent; done += 1) result = multiply(result, value, polynomial);
  return result;
}

/** What the shift register's feedback polynomial is over. */
const ALPHA = 0xa9;
const ALPHA_POWERS = [23, 245, 48, 239];
const INVERSE_POWERS = [16, 39, 6, 64];

const timesAlpha = tableOf(ALPHA_POWERS);
const overAlpha = tableOf(INVERSE_POWERS);

function tableOf(powers: readonly number[]): (octet: number) => number {
  const words = Uint32Array.from({ length: 256 }, (_, octet) =>
    powers.reduce((word, times) => (word << 8) | timesXPower(octet, times, ALPHA), 0),
  );
  return (octet) => words[octet] ?? 0;
}

const S1: Box = { octets: rijndael(), polynomial: 0x1b };
const S2: Box = { octets: dickson(), polynomial: 0x69 };

/** The box of AES: inverse, then an affine mapping. @see FIPS 197 clause 5.1.1 */
function rijndael(): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, octet) => {
    const inverse = power(octet, 254, 0x1b);
    let mapped = 0x63;
    for (let turn = 0; turn < 5; turn += 1) mapped ^= ((inverse << turn) | (inverse >> (8 - turn))) & 0xff;
    return mapped;
  });
}

/** The box SQ, from the Dickson polynomial that defines it. */
function dickson(): Uint8Array {
  const exponents = [1, 9, 13, 15, 33, 41, 45, 47, 49];
  return Uint8Array.from({ length: 256 }, (_, octet) =>
    exponents.reduce((sum, exponent) => sum ^ power(octet, exponent, 0x69), 0x25),
  );
}

function substitute(word: number, { octets, polynomial }: Box): number {
  const [a, b, c, d] = [word >>> 24, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff].map(
    (octet) => octets[octet] ?? 0,
  ) as [number, number, number, number];
  const twice = (octet: number): number => timesX(octet, polynomial);
  const thrice = (octet: number): number => twice(octet) ^ octet;
  return (
    (((twice(a) ^ b ^ c ^ thrice(d)) << 24) |
      ((thrice(a) ^ twice(b) ^ c ^ d) << 16) |
      ((a ^ thrice(b) ^ twice(c) ^ d) << 8) |
      (a ^ b ^ thrice(c) ^ twice(d))) >>>
    0
  );
}
