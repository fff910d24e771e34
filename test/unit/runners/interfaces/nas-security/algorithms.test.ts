import { expect, it } from 'vitest';
import { nea2, nia2 } from '../../../../../runners/interfaces/nas-security/aes.ts';
import { cipher, integrity } from '../../../../../runners/interfaces/nas-security/algorithms.ts';
import { Snow3g } from '../../../../../runners/interfaces/nas-security/snow-3g.ts';
import { nea1, nia1 } from '../../../../../runners/interfaces/nas-security/snow.ts';
import { ALGORITHMS, type CipherInput } from '../../../../../runners/interfaces/nas-security/types.ts';
import { nea3, nia3, Zuc } from '../../../../../runners/interfaces/nas-security/zuc.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

const SET_1: CipherInput = {
  ...{ key: bytes('d3c5d592327fb11c4035c6680af8c6d1'), count: 0x398a59b4 },
  ...{ bearer: 0x15, direction: 'downlink' },
};
const PLAIN = bytes('981ba6824c1bfb1ab485472029b71d808ce33e2cc3c0b5fc1f3de8a6dc66b1f0');
const KEY = bytes('2bd6459f82c5b300952c49104881ff48');

it('ciphers as test set 1 of TS 33.401 clauses C.1 and C.3 does', () => {
  // 253 bits count there; three more are given here.
  expect(hex(nea2(SET_1, PLAIN))).toBe('e9fed8a63d155304d71df20bf3e82214b20ed7dad2f233dc3c22d7bdeeed8e78');
  expect(hex(nea1(SET_1, PLAIN))).toBe('5d5bfe75eb04f68ce0a12377ea00b37d47c6a0ba06309155086a859c4341b37c');
});

it('makes the MAC of test set 1 of TS 33.401 clauses C.2 and C.4', () => {
  const input = { key: KEY, count: 0x38a6f056, direction: 'uplink' } as const;
  expect(hex(nia2({ ...input, bearer: 0x18 }, bytes('3332346263393840'), 58))).toBe('118c6eb8');
  expect(hex(nia1({ ...input, bearer: 0x1f }, bytes('3332346263393861373479')))).toBe('731f1165');
});

it('ciphers and signs as ETSI/SAGE 128-EEA3 and 128-EIA3, document 3, does', () => {
  const input = { key: bytes('173d14ba5003731d7a60049470f00a29'), count: 0x66035492, bearer: 15 };
  const plain = bytes('6cf65340735552ab0c9752fa6f9025fe0bd675d9005875b2');
  expect(hex(nea3({ ...input, direction: 'uplink' }, plain))).toBe(
    'a6c85fc66afb8533aafc2518dfe784940ee1e4b030238cc8',
  );
  const nobody = { key: new Uint8Array(16), count: 0, bearer: 0, direction: 'uplink' } as const;
  expect(hex(nia3(nobody, bytes('00000000'), 1))).toBe('c8a9595e');
  const second = { ...nobody, key: bytes('47054125561eb2dda94059da05097850') };
  expect(hex(nia3({ ...second, count: 0x561eb2dd, bearer: 0x14 }, new Uint8Array(12), 90))).toBe('6719a088');
});

it('generates the key streams of the published documents', () => {
  const snow = new Snow3g(
    [0x2bd6459f, 0x82c5b300, 0x952c4910, 0x4881ff48],
    [0xea024714, 0xad5c4d84, 0xdf1f9b25, 0x1c0bf45f],
  );
  expect([snow.next(), snow.next()]).toEqual([0xabee9704, 0x7ac31373]);
  const zuc = new Zuc(new Uint8Array(16), new Uint8Array(16));
  expect([zuc.next(), zuc.next()]).toEqual([0x27bede74, 0x018082da]);
});

it.each(ALGORITHMS)(
  'deciphers what algorithm %i has ciphered, and its MAC sees a changed bit',
  (algorithm) => {
    for (let length = 0; length < 70; length += 7) {
      const message = Uint8Array.from({ length }, (_, index) => (index * 37) & 0xff);
      expect(cipher(algorithm, SET_1, cipher(algorithm, SET_1, message))).toEqual(message);
      if (algorithm === 0 || length === 0) continue;
      const mac = integrity(algorithm, SET_1, message);
      message[length >> 1] = (message[length >> 1] ?? 0) ^ 1;
      expect(integrity(algorithm, SET_1, message)).not.toEqual(mac);
      expect(integrity(algorithm, { ...SET_1, direction: 'uplink' }, message)).not.toEqual(
        integrity(algorithm, SET_1, message),
      );
    }
  },
);
