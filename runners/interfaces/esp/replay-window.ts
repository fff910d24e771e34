/** Numbers below the highest one that can still be told, itself included. RFC 4303 §3.4.3 asks for 32 at least, and recommends 64. */
const WINDOW = 64;
const MASK = (1n << BigInt(WINDOW)) - 1n;

/**
 * Which packets of a security association are new; those too old to be told are not. Numbers have 32 bits and do not begin again: when they
 * are used up, nothing is new any more, and other keys are due.
 * @see RFC 4303 §3.4.3, appendix A2
 */
export class ReplayWindow {
  #highest = 0;
  /** Bit n: the number n below the highest was had. */
  #had = 0n;

  /**
   * Whether a packet with this number, whose integrity was checked, is to be taken.
   * @param sequence 0 to 2^32-1; no packet has 0
   */
  take(sequence: number): boolean {
    const ahead = sequence - this.#highest;
    if (ahead > 0) {
      // One that is far ahead leaves nothing of the window; a number of that many bits is never made.
      this.#had = ahead < WINDOW ? ((this.#had << BigInt(ahead)) | 1n) & MASK : 1n;
      this.#highest = sequence;
      return true;
    }
    const bit = 1n << BigInt(Math.min(-ahead, WINDOW));
    if (sequence === 0 || bit > MASK || (this.#had & bit) !== 0n) return false;
    this.#had |= bit;
    return true;
  }
}
