import { connect, isIP } from 'node:net';

import { clientHello, type Offer } from './client-hello.ts';
import { type HelloReply, readFlight } from './server-hello.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * What came of one ClientHello.
 * - `unreachable`: no TCP connection, so nothing was offered.
 * - `closed`: the hello was delivered, and the server closed or reset without a word.
 * - `silent`: delivered, and nothing decisive came in time.
 */
export type ProbeReply =
  | HelloReply
  | { readonly kind: 'unreachable'; readonly detail: string }
  | { readonly kind: 'closed' }
  | { readonly kind: 'silent' };

export interface ProbeLimits {
  /** For the connection and the answer together, in ms. */
  readonly timeoutMs: number;
  /** Reads on to the group of the key exchange. */
  readonly keyExchange?: boolean;
}

/** Offers one ClientHello on a connection of its own. Throws nothing but the reason of `signal`. */
export function probe(
  at: Address,
  { offer, limits }: { offer: Offer; limits: ProbeLimits },
  { signal }: { signal: AbortSignal },
): Promise<ProbeReply> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const named: Offer = isIP(at.host) === 0 ? { serverName: at.host, ...offer } : offer;
    const socket = connect({ host: at.host, port: at.port, noDelay: true });
    const chunks: Buffer[] = [];
    let connected = false;
    const stop = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.removeAllListeners();
      socket.on('error', () => {}); // a reset after the decision says nothing more
      socket.destroy();
    };
    const settle = (reply: ProbeReply): void => {
      stop();
      resolve(reply);
    };
    const abort = (): void => {
      stop();
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      settle(connected ? { kind: 'silent' } : { kind: 'unreachable', detail: 'no connection in time' });
    }, limits.timeoutMs);
    signal.addEventListener('abort', abort, { once: true });
    socket.once('connect', () => {
      connected = true;
      socket.write(clientHello(named));
    });
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      const progress = readFlight(Buffer.concat(chunks), { keyExchange: limits.keyExchange ?? false });
      if (progress.state === 'done') settle(progress.reply);
    });
    socket.on('end', () => settle({ kind: 'closed' }));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      settle(connected ? { kind: 'closed' } : { kind: 'unreachable', detail: error.code ?? error.message }),
    );
  });
}
