import type { SctpSettings } from './settings.ts';

type RtoSettings = Pick<SctpSettings, 'rtoInitialMs' | 'rtoMinMs' | 'rtoMaxMs'>;

/** How long to wait for an answer, learnt from round trips. @see RFC 9260 §6.3.1 */
export class RetransmissionTimeout {
  readonly #settings: RtoSettings;
  #smoothed: number | undefined;
  #variation = 0;
  #ms: number;

  constructor(settings: RtoSettings) {
    this.#settings = settings;
    this.#ms = settings.rtoInitialMs;
  }

  get ms(): number {
    return this.#ms;
  }

  /** @param roundTripMs of something that was sent once only (Karn) */
  measured(roundTripMs: number): void {
    if (this.#smoothed === undefined) {
      this.#smoothed = roundTripMs;
      this.#variation = roundTripMs / 2;
    } else {
      this.#variation = 0.75 * this.#variation + 0.25 * Math.abs(this.#smoothed - roundTripMs);
      this.#smoothed = 0.875 * this.#smoothed + 0.125 * roundTripMs;
    }
    this.#ms = this.#bounded(this.#smoothed + 4 * Math.max(this.#variation, 1));
  }

  backOff(): void {
    this.#ms = this.#bounded(this.#ms * 2);
  }

  /** What it would be had nothing timed out. */
  recover(): void {
    this.#ms =
      this.#smoothed === undefined
        ? this.#settings.rtoInitialMs
        : this.#bounded(this.#smoothed + 4 * Math.max(this.#variation, 1));
  }

  #bounded(ms: number): number {
    return Math.min(Math.max(ms, this.#settings.rtoMinMs), this.#settings.rtoMaxMs);
  }
}
