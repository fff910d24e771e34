import { HarnessError } from '../../src/kernel/errors.ts';
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
