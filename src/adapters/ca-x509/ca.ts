import 'reflect-metadata';
import { createHash, type webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { type RunnerIdentity, renderRunnerIdentity } from '../../contract/runner-identity.ts';
import { HarnessError } from '../../kernel/errors.ts';
import { keyToPem, makeKeys, randomSerial, signLeaf, type SigningCa } from './certificates.ts';
import { openCaFiles } from './ca-files.ts';

export interface CaOptions {
  /** Folder that holds `ca.key` and `ca.pem`; made when absent. Share it, or its copy, among orchestrators of one store. */
  readonly dir: string;
  /** Names and addresses under which runners reach the orchestrators of this installation. */
  readonly hosts: readonly string[];
  readonly clock: { now(): number };
  /** How long a runner's certificate is valid, in milliseconds; 24 h when left out. */
  readonly runnerValidForMs?: number;
}

/** The installation's own certification authority: it vouches for orchestrators and runners, and for nothing else. */
export interface Ca {
  readonly certificatePem: string;
  /** SHA-256 of the public key (SubjectPublicKeyInfo, DER), base64url without padding. */
  readonly fingerprint: string;
  /** A fresh key and a certificate for the gRPC servers of one orchestrator process; valid for 397 days. */
  issueServer(): Promise<{ readonly keyPem: string; readonly chainPem: string }>;
  /**
   * Makes ready a certificate for the key in a PKCS #10 request (DER). The subject and names of the request are
   * ignored: who the runner is was decided elsewhere. `MESSAGE_INVALID` unless the key is P-256 and signed the request.
   */
  prepareRunner(csr: Uint8Array): Promise<PreparedCertificate>;
}

/** Serial and end are known before the certificate exists, so that the store hears of it first. */
export interface PreparedCertificate {
  /** Lower-case hexadecimal, without leading zeros: as the peer certificate of a TLS connection says it. */
  readonly serial: string;
  /** Milliseconds since the Unix epoch. */
  readonly notAfter: number;
  /** PEM, leaf first. */
  issue(identity: RunnerIdentity): Promise<string>;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const SERVER_VALID_MS = 397 * DAY_MS;
const IP = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]*)$/iu;

/** Opens the CA in `dir`, or makes it. Several processes may do so at once: one of them makes it, all get the same. */
export async function openCa({ dir, hosts, clock, runnerValidForMs = DAY_MS }: CaOptions): Promise<Ca> {
  const ca = await openCaFiles(dir, clock.now());
  const certificatePem = `${ca.certificate.toString('pem')}\n`;
  const chain = (leaf: x509.X509Certificate): string => `${leaf.toString('pem')}\n${certificatePem}`;
  return {
    certificatePem,
    fingerprint: createHash('sha256')
      .update(Buffer.from(ca.certificate.publicKey.rawData))
      .digest('base64url'),
    issueServer: async () => {
      const keys = await makeKeys();
      const leaf = await signLeaf(ca, {
        commonName: 'Patchbay orchestrator',
        publicKey: keys.publicKey,
        usage: 'server',
        names: hosts.map((value) => ({ type: IP.test(value) ? ('ip' as const) : ('dns' as const), value })),
        serial: randomSerial(),
        now: clock.now(),
        notAfter: clock.now() + SERVER_VALID_MS,
      });
      return { keyPem: await keyToPem(keys.privateKey), chainPem: chain(leaf) };
    },
    prepareRunner: async (csr) => {
      const publicKey = await provenKey(csr);
      const serial = randomSerial();
      // X.509 times have whole seconds.
      const now = clock.now();
      const notAfter = Math.floor((now + runnerValidForMs) / 1000) * 1000;
      return {
        serial,
        notAfter,
        issue: async (identity) =>
          chain(await signRunner(ca, { publicKey, serial, now, notAfter, identity })),
      };
    },
  };
}

interface RunnerLeaf {
  readonly publicKey: x509.PublicKey;
  readonly serial: string;
  readonly now: number;
  readonly notAfter: number;
  readonly identity: RunnerIdentity;
}

function signRunner(ca: SigningCa, leaf: RunnerLeaf): Promise<x509.X509Certificate> {
  const { publicKey, serial, now, notAfter, identity } = leaf;
  return signLeaf(ca, {
    commonName: identity.runner,
    publicKey,
    usage: 'client',
    names: [{ type: 'url', value: renderRunnerIdentity(identity) }],
    serial,
    now,
    notAfter,
  });
}

async function provenKey(der: Uint8Array): Promise<x509.PublicKey> {
  let request: x509.Pkcs10CertificateRequest;
  let proven: boolean;
  try {
    request = new x509.Pkcs10CertificateRequest(Uint8Array.from(der).buffer);
    proven = isP256(request.publicKey) && (await request.verify());
  } catch (cause) {
    throw new HarnessError('MESSAGE_INVALID', 'certificate_signing_request: is not PKCS #10', { cause });
  }
  if (proven) return request.publicKey;
  throw new HarnessError(
    'MESSAGE_INVALID',
    'certificate_signing_request: is not signed with the P-256 key that it names',
  );
}

function isP256({ algorithm }: x509.PublicKey): boolean {
  const { name, namedCurve } = algorithm as Partial<webcrypto.EcKeyAlgorithm>;
  return name === 'ECDSA' && namedCurve === 'P-256';
}
