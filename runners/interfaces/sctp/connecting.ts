import type { ConnectOptions, SctpEvent } from './types.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';

/** @see RFC 6951 §4.1 */
export const DEFAULT_UDP_PORT = 9_899;

/** What `connect` throws when the association was lost before it was up. */
export function refusal(
  lost: Extract<SctpEvent, { type: 'lost' }>,
  { host, port }: ConnectOptions,
): HarnessError {
  const code = lost.why === 'unreachable' ? 'SCTP_UNREACHABLE' : 'SCTP_REFUSED';
  return new HarnessError(code, `${host} port ${port}: ${lost.text}`);
}
