import type { ConnectOptions, SctpAssociation, SctpEvent, TransportName } from './types.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';

/** @see RFC 6951 §4.1 */
export const DEFAULT_UDP_PORT = 9_899;

/** Why the stacks that have one address at each end do not take the options; `undefined` when they do. */
export function refuseAddresses(
  transport: TransportName,
  {
    addresses,
    localAddresses,
  }: Partial<Record<'addresses' | 'localAddresses', readonly string[] | undefined>>,
): HarnessError | undefined {
  const name = addresses === undefined ? 'localAddresses' : 'addresses';
  if (addresses === undefined && localAddresses === undefined) return undefined;
  const why = `${name} were given, and ${transport} has one address at each end; sctp:kernel may have several`;
  return new HarnessError('SCTP_TRANSPORT_UNUSABLE', why);
}

/** What `connect` throws when the association was lost before it was up. */
function refusal(lost: Extract<SctpEvent, { type: 'lost' }>, { host, port }: ConnectOptions): HarnessError {
  const code = lost.why === 'unreachable' ? 'SCTP_UNREACHABLE' : 'SCTP_REFUSED';
  return new HarnessError(code, `${host} port ${port}: ${lost.text}`);
}

/** An association that is on its way up. */
interface Rising extends SctpAssociation {
  readonly firstEvent: Promise<SctpEvent>;
}

/** Sets out with `start` and waits until the association is up; ended when `signal` is aborted, thrown when it is refused. */
export async function untilUp<T extends Rising>(
  association: T,
  options: ConnectOptions,
  { start, signal }: { readonly start: () => void; readonly signal: AbortSignal },
): Promise<T> {
  const stop = (): void => association.abort();
  signal.addEventListener('abort', stop, { once: true });
  start();
  try {
    const first = await association.firstEvent;
    signal.throwIfAborted();
    if (first.type === 'lost') throw refusal(first, options);
    return association;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
