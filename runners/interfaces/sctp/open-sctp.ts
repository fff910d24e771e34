import type { Carrier, CarrierAddress } from './carrier.ts';
import type { TransportChoice } from './choose.ts';
import { openEndpoint } from './endpoint.ts';
import type { SctpSettings } from './settings.ts';
import { type PacketTap, tapCarrier } from './tap.ts';
import type { SctpTransport } from './types.ts';
import { openUdpCarrier } from './udp.ts';

export interface OpenSctpOptions {
  /** Address of ours; its family is that of the transport. Default 0.0.0.0, which does not do for `sctp:ts-raw`. */
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
  const tapped = (carrier: Carrier, own: CarrierAddress): Carrier =>
    tap === undefined ? carrier : tapCarrier(carrier, own, tap);
  if (name === 'sctp:ts-raw') {
    const { openRawCarrier } = await import('./raw.ts');
    return openEndpoint({ carrier: tapped(openRawCarrier({ host }), { host, port: 0 }), settings });
  }
  const udp = await openUdpCarrier({ host, port: udpPort });
  const carrier = tapped(udp, { host, port: udp.port });
  if (name === 'sctp:ts-udp') return openEndpoint({ carrier, settings });
  const { openUsrsctp } = await import('./usrsctp.ts');
  return openUsrsctp({ carrier, settings });
}
