import type { Carrier, CarrierAddress } from './carrier.ts';

/** Is shown every packet of a carrier, as it is sent and as it comes. The bytes are the carrier's: who keeps them copies them. */
export type PacketTap = (packet: Uint8Array, from: CarrierAddress, to: CarrierAddress) => void;

/** A carrier whose packets are shown. @param own the address by which peers know it */
export function tapCarrier(carrier: Carrier, own: CarrierAddress, tap: PacketTap): Carrier {
  return {
    ...carrier,
    send: (packet, to) => {
      tap(packet, own, to);
      carrier.send(packet, to);
    },
    receive: (handler) =>
      carrier.receive((packet, from) => {
        tap(packet, from, own);
        handler(packet, from);
      }),
  };
}
