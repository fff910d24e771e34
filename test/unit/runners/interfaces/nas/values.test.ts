import { expect, it } from 'vitest';
import {
  decodeAlgorithms,
  decodeNssai,
  decodePduAddress,
  decodeSecurityCapability,
  encodeAlgorithms,
  encodeNssai,
  encodePduAddress,
  encodeSecurityCapability,
} from '../../../../../runners/interfaces/nas/values.ts';

it('writes slices with and without differentiator', () => {
  const slices = [{ sst: 1 }, { sst: 222, sd: 0xffffff }];
  expect(encodeNssai(slices)).toEqual(Uint8Array.of(1, 1, 4, 222, 255, 255, 255));
  expect(decodeNssai(encodeNssai(slices))).toEqual(slices);
  expect(decodeNssai(Uint8Array.of(4, 1, 2))).toBeNull();
  expect(decodeNssai(Uint8Array.of(3, 1, 2, 3))).toBeNull();
});

it('writes algorithms as bits, the null algorithm first', () => {
  const capability = { ciphering: [0, 1, 2, 3], integrity: [2] } as const;
  expect(encodeSecurityCapability(capability)).toEqual(Uint8Array.of(0xf0, 0x20));
  expect(decodeSecurityCapability(Uint8Array.of(0xf0, 0x20, 0xf0, 0x70))).toEqual(capability);
  expect(decodeSecurityCapability(Uint8Array.of(0xf0))).toBeNull();
  expect(decodeAlgorithms(encodeAlgorithms({ ciphering: 1, integrity: 2 }))).toEqual({
    ciphering: 1,
    integrity: 2,
  });
});

it('writes the address of a session', () => {
  expect(decodePduAddress(encodePduAddress('198.51.100.7'))).toBe('198.51.100.7');
  expect(decodePduAddress(Uint8Array.of(3, ...new Uint8Array(8), 10, 0, 0, 1))).toBe('10.0.0.1');
  expect(decodePduAddress(Uint8Array.of(1, 10))).toBeNull();
  expect(() => encodePduAddress('10.0.0.256')).toThrow(RangeError);
});
