const WINDOW = 64n;
const MASK = (1n << WINDOW) - 1n;

/** Which packets of a security association are new; those too old to be told are not. @see RFC 4303 §3.4.3 */
export class ReplayWindow {
  #highest = 0n;
  /** Bit n: the number n below the highest was had. */
  #had = 0n;

  /** Whether a packet with this number, whose integrity was checked, is to be taken. */
  take(sequence: number): boolean {
    const number = BigInt(sequence);
    if (number > this.#highest) {
      this.#had = ((this.#had << (number - this.#highest)) | 1n) & MASK;
      this.#highest = number;
      return number > 0n;
    }
    const bit = 1n << (this.#highest - number);
    if (number === 0n || bit > MASK || (this.#had & bit) !== 0n) return false;
    this.#had |= bit;
    return true;
  }
}
