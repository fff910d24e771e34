import 'reflect-metadata';

import { createHash, X509Certificate as NodeCertificate } from 'node:crypto';

import * as x509 from '@peculiar/x509';

/** What a certificate says, as far as the O-RAN profile asks. Plain JSON. */
export interface CertificateFacts {
  /** 1 to 3. */
  readonly version: number;
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  /** Instants, ISO 8601. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** Names of RFC 5280 §4.2.1.3; null: no such extension. */
  readonly keyUsage: { readonly critical: boolean; readonly usages: readonly string[] } | null;
  /** Object identifiers; null: no such extension. */
  readonly extendedKeyUsage: readonly string[] | null;
  readonly subjectAltName: readonly { readonly type: string; readonly value: string }[];
  readonly crlDistributionPoints: number;
  readonly ca: boolean;
  readonly signatureAlgorithm: string;
  readonly publicKey: string;
  /** SHA-256 over the DER, hexadecimal. */
  readonly sha256: string;
}

const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export const CLIENT_AUTH_OID = '1.3.6.1.5.5.7.3.2';
/** A certificate longer than this is not read. */
const MAX_CERTIFICATE_BYTES = 64 * 1024;

/** Reads a certificate from DER; undefined when it cannot be read (what a peer sends is hostile). */
export function readCertificate(der: Uint8Array): CertificateFacts | undefined {
  if (der.byteLength > MAX_CERTIFICATE_BYTES) return undefined;
  try {
    return factsOf(new x509.X509Certificate(der), der);
  } catch {
    return undefined;
  }
}

function factsOf(certificate: x509.X509Certificate, der: Uint8Array): CertificateFacts {
  const usage = certificate.getExtension(x509.KeyUsagesExtension);
  const extended = certificate.getExtension(x509.ExtendedKeyUsageExtension);
  const crl = certificate.getExtension(x509.CRLDistributionPointsExtension);
  const names = certificate.getExtension(x509.SubjectAlternativeNameExtension);
  const flags: number = usage?.usages ?? 0;
  return {
    version: versionOf(der),
    subject: certificate.subject,
    issuer: certificate.issuer,
    serialNumber: certificate.serialNumber,
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    keyUsage:
      usage === null
        ? null
        : {
            critical: usage.critical,
            usages: KEY_USAGES.filter((name) => (flags & x509.KeyUsageFlags[name]) !== 0),
          },
    extendedKeyUsage: extended === null ? null : Array.from(extended.usages, String),
    subjectAltName: (names?.names.items ?? []).map(({ type, value }) => ({ type, value })),
    crlDistributionPoints: crl?.distributionPoints.length ?? 0,
    ca: certificate.getExtension(x509.BasicConstraintsExtension)?.ca ?? false,
    signatureAlgorithm: nameOf(certificate.signatureAlgorithm as NamedAlgorithm),
    publicKey: publicKeyOf(der),
    sha256: createHash('sha256').update(der).digest('hex'),
  };
}

/** What WebCrypto calls an algorithm; its own types are those of a browser. */
interface NamedAlgorithm {
  readonly name: string;
  readonly hash?: { readonly name: string };
}

function nameOf({ name, hash }: NamedAlgorithm): string {
  return hash === undefined ? name : `${name} ${hash.name}`;
}

/**
 * The version stands in an explicit tag 0 at the head of the TBSCertificate; without it, the version is 1.
 * @see RFC 5280 §4.1.2.1
 */
function versionOf(der: Uint8Array): number {
  const tbs = contentOf(der, 0);
  const fields = contentOf(der, tbs);
  return der[fields] === 0xa0 ? (der[fields + 4] ?? 0) + 1 : 1;
}

/** Where the content of the DER element at `at` begins. */
function contentOf(der: Uint8Array, at: number): number {
  const length = der[at + 1] ?? 0;
  return at + 2 + (length < 0x80 ? 0 : length & 0x7f);
}

function publicKeyOf(der: Uint8Array): string {
  const { publicKey } = new NodeCertificate(der);
  const details = publicKey.asymmetricKeyDetails;
  return `${publicKey.asymmetricKeyType ?? 'unknown'} ${details?.namedCurve ?? details?.modulusLength ?? ''}`.trim();
}

/**
 * What a certificate of a TLS client lacks before the O-RAN profile allows it, or undefined. Trust, dates and
 * signatures are checked by the TLS library; this is what it leaves out.
 * @see O-RAN.WG11 Security Protocols Specification, table 4.2.3-1
 */
export function clientCertificateFault(facts: CertificateFacts): 'keyUsage' | 'extendedKeyUsage' | undefined {
  const { keyUsage, extendedKeyUsage } = facts;
  if (keyUsage?.critical !== true || !keyUsage.usages.includes('digitalSignature')) return 'keyUsage';
  return extendedKeyUsage?.includes(CLIENT_AUTH_OID) === true ? undefined : 'extendedKeyUsage';
}
