import { PerError } from '../../per/error.ts';
import { KPM_PARTS } from './parts.ts';
import { KPM } from './kpm.ts';
import type { KpmVersion } from './types.ts';

/** Seconds from 1900 to 1970. */
const NTP_SHIFT_S = 2_208_988_800;
/** NTP counts anew in 2036; by custom (RFC 4330 clause 3) a clear highest bit means the time after that. */
const NTP_ERA_S = 2 ** 32;

/** What the octets count; the standard has `ntp` alone, products have shown the others. */
export type TimeStampReading = 'ntp' | 'unix-s' | 'unix-ms' | 'unix-us';

export interface TimeStampTime {
  readonly reading: TimeStampReading;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/**
 * A time as NTP has it: 32 bits of seconds since 1900, in eight octets also 32 bits of their fraction.
 *
 * @see O-RAN.WG3.E2SM-KPM clause 8.3.12, RFC 5905 clause 6
 */
export function ntpTimeStamp(atMs: number, octets: 4 | 8): Uint8Array {
  const seconds = Math.floor(atMs / 1_000);
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, (seconds + NTP_SHIFT_S) % NTP_ERA_S);
  view.setUint32(4, Math.min(2 ** 32 - 1, Math.round(((atMs - seconds * 1_000) / 1_000) * 2 ** 32)));
  return new Uint8Array(view.buffer, 0, octets);
}

/** The time by the standard's way of counting. */
export function ntpTime(timeStamp: Uint8Array): number {
  const { seconds, low } = halves(timeStamp);
  const era = seconds < 2 ** 31 ? NTP_ERA_S : 0;
  return (seconds + era - NTP_SHIFT_S) * 1_000 + Math.round((low / 2 ** 32) * 1_000);
}

/**
 * The time, read in that way which comes closest to when the message came: who counts otherwise than the standard still gives a plot,
 * and `reading` says that it does.
 */
export function closestTime(timeStamp: Uint8Array, receivedAtMs: number): TimeStampTime {
  const { seconds, low } = halves(timeStamp);
  const ways: readonly TimeStampTime[] =
    timeStamp.length < 8
      ? [{ reading: 'unix-s', atMs: seconds * 1_000 }]
      : [
          { reading: 'unix-us', atMs: (seconds * 2 ** 32 + low) / 1_000 },
          { reading: 'unix-ms', atMs: seconds * 2 ** 32 + low },
        ];
  let best: TimeStampTime = { reading: 'ntp', atMs: ntpTime(timeStamp) };
  for (const way of ways)
    if (Math.abs(way.atMs - receivedAtMs) < Math.abs(best.atMs - receivedAtMs)) best = way;
  return best;
}

function halves(timeStamp: Uint8Array): { seconds: number; low: number } {
  const filled = new Uint8Array(8);
  filled.set(timeStamp.subarray(0, 8));
  const view = new DataView(filled.buffer);
  return { seconds: view.getUint32(0), low: view.getUint32(4) };
}

export interface TimeStampCheck {
  /** Lengths with which these octets are a sound header; both in rare cases, none where it is no header at all. */
  readonly lengths: readonly (4 | 8)[];
  /** Whether the length of the declared version is among them. */
  readonly fits: boolean;
  /** A sentence for reports. */
  readonly text: string;
}

/** Whether the time stamp of an indication header is as long as the version wants it; never throws. */
export function checkTimeStamp(header: Uint8Array, declared: KpmVersion): TimeStampCheck {
  const lengths = timeStampLengths(header);
  const wanted = KPM[declared].timeStampOctets;
  const fits = lengths.includes(wanted);
  const found =
    lengths.length === 0 ? 'no header of format 1' : `a time stamp of ${lengths.join(' or ')} octets`;
  return {
    lengths,
    fits,
    text: `KPM ${declared} has a time stamp of ${String(wanted)} octets; this is ${found}`,
  };
}

function timeStampLengths(header: Uint8Array): readonly (4 | 8)[] {
  const parts = [
    [4, KPM_PARTS.indicationHeaderV2],
    [8, KPM_PARTS.indicationHeaderV3],
  ] as const;
  return parts.filter(([, part]) => hasFormat1(part, header)).map(([length]) => length);
}

function hasFormat1(
  part: (typeof KPM_PARTS)['indicationHeaderV2' | 'indicationHeaderV3'],
  bytes: Uint8Array,
): boolean {
  try {
    return 'indicationHeader-Format1' in part.decode(bytes)['indicationHeader-formats'];
  } catch (error) {
    if (error instanceof PerError) return false;
    throw error;
  }
}
