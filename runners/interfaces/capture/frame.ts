import { HarnessError } from '../../../src/kernel/errors.ts';

/** One packet as a capture file has it. */
export interface Frame {
  /** Nanoseconds since 1970; 0 when the file gives no time for it. */
  readonly timeNs: bigint;
  /** {@link LINK} and others. @see https://www.tcpdump.org/linktypes.html */
  readonly linkType: number;
  /** What was captured of it; a view of what was read. */
  readonly bytes: Uint8Array;
  /** Where its record begins in the file. */
  readonly offset: number;
}

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

/** What a parser makes of the bytes at a place: how many it needs there, or how long the record is and what is in it. */
export type Taken = { readonly need: number } | { readonly size: number; readonly frame?: Frame };

/** Where a record is: in the bytes at hand, and in the file. */
export interface Place {
  readonly at: number;
  readonly offset: number;
}

export interface RecordParser {
  /** Throws `CAPTURE_INVALID` with the offset. */
  take(bytes: Uint8Array, place: Place): Taken;
}

export function invalid(offset: number, why: string): HarnessError {
  return new HarnessError('CAPTURE_INVALID', `offset ${offset}: ${why}`);
}
