import { execFile } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { scanTls } from '../../../runners/interfaces/tls/scan.ts';
import { makeTestPki } from '../../../runners/interfaces/tls/test-pki.ts';

const openssl = (() => {
  try {
    return execFileSync('openssl', ['version'], { encoding: 'utf8' }).startsWith('OpenSSL 3');
  } catch {
    return false;
  }
})();

/** Whether `openssl s_client` agrees on exactly this version and suite. */
function agrees(port: number, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const all = ['s_client', '-connect', `127.0.0.1:${port}`, ...args];
    const child = execFile('openssl', all, { timeout: 10_000 }, (_, stdout) => {
      resolve(/^New, .*Cipher is (?!\(NONE\))/mu.test(stdout));
    });
    child.stdin?.end();
  });
}

const FLAGS = {
  'TLSv1.0': '-tls1',
  'TLSv1.1': '-tls1_1',
  'TLSv1.2': '-tls1_2',
  'TLSv1.3': '-tls1_3',
} as const;
const SUITES = {
  'ECDHE-ECDSA-AES128-GCM-SHA256': 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384': 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  'ECDHE-ECDSA-AES128-SHA256': 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256',
  'ECDHE-ECDSA-AES256-SHA': 'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA',
  'ECDHE-ECDSA-CHACHA20-POLY1305': 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
} as const;

describe.skipIf(!openssl)('a scan sees what openssl s_client sees (needs openssl 3)', async () => {
  const pki = await makeTestPki({ now: Date.now() });
  const GCM = 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384';

  it.each<[string, TlsOptions]>([
    ['the profile', { ciphers: GCM }],
    ['CBC on TLS 1.2', { ciphers: `${GCM}:ECDHE-ECDSA-AES128-SHA256` }],
    ['TLS 1.0', { minVersion: 'TLSv1', ciphers: `${GCM}:ECDHE-ECDSA-AES256-SHA:@SECLEVEL=0` }],
    ['no TLS 1.3', { maxVersion: 'TLSv1.2' }],
    ['no TLS 1.2', { minVersion: 'TLSv1.3' }],
  ])('of a server with %s', async (_, options) => {
    const server = createServer({ cert: pki.server.certificate, key: pki.server.key, ...options });
    server.on('tlsClientError', () => {});
    server.on('secureConnection', (socket) => socket.on('error', () => {}).end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      const signal = AbortSignal.timeout(30_000);
      const scan = await scanTls({ host: '127.0.0.1', port }, { timeoutMs: 5000 }, { signal });
      for (const [version, flag] of Object.entries(FLAGS)) {
        const seen = await agrees(port, [flag, '-cipher', 'ALL:@SECLEVEL=0']);
        expect([version, scan.versions[version as keyof typeof FLAGS].accepted]).toEqual([version, seen]);
      }
      for (const [short, name] of Object.entries(SUITES)) {
        const seen = await agrees(port, ['-tls1_2', '-cipher', `${short}:@SECLEVEL=0`]);
        expect([name, scan.versions['TLSv1.2'].suites.includes(name)]).toEqual([name, seen]);
      }
      expect(scan).toMatchObject({ silences: 0, undelivered: 0, compression: false });
    } finally {
      server.close();
    }
  });
});
