import { HarnessError } from '../../kernel/errors.ts';

/** Wrong tokens that one address may send in a window before it has to wait. */
const ALLOWED = 5;
const WINDOW_MS = 60_000;
const MAX_ADDRESSES = 10_000;

/** Slows down guessing: an address that sent too many wrong tokens gets no answer to further ones for a while. */
export class Attempts {
  readonly #now: () => number;
  readonly #failures = new Map<string, { count: number; since: number }>();

  /** @param now monotonic milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** `TOO_MANY_ATTEMPTS` while the address has to wait. */
  check(address: string): void {
    const entry = this.#failures.get(address);
    if (entry === undefined) return;
    if (this.#now() - entry.since >= WINDOW_MS) this.#failures.delete(address);
    else if (entry.count >= ALLOWED) {
      throw new HarnessError('TOO_MANY_ATTEMPTS', `${ALLOWED} wrong tokens came from this address`);
    }
  }

  failed(address: string): void {
    const entry = this.#failures.get(address);
    if (entry !== undefined) {
      entry.count += 1;
      return;
    }
    // Bounded memory: whoever has been remembered longest is forgotten first.
    const [oldest] = this.#failures.keys();
    if (this.#failures.size >= MAX_ADDRESSES && oldest !== undefined) this.#failures.delete(oldest);
    this.#failures.set(address, { count: 1, since: this.#now() });
  }
}
