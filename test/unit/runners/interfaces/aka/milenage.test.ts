import { expect, it } from 'vitest';
import { milenage, opcOf } from '../../../../../runners/interfaces/aka/milenage.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

/** @see TS 35.208 clause 4.3, test set 1 */
it('gives the values of test set 1', () => {
  const k = bytes('465b5ce8b199b49faa5f0a2ee238a6bc');
  const opc = opcOf(k, bytes('cdc202d5123e20f62b6d676ac72cb318'));
  expect(hex(opc)).toBe('cd63cb71954a9f4e48a5994e37a02baf');
  const rand = bytes('23553cbe9637a89d218ae64dae47bf35');
  const challenge = { rand, sqn: bytes('ff9bb4d0b607'), amf: bytes('b9b9') };
  const functions = milenage({ k, opc });
  expect(hex(functions.f1(challenge))).toBe('4a9ffac354dfafb3');
  expect(hex(functions.f1Star(challenge))).toBe('01cfaf9ec4e871e9');
  const { res, ck, ik, ak } = functions.f2345(rand);
  expect([res, ck, ik, ak].map(hex)).toEqual([
    ...['a54211d5e3ba50bf', 'b40ba9a3c58b2a05bbf0d987b21bf8cb'],
    ...['f769bcd751044604127672711c6d3441', 'aa689c648370'],
  ]);
  expect(hex(functions.f5Star(rand))).toBe('451e8beca43b');
});

it('names what has the wrong length', () => {
  expect(() => milenage({ k: new Uint8Array(15), opc: new Uint8Array(16) })).toThrow(/K has 15 octets/u);
  const functions = milenage({ k: new Uint8Array(16), opc: new Uint8Array(16) });
  expect(() => functions.f2345(new Uint8Array(8))).toThrow(/RAND has 8 octets, not 16/u);
});
