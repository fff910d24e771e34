import { createHash, type X509Certificate } from 'node:crypto';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { recordBody } from './body.ts';
import { type Progress, type RawResponse, ResponseReader } from './response-reader.ts';
import type {
  HeaderList,
  HttpExchange,
  HttpFailure,
  HttpLimits,
  HttpRequest,
  HttpTimes,
  TlsClientMaterial,
  TlsInfo,
} from './types.ts';

const DEFAULT_MAX_BODY_BYTES = 1024 * 1024;
/** How long a peer is watched for a body behind a 204, which must not have one. */
const LINGER_MS = 100;

export interface SendOptions {
  readonly tls?: TlsClientMaterial;
  readonly limits: HttpLimits;
}

/**
 * Sends one request on a connection of its own and observes what comes of it. Whatever the peer does is data:
 * only an abort of `signal` (its reason) and a URL that is none of `http:`/`https:` (`INPUT_INVALID`) are thrown.
 * @see RFC 9112
 */
export async function sendHttp(
  request: HttpRequest,
  options: SendOptions,
  { signal }: { signal: AbortSignal },
): Promise<HttpExchange> {
  signal.throwIfAborted();
  const url = new URL(request.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new HarnessError('INPUT_INVALID', `${url.protocol} is neither http: nor https:`);
  }
  const bytes = typeof request.body === 'string' ? Buffer.from(request.body, 'utf8') : request.body;
  const headers = headersOf(request, url, bytes);
  const seen = await exchange({ request, url, headers, bytes, options }, signal);
  return {
    request: { method: request.method, url: url.href, headers, body: recordBody(bytes ?? new Uint8Array()) },
    ...seen,
  };
}

interface Sending {
  readonly request: HttpRequest;
  readonly url: URL;
  readonly headers: HeaderList;
  readonly bytes: Uint8Array | undefined;
  readonly options: SendOptions;
}

type Outcome = Omit<HttpExchange, 'request'>;

function exchange(sending: Sending, signal: AbortSignal): Promise<Outcome> {
  return new Promise((resolve, reject) => new Exchange(sending, { resolve, reject, signal }).run());
}

interface Settling {
  resolve(outcome: Outcome): void;
  reject(reason: Error): void;
  readonly signal: AbortSignal;
}

