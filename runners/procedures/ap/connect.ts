import { deadline } from '../../../src/kernel/deadline.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import type { SctpAssociation, SctpTransport } from '../../interfaces/sctp/types.ts';
import { type Bench, Blocked } from '../procedure.ts';
import type { DialledEndPoint } from '../sctp-end-point.ts';
import { SCTP_EVENT } from './message-observation.ts';

export interface Connecting {
  readonly bench: Bench;
  readonly transport: SctpTransport;
  readonly endPoint: DialledEndPoint;
  /** What the association is called within the case. */
  readonly association: string;
  readonly step: string;
  readonly withinMs: number;
}

/**
 * An association with the product; from then on a stimulus has reached it, for it took part in the handshake.
 * Null, and observed, when the product refuses or does not answer.
 */
export async function tryConnect(
  connecting: Connecting,
  { signal }: { signal: AbortSignal },
): Promise<SctpAssociation | null> {
  const { bench, transport, endPoint, association, step, withinMs } = connecting;
  const { host, port, udp } = endPoint;
  using limit = deadline(signal, withinMs, 'setting an association up');
  try {
    const to = { host, port, ...(udp === null ? {} : { remoteUdpPort: udp.remote }) };
    const connected = await transport.connect(to, { signal: limit.signal });
    bench.stimulated();
    return connected;
  } catch (error) {
    signal.throwIfAborted();
    const { code, message } = HarnessError.from(error);
    if (!['SCTP_REFUSED', 'SCTP_UNREACHABLE', 'DEADLINE'].includes(code)) throw error;
    if (code === 'SCTP_REFUSED') bench.stimulated();
    bench.observe(step, SCTP_EVENT, { association, type: 'notUp', code, text: message });
    return null;
  }
}

/** As {@link tryConnect}, where nothing can go on without it. @throws Blocked */
export async function mustConnect(
  connecting: Connecting,
  options: { signal: AbortSignal },
): Promise<SctpAssociation> {
  const association = await tryConnect(connecting, options);
  if (association !== null) return association;
  const { host, port } = connecting.endPoint;
  const text = `no SCTP association with ${host} port ${port} came up (${connecting.transport.name})`;
  throw new Blocked({ code: 'SUT_UNREACHABLE', text });
}
