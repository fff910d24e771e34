import { HarnessError } from '../../src/kernel/errors.ts';
import { pause } from '../../src/kernel/deadline.ts';
import { isJsonObject, type Json } from '../../src/kernel/json.ts';
import type { ConnectOptions, SctpAssociation, SctpTransport } from '../interfaces/sctp/types.ts';

/** Where a peer listens. */
export type Target = Pick<ConnectOptions, 'host' | 'port' | 'remoteUdpPort'>;

const CONNECT_WITHIN_MS = 5_000;

/** `{host, port, udpPort?}`; null when it is none. */
export function parseTarget(given: Json | undefined): Target | null {
  if (!isJsonObject(given)) return null;
  const { host, port, udpPort } = given;
  if (typeof host !== 'string' || typeof port !== 'number') return null;
  return { host, port, ...(typeof udpPort === 'number' ? { remoteUdpPort: udpPort } : {}) };
}

/** An association, or null when there is nobody. */
export async function tryConnect(
  transport: SctpTransport,
  target: Target,
  signal: AbortSignal,
): Promise<SctpAssociation | null> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_WITHIN_MS)]);
  try {
    return await transport.connect(target, { signal: limit });
  } catch (error) {
    if (limit.aborted) return null;
    if (error instanceof HarnessError && ['SCTP_REFUSED', 'SCTP_UNREACHABLE'].includes(error.code))
      return null;
    throw error;
  }
}

/** Goes to a peer, and again whenever that is over, until it is told to stop or to go elsewhere. */
export class Redial {
  readonly #dials: { readonly transport: SctpTransport; readonly retryMs: number };
  #stop = new AbortController();

  constructor(dials: { readonly transport: SctpTransport; readonly retryMs: number }) {
    this.#dials = dials;
  }

  /** @param serve until the association is over, or the signal has it ended */
  connect(target: Target, serve: (association: SctpAssociation, signal: AbortSignal) => Promise<void>): void {
    this.disconnect();
    this.#stop = new AbortController();
    void this.#keepConnected(target, serve, this.#stop.signal);
  }

  disconnect(): void {
    this.#stop.abort(new Error('told to go'));
  }

  async #keepConnected(
    target: Target,
    serve: (association: SctpAssociation, signal: AbortSignal) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    const { transport, retryMs } = this.#dials;
    while (!signal.aborted) {
      const association = await tryConnect(transport, target, signal);
      if (association !== null) await serve(association, signal);
      await pause(retryMs, { signal }).catch(() => {});
    }
  }
}
