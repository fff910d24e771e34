import { Snow3g } from './snow-3g.ts';
import { type CipherInput, DIRECTION_BIT, underStream } from './types.ts';

type Words = readonly [number, number, number, number];

/** 128-NEA1: SNOW 3G. @see TS 35.215 clause 3 (UEA2); TS 33.401 clause B.1.2 */
export function nea1(input: CipherInput, message: Uint8Array): Uint8Array {
  const { count, bearer, direction } = input;
  const second = ((bearer << 27) | (DIRECTION_BIT[direction] << 26)) >>> 0;
  const stream = new Snow3g(keyWords(input.key), [second, count, second, count]);
  return underStream(message, () => stream.next());
}

/** 128-NIA1: SNOW 3G and a polynomial. `bits` of the message count; default all. @see TS 35.215 clause 4 (UIA2); TS 33.401 clause B.2.2 */
export function nia1(input: CipherInput, message: Uint8Array, bits = message.length * 8): Uint8Array {
  const { count, bearer, direction } = input;
  const way = DIRECTION_BIT[direction];
  const fresh = (bearer << 27) >>> 0;
  const iv: Words = [(fresh ^ (way << 15)) >>> 0, (count ^ (way << 31)) >>> 0, fresh, count];
  const stream = new Snow3g(keyWords(input.key), iv);
  const [z1, z2, z3, z4, z5] = [0, 0, 0, 0, 0].map(() => stream.next()) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const [p, q] = [long(z1, z2), long(z3, z4)];
  let value = 0n;
  for (let block = 0; block < Math.ceil(bits / 64); block += 1)
    value = multiply(value ^ blockOf(message, block, bits), p);
  value = multiply(value ^ BigInt(bits), q);
  const mac = new Uint8Array(4);
  new DataView(mac.buffer).setUint32(0, (Number(value >> 32n) ^ z5) >>> 0);
  return mac;
}

/** Words of the key as SNOW 3G numbers them: the last comes first. */
function keyWords(key: Uint8Array): Words {
  const view = new DataView(key.buffer, key.byteOffset, 16);
  return [view.getUint32(12), view.getUint32(8), view.getUint32(4), view.getUint32(0)];
}

function long(high: number, low: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

/** 64 bits of the message; zeros where it has ended. */
function blockOf(message: Uint8Array, block: number, bits: number): bigint {
  let value = 0n;
  for (let octet = block * 8; octet < block * 8 + 8; octet += 1) {
    const left = bits - octet * 8;
    const kept = left >= 8 ? 0xff : left <= 0 ? 0 : (0xff00 >> left) & 0xff;
    value = (value << 8n) | BigInt((message[octet] ?? 0) & kept);
  }
  return value;
}

/** In the field of 2^64 elements: x^64 + x^4 + x^3 + x + 1. */
function multiply(one: bigint, other: bigint): bigint {
  let [product, shifted] = [0n, one];
  for (let bit = 0n; bit < 64n; bit += 1n) {
    if ((other >> bit) & 1n) product ^= shifted;
    shifted = ((shifted << 1n) & MASK) ^ (shifted >> 63n ? 0x1bn : 0n);
  }
  return product;
}

const MASK = (1n << 64n) - 1n;
