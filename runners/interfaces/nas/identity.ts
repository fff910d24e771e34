import { conceal, type HomePrivateKey, type HomePublicKey, reveal, SUCI_SCHEMES } from '../aka/suci.ts';

/**
 * Who a UE is, in the identities of 5GS.
 *
 * @see TS 24.501 clause 9.11.3.4, TS 23.003 clauses 2.2B, 2.10
 */
export type MobileIdentity =
  /** Subscription concealed identifier with an IMSI in it; without concealment (scheme 0) the output is the digits of the MSIN. */
  | {
      readonly kind: 'suci';
      readonly plmn: string;
      /** Up to four digits. */
      readonly routing: string;
      readonly scheme: number;
      readonly keyId: number;
      readonly output: Uint8Array;
    }
  | { readonly kind: 'guti'; readonly plmn: string; readonly amf: AmfId; readonly tmsi: Uint8Array }
  | { readonly kind: 'sTmsi'; readonly amf: Omit<AmfId, 'region'>; readonly tmsi: Uint8Array }
  | { readonly kind: 'imei' | 'imeisv'; readonly digits: string }
  | { readonly kind: 'none' };

export interface AmfId {
  /** 8, 10 and 6 bits. */
  readonly region: number;
  readonly set: number;
  readonly pointer: number;
}

const TYPES = { none: 0, suci: 1, guti: 2, imei: 3, sTmsi: 4, imeisv: 5 } as const;
const UNUSED = 0xf;

/** An identity without concealment. @param msin the digits of an IMSI behind its PLMN */
export function nullSchemeSuci(plmn: string, msin: string): MobileIdentity {
  return { kind: 'suci', plmn, routing: '0', scheme: 0, keyId: 0, output: digitsToOctets(msin) };
}

/** One that only the home network can read. @param msin as above @throws RangeError for a public key that is none */
export function concealedSuci(plmn: string, msin: string, key: HomePublicKey): MobileIdentity {
  const { profile, id: keyId } = key;
  const output = conceal(digitsToOctets(msin), key);
  return { kind: 'suci', plmn, routing: '0', scheme: SUCI_SCHEMES[profile], keyId, output };
}

/** The IMSI in an identity that conceals nothing, or conceals it for one of these keys; `null` of all others. */
export function imsiOf(identity: MobileIdentity, keys: readonly HomePrivateKey[] = []): string | null {
  if (identity.kind !== 'suci') return null;
  const octets = identity.scheme === 0 ? identity.output : revealed(identity, keys);
  const msin = octets === null ? null : octetsToDigits(octets);
  return msin === null ? null : `${identity.plmn}${msin}`;
}

function revealed({ scheme, keyId, output }: Suci, keys: readonly HomePrivateKey[]): Uint8Array | null {
  const key = keys.find(({ profile, id }) => SUCI_SCHEMES[profile] === scheme && id === keyId);
  return key === undefined ? null : reveal(output, key);
}
type Suci = Extract<MobileIdentity, { readonly kind: 'suci' }>;

/** @throws RangeError for digits that are none, or numbers beyond their bits */
export function encodeIdentity(identity: MobileIdentity): Uint8Array {
  switch (identity.kind) {
    case 'none':
      return Uint8Array.of(TYPES.none);
    case 'suci': {
      const routing = digitsToOctets(identity.routing.padEnd(4, 'f'));
      const { scheme, keyId, output } = identity;
      return Uint8Array.of(
        TYPES.suci,
        ...encodePlmn(identity.plmn),
        ...routing,
        scheme & 0xf,
        keyId,
        ...output,
      );
    }
    case 'guti': {
      const { plmn, amf, tmsi } = identity;
      return Uint8Array.of(
        0xf0 | TYPES.guti,
        ...encodePlmn(plmn),
        amf.region,
        ...setAndPointer(amf),
        ...tmsi,
      );
    }
    case 'sTmsi':
      return Uint8Array.of(0xf0 | TYPES.sTmsi, ...setAndPointer(identity.amf), ...identity.tmsi);
    case 'imei':
    case 'imeisv':
      return encodeEquipment(TYPES[identity.kind], identity.digits);
  }
}

