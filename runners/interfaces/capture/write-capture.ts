import { LINK } from './frame.ts';
import { BLOCK, BYTE_ORDER, OPTION } from './pcapng.ts';

const NANOSECONDS = 9;

/** What can be told of an interface in a capture file. */
export interface CaptureInterface {
  /** Default: {@link LINK}.raw. */
  readonly linkType?: number;
  readonly name: string;
}

/** How a pcapng file begins: with one section and its interfaces, which packets name by their place. Times have nanoseconds. */
export function captureHead(interfaces: readonly CaptureInterface[]): Uint8Array {
  const section = new Uint8Array(16);
  const view = new DataView(section.buffer);
  view.setUint32(0, BYTE_ORDER, true);
  view.setUint16(4, 1, true);
  view.setBigInt64(8, -1n, true);
  return concat([block(BLOCK.section, [section]), ...interfaces.map(captureInterface)]);
}

/** A packet of one of the interfaces. @param timeNs since 1970 */
export function capturedPacket(bytes: Uint8Array, timeNs: bigint, interfaceIndex = 0): Uint8Array {
  const head = new Uint8Array(20);
  const view = new DataView(head.buffer);
  view.setUint32(0, interfaceIndex, true);
  view.setUint32(4, Number(timeNs >> 32n), true);
  view.setUint32(8, Number(timeNs & 0xffffffffn), true);
  view.setUint32(12, bytes.length, true);
  view.setUint32(16, bytes.length, true);
  return block(BLOCK.enhancedPacket, [head, bytes]);
}

/** Another interface of the section: packets behind it may name it. */
export function captureInterface({ linkType = LINK.raw, name }: CaptureInterface): Uint8Array {
  const head = new Uint8Array(8);
  new DataView(head.buffer).setUint16(0, linkType, true);
  return block(BLOCK.interface, [
    head,
    option(OPTION.name, new TextEncoder().encode(name)),
    option(OPTION.timeResolution, Uint8Array.of(NANOSECONDS)),
    option(OPTION.end, new Uint8Array(0)),
  ]);
}

function option(code: number, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + padded(value.length));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, code, true);
  view.setUint16(2, value.length, true);
  bytes.set(value, 4);
  return bytes;
}

function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(12 + padded(length));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, bytes.length, true);
  bytes.set(concat(parts), 8);
  view.setUint32(bytes.length - 4, bytes.length, true);
  return bytes;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
