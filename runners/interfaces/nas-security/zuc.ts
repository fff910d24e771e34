import { type CipherInput, headOf, underStream } from './types.ts';

/** 128-NEA3: ZUC. @see TS 33.401 clause B.1.4; ETSI/SAGE, 128-EEA3 and 128-EIA3 document 1 */
export function nea3(input: CipherInput, message: Uint8Array): Uint8Array {
  const head = headOf(input);
  const stream = new Zuc(input.key, Uint8Array.from([...head, ...head]));
  return underStream(message, () => stream.next());
}

/** 128-NIA3: ZUC and a universal hash. `bits` of the message count; default all. @see the same document */
export function nia3(input: CipherInput, message: Uint8Array, bits = message.length * 8): Uint8Array {
  const stream = new Zuc(input.key, integrityVector(input));
  const words = Uint32Array.from({ length: Math.ceil(bits / 32) + 2 }, () => stream.next());
  const wordAt = (bit: number): number => {
    const [index, shift] = [bit >>> 5, bit & 31];
    const high = words[index] ?? 0;
    return shift === 0 ? high : ((high << shift) | ((words[index + 1] ?? 0) >>> (32 - shift))) >>> 0;
  };
  let tag = 0;
  for (let bit = 0; bit < bits; bit += 1)
    if (((message[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) tag ^= wordAt(bit);
  tag ^= wordAt(bits) ^ (words[words.length - 1] ?? 0);
  const mac = new Uint8Array(4);
  new DataView(mac.buffer).setUint32(0, tag >>> 0);
  return mac;
}

function integrityVector(input: CipherInput): Uint8Array {
  const head = headOf({ ...input, direction: 'uplink' });
  const iv = Uint8Array.from([...head, ...head]);
  const way = input.direction === 'downlink' ? 0x80 : 0;
  iv[8] = (iv[8] ?? 0) ^ way;
  iv[14] = (iv[14] ?? 0) ^ way;
  return iv;
}

/** Constants of the key loading, 15 bits each. */
const D = [
  ...[0x44d7, 0x26bc, 0x626b, 0x135e, 0x5789, 0x35e2, 0x7135, 0x09af],
  ...[0x4d78, 0x2f13, 0x6bc4, 0x1af1, 0x5e26, 0x3c4d, 0x789a, 0x47ac],
];
/** Arithmetic of the shift register is modulo 2^31 - 1. */
const PRIME = 0x7fffffff;

/** The key stream generator ZUC. @see ETSI/SAGE, 128-EEA3 and 128-EIA3 document 2 */
export class Zuc {
  readonly #lfsr: Uint32Array;
  #r1 = 0;
  #r2 = 0;

  /** @param key 16 octets @param iv 16 octets */
  constructor(key: Uint8Array, iv: Uint8Array) {
    this.#lfsr = Uint32Array.from(
      D,
      (d, index) => (((key[index] ?? 0) << 23) | (d << 8) | (iv[index] ?? 0)) >>> 0,
    );
    for (let round = 0; round < 32; round += 1) this.#shift(this.#clock(this.#reorganised()) >>> 1);
    this.#clock(this.#reorganised());
    this.#shift(0);
  }

  /** The next word of the key stream. */
  next(): number {
    const words = this.#reorganised();
    const word = (this.#clock(words) ^ words[3]) >>> 0;
    this.#shift(0);
    return word;
  }

  #reorganised(): readonly [number, number, number, number] {
    const s = this.#lfsr;
    const high = (index: number): number => ((s[index] ?? 0) >>> 15) & 0xffff;
    const low = (index: number): number => (s[index] ?? 0) & 0xffff;
    const pair = (one: number, other: number): number => ((one << 16) | other) >>> 0;
    return [pair(high(15), low(14)), pair(low(11), high(9)), pair(low(7), high(5)), pair(low(2), high(0))];
  }

  #clock([x0, x1, x2]: readonly [number, number, number, number]): number {
    const given = ((x0 ^ this.#r1) + this.#r2) >>> 0;
    const [w1, w2] = [(this.#r1 + x1) >>> 0, (this.#r2 ^ x2) >>> 0];
    this.#r1 = substitute(mix1(((w1 << 16) | (w2 >>> 16)) >>> 0));
    this.#r2 = substitute(mix2(((w2 << 16) | (w1 >>> 16)) >>> 0));
    return given;
  }

  #shift(fed: number): void {
    const s = this.#lfsr;
    const turned = (index: number, by: number): number => turn31(s[index] ?? 0, by);
    const sum = [turned(15, 15), turned(13, 17), turned(10, 21), turned(4, 20), turned(0, 8), s[0] ?? 0, fed];
    const next = sum.reduce((total, part) => {
      const added = total + part;
      return (added % (PRIME + 1)) + Math.floor(added / (PRIME + 1));
    }, 0);
    s.copyWithin(0, 1);
    s[15] = next === 0 ? PRIME : next;
  }
}

function turn31(value: number, by: number): number {
  return ((value << by) | (value >>> (31 - by))) & PRIME;
}

function turn32(value: number, by: number): number {
  return ((value << by) | (value >>> (32 - by))) >>> 0;
}

function mix1(word: number): number {
  return (word ^ turn32(word, 2) ^ turn32(word, 10) ^ turn32(word, 18) ^ turn32(word, 24)) >>> 0;
}

function mix2(word: number): number {
  return (word ^ turn32(word, 8) ^ turn32(word, 14) ^ turn32(word, 22) ^ turn32(word, 30)) >>> 0;
}

function substitute(word: number): number {
  const [a, b] = [S0[word >>> 24] ?? 0, S1[(word >>> 16) & 0xff] ?? 0];
  const [c, d] = [S0[(word >>> 8) & 0xff] ?? 0, S1[word & 0xff] ?? 0];
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

/** The boxes of octets. @see document 2, tables 3.1 and 3.2 */
const S0 = hex(
  '3e725b47cae0003304d1549809b96dcb7b1bf932af9d6aa5b82dfc1d08530390' +
    '4d4e8499e4ced991ddb685488b296eaccdc1f81e734369c6b5bdfd396320d438' +
    '767db2a7cfed57c5f32cbb142106559be3ef5e314f7f5aa40d8251495fba581c' +
    '4a16d517a892241f8cffd8ae2e01d3ad3b4bda46ebc9de9a8f87d73a806f2fc8' +
    'b1b437f70a2213287ccc3c89c7c3965607bf7ef00b2b975235417961a64c10fe' +
    'bc2695888ab0a3fbc01894f2e1e5e95dd0dc1166645cec59427512f5749caa23' +
    '0e86abbe2a02e767e644a26cc2939ff1f6fa36d250689e6271153dd640c4e20f' +
    '8e83776b25053f0c30ea70b7a1e8a9658d271adb81b3a0f4457a19dfee783460',
);
const S1 = hex(
  '55c263713bc847869f3cda5b29aafd778cc5940ca61a1300e3a8167240f9f842' +
    '4426689681d9453e1076c6a78b3943e13ab5562ac06db3052266bfdc0bfa6248' +
    'dd20110636c9c1cff62752bb69f5d4877f844cd29c57a4bc4f9adffed68d7aeb' +
    '2b53d85ca11417fb23d57d3067730809eeb7703f61b2198e4ee54b938f5ddba9' +
    'adf1ae2ecb0dfcf42d466e1d97e8d1e94d37a5755e839eab829db91ce0cd4989' +
    '01b6bd5824a25f387899159050b895e4d091c7ceed0fb46fa0ccf0024a79c3de' +
    'a3efea51e66b18ec1b2c80f774e7ff215a6a541e41319235c433070aba7e0e34' +
    '88b1987cf33d606c7bcad31f3265042864be859b2f598ad7b025acaf1203e2f2',
);

function hex(octets: string): Uint8Array {
  return new Uint8Array(Buffer.from(octets, 'hex'));
}
