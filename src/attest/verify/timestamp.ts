import { createHash, verify as verifyBytes, X509Certificate } from 'node:crypto';
import { toHex } from '../format/base64.ts';
import { type Der, DerError, expectTag, insideOf, partsOf, readDer, TAG } from '../format/der.ts';
import {
  algorithmOid,
  HASH_OF,
  MAX_TIMESTAMP_BYTES,
  OID,
  parseTimestamp,
  type TimestampToken,
} from '../format/timestamp.ts';
import { Refusal, refuse } from './refusal.ts';
import type { Timestamp, TimestampFile } from './times.ts';

/** How a token may be signed, by object identifier; `null`: the digest algorithm of the signer says which hash. */
const SIGNATURES: Readonly<Record<string, { readonly key: string; readonly hash: string | null }>> = {
  '2a864886f70d010101': { key: 'rsa', hash: null },
  '2a864886f70d01010b': { key: 'rsa', hash: 'sha256' },
  '2a864886f70d01010c': { key: 'rsa', hash: 'sha384' },
  '2a864886f70d01010d': { key: 'rsa', hash: 'sha512' },
  '2a8648ce3d040302': { key: 'ec', hash: 'sha256' },
  '2a8648ce3d040303': { key: 'ec', hash: 'sha384' },
  '2a8648ce3d040304': { key: 'ec', hash: 'sha512' },
};
const MIN_RSA_BITS = 2048;
const MAX_CHAIN = 5;

/**
 * Opens a time-stamp: its authority has signed it, with a certificate for time-stamping and nothing else that leads to one of
 * `roots` and was valid then.
 * @see RFC 3161 §2.3, RFC 5816 §2.2
 */
export function makeTimestampOpener(roots: readonly X509Certificate[]): (file: TimestampFile) => Timestamp {
  return ({ name, bytes }) => {
    try {
      return openTimestamp(bytes, roots);
    } catch (error) {
      if (error instanceof DerError) return refuse('VERIFY_TIMESTAMP_INVALID', `${name}: ${error.message}`);
      if (error instanceof Refusal) return refuse(error.reason.code, `${name}: ${error.reason.text}`);
      throw error;
    }
  };
}

function openTimestamp(bytes: Uint8Array, roots: readonly X509Certificate[]): Timestamp {
  if (bytes.length > MAX_TIMESTAMP_BYTES) throw new DerError(`larger than ${MAX_TIMESTAMP_BYTES} bytes`);
  const token = parseTimestamp(bytes);
  const certificates = token.certificates.map(openCertificate);
  const signer = [...certificates, ...roots].find((one) => isNamed(one, token));
  if (signer === undefined) throw new DerError('the certificate of the authority is missing');
  checkSignature(token, signer);
  checkUsage(signer);
  checkChain({ signer, certificates, roots }, token.info.at);
  const { hash, imprint, at } = token.info;
  return { hash, imprint, at, authority: signer.subject.replaceAll('\n', ', ') };
}

function openCertificate(der: Uint8Array): X509Certificate {
  try {
    const certificate = new X509Certificate(der);
    // Here and nowhere later: to read a key that cannot be used throws.
    certificate.publicKey.export({ type: 'spki', format: 'der' });
    return certificate;
  } catch (cause) {
    throw new DerError('a certificate cannot be read', { cause });
  }
}

function isNamed(certificate: X509Certificate, { signer }: TimestampToken): boolean {
  const { serial, issuer } = tbsOf(certificate);
  return toHex(serial.content) === toHex(signer.serial) && toHex(issuer.whole) === toHex(signer.issuer);
}

/** The signature is over the attributes, these are over the content, and they name the certificate. */
function checkSignature({ signer, content }: TimestampToken, certificate: X509Certificate): void {
  const { attributes, signedAttributes, signature, digestAlgorithm, signatureAlgorithm } = signer;
  const digest = HASH_OF[digestAlgorithm];
  const method = SIGNATURES[signatureAlgorithm];
  if (digest === undefined || method === undefined)
    throw new DerError('signed with an algorithm that is not taken');
  const type = attributes.get(OID.contentType);
  if (toHex(expectTag(type, TAG.oid).content) !== OID.tstInfo)
    throw new DerError('the signature is for another content');
  const signedDigest = expectTag(attributes.get(OID.messageDigest), TAG.octetString).content;
  if (toHex(signedDigest) !== hashOf(digest, content))
    throw new DerError('the content is not what was signed');
  checkNamed(attributes.get(OID.signingCertificateV2), certificate);
  const key = certificate.publicKey;
  if (key.asymmetricKeyType !== method.key) throw new DerError('the certificate has another kind of key');
  if (method.key === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < MIN_RSA_BITS) {
    throw new DerError(`the key of the authority has fewer than ${MIN_RSA_BITS} bits`);
  }
  if (!verifyBytes(method.hash ?? digest, signedAttributes, key, signature))
    throw new DerError('its signature is wrong');
}