/** One connection from opening to the end of the response or the first failure; settles exactly once. */
class Exchange {
  readonly #sending: Sending;
  readonly #settling: Settling;
  readonly #secure: boolean;
  readonly #reader: ResponseReader;
  readonly #startedAt = performance.now();
  readonly #times: { -readonly [K in Exclude<keyof HttpTimes, 'endMs'>]: HttpTimes[K] } = {
    connectedMs: null,
    secureMs: null,
    sentMs: null,
    firstByteMs: null,
  };
  #tls: TlsInfo | null = null;
  #stop: () => void = () => {};
  #moment: NodeJS.Timeout | undefined;
  /** A response without content, and what came behind it all the same. */
  #lingering: { readonly response: RawResponse; readonly endMs: number; extra: Buffer } | null = null;

  constructor(sending: Sending, settling: Settling) {
    this.#sending = sending;
    this.#settling = settling;
    this.#secure = sending.url.protocol === 'https:';
    const maxBodyBytes = sending.options.limits.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
    this.#reader = new ResponseReader(sending.request.method, maxBodyBytes);
  }

  run(): void {
    const { signal } = this.#settling;
    const socket = open(this.#sending);
    const abort = (): void => {
      this.#stop();
      this.#settling.reject(signal.reason as Error);
    };
    const timer = setTimeout(() => this.#overdue(), this.#sending.options.limits.timeoutMs);
    signal.addEventListener('abort', abort, { once: true });
    this.#stop = () => {
      clearTimeout(timer);
      clearTimeout(this.#moment);
      signal.removeEventListener('abort', abort);
      socket.removeAllListeners();
      socket.on('error', () => {}); // a reset after the end of the exchange says nothing more
      socket.destroy();
    };
    this.#listenTo(socket);
  }

  #listenTo(socket: Socket): void {
    socket.once('connect', () => {
      this.#times.connectedMs = this.#now();
      if (!this.#secure) this.#write(socket);
    });
    socket.once('secureConnect', () => {
      this.#times.secureMs = this.#now();
      if (socket instanceof TLSSocket) this.#tls = tlsInfo(socket);
      this.#write(socket);
    });
    socket.on('data', (chunk: Buffer) => {
      this.#times.firstByteMs ??= this.#now();
      if (this.#lingering === null) this.#follow(this.#reader.push(chunk));
      else this.#lingering.extra = Buffer.concat([this.#lingering.extra, chunk.subarray(0, 1024)]);
    });
    socket.on('end', () => {
      if (this.#lingering !== null) {
        this.#seeOff();
        return;
      }
      if (this.#secure && this.#tls === null) this.#fail('tls-failed', 'closed in the TLS hand-shake');
      this.#follow(this.#reader.end());
      this.#fail('reset', `closed ${this.#reader.started ? 'in the middle of' : 'without'} a response`);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => this.#fail(this.#kindOf(error), textOf(error)));
  }

  #write(socket: Socket): void {
    socket.write(wireBytes(this.#sending), (error) => {
      if (!error) this.#times.sentMs = this.#now();
    });
  }

  #follow(progress: Progress): void {
    if (progress.state === 'done' && progress.response.status === 204) this.#linger(progress.response);
    else if (progress.state === 'done') this.#settle(progress.response, null);
    else if (progress.state === 'bad') this.#fail(progress.kind, progress.detail);
  }

  /** Many servers send head and body apart: that a 204 has none shows when the peer closes, or after a moment. */
  #linger(response: RawResponse): void {
    this.#lingering = { response, endMs: this.#now(), extra: Buffer.alloc(0) };
    this.#moment = setTimeout(() => this.#seeOff(), LINGER_MS);
  }

  #seeOff(): void {
    if (this.#lingering === null) return;
    const { response, extra } = this.#lingering;
    this.#settle({ ...response, body: Buffer.concat([response.body, extra]) }, null);
  }

  #overdue(): void {
    if (this.#lingering !== null) {
      this.#seeOff();
      return;
    }
    const { timeoutMs } = this.#sending.options.limits;
    const up = this.#secure ? this.#times.secureMs : this.#times.connectedMs;
    if (up === null) this.#fail('connect-timeout', `no connection within ${timeoutMs} ms`);
    else this.#fail('timeout', `no ${this.#reader.started ? 'whole ' : ''}response within ${timeoutMs} ms`);
  }

  /** An alert may come after the hand-shake (TLS 1.3, client certificate refused): that is no delivery. */
  #kindOf(error: NodeJS.ErrnoException): HttpFailure {
    if (this.#times.connectedMs === null) return 'refused';
    if (!this.#secure) return 'reset';
    return this.#tls === null || (error.code ?? '').startsWith('ERR_SSL_') ? 'tls-failed' : 'reset';
  }

  #fail(kind: HttpFailure, detail: string): void {
    if (this.#lingering !== null) {
      this.#seeOff();
      return;
    }
    this.#settle(null, { kind, detail });
  }

  #settle(response: RawResponse | null, failure: HttpExchange['failure']): void {
    this.#stop();
    this.#settling.resolve({
      delivered: this.#times.sentMs !== null && failure?.kind !== 'tls-failed',
      response: response === null ? null : { ...response, body: recordBody(response.body) },
      failure,
      tls: this.#tls,
      times: { ...this.#times, endMs: this.#lingering?.endMs ?? this.#now() },
    });
  }

  #now(): number {
    return Math.round((performance.now() - this.#startedAt) * 1000) / 1000;
  }
}

function open({ url, options: { tls = {} } }: Sending): Socket {
  const host = url.hostname.replace(/^\[|\]$/gu, '');
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  if (url.protocol === 'http:') return connectTcp({ host, port, noDelay: true });
  const name = tls.serverName ?? host;
  const socket = connectTls({
    host,
    port,
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: tls.verify ?? true,
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.certificate === undefined ? {} : { cert: tls.certificate }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(tls.minVersion === undefined ? {} : { minVersion: tls.minVersion }),
    ...(tls.maxVersion === undefined ? {} : { maxVersion: tls.maxVersion }),
    ...(tls.ciphers === undefined ? {} : { ciphers: tls.ciphers }),
  });
  socket.setNoDelay(true);
  return socket;
}

function headersOf({ headers = [] }: HttpRequest, url: URL, bytes: Uint8Array | undefined): HeaderList {
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  const own: (readonly [string, string])[] = [];
  if (!given.has('host')) own.push(['Host', url.host]);
  own.push(...headers);
  if (bytes !== undefined && !given.has('content-length') && !given.has('transfer-encoding'))
    own.push(['Content-Length', String(bytes.byteLength)]);
  if (!given.has('connection')) own.push(['Connection', 'close']);
  return own;
}

function wireBytes({ request, url, headers, bytes }: Sending): Uint8Array {
  if (request.rawBytes !== undefined) return request.rawBytes;
  const lines = [`${request.method} ${url.pathname}${url.search} HTTP/1.1`];
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return bytes === undefined ? head : Buffer.concat([head, bytes]);
}

function tlsInfo(socket: TLSSocket): TlsInfo {
  const certificate: X509Certificate | undefined = socket.getPeerX509Certificate();
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    alpn: typeof socket.alpnProtocol === 'string' ? socket.alpnProtocol : null,
    peerCertificateSha256:
      certificate === undefined ? null : createHash('sha256').update(certificate.raw).digest('hex'),
    authorized: socket.authorized,
  };
}

function textOf(error: NodeJS.ErrnoException): string {
  return error.code === undefined ? error.message : `${error.code}: ${error.message.split('\n')[0] ?? ''}`;
}
