import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { keccakF1600 } from '../../../../../runners/interfaces/aka/keccak.ts';
import { topcOf, tuak, type TuakOptions } from '../../../../../runners/interfaces/aka/tuak.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

interface TestSet {
  readonly k: string;
  readonly rand: string;
  readonly sqn: string;
  readonly amf: string;
  readonly top: string;
  readonly iterations?: number;
  readonly topc: string;
  /** f1, f1*, f2, f3, f4, f5, f5*. */
  readonly outputs: readonly string[];
}

/** @see TS 35.233 clauses 6.3 (set 1), 6.5 (set 3) and 6.8 (set 6) */
const SETS: readonly TestSet[] = [
  {
    k: 'ab'.repeat(16),
    rand: '42'.repeat(16),
    sqn: '11'.repeat(6),
    amf: 'ffff',
    top: '55'.repeat(32),
    topc: 'bd04d9530e87513c5d837ac2ad954623a8e2330c115305a73eb45d1f40cccbff',
    outputs: [
      ...['f9a54e6aeaa8618d', 'e94b4dc6c7297df3', '657acd64', 'd71a1e5c6caffe986a26f783e5c78be1'],
      ...['be849fa2564f869aecee6f62d4337e72', '719f1e9b9054', 'e7af6b3d0e38'],
    ],
  },
  {
    k: 'fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0efeeedecebeae9e8e7e6e5e4e3e2e1e0',
    rand: '0123456789abcdef'.repeat(2),
    sqn: '0123456789ab',
    amf: 'abcd',
    top: '808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f',
    topc: '305425427e18c503c8a4b294ea72c95d0c36c6c6b29d0c65de5974d5977f8524',
    outputs: [
      'd97b75a1776065271b1e212bc3b1bf173f438b21e6c64a55a96c372e085e5cc5',
      '427bbf07c6e3a86c54f8c5216499f3909a6fd4a164c9fe235b1550258111b821',
      ...['07021c73e7635c7d', '4d59ac796834eb85d11fa148a5058c3c'],
      '126d47500136fdc5ddfd14f19ebf16749ce4b6435323fbb5715a3a796a6082bd',
      ...['1d6622c4e59a', 'f84eb338848c'],
    ],
  },
  {
    k: '1574ca56881d05c189c82880f789c9cd4244955f4426aa2b69c29f15770e5aa5',
    rand: 'c570aac68cde651fb1e3088322498bef',
    sqn: 'c89bb71f3a41',
    amf: '297d',
    top: 'e59f6eb10ea406813f4991b0b9e02f181edf4c7e17b480f66d34da35ee88c95e',
    iterations: 2,
    topc: 'b04a66f26c62fcd6c82de22a179ab65506ecf47f56245cd149966cfa9cec7a51',
    outputs: [
      '90d2289ed1ca1c3dbc2247bb480d431ac71d2e4a7677f6e997cfddb0cbad88b7',
      '427355dbac30e825063aba61b556e87583abac638e3ab01c4c884ad9d458dc2f',
      'd67e6e64590d22eecba7324afa4af4460c93f01b24506d6e12047d789a94c867',
      'ede57edfc57cdffe1aae75066a1b7479bbc3837438e88d37a801cccc9f972b89',
      '48ed9299126e5057402fe01f9201cf25249f9c5c0ed2afcf084755daff1d3999',
      ...['6aae8d18c448', '8c5f33b61f4e'],
    ],
  },
];

it.each(SETS)('gives the published values for TOPc $topc', (set) => {
  const { rand, sqn, amf } = { rand: bytes(set.rand), sqn: bytes(set.sqn), amf: bytes(set.amf) };
  const [mac, , res, ck, ik] = set.outputs.map((output) => output.length / 2);
  const options = { mac, res, ck, ik, iterations: set.iterations ?? 1 } as TuakOptions;
  const topc = topcOf(bytes(set.k), bytes(set.top), options);
  expect(hex(topc)).toBe(set.topc);
  const functions = tuak({ k: bytes(set.k), topc }, options);
  const answer = functions.f2345(rand);
  expect(
    [
      ...[functions.f1({ rand, sqn, amf }), functions.f1Star({ rand, sqn, amf }), answer.res, answer.ck],
      ...[answer.ik, answer.ak, functions.f5Star(rand)],
    ].map(hex),
  ).toEqual(set.outputs);
});

it('permutes as the SHA-3 of another library does', () => {
  const message = new TextEncoder().encode('one block is enough');
  const state = new Uint8Array(200);
  state.set(message);
  state[message.length] = 0x06;
  state[135] = (state[135] ?? 0) ^ 0x80;
  keccakF1600(state);
  expect(hex(state.slice(0, 32))).toBe(createHash('sha3-256').update(message).digest('hex'));
});
