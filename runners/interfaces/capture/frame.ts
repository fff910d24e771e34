import { HarnessError } from '../../../src/kernel/errors.ts';
import type { Instant } from './instant.ts';

/** One packet as a capture file has it; its time is 0 when the file gives none. */
export interface Frame extends Instant {
  /** {@link LINK} and others. @see https://www.tcpdump.org/linktypes.html */
  readonly linkType: number;
  /** What was read; what was captured of the packet is in it from `start` to before `end`. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Where its record begins in the file. */
  readonly offset: number;
}

export type OnFrame = (frame: Frame) => void;

export const LINK = {
  null: 0,
  ethernet: 1,
  raw: 101,
  loop: 108,
  linuxCooked: 113,
  ipv4: 228,
  ipv6: 229,
  linuxCooked2: 276,
} as const;

/** Larger ones no interface has; a length beyond that is a lie. */
export const MAX_FRAME_BYTES = 262_144;

/** Where a record is: in the bytes at hand, and in the file. */
export interface Place {
  at: number;
  offset: number;
}

export interface RecordParser {
  /**
   * Takes a record. Throws `CAPTURE_INVALID` with the offset.
   *
   * @returns how many bytes it has; how many have to be there first, as a negative number, when they are not
   */
  take(bytes: Uint8Array, place: Readonly<Place>, onFrame: OnFrame): number;
}

export function invalid(offset: number, why: string): HarnessError {
  return new HarnessError('CAPTURE_INVALID', `offset ${offset}: ${why}`);
}
