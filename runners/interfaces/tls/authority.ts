import 'reflect-metadata';

import { createPrivateKey, webcrypto } from 'node:crypto';

import * as x509 from '@peculiar/x509';

import { HarnessError } from '../../../src/kernel/errors.ts';

x509.cryptoProvider.set(webcrypto);

/** A certificate with its private key, both PEM (the key as PKCS #8). `certificate` may be followed by its chain. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** What a certificate is to say. An absent member leaves the extension out, so that faulty ones can be made too. */
export interface CertificateProfile {
  readonly commonName: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Critical basicConstraints with cA: this certificate may issue others. */
  readonly ca?: boolean;
  /** Critical keyUsage. */
  readonly keyUsage?: 'digitalSignature' | 'keyCertSign' | 'cRLSign';
  readonly extendedKeyUsage?: 'serverAuth' | 'clientAuth' | 'codeSigning';
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly uris?: readonly string[];
  /** URL of the cRLDistributionPoints extension. */
  readonly crlUrl?: string;
}

/** Somebody who can issue certificates. */
export interface Authority {
  /** PEM. */
  readonly certificate: string;
  issue(profile: CertificateProfile): Promise<KeyPair>;
  /** PKCS #8 PEM of its private key. */
  exportKey(): Promise<string>;
  /** The key of a further authority, issued by this one. */
  delegate(profile: CertificateProfile): Promise<Authority>;
}

const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const EXTENDED = {
  serverAuth: x509.ExtendedKeyUsage.serverAuth,
  clientAuth: x509.ExtendedKeyUsage.clientAuth,
  codeSigning: x509.ExtendedKeyUsage.codeSigning,
} as const;

/** A new self-signed root on P-256. */
export async function makeAuthority(profile: CertificateProfile): Promise<Authority> {
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [profile.commonName] }],
    keys,
    signingAlgorithm: P256,
    notBefore: profile.notBefore,
    notAfter: profile.notAfter,
    extensions: await extensionsOf({ ca: true, ...profile }, { keys, issuer: keys.publicKey }),
  });
  return authorityOf(certificate, keys.privateKey);
}

/** A certificate that nobody but itself vouches for. */
export async function makeSelfSigned(profile: CertificateProfile): Promise<KeyPair> {
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [profile.commonName] }],
    keys,
    signingAlgorithm: P256,
    notBefore: profile.notBefore,
    notAfter: profile.notAfter,
    extensions: await extensionsOf(profile, { keys, issuer: keys.publicKey }),
  });
  return pairOf(certificate, keys.privateKey);
}

/**
 * The authority whose certificate and key are given as PEM: P-256, P-384, P-521 or RSA (with SHA-256).
 * Throws `INPUT_INVALID` when they cannot be read, do not belong together, or the certificate may not issue others.
 */
export async function readAuthority(pair: KeyPair): Promise<Authority> {
  let certificate: x509.X509Certificate;
  let key: webcrypto.CryptoKey;
  try {
    certificate = new x509.X509Certificate(pair.certificate);
    key = await importSigningKey(pair.key);
  } catch (cause) {
    throw new HarnessError(
      'INPUT_INVALID',
      'the test CA cannot be read: not PEM of a certificate and its key',
      {
        cause,
      },
    );
  }
  const probe = await authorityOf(certificate, key).issue({
    commonName: 'probe',
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
  });
  const belongs = await new x509.X509Certificate(probe.certificate).verify({
    publicKey: certificate.publicKey,
    signatureOnly: true,
  });
  if (!belongs)
    throw new HarnessError('INPUT_INVALID', 'the key of the test CA is not the one of its certificate');
  if (certificate.getExtension(x509.BasicConstraintsExtension)?.ca !== true) {
    throw new HarnessError('INPUT_INVALID', 'the certificate of the test CA has no basicConstraints cA');
  }
  return authorityOf(certificate, key);
}

function authorityOf(certificate: x509.X509Certificate, key: webcrypto.CryptoKey): Authority {
  const sign = async (
    profile: CertificateProfile,
  ): Promise<readonly [x509.X509Certificate, webcrypto.CryptoKeyPair]> => {
    const keys = await makeKeys();
    const issued = await x509.X509CertificateGenerator.create({
      subject: [{ CN: [profile.commonName] }],
      issuer: certificate.subjectName,
      publicKey: keys.publicKey,
      signingKey: key,
      signingAlgorithm: { ...key.algorithm, hash: 'SHA-256' },
      notBefore: profile.notBefore,
      notAfter: profile.notAfter,
      extensions: await extensionsOf(profile, { keys, issuer: certificate.publicKey }),
    });
    return [issued, keys];
  };
  return {
    certificate: `${certificate.toString('pem')}\n`,
    exportKey: async () => (await pairOf(certificate, key)).key,
    issue: async (profile) => {
      const [issued, keys] = await sign(profile);
      return pairOf(issued, keys.privateKey);
    },
    delegate: async (profile) => {
      const [issued, keys] = await sign({ ca: true, ...profile });
      return authorityOf(issued, keys.privateKey);
    },
  };
}

async function extensionsOf(
  profile: CertificateProfile,
  { keys, issuer }: { keys: webcrypto.CryptoKeyPair; issuer: x509.PublicKeyType },
): Promise<x509.Extension[]> {
  const { keyUsage, extendedKeyUsage, crlUrl } = profile;
  const names = [
    ...(profile.dnsNames ?? []).map((value) => ({ type: 'dns' as const, value })),
    ...(profile.ipAddresses ?? []).map((value) => ({ type: 'ip' as const, value })),
    ...(profile.uris ?? []).map((value) => ({ type: 'url' as const, value })),
  ];
  return [
    ...(profile.ca === undefined ? [] : [new x509.BasicConstraintsExtension(profile.ca, undefined, true)]),
    ...(keyUsage === undefined ? [] : [new x509.KeyUsagesExtension(x509.KeyUsageFlags[keyUsage], true)]),
    ...(extendedKeyUsage === undefined
      ? []
      : [new x509.ExtendedKeyUsageExtension([EXTENDED[extendedKeyUsage]])]),
    ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
    ...(crlUrl === undefined ? [] : [new x509.CRLDistributionPointsExtension([crlUrl])]),
    await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    await x509.AuthorityKeyIdentifierExtension.create(issuer),
  ];
}

async function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(P256, true, ['sign', 'verify']);
}

async function importSigningKey(pem: string): Promise<webcrypto.CryptoKey> {
  const key = createPrivateKey(pem);
  const curve = CURVES[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (key.asymmetricKeyType !== 'rsa' && curve === undefined) throw new Error('neither RSA nor a NIST curve');
  const algorithm =
    curve === undefined
      ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
      : { name: 'ECDSA', namedCurve: curve, hash: 'SHA-256' };
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']);
}

/** What OpenSSL calls the curves that WebCrypto has. */
const CURVES: Readonly<Record<string, string>> = {
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
};

async function pairOf(certificate: x509.X509Certificate, key: webcrypto.CryptoKey): Promise<KeyPair> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', key);
  return {
    certificate: `${certificate.toString('pem')}\n`,
    key: `${x509.PemConverter.encode(pkcs8, x509.PemConverter.PrivateKeyTag)}\n`,
  };
}
