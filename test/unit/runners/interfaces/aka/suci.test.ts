import { expect, it } from 'vitest';
import {
  conceal,
  newPrivateKey,
  publicKeyOf,
  reveal,
  type SuciProfile,
} from '../../../../../runners/interfaces/aka/suci.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

/** MSIN 001002086, of the test data of TS 33.501 clause C.4. */
const MSIN = bytes('00012080f6');
const VECTORS = [
  {
    profile: 'A',
    home: 'c53c22208b61860b06c62e5406a7b330c2b577aa5558981510d128247d38bd1d',
    known: '5a8d38864820197c3394b92613b20b91633cbd897119273bf8e4a6f4eec0a650',
    once: 'c80949f13ebe61af4ebdbd293ea4f942696b9e815d7e8f0096bbf6ed7de62256',
    output: 'b2e92f836055a255837debf850b528997ce0201cb82adfe4be1f587d07d8457dcb02352410cddd9e730ef3fa87',
  },
  {
    profile: 'B',
    home: 'f1ab1074477ebcc7f554ea1c5fc368b1616730155e0041ac447d6301975fecda',
    known: '0272da71976234ce833a6907425867b82e074d44ef907dfb4b3e21c1c2256ebcd1',
    once: '99798858a1dc6a2c68637149a4b1dbfd1fdff5addd62a2142f06699ed7602529',
    output: '039aab8376597021e855679a9778ea0b67396e68c66df32c0f41e9acca2da9b9d146a33fc2716ac7dae96aa30a4d',
  },
] as const satisfies readonly { readonly profile: SuciProfile; readonly [name: string]: string }[];

it.each(VECTORS)('conceals and reveals what TS 33.501 C.4 does, under profile $profile', (vector) => {
  const { profile, home, known, once, output } = vector;
  const privateKey = bytes(home);
  expect(hex(publicKeyOf({ profile, privateKey }))).toBe(known);
  expect(hex(conceal(MSIN, { profile, id: 1, publicKey: bytes(known) }, bytes(once)))).toBe(output);
  expect(reveal(bytes(output), { profile, privateKey })).toEqual(MSIN);
});

it.each(VECTORS)(
  'reveals nothing of what was changed, or was for another key: profile $profile',
  (vector) => {
    const { profile, home, output } = vector;
    const key = { profile, privateKey: bytes(home) };
    const whole = bytes(output);
    for (const [at] of whole.entries())
      expect(
        reveal(
          Uint8Array.from(whole, (octet, each) => (each === at ? octet ^ 0x04 : octet)),
          key,
        ),
      ).toBeNull();
    for (const length of [0, 8, 33, 41]) expect(reveal(whole.subarray(0, length), key)).toBeNull();
    expect(reveal(whole, { profile, privateKey: newPrivateKey() })).toBeNull();
    // A public key of low order, and octets that are no point.
    expect(
      reveal(
        Uint8Array.from(whole, (octet, at) => (at < 33 ? 0 : octet)),
        key,
      ),
    ).toBeNull();
  },
);

it('conceals every time in another way', () => {
  const privateKey = newPrivateKey();
  const known = { profile: 'A', id: 1, publicKey: publicKeyOf({ profile: 'A', privateKey }) } as const;
  expect(conceal(MSIN, known)).not.toEqual(conceal(MSIN, known));
  expect(() => conceal(MSIN, { ...known, publicKey: new Uint8Array(5) })).toThrow(RangeError);
});
