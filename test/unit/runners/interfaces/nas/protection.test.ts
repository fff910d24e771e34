import { expect, it } from 'vitest';
import { decodeNas } from '../../../../../runners/interfaces/nas/codec.ts';
import {
  type NasKeys,
  open,
  protect,
  PROTECTIONS,
  type Protection,
  readProtected,
} from '../../../../../runners/interfaces/nas/protection.ts';
import { ALGORITHMS } from '../../../../../runners/interfaces/nas-security/types.ts';
import { registrationMessages } from '../../../../support/nas/registration.ts';

const [, plain = new Uint8Array()] = registrationMessages()[5] ?? [];

function keysFor(ciphering: NasKeys['ciphering'], integrityProtection: NasKeys['ciphering']): NasKeys {
  const [encryption, integrity] = [new Uint8Array(16).fill(0x11), new Uint8Array(16).fill(0x22)];
  return { encryption, integrity, ciphering, integrityProtection };
}

it('opens what it protected, with every algorithm and header', () => {
  for (const algorithm of ALGORITHMS) {
    const keys = keysFor(algorithm, algorithm);
    for (const protection of Object.keys(PROTECTIONS) as Protection[]) {
      const bytes = protect(keys, plain, { protection, direction: 'downlink', count: 0x1ff });
      const opened = open(keys, bytes, { direction: 'downlink', expected: 0x1f0 });
      expect(opened).toEqual({ plain, protection, isAuthentic: true, count: 0x1ff });
    }
  }
});

it('shows the message without keys when it is not ciphered, and no sooner', () => {
  const inside = (protection: Protection) =>
    readProtected(protect(keysFor(2, 2), plain, { protection, direction: 'uplink', count: 7 }));
  expect(inside('integrity')).toMatchObject({ protection: 'integrity', sequence: 7, contents: plain });
  expect(decodeNas(inside('ciphered')?.contents ?? plain).message).toBeNull();
  expect(readProtected(plain)).toBeNull();
});

it('finds a changed bit, another direction, another count and another key', () => {
  const keys = keysFor(2, 2);
  const bytes = protect(keys, plain, { protection: 'ciphered', direction: 'uplink', count: 3 });
  const uplink = { direction: 'uplink', expected: 3 } as const;
  expect(open(keys, bytes, uplink)?.isAuthentic).toBe(true);
  for (const at of [2, 6, 7, bytes.length - 1]) {
    const changed = bytes.map((octet, index) => (index === at ? octet ^ 1 : octet));
    expect(open(keys, changed, uplink)?.isAuthentic).toBe(false);
  }
  expect(open(keys, bytes, { ...uplink, direction: 'downlink' })?.isAuthentic).toBe(false);
  expect(open(keys, bytes, { ...uplink, expected: 4 })?.isAuthentic).toBe(false);
  expect(open({ ...keys, integrity: new Uint8Array(16) }, bytes, uplink)?.isAuthentic).toBe(false);
});

it('counts on when the sequence number begins anew', () => {
  const keys = keysFor(1, 3);
  const bytes = protect(keys, plain, { protection: 'ciphered', direction: 'downlink', count: 0x300 });
  expect(open(keys, bytes, { direction: 'downlink', expected: 0x2ff })).toMatchObject({
    isAuthentic: true,
    count: 0x300,
  });
  expect(() =>
    protect(keys, plain, { protection: 'integrity', direction: 'uplink', count: 2 ** 24 }),
  ).toThrow(RangeError);
});
