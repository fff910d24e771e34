import { nea2, nia2 } from './aes.ts';
import { nea1, nia1 } from './snow.ts';
import type { Algorithm, CipherInput } from './types.ts';
import { nea3, nia3 } from './zuc.ts';

const CIPHERS = { 0: (_: CipherInput, message: Uint8Array) => message.slice(), 1: nea1, 2: nea2, 3: nea3 };
const INTEGRITIES = { 0: () => new Uint8Array(4), 1: nia1, 2: nia2, 3: nia3 };

/** 128-NEA0 to 3: the message ciphered, or deciphered. @see TS 33.501 annex D.2 */
export function cipher(algorithm: Algorithm, input: CipherInput, message: Uint8Array): Uint8Array {
  return CIPHERS[algorithm](input, message);
}

/** 128-NIA0 to 3: the MAC of 4 octets; of the null algorithm, zeros. @see TS 33.501 annex D.3 */
export function integrity(algorithm: Algorithm, input: CipherInput, message: Uint8Array): Uint8Array {
  return INTEGRITIES[algorithm](input, message);
}
