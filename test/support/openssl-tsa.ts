import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TAG, writeDer } from '../../src/attest/format/der.ts';

export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

/** A time-stamp authority made of `openssl ts`, with a root of its own, on a free port of loopback. */
export interface OpensslTsa extends AsyncDisposable {
  readonly url: string;
  /** The root certificate, PEM. */
  readonly rootPem: Uint8Array;
  /** What openssl itself says of a stored answer: whether it is a time-stamp over `data`. */
  readonly accepts: (answer: Uint8Array, data: Uint8Array) => boolean;
  /** A time-stamp of this content by a certificate of the same root that is for `use`. */
  readonly forge: (content: Uint8Array, use: Use) => Uint8Array;
}

const CONFIG = `
[tsa]
default_tsa = t
[t]
dir = .
serial = ./serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
clock_precision_digits = 3
ess_cert_id_alg = sha256
[ca]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[stamp]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[loose]
extendedKeyUsage = timeStamping
[wide]
extendedKeyUsage = critical,timeStamping,codeSigning
[bare]
basicConstraints = critical,CA:false
`;

/** What its certificates are for: time-stamping alone, or not quite that. */
const USES = ['stamp', 'loose', 'wide', 'bare'] as const;
type Use = (typeof USES)[number];

export async function startOpensslTsa(): Promise<OpensslTsa> {
  const dir = mkdtempSync(join(tmpdir(), 'tsa-'));
  const put = (name: string, bytes: Uint8Array | string): void => writeFileSync(join(dir, name), bytes);
  const openssl = (...args: readonly string[]): Buffer =>
    execFileSync('openssl', args, { cwd: dir, stdio: ['ignore', 'pipe', 'ignore'] });
  put('tsa.cnf', CONFIG);
  put('serial', '01\n');
  put('req.cnf', '[req]\ndistinguished_name = dn\n[dn]\n');
  const req = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-config', 'req.cnf'];
  openssl('req', ...req, '-subj', '/CN=Time root', '-keyout', 'root.key', '-out', 'root.csr');
  const days = ['-days', '3650'];
  const sign = ['x509', '-req', ...days, '-extfile', 'tsa.cnf'];
  openssl(...sign, '-in', 'root.csr', '-key', 'root.key', '-extensions', 'ca', '-out', 'root.pem');
  openssl('req', ...req, '-subj', '/CN=Time authority/O=Lab East', '-keyout', 'tsa.key', '-out', 'tsa.csr');
  const by = ['-CA', 'root.pem', '-CAkey', 'root.key', '-set_serial', '77'];
  for (const use of USES) openssl(...sign, '-in', 'tsa.csr', ...by, '-extensions', use, '-out', `${use}.pem`);

  const reply = (query: Buffer): Buffer => {
    put('query.tsq', query);
    return openssl(
      'ts',
      '-reply',
      '-config',
      'tsa.cnf',
      '-queryfile',
      'query.tsq',
      '-signer',
      'stamp.pem',
      '-inkey',
      'tsa.key',
    );
  };
  const { server, url } = await serve((query) => ({
    type: 'application/timestamp-reply',
    body: reply(query),
  }));
  return {
    url,
    rootPem: readFileSync(join(dir, 'root.pem')),
    accepts: (answer, data) => {
      put('answer.tsr', answer);
      put('data', data);
      const args = ['ts', '-verify', '-data', 'data', '-in', 'answer.tsr', '-CAfile', 'root.pem'];
      return spawnSync('openssl', args, { cwd: dir }).status === 0;
    },
    forge: (content, use) => {
      put('content', content);
      const type = ['-econtent_type', '1.2.840.113549.1.9.16.1.4', '-md', 'sha256', '-outform', 'DER'];
      const signer = ['-signer', `${use}.pem`, '-inkey', 'tsa.key'];
      const cms = openssl(
        'cms',
        '-sign',
        '-cades',
        '-nodetach',
        '-binary',
        '-in',
        'content',
        ...signer,
        ...type,
      );
      const granted = writeDer(TAG.sequence, writeDer(TAG.integer, Uint8Array.of(0)));
      return writeDer(TAG.sequence, granted, cms);
    },
    [Symbol.asyncDispose]: async () => {
      await stop(server);
      rmSync(dir, { recursive: true });
    },
  };
}

export interface Answer {
  readonly status?: number;
  readonly type: string;
  readonly body: Uint8Array;
}

/** Answers every request; `null` never does. */
export async function serve(
  answer: (body: Buffer) => Answer | null,
): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const given = answer(Buffer.concat(chunks));
      if (given === null) return;
      response.writeHead(given.status ?? 200, { 'content-type': given.type }).end(given.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsa` };
}

export async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
