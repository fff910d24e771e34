import { readFile } from 'node:fs/promises';
import type { ServerOptions } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { type Answer, type HttpListener, listenHttp, type Received } from '../../interfaces/http/listen.ts';
import { MAX_BODY_BYTES } from './gate.ts';
import { defective } from './security-defects.ts';

export interface ListenerConfig {
  readonly defects: readonly string[];
  /** Paths of PEM files; null: cleartext. */
  readonly tls: {
    readonly certificate: string;
    readonly key: string;
    /** Given: a client certificate of this authority is demanded. */
    readonly clientCa?: string;
  } | null;
}

/** Authenticated encryption with forward secrecy and nothing else (3GPP TS 33.210 clause 6.2). */
const PROFILE_SUITES = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
];
const CBC_SUITES = ['ECDHE-ECDSA-AES256-SHA384', 'ECDHE-ECDSA-AES128-SHA256', 'ECDHE-ECDSA-AES128-SHA'];
const PROFILE_GROUPS = ['X25519', 'P-256', 'P-384'];
/** Beyond the limit of the gate, so that a defect can be seen there. */
const UNLIMITED_BODY_BYTES = 64 * 1024 * 1024;

export type AnswerRequest = (received: Received) => Answer | Promise<Answer>;

/** The listener that a consumer connects to, on loopback, on any free port. */
export async function startListener(config: ListenerConfig, answer: AnswerRequest): Promise<HttpListener> {
  const has = defective(config);
  const unlimited = has('accepts-oversize') || has('crashes-on-oversize');
  return listenHttp({
    answer,
    maxBodyBytes: unlimited ? UNLIMITED_BODY_BYTES : MAX_BODY_BYTES,
    ...(await tlsOf(config)),
  });
}

/** The same API without TLS; undefined unless the defect is on. */
export async function startCleartextListener(
  config: ListenerConfig,
  answer: AnswerRequest,
): Promise<HttpListener | undefined> {
  return defective(config)('cleartext-next-to-tls')
    ? startListener({ ...config, tls: null }, answer)
    : undefined;
}

/** TLS of a listener of this simulator; empty for cleartext. */
export async function tlsOf({ tls, ...config }: ListenerConfig): Promise<{
  readonly tls?: ServerOptions;
  readonly admit?: (client: TLSSocket) => boolean;
}> {
  if (tls === null) return {};
  const [cert, key, ca] = await Promise.all([
    readFile(tls.certificate),
    readFile(tls.key),
    tls.clientCa === undefined ? undefined : readFile(tls.clientCa),
  ]);
  const own = { cert, key, ...protocolOf(config.defects) };
  if (ca === undefined || defective(config)('no-client-certificate-asked')) return { tls: own };
  // Whom Node refuses by itself would be lost to the defects: `admit` decides about everybody.
  return {
    tls: { ...own, ca, requestCert: true, rejectUnauthorized: false },
    admit: await admission(config.defects),
  };
}

function protocolOf(defects: readonly string[]): ServerOptions {
  const has = defective({ defects });
  const old = has('tls10-enabled');
  const suites = [...PROFILE_SUITES, ...(has('cbc-suites') || old ? CBC_SUITES : [])];
  const groups = [...(has('weak-groups') ? ['P-192'] : []), ...PROFILE_GROUPS];
  // OpenSSL 3 serves TLS 1.0 and short curves only without its own lower limits.
  const level = old || has('weak-groups') ? ['@SECLEVEL=0'] : [];
  return {
    ciphers: [...suites, ...level].join(':'),
    ecdhCurve: groups.join(':'),
    minVersion: has('no-tls12') ? 'TLSv1.3' : old ? 'TLSv1' : 'TLSv1.2',
    maxVersion: has('no-tls13') ? 'TLSv1.2' : 'TLSv1.3',
  };
}

/** Who is let in: trust and dates as OpenSSL saw them, and the uses that it does not insist on. */
async function admission(defects: readonly string[]): Promise<(client: TLSSocket) => boolean> {
  const has = defective({ defects });
  // Loading what reads certificates takes longer than the rest of the start: only who asks for them does.
  const { clientCertificateFault, readCertificate } = await import('../../interfaces/tls/certificate.ts');
  return (client) => {
    const certificate = client.getPeerX509Certificate();
    const facts = certificate === undefined ? undefined : readCertificate(certificate.raw);
    if (facts === undefined) return false;
    // Typed as an Error, but Node gives the code as text.
    const problem = client.authorized ? undefined : String(client.authorizationError);
    const forgiven =
      has('accepts-untrusted-client') ||
      (problem === 'CERT_HAS_EXPIRED' && has('accepts-expired-client-certificate'));
    if (problem !== undefined && !forgiven) return false;
    const fault = clientCertificateFault(facts);
    if (fault === 'keyUsage') return has('accepts-client-without-key-usage');
    if (fault === 'extendedKeyUsage')
      return facts.extendedKeyUsage === null && has('accepts-client-without-eku');
    return true;
  };
}
