import { type AuthenticationFunctions, type Challenge, mustHave } from './functions.ts';
import { keccakF1600 } from './keccak.ts';

/** A subscriber key K of 16 or 32 octets and the operator's TOPc of 32. */
export interface TuakKeys {
  readonly k: Uint8Array;
  readonly topc: Uint8Array;
}

/** Lengths in octets, and how often Keccak is applied. */
export interface TuakOptions {
  /** 8, 16 or 32; AUTN has room for 8. */
  readonly mac?: 8 | 16 | 32;
  readonly res?: 4 | 8 | 16 | 32;
  readonly ck?: 16 | 32;
  readonly ik?: 16 | 32;
  readonly iterations?: number;
}

const NAME = new TextEncoder().encode('TUAK1.0');
/** Bits of INSTANCE that say which function it is. @see TS 35.231 clauses 6.1 to 6.6 */
const F1 = 0x00;
const F1_STAR = 0x80;
const F2345 = 0x40;
const F5_STAR = 0xc0;
const CK_256 = 0x04;
const IK_256 = 0x02;
const K_256 = 0x01;
const NOTHING: Challenge = { rand: new Uint8Array(16), sqn: new Uint8Array(6), amf: new Uint8Array(2) };

/** TOPc from TOP, both of 32 octets. @see TS 35.231 clause 6.1 */
export function topcOf(k: Uint8Array, top: Uint8Array, { iterations = 1 }: TuakOptions = {}): Uint8Array {
  const state = fill({ k, topc: top }, F1, NOTHING);
  apply(state, iterations);
  return reversed(state, 0, 32);
}

/**
 * The TUAK set. CK and IK have 16 octets unless asked otherwise, as 3GPP uses them; AK has 6.
 * @see TS 35.231 clause 6
 * @throws RangeError when a key or an input has another length
 */
export function tuak(keys: TuakKeys, options: TuakOptions = {}): AuthenticationFunctions {
  const { mac = 8, res = 8, ck = 16, ik = 16, iterations = 1 } = options;
  const run = (instance: number, inputs: Challenge): Uint8Array => {
    const state = fill(keys, instance, inputs);
    apply(state, iterations);
    return state;
  };
  // 8 octets are 0x08, 16 are 0x10 and 32 are 0x20: the length itself. A response of 4 octets is 0.
  const response = F2345 | (res === 4 ? 0 : res) | (ck === 32 ? CK_256 : 0) | (ik === 32 ? IK_256 : 0);
  return {
    f1: (challenge) => reversed(run(F1 | mac, challenge), 0, mac),
    f1Star: (challenge) => reversed(run(F1_STAR | mac, challenge), 0, mac),
    f2345(rand) {
      const state = run(response, { ...NOTHING, rand });
      return {
        res: reversed(state, 0, res),
        ck: reversed(state, 32, ck),
        ik: reversed(state, 64, ik),
        ak: reversed(state, 96, 6),
      };
    },
    f5Star: (rand) => reversed(run(F5_STAR, { ...NOTHING, rand }), 96, 6),
  };
}

/** What Keccak is applied to: every field with its last octet first, then the padding. @see TS 35.231 clause 6, figure 1 */
function fill({ k, topc }: TuakKeys, instance: number, { rand, sqn, amf }: Challenge): Uint8Array {
  mustHave([16, 32], k, 'K');
  mustHave(32, topc, 'TOPc');
  mustHave(16, rand, 'RAND');
  mustHave(6, sqn, 'SQN');
  mustHave(2, amf, 'AMF');
  const state = new Uint8Array(200);
  let at = 0;
  for (const field of [topc, [instance | (k.length === 32 ? K_256 : 0)], NAME, rand, amf, sqn, k]) {
    state.set([...field].reverse(), at);
    at += field.length;
  }
  state[96] = 0x1f;
  state[135] = 0x80;
  return state;
}

function apply(state: Uint8Array, iterations: number): void {
  for (let done = 0; done < iterations; done += 1) keccakF1600(state);
}

function reversed(state: Uint8Array, at: number, length: number): Uint8Array {
  return state.slice(at, at + length).reverse();
}
