import { createECDH, randomBytes } from 'node:crypto';

import type { TlsVersion } from './versions.ts';
import { VERSION_CODES } from './versions.ts';

/** Named groups that a server may be asked for: RFC 8422, RFC 7919, RFC 8446. */
export const GROUPS = {
  secp160r1: 0x0010,
  secp192r1: 0x0013,
  secp224r1: 0x0015,
  secp256r1: 0x0017,
  secp384r1: 0x0018,
  secp521r1: 0x0019,
  x25519: 0x001d,
  x448: 0x001e,
  ffdhe2048: 0x0100,
  ffdhe3072: 0x0101,
  ffdhe4096: 0x0102,
} as const;
export type GroupName = keyof typeof GROUPS;
export const GROUP_NAMES = Object.keys(GROUPS) as readonly GroupName[];

/** Exactly one version is offered at a time, so that an answer says something about that version. */
export interface Offer {
  readonly version: TlsVersion;
  readonly suites: readonly number[];
  readonly groups: readonly GroupName[];
  /** Offers DEFLATE before "null" (RFC 3749). Not with TLS 1.3. */
  readonly compression?: boolean;
  /** A DNS name for SNI; never an address (RFC 6066 §3). */
  readonly serverName?: string;
}

const EMPTY_RENEGOTIATION_INFO_SCSV = 0x00ff;
const EXTENSION = {
  serverName: 0,
  supportedGroups: 10,
  ecPointFormats: 11,
  signatureAlgorithms: 13,
  extendedMasterSecret: 23,
  supportedVersions: 43,
  pskKeyExchangeModes: 45,
  keyShare: 51,
} as const;
/** ECDSA, RSA-PSS, RSA PKCS #1, EdDSA, and the SHA-1 schemes that old servers know. */
const SIGNATURE_SCHEMES = [
  0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501, 0x0601, 0x0807,
  0x0808, 0x0203, 0x0201, 0x0202,
];

/**
 * The bytes of a ClientHello record. Made by hand, since a TLS library refuses to offer what it thinks too weak.
 * @see RFC 6101 §5.6.1.2, RFC 5246 §7.4.1.2, RFC 8446 §4.1.2
 */
export function clientHello(offer: Offer): Buffer {
  const tls13 = offer.version === 'TLSv1.3';
  const legacy = VERSION_CODES[tls13 ? 'TLSv1.2' : offer.version];
  const suites = tls13 ? offer.suites : [...offer.suites, EMPTY_RENEGOTIATION_INFO_SCSV];
  const body = Buffer.concat([
    u16(legacy),
    randomBytes(32),
    vector8(tls13 ? randomBytes(32) : Buffer.alloc(0)), // a session id looks like a resumption: RFC 8446 D.4
    vector16(Buffer.concat(suites.map(u16))),
    vector8(Buffer.from(offer.compression === true ? [1, 0] : [0])),
    offer.version === 'SSLv3' ? Buffer.alloc(0) : vector16(extensionsOf(offer, tls13)),
  ]);
  const handshake = Buffer.concat([Buffer.from([1, 0]), vector16(body)]);
  const record = offer.version === 'SSLv3' ? 0x0300 : 0x0301;
  return Buffer.concat([Buffer.from([22]), u16(record), vector16(handshake)]);
}

function extensionsOf(offer: Offer, tls13: boolean): Buffer {
  const name = offer.serverName;
  const versioned = tls13 || offer.version === 'TLSv1.2';
  return Buffer.concat([
    ...(name === undefined ? [] : [extension('serverName', vector16(serverName(name)))]),
    extension('supportedGroups', vector16(Buffer.concat(offer.groups.map((group) => u16(GROUPS[group]))))),
    extension('ecPointFormats', vector8(Buffer.from([0]))),
    ...(versioned
      ? [extension('signatureAlgorithms', vector16(Buffer.concat(SIGNATURE_SCHEMES.map(u16))))]
      : []),
    ...(tls13 ? tls13Extensions(offer) : [extension('extendedMasterSecret', Buffer.alloc(0))]),
  ]);
}

function tls13Extensions(offer: Offer): readonly Buffer[] {
  return [
    extension('supportedVersions', vector8(u16(VERSION_CODES['TLSv1.3']))),
    extension('pskKeyExchangeModes', vector8(Buffer.from([1]))),
    extension('keyShare', vector16(keyShare(offer))),
  ];
}

/** A share on P-256 where that is offered; none otherwise, which asks for a HelloRetryRequest (RFC 8446 §4.2.8). */
function keyShare({ groups }: Offer): Buffer {
  if (!groups.includes('secp256r1')) return Buffer.alloc(0);
  return Buffer.concat([u16(GROUPS.secp256r1), vector16(createECDH('prime256v1').generateKeys())]);
}

function serverName(name: string): Buffer {
  return Buffer.concat([Buffer.from([0]), vector16(Buffer.from(name, 'ascii'))]);
}

function extension(name: keyof typeof EXTENSION, data: Buffer): Buffer {
  return Buffer.concat([u16(EXTENSION[name]), vector16(data)]);
}

function u16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

function vector8(data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([data.byteLength]), data]);
}

function vector16(data: Buffer): Buffer {
  return Buffer.concat([u16(data.byteLength), data]);
}
