import { toHex } from './base64.ts';
import { type Der, DerError, expectTag, insideOf, partsOf, readDer, TAG, writeDer } from './der.ts';

/** Largest answer of a time-stamp authority that is read; they have a few kilobytes. */
export const MAX_TIMESTAMP_BYTES = 64 * 1024;

/** Object identifiers as the hexadecimal of their content. */
export const OID = {
  signedData: '2a864886f70d010702',
  tstInfo: '2a864886f70d0109100104',
  contentType: '2a864886f70d010903',
  messageDigest: '2a864886f70d010904',
  signingCertificateV2: '2a864886f70d010910022f',
  extendedKeyUsage: '551d25',
  timeStamping: '2b06010505070308',
} as const;

export const HASH_OF: Readonly<Record<string, 'sha256' | 'sha384' | 'sha512'>> = {
  '608648016503040201': 'sha256',
  '608648016503040202': 'sha384',
  '608648016503040203': 'sha512',
};

const SHA256 = Uint8Array.from([
  0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0,
]);
const GENERALIZED = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,9}))?Z$/u;
const GRANTED = new Set([0, 1]);

/** What an authority says about an imprint. @see RFC 3161 §2.4.2 */
export interface TimestampInfo {
  readonly hash: 'sha256' | 'sha384' | 'sha512';
  readonly imprint: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly nonce?: string;
}

/** The parts of a token that its signature is checked with. Nothing has been verified yet. @see RFC 5652 §5 */
export interface TimestampToken {
  readonly info: TimestampInfo;
  /** The bytes of the TSTInfo. */
  readonly content: Uint8Array;
  /** DER of the certificates that came along. */
  readonly certificates: readonly Uint8Array[];
  readonly signer: {
    /** Issuer (DER) and serial number (content) of the certificate of the signer. */
    readonly issuer: Uint8Array;
    readonly serial: Uint8Array;
    readonly digestAlgorithm: string;
    readonly signatureAlgorithm: string;
    readonly signature: Uint8Array;
    /** As a SET: what the signature is over. */
    readonly signedAttributes: Uint8Array;
    /** The one value of each signed attribute, by its object identifier. */
    readonly attributes: ReadonlyMap<string, Der>;
  };
}

/** DER of a TimeStampReq for the SHA-256 digest of something, which asks for the certificate. @param nonce 8 bytes or more */
export function renderTimestampRequest(digest: Uint8Array, nonce: Uint8Array): Uint8Array {
  return writeDer(
    TAG.sequence,
    writeDer(TAG.integer, Uint8Array.of(1)),
    writeDer(TAG.sequence, SHA256, writeDer(TAG.octetString, digest)),
    writeDer(TAG.integer, nonceOf(nonce)),
    writeDer(TAG.boolean, Uint8Array.of(0xff)),
  );
}

/** A nonce as the positive integer that it is sent and comes back as, in hexadecimal. */
export function nonceText(nonce: Uint8Array): string {
  return toHex(nonceOf(nonce));
}

/** Reads a TimeStampResp that grants a token. Throws {@link DerError} for anything else. */
export function parseTimestamp(bytes: Uint8Array): TimestampToken {
  const [statusInfo, contentInfo, more] = partsOf(expectTag(readDer(bytes), TAG.sequence));
  const [status] = partsOf(expectTag(statusInfo, TAG.sequence));
  const code = expectTag(status, TAG.integer).content;
  if (code.length !== 1 || !GRANTED.has(code[0] ?? -1))
    throw new DerError(`refused by the authority (${toHex(code)})`);
  if (more !== undefined) throw new DerError('something follows the token');
  const [type, signedData] = partsOf(expectTag(contentInfo, TAG.sequence));
  expectOid(type, OID.signedData);
  return readSignedData(insideOf(signedData, 0xa0));
}

