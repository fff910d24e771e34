import { createCipheriv } from 'node:crypto';
import { type AuthenticationFunctions, type Challenge, mustHave, xor } from './functions.ts';

/** A subscriber key K and the operator's OPc, 16 octets each. */
export interface MilenageKeys {
  readonly k: Uint8Array;
  readonly opc: Uint8Array;
}

/** OPc from OP: both have 16 octets. @see TS 35.206 clause 4.1 */
export function opcOf(k: Uint8Array, op: Uint8Array): Uint8Array {
  return xor(encrypt(k, op), op);
}

/**
 * The MILENAGE set with the constants that everybody uses. MAC has 8 octets, RES 8, CK and IK 16, AK 6.
 * @see TS 35.206 clause 4.1
 * @throws RangeError when a key or an input has another length
 */
export function milenage({ k, opc }: MilenageKeys): AuthenticationFunctions {
  mustHave(16, k, 'K');
  mustHave(16, opc, 'OPc');
  const begin = (rand: Uint8Array): Uint8Array => {
    mustHave(16, rand, 'RAND');
    return encrypt(k, xor(rand, opc));
  };
  /** OUTn = E(rot(TEMP xor OPc, rn) xor cn) xor OPc, for n from 2 to 5. */
  const out = (temp: Uint8Array, rotation: number, constant: number): Uint8Array => {
    const turned = rotate(xor(temp, opc), rotation);
    turned[15] = (turned[15] ?? 0) ^ constant;
    return xor(encrypt(k, turned), opc);
  };
  const out1 = ({ rand, sqn, amf }: Challenge): Uint8Array => {
    mustHave(6, sqn, 'SQN');
    mustHave(2, amf, 'AMF');
    const half = [...sqn, ...amf];
    const in1 = Uint8Array.from([...half, ...half]);
    return xor(encrypt(k, xor(begin(rand), rotate(xor(in1, opc), 8))), opc);
  };
  return {
    f1: (challenge) => out1(challenge).slice(0, 8),
    f1Star: (challenge) => out1(challenge).slice(8),
    f2345(rand) {
      const temp = begin(rand);
      const out2 = out(temp, 0, 1);
      return {
        res: out2.slice(8),
        ak: out2.slice(0, 6),
        ck: out(temp, 4, 2),
        ik: out(temp, 8, 4),
      };
    },
    f5Star: (rand) => out(begin(rand), 12, 8).slice(0, 6),
  };
}

/** To the left, by octets: every rotation of the set is a multiple of eight bits. */
function rotate(octets: Uint8Array, by: number): Uint8Array {
  return Uint8Array.from([...octets.subarray(by), ...octets.subarray(0, by)]);
}

function encrypt(key: Uint8Array, block: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
  return new Uint8Array(cipher.update(block));
}
