import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto);

/** Every key of the wire is ECDSA on P-256: what TLS 1.3 stacks of all vendors speak. */
export const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** Certificates start this long before they are made: clocks of labs differ. In milliseconds. */
const CLOCK_SKEW_MS = 60 * 60 * 1000;
const CA_VALID_MS = 20 * 365 * 24 * 60 * 60 * 1000;
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

export interface SigningCa {
  readonly certificate: x509.X509Certificate;
  readonly key: webcrypto.CryptoKey;
}

export interface LeafSpec {
  readonly commonName: string;
  readonly publicKey: x509.PublicKey | webcrypto.CryptoKey;
  readonly usage: 'server' | 'client';
  readonly names: readonly { readonly type: 'dns' | 'ip' | 'url'; readonly value: string }[];
  readonly now: number;
  readonly notAfter: number;
  /** Hexadecimal, as {@link randomSerial} makes it. */
  readonly serial: string;
}

export function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(P256, true, ['sign', 'verify']);
}

export async function keyToPem(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

export function keyFromPem(pem: string): Promise<webcrypto.CryptoKey> {
  const [der] = x509.PemConverter.decode(pem);
  if (der === undefined) throw new TypeError('there is no PEM block in the key file');
  return webcrypto.subtle.importKey('pkcs8', der, P256, false, ['sign']);
}

export async function selfSigned(keys: webcrypto.CryptoKeyPair, now: number): Promise<x509.X509Certificate> {
  const { keyCertSign, cRLSign } = x509.KeyUsageFlags;
  return x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: randomSerial(),
    name: 'CN=Patchbay runner CA',
    notBefore: new Date(now - CLOCK_SKEW_MS),
    notAfter: new Date(now + CA_VALID_MS),
    signingAlgorithm: P256,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
}

export async function signLeaf(ca: SigningCa, spec: LeafSpec): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.create({
    serialNumber: spec.serial,
    subject: `CN=${spec.commonName}`,
    issuer: ca.certificate.subject,
    notBefore: new Date(spec.now - CLOCK_SKEW_MS),
    notAfter: new Date(spec.notAfter),
    signingKey: ca.key,
    publicKey: spec.publicKey,
    signingAlgorithm: P256,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([spec.usage === 'server' ? SERVER_AUTH : CLIENT_AUTH]),
      new x509.SubjectAlternativeNameExtension([...spec.names]),
      await x509.AuthorityKeyIdentifierExtension.create(ca.certificate),
    ],
  });
}

/** 126 random bits, so that the DER integer is positive and never empty (RFC 5280 §4.1.2.2). */
export function randomSerial(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return Buffer.from(bytes).toString('hex');
}
