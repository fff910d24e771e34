import { createCipheriv } from 'node:crypto';
import { type CipherInput, headOf } from './types.ts';

const BLOCK = 16;

/** 128-NEA2: AES in counter mode. @see TS 33.401 clause B.1.3 */
export function nea2(input: CipherInput, message: Uint8Array): Uint8Array {
  const counter = new Uint8Array(BLOCK);
  counter.set(headOf(input));
  return new Uint8Array(createCipheriv('aes-128-ctr', input.key, counter).update(message));
}

/** 128-NIA2: AES in CMAC mode, its first 4 octets. `bits` of the message count; default all. @see TS 33.401 clause B.2.3 */
export function nia2(input: CipherInput, message: Uint8Array, bits = message.length * 8): Uint8Array {
  const head = headOf(input);
  const data = new Uint8Array(head.length + Math.ceil(bits / 8));
  data.set(head);
  data.set(message.subarray(0, Math.ceil(bits / 8)), head.length);
  return cmac(input.key, data, head.length * 8 + bits).slice(0, 4);
}

/** @see NIST SP 800-38B clause 6.2 */
function cmac(key: Uint8Array, data: Uint8Array, bits: number): Uint8Array {
  const encrypt = (block: Uint8Array): Uint8Array =>
    new Uint8Array(createCipheriv('aes-128-ecb', key, null).setAutoPadding(false).update(block));
  const subkey1 = double(encrypt(new Uint8Array(BLOCK)));
  const blocks = Math.max(1, Math.ceil(bits / (BLOCK * 8)));
  const last = new Uint8Array(BLOCK);
  last.set(data.subarray((blocks - 1) * BLOCK));
  const rest = bits - (blocks - 1) * BLOCK * 8;
  const isWhole = rest === BLOCK * 8;
  if (!isWhole) {
    // A one, then zeros: also within an octet of which not every bit counts.
    const at = rest >> 3;
    last[at] = ((last[at] ?? 0) & ~(0xff >> (rest & 7))) | (0x80 >> (rest & 7));
  }
  const subkey = isWhole ? subkey1 : double(subkey1);
  let chain: Uint8Array = new Uint8Array(BLOCK);
  for (let block = 0; block < blocks - 1; block += 1)
    chain = encrypt(mix(chain, data.subarray(block * BLOCK, (block + 1) * BLOCK)));
  return encrypt(mix(mix(chain, last), subkey));
}

/** In the field of 2^128 elements. */
function double(block: Uint8Array): Uint8Array {
  const doubled = block.map((octet, index) => (octet << 1) | ((block[index + 1] ?? 0) >> 7));
  if ((block[0] ?? 0) & 0x80) doubled[BLOCK - 1] = (doubled[BLOCK - 1] ?? 0) ^ 0x87;
  return doubled;
}

function mix(one: Uint8Array, other: Uint8Array): Uint8Array {
  return one.map((octet, index) => octet ^ (other[index] ?? 0));
}
