import type { Carrier } from './carrier.ts';
import type { TransportChoice } from './choose.ts';
import { openEndpoint } from './endpoint.ts';
import type { SctpSettings } from './settings.ts';
import { type PacketTap, tapCarrier } from './tap.ts';
import type { SctpTransport } from './types.ts';
import { openUdpCarrier } from './udp.ts';

export interface OpenSctpOptions {
  /** Address of ours; its family is that of the transport. Default 0.0.0.0, which does not do on raw IP. */
  readonly host?: string;
  /** UDP port of ours, where packets travel in UDP; default: a free one. */
  readonly udpPort?: number;
  readonly settings?: Partial<SctpSettings>;
  /** Is shown every packet, for a capture. */
  readonly tap?: PacketTap;
}

/** Opens the transport that was chosen. What needs a native library is loaded only now. */
export async function openSctp(
  { name }: Pick<TransportChoice, 'name'>,
  { host = '0.0.0.0', udpPort = 0, settings = {}, tap }: OpenSctpOptions = {},
): Promise<SctpTransport> {
  if (name === 'sctp:kernel') {
    const { openKernel } = await import('./kernel.ts');
    return openKernel({ host, settings });
  }
  const carrier = await openCarrier(name, { host, udpPort, ...(tap === undefined ? {} : { tap }) });
  if (name === 'sctp:ts-raw' || name === 'sctp:ts-udp') return openEndpoint({ carrier, settings });
  const { openUsrsctp } = await import('./usrsctp.ts');
  return openUsrsctp({ carrier, settings });
}

async function openCarrier(
  name: TransportChoice['name'],
  { host, udpPort, tap }: Required<Pick<OpenSctpOptions, 'host' | 'udpPort'>> & Pick<OpenSctpOptions, 'tap'>,
): Promise<Carrier> {
  const tapped = (carrier: Carrier, port: number): Carrier =>
    tap === undefined ? carrier : tapCarrier(carrier, { host, port }, tap);
  if (name === 'sctp:ts-raw' || name === 'sctp:usrsctp-raw') {
    const { openRawCarrier } = await import('./raw.ts');
    return tapped(openRawCarrier({ host }), 0);
  }
  const udp = await openUdpCarrier({ host, port: udpPort });
  return tapped(udp, udp.port);
}
