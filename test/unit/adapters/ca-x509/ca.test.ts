import 'reflect-metadata';
import { type webcrypto, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import * as x509 from '@peculiar/x509';
import { makeKeys, P256 } from '../../../../src/adapters/ca-x509/certificates.ts';
import { openCa } from '../../../../src/adapters/ca-x509/ca.ts';
import type { RunnerIdentity } from '../../../../src/contract/runner-identity.ts';

const identity = { organisation: 'lab', testbed: 'lab/north', runner: 'runner-1' } as RunnerIdentity;
const hosts = ['localhost', '127.0.0.1', '::1', 'lab.example'];
const clock = { now: () => Date.now() };
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'patchbay-ca-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function aRequest(keys?: webcrypto.CryptoKeyPair): Promise<Uint8Array> {
  const pair = keys ?? (await makeKeys());
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({
    name: 'CN=somebody else',
    keys: pair,
    signingAlgorithm: P256,
  });
  return new Uint8Array(csr.rawData);
}

it('is the same CA whoever opens it first, second, or at the same time', async () => {
  const cas = await Promise.all([1, 2, 3, 4].map(() => openCa({ dir, hosts, clock })));
  const later = await openCa({ dir, hosts, clock });
  expect(new Set([...cas, later].map(({ fingerprint }) => fingerprint)).size).toBe(1);
  expect(later.fingerprint).toMatch(/^[\w-]{43}$/u);
});

it('keeps its key where nobody else can read it', async () => {
  await openCa({ dir, hosts, clock });
  const path = join(dir, 'runner-ca.pem');
  expect((await stat(path)).mode & 0o077).toBe(0);
  expect(await readFile(path, 'utf8')).toContain('PRIVATE KEY');
});

it('names a runner by its URI and by nothing the runner asked for', async () => {
  const ca = await openCa({ dir, hosts, clock });
  const prepared = await ca.prepareRunner(await aRequest());
  const leaf = new X509Certificate(await prepared.issue(identity));
  expect(leaf.subject).toBe('CN=runner-1');
  expect(leaf.subjectAltName).toBe('URI:spiffe://patchbay/org/lab/testbed/north/runner/runner-1');
  expect(leaf.verify(new X509Certificate(ca.certificatePem).publicKey)).toBe(true);
  expect(leaf.ca).toBe(false);
  expect(leaf.serialNumber.toLowerCase()).toBe(prepared.serial);
  expect(Date.parse(leaf.validTo)).toBe(prepared.notAfter);
  expect(prepared.notAfter - Date.now()).toBeLessThanOrEqual(24 * 60 * 60 * 1000);
});

it('refuses a request that is not signed with the key it names', async () => {
  const ca = await openCa({ dir, hosts, clock });
  const csr = await aRequest();
  const last = csr.length - 1;
  csr[last] = (csr[last] ?? 0) ^ 1;
  await expect(ca.prepareRunner(csr)).rejects.toMatchObject({ code: 'MESSAGE_INVALID' });
  await expect(ca.prepareRunner(new Uint8Array([1, 2, 3]))).rejects.toMatchObject({
    code: 'MESSAGE_INVALID',
  });
});

it('refuses a key of another curve', async () => {
  const ca = await openCa({ dir, hosts, clock });
  const algorithm = { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({ keys, signingAlgorithm: algorithm });
  await expect(ca.prepareRunner(new Uint8Array(csr.rawData))).rejects.toMatchObject({
    code: 'MESSAGE_INVALID',
  });
});

it('says which file is damaged', async () => {
  await writeFile(join(dir, 'runner-ca.pem'), 'nothing of the kind');
  await expect(openCa({ dir, hosts, clock })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});

it('issues server certificates for names and addresses', async () => {
  const ca = await openCa({ dir, hosts, clock });
  const { chainPem } = await ca.issueServer();
  const leaf = new X509Certificate(chainPem);
  expect(leaf.checkHost('lab.example')).toBe('lab.example');
  expect(leaf.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(leaf.subjectAltName).toContain('IP Address:0:0:0:0:0:0:0:1');
});
