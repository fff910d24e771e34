import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { recordBody } from './body.ts';
import type { HeaderList, HttpReceived } from './types.ts';

export interface Received {
  readonly method: string;
  /** Path and query exactly as received. */
  readonly path: string;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
  readonly scheme: 'http' | 'https';
}

export interface Answer {
  readonly status: number;
  readonly headers?: HeaderList;
  readonly body?: Uint8Array | string;
}

export interface ListenOptions {
  /** Address to bind; default loopback. */
  readonly host?: string;
  /** Default: any free port. */
  readonly port?: number;
  /** Given: HTTPS. */
  readonly tls?: ServerOptions;
  /** With `tls`: whether a client is served, once its hand-shake is done; others are cut off without a word. */
  readonly admit?: (client: TLSSocket) => boolean;
  /** Largest request body taken, in bytes; more is answered 413. Default 1 MiB. */
  readonly maxBodyBytes?: number;
  readonly answer: (received: Received) => Answer | Promise<Answer>;
  /** Called after the answer was handed over, once per request. */
  readonly observe?: (received: HttpReceived) => void;
}

export interface HttpListener extends AsyncDisposable {
  readonly port: number;
  readonly scheme: 'http' | 'https';
  /** `http://host:port`, without a slash at the end. */
  urlOn(host: string): string;
  /** Resolves when every request that has arrived is answered and observed. */
  settled(): Promise<void>;
}

/** A listener of the tester's own: it records what arrives and answers as it is told. */
export async function listenHttp(options: ListenOptions): Promise<HttpListener> {
  const scheme = options.tls === undefined ? 'http' : 'https';
  const underWay = new Set<Promise<void>>();
  const house: House = { options, scheme, underWay, closed: false };
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    void serve({ request, response }, house);
  };
  const server = options.tls === undefined ? createServer(handle) : createSecureServer(options.tls, handle);
  const { admit } = options;
  if (admit !== undefined) {
    // Before the listener of node:http, which then finds the socket destroyed.
    server.prependListener('secureConnection', (client: TLSSocket) => {
      if (!admit(client)) client.destroy();
    });
  }
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.maxConnections = 256;
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    scheme,
    urlOn: (host) => `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    settled: async () => {
      await Promise.allSettled(underWay);
    },
    [Symbol.asyncDispose]: () => {
      house.closed = true;
      return close(server);
    },
  };
}

/** One listener; what is still under way when it closes is neither answered nor observed. */
interface House {
  readonly options: ListenOptions;
  readonly scheme: 'http' | 'https';
  readonly underWay: Set<Promise<void>>;
  closed: boolean;
}

interface Serving {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function serve({ request, response }: Serving, house: House): Promise<void> {
  const { options, scheme, underWay } = house;
  const body = await readBody(request, options.maxBodyBytes ?? 1024 * 1024);
  if (body === 'broken') {
    response.destroy();
    return;
  }
  const received: Received = {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: pairs(request.rawHeaders),
    body: body === 'too-large' ? new Uint8Array() : body,
    scheme,
  };
  const answering = answer({ request, response, received, tooLarge: body === 'too-large' }, house);
  underWay.add(answering);
  await answering;
  underWay.delete(answering);
}

async function answer(
  { request, response, received, tooLarge }: Serving & { received: Received; tooLarge: boolean },
  house: House,
): Promise<void> {
  const { options } = house;
  const given = tooLarge ? { status: 413 } : await answerOrFail(options, received);
  if (house.closed) return;
  const bytes = typeof given.body === 'string' ? Buffer.from(given.body, 'utf8') : given.body;
  const headers = [...(given.headers ?? [])];
  if (bytes !== undefined) headers.push(['Content-Length', String(bytes.byteLength)]);
  response.writeHead(given.status, headers.flat());
  response.end(bytes);
  options.observe?.({
    ...received,
    body: recordBody(received.body),
    answered: {
      status: given.status,
      headers: given.headers ?? [],
      body: recordBody(bytes ?? new Uint8Array()),
    },
    from: request.socket.remoteAddress ?? '',
  });
}

/** A failure while answering is ours: the peer sees 500, and the evidence shows who said so. */
async function answerOrFail(options: ListenOptions, received: Received): Promise<Answer> {
  try {
    return await options.answer(received);
  } catch (error) {
    return {
      status: 500,
      body: `the tester failed to answer: ${error instanceof Error ? error.message : ''}`,
    };
  }
}

async function readBody(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Uint8Array | 'too-large' | 'broken'> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.byteLength;
      if (bytes <= maxBytes) chunks.push(chunk);
    }
  } catch {
    return 'broken'; // the peer gave up half way: there is nobody to answer
  }
  return bytes > maxBytes ? 'too-large' : Buffer.concat(chunks);
}

function pairs(rawHeaders: readonly string[]): HeaderList {
  const list: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    list.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '']);
  return list;
}

function listen(server: Server, { host = '127.0.0.1', port = 0 }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
