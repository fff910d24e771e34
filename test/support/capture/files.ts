import { ipPacketAround } from '../../../runners/interfaces/capture/write-ip.ts';
import { LINK } from '../../../runners/interfaces/capture/frame.ts';
import type { TalkPacket } from './talk.ts';

export interface TestFrame {
  readonly timeNs: bigint;
  readonly bytes: Uint8Array;
  /** Default 0. */
  readonly interface?: number;
}

export const BEGAN_NS = 1_700_000_000_123_456_000n;

/** A frame every millisecond, each an IP packet. */
export function framesOf(
  packets: readonly TalkPacket[],
  {
    hosts = ['192.0.2.1', '192.0.2.2'],
    udpPorts,
    around = (packet: Uint8Array) => packet,
  }: {
    hosts?: readonly [string, string];
    udpPorts?: readonly [number, number];
    around?: (packet: Uint8Array) => Uint8Array;
  } = {},
): TestFrame[] {
  const hop = (index: 0 | 1) =>
    udpPorts === undefined ? { host: hosts[index] } : { host: hosts[index], udpPort: udpPorts[index] };
  return packets.map(({ from, bytes }, index) => {
    const [source, destination] = from === 'a' ? ([0, 1] as const) : ([1, 0] as const);
    return {
      timeNs: BEGAN_NS + BigInt(index) * 1_000_000n,
      bytes: around(ipPacketAround(bytes, hop(source), hop(destination))),
    };
  });
}

/** A classic file. */
export function pcapFile(
  frames: readonly TestFrame[],
  {
    littleEndian = true,
    nanoseconds = false,
    linkType = LINK.raw,
  }: { littleEndian?: boolean; nanoseconds?: boolean; linkType?: number } = {},
): Uint8Array {
  const head = words(
    [nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, 0x00020004, 0, 0, 65_535, linkType],
    littleEndian,
  );
  const version = new DataView(head.buffer);
  version.setUint16(4, 2, littleEndian);
  version.setUint16(6, 4, littleEndian);
  const unit = nanoseconds ? 1n : 1_000n;
  return Buffer.concat([
    head,
    ...frames.flatMap(({ timeNs, bytes }) => [
      words(
        [
          Number(timeNs / 1_000_000_000n),
          Number((timeNs % 1_000_000_000n) / unit),
          bytes.length,
          bytes.length,
        ],
        littleEndian,
      ),
      bytes,
    ]),
  ]);
}

export interface NgInterface {
  readonly linkType: number;
  /** Written as it is; microseconds when absent. */
  readonly resolution?: number;
  readonly offsetSeconds?: bigint;
}

/** A section with its interfaces; `units` makes a time of an interface from nanoseconds. */
export function pcapngFile(
  frames: readonly TestFrame[],
  {
    littleEndian = true,
    interfaces = [{ linkType: LINK.raw }] as readonly NgInterface[],
    units = (timeNs: bigint): bigint => timeNs / 1_000n,
  } = {},
): Uint8Array {
  return Buffer.concat([
    ngBlock(
      0x0a0d0d0a,
      [words([0x1a2b3c4d, littleEndian ? 0x00000001 : 0x00010000, 0xffffffff, 0xffffffff], littleEndian)],
      littleEndian,
    ),
    ...interfaces.map((one) => ngInterface(one, littleEndian)),
    ...frames.map(({ timeNs, bytes, interface: number = 0 }) => {
      const time = units(timeNs);
      const head = words(
        [number, Number(time >> 32n), Number(time & 0xffffffffn), bytes.length, bytes.length],
        littleEndian,
      );
      return ngBlock(6, [head, bytes], littleEndian);
    }),
  ]);
}

export function ngBlock(type: number, parts: readonly Uint8Array[], littleEndian: boolean): Uint8Array {
  const body = Buffer.concat(parts);
  const padding = new Uint8Array((4 - (body.length % 4)) % 4);
  const length = 12 + body.length + padding.length;
  return Buffer.concat([words([type, length], littleEndian), body, padding, words([length], littleEndian)]);
}

function ngInterface(
  { linkType, resolution, offsetSeconds }: NgInterface,
  littleEndian: boolean,
): Uint8Array {
  const head = new Uint8Array(8);
  new DataView(head.buffer).setUint16(0, linkType, littleEndian);
  const options: Uint8Array[] = [];
  const option = (code: number, value: Uint8Array): void => {
    const bytes = new Uint8Array(4 + ((value.length + 3) & ~3));
    const view = new DataView(bytes.buffer);
    view.setUint16(0, code, littleEndian);
    view.setUint16(2, value.length, littleEndian);
    bytes.set(value, 4);
    options.push(bytes);
  };
  if (resolution !== undefined) option(9, Uint8Array.of(resolution));
  if (offsetSeconds !== undefined) {
    const value = new Uint8Array(8);
    new DataView(value.buffer).setBigInt64(0, offsetSeconds, littleEndian);
    option(14, value);
  }
  return ngBlock(1, [head, ...options], littleEndian);
}

function words(values: readonly number[], littleEndian: boolean): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setUint32(4 * index, value, littleEndian);
  return bytes;
}
