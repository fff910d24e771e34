import { readFile } from 'node:fs/promises';
import { type Answer, type HttpListener, listenHttp, type Received } from '../../interfaces/http/listen.ts';

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

const MAX_BODY_BYTES = 256 * 1024;

/** The listener that a consumer connects to, on loopback, on any free port. */
export async function startListener(
  { tls }: ListenerConfig,
  answer: (received: Received) => Answer | Promise<Answer>,
): Promise<HttpListener> {
  if (tls === null) return listenHttp({ answer, maxBodyBytes: MAX_BODY_BYTES });
  const [cert, key, ca] = await Promise.all([
    readFile(tls.certificate),
    readFile(tls.key),
    tls.clientCa === undefined ? undefined : readFile(tls.clientCa),
  ]);
  return listenHttp({
    answer,
    maxBodyBytes: MAX_BODY_BYTES,
    tls: {
      cert,
      key,
      minVersion: 'TLSv1.2',
      ...(ca === undefined ? {} : { ca, requestCert: true, rejectUnauthorized: true }),
    },
  });
}