/** ESSCertIDv2: the digest of the certificate is among what was signed. @see RFC 5035 §3 */
function checkNamed(attribute: Der | undefined, certificate: X509Certificate): void {
  const [list] = partsOf(expectTag(attribute, TAG.sequence));
  const [first] = partsOf(expectTag(list, TAG.sequence));
  const [head, ...rest] = partsOf(expectTag(first, TAG.sequence));
  const hash = head?.tag === TAG.sequence ? HASH_OF[algorithmOid(head)] : 'sha256';
  const digest = expectTag(head?.tag === TAG.sequence ? rest[0] : head, TAG.octetString).content;
  if (hash === undefined || toHex(digest) !== hashOf(hash, certificate.raw)) {
    throw new DerError('the token was signed for another certificate');
  }
}

/** For time-stamping, critical, and for nothing else. @see RFC 3161 §2.3 */
function checkUsage(certificate: X509Certificate): void {
  const { extensions } = tbsOf(certificate);
  const usage = extensions
    .map(partsOf)
    .find(([oid]) => toHex(oid?.content ?? new Uint8Array()) === OID.extendedKeyUsage);
  const critical = usage?.[1]?.tag === TAG.boolean && usage[1].content[0] === 0xff;
  const value = usage?.at(-1);
  const purposes = value === undefined ? [] : partsOf(readDer(expectTag(value, TAG.octetString).content));
  const [only, more] = purposes.map(({ content }) => toHex(content));
  if (!critical || only !== OID.timeStamping || more !== undefined) {
    refuse('VERIFY_TIMESTAMP_INVALID', 'its certificate is not for time-stamping alone');
  }
}

interface Chain {
  readonly signer: X509Certificate;
  readonly certificates: readonly X509Certificate[];
  readonly roots: readonly X509Certificate[];
}

function checkChain({ signer, certificates, roots }: Chain, at: number): void {
  let current = signer;
  for (let length = 0; length < MAX_CHAIN; length += 1) {
    checkValid(current, at);
    const child = current;
    if (roots.some(({ fingerprint256 }) => fingerprint256 === child.fingerprint256)) return;
    const parent = [...roots, ...certificates].find((one) => one.ca && isIssuedBy(child, one));
    if (parent === undefined) break;
    current = parent;
  }
  refuse('VERIFY_TIMESTAMP_UNTRUSTED', `${signer.subject.replaceAll('\n', ', ')} leads to no root in tsa/`);
}

function isIssuedBy(child: X509Certificate, parent: X509Certificate): boolean {
  return child.checkIssued(parent) && child.verify(parent.publicKey);
}

function checkValid({ subject, validFrom, validTo }: X509Certificate, at: number): void {
  if (at >= Date.parse(validFrom) && at <= Date.parse(validTo)) return;
  const who = subject.replaceAll('\n', ', ');
  refuse(
    'VERIFY_TIMESTAMP_INVALID',
    `the certificate of ${who} was not valid at ${new Date(at).toISOString()}`,
  );
}

interface Tbs {
  readonly serial: Der;
  readonly issuer: Der;
  readonly extensions: readonly Der[];
}

/** @see RFC 5280 §4.1 */
function tbsOf({ raw }: X509Certificate): Tbs {
  const [tbs] = partsOf(readDer(raw));
  const parts = partsOf(expectTag(tbs, TAG.sequence));
  const [serial, , issuer] = parts[0]?.tag === 0xa0 ? parts.slice(1) : parts;
  const extensions = parts.find(({ tag }) => tag === 0xa3);
  return {
    serial: expectTag(serial, TAG.integer),
    issuer: expectTag(issuer, TAG.sequence),
    extensions: extensions === undefined ? [] : partsOf(insideOf(extensions, 0xa3)),
  };
}

function hashOf(hash: string, bytes: Uint8Array): string {
  return createHash(hash).update(bytes).digest('hex');
}
