/** A time as captures have it: numbers that a double holds, for there are many of them. */
export interface Instant {
  /** Since 1970. */
  readonly seconds: number;
  /** 0 to 999,999,999. */
  readonly nanoseconds: number;
}

/** Nanoseconds since 1970. */
export function timeNsOf({ seconds, nanoseconds }: Instant): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
}

/** Milliseconds from one to the other, exact to the nanosecond for a hundred days. */
export function msBetween(from: Instant, to: Instant): number {
  return (to.seconds - from.seconds) * 1e3 + (to.nanoseconds - from.nanoseconds) / 1e6;
}

export function isBefore(one: Instant, other: Instant): boolean {
  return (
    one.seconds < other.seconds || (one.seconds === other.seconds && one.nanoseconds < other.nanoseconds)
  );
}
