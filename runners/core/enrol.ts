import { createHash, X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { parseEnrolmentToken } from '../../src/contract/enrolment-token.ts';
import type { RunnerIdentity } from '../../src/contract/runner-identity.ts';
import { enrolmentService } from '../../src/contract/services.ts';
import { deadline } from '../../src/kernel/deadline.ts';
import { HarnessError } from '../../src/kernel/errors.ts';
import { Connection } from './connection.ts';
import { makeRequest, writeCredentials } from './credentials.ts';
import { makeFolder } from './files.ts';

export interface EnrolOptions {
  /** host:port of the EnrolmentService. */
  readonly endpoint: string;
  /** As it was handed out; used up by this. */
  readonly token: string;
  /** Where key and certificate are kept; made with mode 0700. Earlier credentials in it are replaced. */
  readonly stateDir: string;
}

const CONNECT_MS = 10_000;

/**
 * Makes this machine a runner of the testbed that the token is for.
 *
 * `TOKEN_INVALID` when the token is malformed, unknown, used or expired; `LINE_DOWN` when nobody answers; `UNAUTHENTICATED`
 * when whoever answers is not the orchestrator that the token was made by. The token is sent only after that is proven.
 */
export async function enrolRunner(
  { endpoint, token, stateDir }: EnrolOptions,
  { signal }: { signal: AbortSignal },
): Promise<RunnerIdentity> {
  const parsed = parseEnrolmentToken(token);
  if (!parsed.ok) throw new HarnessError('TOKEN_INVALID', `this is no enrolment token: ${parsed.error}`);
  await makeFolder(stateDir);
  const caPem = await fetchPinnedCa(endpoint, parsed.value.caPin, { signal });
  const { keyPem, csr } = await makeRequest();
  using connection = new Connection(endpoint, { caPem });
  const request = { token: token.trim(), certificateSigningRequest: csr };
  const enrolled = await connection.call(enrolmentService.enrol, request, { signal });
  await writeCredentials(stateDir, {
    keyPem,
    chainPem: enrolled.certificateChain,
    caPem: enrolled.caCertificate,
    endpoint: enrolled.runnerEndpoint,
  });
  const { organisation, testbed, runner } = enrolled;
  return { organisation, testbed, runner };
}

/** Looks at the chain that the server shows, without trusting it, and takes the CA whose key has the pinned hash. */
async function fetchPinnedCa(
  endpoint: string,
  pin: string,
  { signal }: { signal: AbortSignal },
): Promise<string> {
  using limit = deadline(signal, CONNECT_MS, `connecting to ${endpoint}`);
  for (const raw of await shownChain(endpoint, limit)) {
    const certificate = new X509Certificate(raw);
    const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
    if (createHash('sha256').update(spki).digest('base64url') === pin) return certificate.toString();
  }
  throw new HarnessError(
    'UNAUTHENTICATED',
    `${endpoint} is not the orchestrator that this token was made by`,
  );
}

function shownChain(endpoint: string, { signal }: { signal: AbortSignal }): Promise<readonly Buffer[]> {
  const { host, port } = splitEndpoint(endpoint);
  return new Promise((resolve, reject) => {
    // Nothing is sent over this connection; gRPC verifies the one after it with the CA found here.
    const socket = connect({ host, port, rejectUnauthorized: false, ALPNProtocols: ['h2'] });
    const stop = (): void => {
      socket.destroy();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', stop, { once: true });
    socket.once('error', (cause) => {
      signal.removeEventListener('abort', stop);
      reject(new HarnessError('LINE_DOWN', `nothing answers at ${endpoint}`, { cause }));
    });
    socket.once('secureConnect', () => {
      signal.removeEventListener('abort', stop);
      const chain = chainOf(socket.getPeerCertificate(true));
      socket.destroy();
      resolve(chain);
    });
  });
}

/** As Node shows it; at run time the issuer may be absent. */
interface ShownCertificate {
  readonly raw: Buffer;
  readonly issuerCertificate?: ShownCertificate;
}

function chainOf(leaf: ShownCertificate): readonly Buffer[] {
  const chain: Buffer[] = [];
  // A root names itself as its issuer.
  for (
    let next: ShownCertificate | undefined = leaf;
    next !== undefined && chain.length < 8 && !chain.includes(next.raw);
    next = next.issuerCertificate
  ) {
    chain.push(next.raw);
  }
  return chain;
}

function splitEndpoint(endpoint: string): { host: string; port: number } {
  const [, host = '', port = ''] = /^\[?([^\]]+?)\]?:(\d{1,5})$/u.exec(endpoint) ?? [];
  if (host === '' || Number(port) > 65_535) {
    throw new HarnessError('INPUT_INVALID', `"${endpoint.slice(0, 80)}" is not host:port`);
  }
  return { host, port: Number(port) };
}
