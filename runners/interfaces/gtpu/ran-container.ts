import { err, ok, type Result } from '../../../src/kernel/result.ts';

/** The extension header between gNB-CU-UP and gNB-DU. @see TS 29.281 clause 5.2.2.6 */
export const RAN_CONTAINER = 0x84;

/** What goes with user data towards a gNB-DU. @see TS 38.425 clause 5.5.2.1 */
export interface DownlinkData {
  readonly kind: 'downlinkData';
  /** NR-U sequence number, 24 bits. */
  readonly sequence: number;
  /** A DL DATA DELIVERY STATUS is wanted. */
  readonly polls: boolean;
  /** What of this NR PDCP PDU SN and below is delivered has to be told. */
  readonly reportsDelivered: number | null;
}

/** What a gNB-DU says of its buffers. @see TS 38.425 clause 5.5.2.2 */
export interface DeliveryStatus {
  readonly kind: 'deliveryStatus';
  /** In octets, 32 bits: how much more it wants to have for the bearer. */
  readonly desiredBufferBytes: number;
  /** The last one of this bearer. */
  readonly isFinal: boolean;
  /** Ranges of NR-U sequence numbers that never came. */
  readonly lost: readonly (readonly [from: number, to: number])[];
  /** NR PDCP PDU SNs; `null`: not told. */
  readonly highestDelivered: number | null;
  readonly highestTransmitted: number | null;
}

export type RanFrame = DownlinkData | DeliveryStatus;

const TYPES = { downlinkData: 0, deliveryStatus: 1 } as const;
const USER_DATA_EXISTS = 0x04;
const REPORT_DELIVERED = 0x08;
const REPORT_POLLING = 0x01;
const FLUSH = 0x02;
const DISCARDS = 0x04;
const STATUS = { transmitted: 0x08, delivered: 0x04, final: 0x02, lost: 0x01 } as const;
const DATA_RATE = 0x08;

/** Fills up to a length with which the extension header ends at a multiple of four octets. */
export function encodeRanContainer(frame: RanFrame): Uint8Array {
  const octets = frame.kind === 'downlinkData' ? downlinkData(frame) : deliveryStatus(frame);
  while (octets.length % 4 !== 2) octets.push(0);
  return Uint8Array.from(octets);
}

function downlinkData({ sequence, polls, reportsDelivered }: DownlinkData): number[] {
  const first = (TYPES.downlinkData << 4) | (polls ? REPORT_POLLING : 0);
  const second = USER_DATA_EXISTS | (reportsDelivered === null ? 0 : REPORT_DELIVERED);
  return [first, second, ...three(sequence), ...(reportsDelivered === null ? [] : three(reportsDelivered))];
}

function deliveryStatus(status: DeliveryStatus): number[] {
  const { desiredBufferBytes, isFinal, lost, highestDelivered, highestTransmitted } = status;
  const first =
    (TYPES.deliveryStatus << 4) |
    (highestTransmitted === null ? 0 : STATUS.transmitted) |
    (highestDelivered === null ? 0 : STATUS.delivered) |
    (isFinal ? STATUS.final : 0) |
    (lost.length === 0 ? 0 : STATUS.lost);
  return [
    ...[first, 0, desiredBufferBytes >>> 24, ...three(desiredBufferBytes & 0xff_ffff)],
    ...(lost.length === 0
      ? []
      : [lost.length, ...lost.flatMap(([from, to]) => [...three(from), ...three(to)])]),
    ...(highestDelivered === null ? [] : three(highestDelivered)),
    ...(highestTransmitted === null ? [] : three(highestTransmitted)),
  ];
}

/** `null` of a frame that came later than this was written; a word on what is wrong with one of those that are known. */
export function decodeRanContainer(content: Uint8Array): Result<RanFrame | null, string> {
  const reader = new Octets(content);
  const frame = readFrame(reader);
  return reader.isShort ? err('the RAN container is cut off') : ok(frame);
}

function readFrame(reader: Octets): RanFrame | null {
  const [first, second] = [reader.number(1), reader.number(1)];
  if (first >> 4 === TYPES.downlinkData) return readDownlinkData(reader, first, second);
  return first >> 4 === TYPES.deliveryStatus ? readStatus(reader, first, second) : null;
}

function readDownlinkData(reader: Octets, first: number, second: number): DownlinkData {
  const sequence = reader.number(3);
  if ((first & FLUSH) !== 0) reader.number(3);
  if ((first & DISCARDS) !== 0) {
    const blocks = reader.number(1);
    for (let count = 0; count < blocks && !reader.isShort; count += 1) reader.number(4);
  }
  const reportsDelivered = (second & REPORT_DELIVERED) === 0 ? null : reader.number(3);
  return { kind: 'downlinkData', sequence, polls: (first & REPORT_POLLING) !== 0, reportsDelivered };
}

function readStatus(reader: Octets, first: number, second: number): DeliveryStatus {
  const desiredBufferBytes = reader.number(4);
  if ((second & DATA_RATE) !== 0) reader.number(4);
  const lost: [number, number][] = [];
  const ranges = (first & STATUS.lost) === 0 ? 0 : reader.number(1);
  for (let count = 0; count < ranges && !reader.isShort; count += 1)
    lost.push([reader.number(3), reader.number(3)]);
  return {
    ...{ kind: 'deliveryStatus', desiredBufferBytes, lost, isFinal: (first & STATUS.final) !== 0 },
    highestDelivered: (first & STATUS.delivered) === 0 ? null : reader.number(3),
    highestTransmitted: (first & STATUS.transmitted) === 0 ? null : reader.number(3),
  };
}

/** Reads numbers one behind the other; behind the end there are zeros, and it says so. */
class Octets {
  isShort = false;
  readonly #octets: Uint8Array;
  #at = 0;

  constructor(octets: Uint8Array) {
    this.#octets = octets;
  }

  number(length: number): number {
    let value = 0;
    for (let count = 0; count < length; count += 1)
      value = value * 256 + (this.#octets[this.#at + count] ?? 0);
    this.#at += length;
    this.isShort ||= this.#at > this.#octets.length;
    return value;
  }
}

function three(value: number): number[] {
  return [(value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}
