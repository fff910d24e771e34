import type { TransportChoice } from './choose.ts';
import { openEndpoint } from './endpoint.ts';
import type { SctpSettings } from './settings.ts';
import type { SctpTransport } from './types.ts';
import { openUdpCarrier } from './udp.ts';

export interface OpenSctpOptions {
  /** Address of ours; its family is that of the transport. Default 0.0.0.0, which does not do on raw IP. */
  readonly host?: string;
  /** UDP port of ours, where packets travel in UDP; default: a free one. */
  readonly udpPort?: number;
  readonly settings?: Partial<SctpSettings>;
}

/** Opens the transport that was chosen. What needs a native library is loaded only now. */
export async function openSctp(
  { name }: Pick<TransportChoice, 'name'>,
  { host = '0.0.0.0', udpPort = 0, settings = {} }: OpenSctpOptions = {},
): Promise<SctpTransport> {
  if (name === 'sctp:kernel') {
    const { openKernel } = await import('./kernel.ts');
    return openKernel({ host, settings });
  }
  if (name === 'sctp:ts-raw') {
    const { openRawCarrier } = await import('./raw.ts');
    return openEndpoint({ carrier: openRawCarrier({ host }), settings });
  }
  if (name === 'sctp:ts-udp') {
    return openEndpoint({ carrier: await openUdpCarrier({ host, port: udpPort }), settings });
  }
  const { openUsrsctp } = await import('./usrsctp.ts');
  const carrier =
    name === 'sctp:usrsctp-raw'
      ? (await import('./raw.ts')).openRawCarrier({ host })
      : await openUdpCarrier({ host, port: udpPort });
  return openUsrsctp({ carrier, settings });
}
