import { expect, it } from 'vitest';
import {
  algorithmKeyOf,
  autnOf,
  hresStarOf,
  kamfOf,
  kausfOf,
  kgnbOf,
  kseafOf,
  nextHopOf,
  resStarOf,
  servingNetworkName,
} from '../../../../../runners/interfaces/aka/keys.ts';
import { milenage } from '../../../../../runners/interfaces/aka/milenage.ts';
import { xor } from '../../../../../runners/interfaces/aka/functions.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

const K = bytes('00112233445566778899aabbccddeeff');
const OPC = bytes('62e75b8d6fa5bf46ec87a9276f9df54d');
const RAND = K;
const [SQN, AMF] = [bytes('000000000001'), bytes('8000')];

/** Values that another implementation of TS 33.501 annex A printed for this subscriber of PLMN 001 01. */
it('derives what another implementation derives, from the challenge to K_SEAF', () => {
  const functions = milenage({ k: K, opc: OPC });
  const mac = functions.f1({ rand: RAND, sqn: SQN, amf: AMF });
  const { res, ck, ik, ak } = functions.f2345(RAND);
  expect(hex(autnOf({ sqn: SQN, ak, amf: AMF, mac }))).toBe('de656c8b0bcf80004af30b82a8531115');
  const home = { ck, ik, servingNetwork: servingNetworkName('00101') };
  const resStar = resStarOf(home, { rand: RAND, res });
  expect(hex(resStar)).toBe('31b6d938a5290ccc65bc829f9820a8d9');
  expect(hex(hresStarOf(RAND, resStar))).toBe('3308fb7cf06a35f1cd086b904ce82ecf');
  // From here on it names the network in its own way, with two digits of MNC.
  const servingNetwork = '5G:mnc01.mcc001.3gppnetwork.org';
  const kausf = kausfOf({ ck, ik, servingNetwork }, xor(SQN, ak));
  expect(hex(kausf)).toBe('fe8d2546b6971c510329cd8ae34c177d6569486aa9b71159cc3b5c752a93bd10');
  const kseaf = kseafOf(kausf, servingNetwork);
  expect(hex(kseaf)).toBe('442ac77e2366d8084cb447883b03311065ea6bbd8753cf87e92c0669019cf829');
});

it('names networks with two and three digits of MNC', () => {
  expect(servingNetworkName('00101')).toBe('5G:mnc001.mcc001.3gppnetwork.org');
  expect(servingNetworkName('310410')).toBe('5G:mnc410.mcc310.3gppnetwork.org');
  expect(() => servingNetworkName('1')).toThrow(/five or six digits/u);
});

it('makes other keys for other uses, algorithms and counts', () => {
  const kamf = new Uint8Array(32).fill(7);
  const keys = [
    ...[kamfOf(kamf, '001010123456789', bytes('0000')), kamfOf(kamf, '001010123456780', bytes('0000'))],
    ...[algorithmKeyOf(kamf, 'nasEncryption', 2), algorithmKeyOf(kamf, 'nasIntegrity', 2)],
    ...[algorithmKeyOf(kamf, 'nasIntegrity', 1), kgnbOf(kamf, 0), kgnbOf(kamf, 1)],
    nextHopOf(kamf, kgnbOf(kamf, 0)),
  ];
  expect(new Set(keys.map(hex)).size).toBe(keys.length);
  expect(keys.map(({ length }) => length)).toEqual([32, 32, 16, 16, 16, 32, 32, 32]);
});
