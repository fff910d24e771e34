import { createHash, createHmac } from 'node:crypto';
import { mustHave, xor } from './functions.ts';

/** Function codes of TS 33.501 annex A. */
const FC = {
  algorithmKey: 0x69,
  kausf: 0x6a,
  resStar: 0x6b,
  kseaf: 0x6c,
  kamf: 0x6d,
  kgnb: 0x6e,
  nextHop: 0x6f,
  kgnbStar: 0x70,
} as const;

/** What an algorithm key is for. @see TS 33.501 clause A.8 */
export const KEY_USE = {
  nasEncryption: 0x01,
  nasIntegrity: 0x02,
  rrcEncryption: 0x03,
  rrcIntegrity: 0x04,
  userPlaneEncryption: 0x05,
  userPlaneIntegrity: 0x06,
} as const;
export type KeyUse = keyof typeof KEY_USE;

/** Access over which K_gNB is used. @see TS 33.501 clause A.9 */
const ACCESS_3GPP = 0x01;

/** `5G:mnc001.mcc001.3gppnetwork.org`; a PLMN is MCC and MNC, five or six digits. @see TS 24.501 clause 9.12.1 */
export function servingNetworkName(plmn: string): string {
  if (!/^\d{5,6}$/u.test(plmn)) throw new RangeError('a PLMN has five or six digits');
  return `5G:mnc${plmn.slice(3).padStart(3, '0')}.mcc${plmn.slice(0, 3)}.3gppnetwork.org`;
}

/** What challenge and response of a USIM give. */
export interface HomeKeys {
  readonly ck: Uint8Array;
  readonly ik: Uint8Array;
  readonly servingNetwork: string;
}

/** @see TS 33.501 clause A.2; `concealedSqn` is SQN xor AK, as it stands in AUTN */
export function kausfOf({ ck, ik, servingNetwork }: HomeKeys, concealedSqn: Uint8Array): Uint8Array {
  mustHave(6, concealedSqn, 'SQN xor AK');
  return derive(join(ck, ik), FC.kausf, [text(servingNetwork), concealedSqn]);
}

/** RES* and, of the network, XRES*: 16 octets. @see TS 33.501 clause A.4 */
export function resStarOf(
  { ck, ik, servingNetwork }: HomeKeys,
  { rand, res }: { readonly rand: Uint8Array; readonly res: Uint8Array },
): Uint8Array {
  return derive(join(ck, ik), FC.resStar, [text(servingNetwork), rand, res]).slice(16);
}

/** HRES*: 16 octets, which the SEAF compares. @see TS 33.501 clause A.5 */
export function hresStarOf(rand: Uint8Array, resStar: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(rand).update(resStar).digest()).slice(16);
}

/** @see TS 33.501 clause A.6 */
export function kseafOf(kausf: Uint8Array, servingNetwork: string): Uint8Array {
  return derive(kausf, FC.kseaf, [text(servingNetwork)]);
}

/** `supi` is the IMSI's digits or the NAI, without `imsi-`; `abba` has two octets or more. @see TS 33.501 clause A.7 */
export function kamfOf(kseaf: Uint8Array, supi: string, abba: Uint8Array): Uint8Array {
  return derive(kseaf, FC.kamf, [text(supi), abba]);
}

/** The 16 octets that an algorithm of 128 bits takes, by its number (1 SNOW 3G, 2 AES, 3 ZUC). @see TS 33.501 clause A.8 */
export function algorithmKeyOf(key: Uint8Array, use: KeyUse, algorithm: number): Uint8Array {
  return derive(key, FC.algorithmKey, [Uint8Array.of(KEY_USE[use]), Uint8Array.of(algorithm)]).slice(16);
}

/** `uplinkCount`: of the NAS message that led to it. @see TS 33.501 clause A.9 */
export function kgnbOf(kamf: Uint8Array, uplinkCount: number): Uint8Array {
  const count = new Uint8Array(4);
  new DataView(count.buffer).setUint32(0, uplinkCount);
  return derive(kamf, FC.kgnb, [count, Uint8Array.of(ACCESS_3GPP)]);
}

/** NH from K_gNB (the first) or the NH before. @see TS 33.501 clause A.10 */
export function nextHopOf(kamf: Uint8Array, sync: Uint8Array): Uint8Array {
  return derive(kamf, FC.nextHop, [sync]);
}

/** K_NG-RAN* from K_gNB or NH, for a cell by its physical identity and the NR-ARFCN of its SSB. @see TS 33.501 clause A.11 */
export function kgnbStarOf(
  key: Uint8Array,
  { pci, arfcn }: { readonly pci: number; readonly arfcn: number },
): Uint8Array {
  return derive(key, FC.kgnbStar, [
    Uint8Array.of(pci >> 8, pci & 0xff),
    Uint8Array.of(arfcn >> 16, (arfcn >> 8) & 0xff, arfcn & 0xff),
  ]);
}

/** SQN xor AK, AMF and MAC: 16 octets. @see TS 33.102 clause 6.3.2 */
export function autnOf(parts: {
  readonly sqn: Uint8Array;
  readonly ak: Uint8Array;
  readonly amf: Uint8Array;
  readonly mac: Uint8Array;
}): Uint8Array {
  return join(xor(parts.sqn, parts.ak), join(parts.amf, parts.mac));
}

/** HMAC-SHA-256 over FC and each parameter with its length. @see TS 33.220 clause B.2.0 */
function derive(key: Uint8Array, functionCode: number, parameters: readonly Uint8Array[]): Uint8Array {
  const hmac = createHmac('sha256', key).update(Uint8Array.of(functionCode));
  for (const parameter of parameters)
    hmac.update(parameter).update(Uint8Array.of(parameter.length >> 8, parameter.length & 0xff));
  return new Uint8Array(hmac.digest());
}

function join(one: Uint8Array, other: Uint8Array): Uint8Array {
  return Uint8Array.from([...one, ...other]);
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}
