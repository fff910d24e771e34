import 'reflect-metadata';
import { webcrypto, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { parseRunnerIdentity, type RunnerIdentity } from '../../src/contract/runner-identity.ts';
import { HarnessError } from '../../src/kernel/errors.ts';
import { isJsonObject, type Json } from '../../src/kernel/json.ts';
import { readJson, writeDurably } from './files.ts';

x509.cryptoProvider.set(webcrypto);

/** What a runner proves with who it is, and whom it believes. All PEM. */
export interface Credentials {
  readonly keyPem: string;
  readonly chainPem: string;
  readonly caPem: string;
  /** host:port of the RunnerService. */
  readonly endpoint: string;
}

const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const NAMES = ['keyPem', 'chainPem', 'caPem', 'endpoint'] as const;
const FILE = 'credentials.json';

/** The credentials in a state folder, or `null` when the runner was never enrolled. */
export async function readCredentials(stateDir: string): Promise<Credentials | null> {
  const path = join(stateDir, FILE);
  const stored = await readJson(path);
  if (stored === null) return null;
  if (!isCredentials(stored))
    throw new HarnessError('INPUT_INVALID', `${path} is damaged; enrol the runner again`);
  return stored;
}

function isCredentials(value: Json): value is Json & Credentials {
  return isJsonObject(value) && NAMES.every((name) => typeof value[name] === 'string');
}

export async function writeCredentials(stateDir: string, credentials: Credentials): Promise<void> {
  await writeDurably(join(stateDir, FILE), JSON.stringify(credentials));
}

/** A fresh key, and the request (PKCS #10, DER) that proves its possession. */
export async function makeRequest(): Promise<{ readonly keyPem: string; readonly csr: Uint8Array }> {
  const keys = await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify']);
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({
    name: 'CN=patchbay runner',
    keys,
    signingAlgorithm: P256,
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { keyPem: x509.PemConverter.encode(key, 'PRIVATE KEY'), csr: new Uint8Array(csr.rawData) };
}

export function identityOf({ chainPem }: Credentials): RunnerIdentity {
  const names = new X509Certificate(chainPem).subjectAltName ?? '';
  const identity = parseRunnerIdentity(names.replace(/^URI:/u, ''));
  if (!identity.ok) throw new HarnessError('INPUT_INVALID', identity.error);
  return identity.value;
}

/** When two thirds of the certificate's life are over, in milliseconds since the Unix epoch. */
export function renewAt({ chainPem }: Credentials): number {
  const { validFrom, validTo } = new X509Certificate(chainPem);
  const start = Date.parse(validFrom);
  return start + ((Date.parse(validTo) - start) * 2) / 3;
}
