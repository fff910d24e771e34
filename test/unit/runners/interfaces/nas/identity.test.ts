import { expect, it } from 'vitest';
import {
  decodeIdentity,
  decodePlmn,
  encodeIdentity,
  encodePlmn,
  imsiOf,
  type MobileIdentity,
  nullSchemeSuci,
} from '../../../../../runners/interfaces/nas/identity.ts';

const AMF = { region: 0xca, set: 0x3fe, pointer: 0x15 };
const TMSI = Uint8Array.of(0xde, 0xad, 0xbe, 0xef);

it('writes PLMNs of five and of six digits', () => {
  expect(encodePlmn('00101')).toEqual(Uint8Array.of(0x00, 0xf1, 0x10));
  expect(encodePlmn('310260')).toEqual(Uint8Array.of(0x13, 0x00, 0x62));
  for (const plmn of ['00101', '310260', '99970', '901700']) expect(decodePlmn(encodePlmn(plmn))).toBe(plmn);
  expect(decodePlmn(Uint8Array.of(0xaa, 0xf1, 0x10))).toBeNull();
  expect(() => encodePlmn('1234')).toThrow(RangeError);
});

it('writes an IMSI that nobody conceals, and finds it again', () => {
  const identity = nullSchemeSuci('00101', '0000000001');
  const bytes = encodeIdentity(identity);
  expect(Buffer.from(bytes).toString('hex')).toBe('0100f110f0ff00000000000010');
  const read = decodeIdentity(bytes);
  expect(read).toEqual(identity);
  expect(read === null ? null : imsiOf(read)).toBe('001010000000001');
});

it('reads every identity as it was written', () => {
  const identities: readonly MobileIdentity[] = [
    { kind: 'none' },
    { kind: 'guti', plmn: '310260', amf: AMF, tmsi: TMSI },
    { kind: 'sTmsi', amf: { set: AMF.set, pointer: AMF.pointer }, tmsi: TMSI },
    { kind: 'imei', digits: '356938035643809' },
    { kind: 'imeisv', digits: '3569380356438091' },
    { kind: 'suci', plmn: '00101', routing: '4711', scheme: 1, keyId: 27, output: new Uint8Array(45) },
  ];
  for (const identity of identities) expect(decodeIdentity(encodeIdentity(identity))).toEqual(identity);
});

it('knows octets that are no identity, and conceals what is concealed', () => {
  expect(decodeIdentity(new Uint8Array())).toBeNull();
  expect(decodeIdentity(Uint8Array.of(0xf2, 0, 0xf1))).toBeNull();
  expect(decodeIdentity(Uint8Array.of(0x01, 0x00, 0xf1, 0x10))).toBeNull();
  const hidden = { kind: 'suci', plmn: '00101', routing: '0', scheme: 1, keyId: 1, output: TMSI } as const;
  expect(imsiOf(hidden)).toBeNull();
});
