import type { TakenPacket } from './associations.ts';
import type { EndPoint } from './end-point.ts';
import type { Datagram } from './ip.ts';
import { ipText } from './ip-address.ts';
import { word16 } from './words.ts';

/** The packet of SCTP that is looked at, in the bytes that were read: one object for all of them. */
export class PacketCursor implements TakenPacket {
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  cut = false;
  isPlain = false;
  packet: Uint8Array = this.bytes;
  addressesAt = 0;
  addressBytes = 4;
  udpPorts = 0;

  get sctpAt(): number {
    return this.start;
  }

  set(
    { bytes, cut, packet, addressesAt, addressBytes }: Datagram,
    { start, end, udpPorts }: Pick<PacketCursor, 'start' | 'end' | 'udpPorts'>,
  ): void {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.cut = cut;
    this.packet = packet;
    this.addressesAt = addressesAt;
    this.addressBytes = addressBytes;
    this.udpPorts = udpPorts;
  }

  readonly ends = (): readonly [EndPoint, EndPoint] => {
    const { bytes, start, udpPorts } = this;
    return [
      this.#end(0, word16(bytes, start), udpPorts >>> 16),
      this.#end(1, word16(bytes, start + 2), udpPorts & 0xffff),
    ];
  };

  #end(index: 0 | 1, port: number, udpPort: number): EndPoint {
    const at = this.addressesAt + index * this.addressBytes;
    const host = ipText(this.packet.subarray(at, at + this.addressBytes));
    return this.udpPorts === 0 ? { host, port } : { host, port, udpPort };
  }
}
