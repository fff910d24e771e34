import { ALGORITHMS, type Algorithm } from '../nas-security/types.ts';

/** A slice. */
export interface SNssai {
  /** 8 bits. */
  readonly sst: number;
  /** 24 bits. */
  readonly sd?: number;
}

/** One slice as the value of an element. @see TS 24.501 clause 9.11.2.8 */
export function encodeSNssai({ sst, sd }: SNssai): Uint8Array {
  return sd === undefined
    ? Uint8Array.of(sst)
    : Uint8Array.of(sst, (sd >> 16) & 0xff, (sd >> 8) & 0xff, sd & 0xff);
}

/** Of a mapped slice, that of the serving network; `null` for octets that are none. */
export function decodeSNssai(bytes: Uint8Array): SNssai | null {
  const [sst = 0, a = 0, b = 0, c = 0] = bytes;
  if (bytes.length === 1 || bytes.length === 2) return { sst };
  return [4, 5, 8].includes(bytes.length) ? { sst, sd: (a << 16) | (b << 8) | c } : null;
}

const UCS2 = 0x90;

/** What a network is called, without the initials of its country. @see TS 24.008 clause 10.5.3.5a */
export function encodeNetworkName(name: string): Uint8Array {
  const units = Array.from({ length: name.length }, (_, at) => name.charCodeAt(at));
  return Uint8Array.from([UCS2, ...units.flatMap((unit) => [unit >> 8, unit & 0xff])]);
}

/** Slices one after the other, each with its length. @see TS 24.501 clause 9.11.3.37 */
export function encodeNssai(slices: readonly SNssai[]): Uint8Array {
  return Uint8Array.from(
    slices.flatMap((slice) => {
      const value = encodeSNssai(slice);
      return [value.length, ...value];
    }),
  );
}

export function decodeNssai(bytes: Uint8Array): readonly SNssai[] | null {
  const slices: SNssai[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes[at] ?? 0;
    const slice =
      at + 1 + length > bytes.length ? null : decodeSNssai(bytes.subarray(at + 1, at + 1 + length));
    if (slice === null) return null;
    slices.push(slice);
    at += 1 + length;
  }
  return slices;
}

/** The algorithms of 5G that a UE has. @see TS 24.501 clause 9.11.3.54 */
export interface SecurityCapability {
  readonly ciphering: readonly Algorithm[];
  readonly integrity: readonly Algorithm[];
}

export function encodeSecurityCapability({ ciphering, integrity }: SecurityCapability): Uint8Array {
  return Uint8Array.of(bitsOf(ciphering), bitsOf(integrity));
}

/** What stands behind the algorithms of 5G (those of EPS) is passed over; `null` for octets that are too few. */
export function decodeSecurityCapability(bytes: Uint8Array): SecurityCapability | null {
  const [ciphering, integrity] = bytes;
  if (ciphering === undefined || integrity === undefined) return null;
  return { ciphering: algorithmsIn(ciphering), integrity: algorithmsIn(integrity) };
}

function bitsOf(algorithms: readonly Algorithm[]): number {
  return algorithms.reduce<number>((bits, algorithm) => bits | (0x80 >> algorithm), 0);
}

function algorithmsIn(bits: number): readonly Algorithm[] {
  return ALGORITHMS.filter((algorithm) => (bits & (0x80 >> algorithm)) !== 0);
}

/** What a network has chosen, as one octet. @see TS 24.501 clause 9.11.3.34 */
export interface ChosenAlgorithms {
  readonly ciphering: number;
  readonly integrity: number;
}

export function encodeAlgorithms({ ciphering, integrity }: ChosenAlgorithms): Uint8Array {
  return Uint8Array.of(((ciphering & 0xf) << 4) | (integrity & 0xf));
}

export function decodeAlgorithms([octet = 0]: Uint8Array): ChosenAlgorithms {
  return { ciphering: octet >> 4, integrity: octet & 0xf };
}

/** The IPv4 address of a session. @see TS 24.501 clause 9.11.4.10 */
export function decodePduAddress(bytes: Uint8Array): string | null {
  const type = (bytes[0] ?? 0) & 0x7;
  if (type === 1 && bytes.length === 5) return bytes.subarray(1).join('.');
  return type === 3 && bytes.length >= 13 ? bytes.subarray(9, 13).join('.') : null;
}

/** @param address IPv4, with dots @throws RangeError for another */
export function encodePduAddress(address: string): Uint8Array {
  const octets = address.split('.').map(Number);
  if (octets.length !== 4 || !octets.every((octet) => Number.isInteger(octet) && octet >= 0 && octet <= 255))
    throw new RangeError('an IPv4 address was expected');
  return Uint8Array.of(1, ...octets);
}

/** A data network name as labels, each with its length. @see TS 24.501 clause 9.11.2.1B, TS 23.003 clause 9.1 */
export function encodeDnn(name: string): Uint8Array {
  const labels = name.split('.');
  if (!labels.every((label) => /^[\w-]{1,63}$/u.test(label)))
    throw new RangeError('a data network name is labels of up to 63 letters, digits and hyphens');
  return Uint8Array.from(labels.flatMap((label) => [label.length, ...new TextEncoder().encode(label)]));
}

/** Some send the bare name: that is taken for one label. */
export function decodeDnn(bytes: Uint8Array): string {
  const labels: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes[at] ?? 0;
    if (length === 0 || at + 1 + length > bytes.length) return textOf(bytes);
    labels.push(textOf(bytes.subarray(at + 1, at + 1 + length)));
    at += 1 + length;
  }
  return labels.join('.');
}

function textOf(bytes: Uint8Array): string {
  return Array.from(bytes, (octet) => String.fromCharCode(octet)).join('');
}