function readSignedData(signedData: Der): TimestampToken {
  const [, , encapsulated, ...rest] = partsOf(expectTag(signedData, TAG.sequence));
  const [type, wrapped] = partsOf(expectTag(encapsulated, TAG.sequence));
  expectOid(type, OID.tstInfo);
  const { content } = expectTag(insideOf(wrapped, 0xa0), TAG.octetString);
  const certificates = rest.find(({ tag }) => tag === 0xa0);
  const [signer, second] = partsOf(expectTag(rest.at(-1), TAG.set));
  if (second !== undefined) throw new DerError('the token has several signers');
  return {
    info: readInfo(readDer(content)),
    content,
    certificates: certificates === undefined ? [] : partsOf(certificates).map(({ whole }) => whole),
    signer: readSigner(expectTag(signer, TAG.sequence)),
  };
}

function readInfo(info: Der): TimestampInfo {
  const [version, , imprint, , time, ...rest] = partsOf(expectTag(info, TAG.sequence));
  if (toHex(expectTag(version, TAG.integer).content) !== '01')
    throw new DerError('a TSTInfo of another version');
  const [algorithm, hashed] = partsOf(expectTag(imprint, TAG.sequence));
  const hash = HASH_OF[algorithmOid(algorithm)];
  if (hash === undefined) throw new DerError('the imprint is not SHA-2');
  const nonce = rest.find(({ tag }) => tag === TAG.integer);
  return {
    hash,
    imprint: expectTag(hashed, TAG.octetString).content,
    at: readTime(expectTag(time, TAG.generalizedTime).content),
    ...(nonce === undefined ? {} : { nonce: toHex(nonce.content) }),
  };
}

function readSigner(signer: Der): TimestampToken['signer'] {
  const [, sid, digestAlgorithm, attributes, signatureAlgorithm, signature] = partsOf(signer);
  const [issuer, serial] = partsOf(expectTag(sid, TAG.sequence));
  const signed = expectTag(attributes, 0xa0);
  return {
    issuer: expectTag(issuer, TAG.sequence).whole,
    serial: expectTag(serial, TAG.integer).content,
    digestAlgorithm: algorithmOid(digestAlgorithm),
    signatureAlgorithm: algorithmOid(signatureAlgorithm),
    signature: expectTag(signature, TAG.octetString).content,
    signedAttributes: Uint8Array.from([TAG.set, ...signed.whole.subarray(1)]),
    attributes: readAttributes(signed),
  };
}

function readAttributes(signed: Der): ReadonlyMap<string, Der> {
  const attributes = new Map<string, Der>();
  for (const attribute of partsOf(signed)) {
    const [type, values] = partsOf(expectTag(attribute, TAG.sequence));
    const oid = toHex(expectTag(type, TAG.oid).content);
    if (attributes.has(oid)) throw new DerError('a signed attribute is there twice');
    attributes.set(oid, insideOf(values, TAG.set));
  }
  return attributes;
}

export function algorithmOid(algorithm: Der | undefined): string {
  const [oid] = partsOf(expectTag(algorithm, TAG.sequence));
  return toHex(expectTag(oid, TAG.oid).content);
}

function expectOid(value: Der | undefined, oid: string): void {
  if (toHex(expectTag(value, TAG.oid).content) !== oid) throw new DerError('the content is of another type');
}

function readTime(content: Uint8Array): number {
  const parts = GENERALIZED.exec(new TextDecoder('latin1').decode(content));
  if (parts === null) throw new DerError('the time is not one of DER');
  const [, year, month, day, hour, minute, second, fraction = '0'] = parts;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(ms)) throw new DerError('the time does not exist');
  return ms + Math.floor(Number(`0.${fraction}`) * 1000);
}

/** Without superfluous zeros in front, and not negative. */
function nonceOf(nonce: Uint8Array): Uint8Array {
  const first = nonce.findIndex((byte) => byte !== 0);
  const digits = first === -1 ? Uint8Array.of(0) : nonce.slice(first);
  return (digits[0] ?? 0) >= 0x80 ? Uint8Array.from([0, ...digits]) : digits;
}
