import { connect, type DetailedPeerCertificate } from 'node:tls';
import { isIP } from 'node:net';

import { type CertificateFacts, readCertificate } from '../../interfaces/tls/certificate.ts';
import type { SecuredApi } from './secured-api.ts';

/** What a server shows of itself, and what the tester's trust anchor says of it. Plain JSON. */
export interface CapturedChain {
  /** Leaf first. An entry that cannot be read is null. */
  readonly chain: readonly (CertificateFacts | null)[];
  /** Why the chain does not lead to the trust anchor: an OpenSSL or Node code. Null: it does, or there is no anchor. */
  readonly verifyError: string | null;
  readonly anchored: boolean;
}

const MAX_CHAIN = 10;

/** Connects as a welcome client and keeps the certificates; null when no hand-shake came about in time. */
export function captureChain(
  api: SecuredApi,
  { timeoutMs }: { timeoutMs: number },
  { signal }: { signal: AbortSignal },
): Promise<CapturedChain | null> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const { certificate, key } = api.tls;
    const socket = connect({
      host: api.host,
      port: api.port,
      rejectUnauthorized: false,
      ...(isIP(api.host) === 0 ? { servername: api.host } : {}),
      ...(api.serverCa === undefined ? {} : { ca: api.serverCa }),
      ...(certificate === undefined || key === undefined ? {} : { cert: certificate, key }),
    });
    const stop = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.removeAllListeners();
      socket.on('error', () => {}); // a reset after the end says nothing more
      socket.destroy();
    };
    const settle = (captured: CapturedChain | null): void => {
      stop();
      resolve(captured);
    };
    const abort = (): void => {
      stop();
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => settle(null), timeoutMs);
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', () => settle(null));
    socket.once('close', () => settle(null));
    socket.once('secureConnect', () =>
      settle({
        chain: factsOf(socket.getPeerCertificate(true)),
        // Typed as an Error, but Node gives the code as text.
        verifyError: socket.authorized ? null : String(socket.authorizationError),
        anchored: api.serverCa !== undefined,
      }),
    );
  });
}

function factsOf(leaf: DetailedPeerCertificate): readonly (CertificateFacts | null)[] {
  const chain: (CertificateFacts | null)[] = [];
  let at: DetailedPeerCertificate | undefined = leaf;
  // A self-signed certificate is its own issuer.
  while (at !== undefined && hasBytes(at) && chain.length < MAX_CHAIN) {
    chain.push(readCertificate(at.raw) ?? null);
    at = issuerOf(at);
  }
  return chain;
}

/** Where there is no certificate Node gives an empty object, against its own types. */
function hasBytes(certificate: Partial<DetailedPeerCertificate>): boolean {
  return certificate.raw !== undefined;
}

function issuerOf(certificate: Partial<DetailedPeerCertificate>): DetailedPeerCertificate | undefined {
  const issuer = certificate.issuerCertificate;
  return issuer?.fingerprint256 === certificate.fingerprint256 ? undefined : issuer;
}