/** `null` for octets that are no identity, or one of a kind that is not read here (MAC address, EUI-64, NAI). */
export function decodeIdentity(bytes: Uint8Array): MobileIdentity | null {
  const type = (bytes[0] ?? 0xff) & 0x7;
  if (type === TYPES.none) return { kind: 'none' };
  if (type === TYPES.suci) return decodeSuci(bytes);
  if (type === TYPES.guti && bytes.length === 11) {
    const plmn = decodePlmn(bytes.subarray(1, 4));
    const amf = { region: bytes[4] ?? 0, ...readSetAndPointer(bytes, 5) };
    return plmn === null ? null : { kind: 'guti', plmn, amf, tmsi: bytes.subarray(7) };
  }
  if (type === TYPES.sTmsi && bytes.length === 7)
    return { kind: 'sTmsi', amf: readSetAndPointer(bytes, 1), tmsi: bytes.subarray(3) };
  if (type === TYPES.imei || type === TYPES.imeisv) {
    const rest = octetsToDigits(bytes.subarray(1));
    const digits = `${(bytes[0] ?? 0) >> 4}${rest ?? ''}`;
    const kind = type === TYPES.imei ? 'imei' : 'imeisv';
    return rest === null || !/^\d+$/u.test(digits) ? null : { kind, digits };
  }
  return null;
}

/** Only with an IMSI in it (format 0). */
function decodeSuci(bytes: Uint8Array): MobileIdentity | null {
  const plmn = decodePlmn(bytes.subarray(1, 4));
  const routing = octetsToDigits(bytes.subarray(4, 6));
  if (bytes.length < 9 || (bytes[0] ?? 0) >> 4 !== 0 || plmn === null || routing === null) return null;
  const scheme = (bytes[6] ?? 0) & 0xf;
  return { kind: 'suci', plmn, routing, scheme, keyId: bytes[7] ?? 0, output: bytes.subarray(8) };
}

/** Three octets of a PLMN of five or six digits. @see TS 24.501 figure 9.11.3.4.3 */
export function encodePlmn(plmn: string): Uint8Array {
  if (!/^\d{5,6}$/u.test(plmn)) throw new RangeError('a PLMN has five or six digits');
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = UNUSED] = Array.from(plmn, Number);
  const [first, second, third] = plmn.length === 6 ? [d, e, f] : [d, e, UNUSED];
  return Uint8Array.of((b << 4) | a, (third << 4) | c, (second << 4) | first);
}

export function decodePlmn([first = 0, second = 0, third = 0]: Uint8Array): string | null {
  const digits = [first & 0xf, first >> 4, second & 0xf, third & 0xf, third >> 4];
  if (second >> 4 !== UNUSED) digits.push(second >> 4);
  return digits.every((digit) => digit < 10) ? digits.join('') : null;
}

function setAndPointer({ set, pointer }: Omit<AmfId, 'region'>): readonly number[] {
  if (set < 0 || set > 0x3ff || pointer < 0 || pointer > 0x3f)
    throw new RangeError('set and pointer of an AMF have 10 and 6 bits');
  return [set >> 2, ((set & 0x3) << 6) | pointer];
}

function readSetAndPointer(bytes: Uint8Array, at: number): Omit<AmfId, 'region'> {
  const [first = 0, second = 0] = bytes.subarray(at, at + 2);
  return { set: (first << 2) | (second >> 6), pointer: second & 0x3f };
}

/** The first digit stands beside the type; an odd number of them is said so. */
function encodeEquipment(type: number, digits: string): Uint8Array {
  if (!/^\d{15,16}$/u.test(digits)) throw new RangeError('an IMEI or IMEISV has 15 or 16 digits');
  const odd = digits.length % 2 === 1 ? 0x8 : 0;
  return Uint8Array.of((Number(digits[0]) << 4) | odd | type, ...digitsToOctets(digits.slice(1)));
}

/** Digits in pairs, the first of each in the lower half; `f` where none is left. */
function digitsToOctets(digits: string): Uint8Array {
  if (!/^\d*f*$/u.test(digits)) throw new RangeError('digits were expected');
  const even = digits.length % 2 === 0 ? digits : `${digits}f`;
  return Uint8Array.from({ length: even.length / 2 }, (_, at) =>
    Number.parseInt(`${even[2 * at + 1] ?? 'f'}${even[2 * at] ?? 'f'}`, 16),
  );
}

function octetsToDigits(octets: Uint8Array): string | null {
  const text = Array.from(octets, (octet) => `${(octet & 0xf).toString(16)}${(octet >> 4).toString(16)}`);
  const digits = text.join('').replace(/f+$/u, '');
  return /^\d*$/u.test(digits) ? digits : null;
}
