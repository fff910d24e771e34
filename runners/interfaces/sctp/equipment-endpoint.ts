import { chooseTransport, type TransportChoice, type TransportFacts } from './choose.ts';
import type { OpenSctpOptions } from './open-sctp.ts';
import type { ConnectOptions } from './types.ts';

/** `interfaces.<name>.endpoint` of an equipment file, as far as it is about SCTP. */
export interface EquipmentEndpoint {
  readonly host: string;
  readonly port: number;
  readonly transport?: string;
  /** UDP ports: ours, and the one that the equipment listens on. */
  readonly udpEncapsulation?: { readonly local: number; readonly remote: number };
}

export interface WayToEquipment {
  readonly choice: TransportChoice;
  readonly open: Pick<OpenSctpOptions, 'udpPort'>;
  readonly connect: ConnectOptions;
}

/**
 * How the equipment is reached from here. What says how its UDP is set up is carried in UDP, unless it names a transport.
 * `SCTP_TRANSPORT_UNUSABLE` when the transport that it names is not to be had.
 */
export function wayToEquipment(endpoint: EquipmentEndpoint, facts: TransportFacts): WayToEquipment {
  const { host, port, transport, udpEncapsulation: udp } = endpoint;
  const isFree = transport === undefined || transport === 'auto';
  // The kernel and raw IP come without UDP; only a stack of ours is sure to be inside it.
  const choice = chooseTransport(
    transport,
    isFree && udp !== undefined ? { ...facts, kernel: false } : facts,
  );
  return {
    choice,
    open: udp === undefined ? {} : { udpPort: udp.local },
    connect: { host, port, ...(udp === undefined ? {} : { remoteUdpPort: udp.remote }) },
  };
}
