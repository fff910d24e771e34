import type { Instant } from './instant.ts';

/** Decimal resolutions for which the lower half of a time, in nanoseconds, is a number that a double holds. */
const EXACT_FROM = 3;
const EXACT_TO = 9;
const NS = 1_000_000_000n;

/** The clock of an interface: times of 64 bits in its unit. The upper half changes rarely, and what it is worth is kept. */
export class PcapngClock implements Instant {
  readonly #toNs: (units: bigint) => bigint;
  /** Nanoseconds in a unit, where the lower half can be added by itself. */
  readonly #unitNs: number | undefined;
  #high = -1;
  #base: Instant = { seconds: 0, nanoseconds: 0 };
  seconds = 0;
  nanoseconds = 0;

  /** @param resolution negative power of ten, or of two with the highest bit set */
  constructor(resolution: number, offsetSeconds: bigint) {
    this.#toNs = nanosecondsOf(resolution, offsetSeconds);
    const isExact = resolution >= EXACT_FROM && resolution <= EXACT_TO;
    this.#unitNs = isExact ? 10 ** (EXACT_TO - resolution) : undefined;
  }

  /** Sets it to a time: its upper and its lower half. */
  set(high: number, low: number): void {
    if (this.#unitNs === undefined) {
      this.#take(instantOf(this.#toNs((BigInt(high) << 32n) | BigInt(low))));
      return;
    }
    if (high !== this.#high) {
      this.#high = high;
      this.#base = instantOf(this.#toNs(BigInt(high) << 32n));
    }
    const nanoseconds = this.#base.nanoseconds + low * this.#unitNs;
    const carried = Math.floor(nanoseconds / 1e9);
    this.seconds = this.#base.seconds + carried;
    this.nanoseconds = nanoseconds - carried * 1e9;
  }

  #take({ seconds, nanoseconds }: Instant): void {
    this.seconds = seconds;
    this.nanoseconds = nanoseconds;
  }
}

function instantOf(timeNs: bigint): Instant {
  // Times before 1970 are those of clocks that nobody has set.
  const positive = timeNs < 0n ? 0n : timeNs;
  return { seconds: Number(positive / NS), nanoseconds: Number(positive % NS) };
}

function nanosecondsOf(resolution: number, offsetSeconds: bigint): (units: bigint) => bigint {
  const shift = offsetSeconds * NS;
  const power = BigInt(resolution & 0x7f);
  if ((resolution & 0x80) !== 0) return (units) => ((units * NS) >> power) + shift;
  const factor = 10n ** (power > 9n ? power - 9n : 9n - power);
  return power > 9n ? (units) => units / factor + shift : (units) => units * factor + shift;
}
