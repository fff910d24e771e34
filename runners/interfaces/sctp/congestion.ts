/** How much may be under way. @see RFC 9260 §7.2 */
export class CongestionWindow {
  readonly #mtuBytes: number;
  #window: number;
  #threshold: number;
  #partial = 0;
  /** The last TSN that was under way when fast recovery began. */
  #recoveryEnd: number | undefined;

  constructor(mtuBytes: number, peerWindowBytes: number) {
    this.#mtuBytes = mtuBytes;
    this.#window = Math.min(4 * mtuBytes, Math.max(2 * mtuBytes, 4_404));
    this.#threshold = peerWindowBytes;
  }

  get bytes(): number {
    return this.#window;
  }

  get isRecovering(): boolean {
    return this.#recoveryEnd !== undefined;
  }

  /** The cumulative TSN has moved to `cumulative`. @param before bytes that were under way until then */
  acknowledged(
    cumulative: number,
    { bytes, before }: { readonly bytes: number; readonly before: number },
  ): void {
    if (this.#recoveryEnd !== undefined) {
      if (cumulative >= this.#recoveryEnd) this.#recoveryEnd = undefined;
      return;
    }
    const full = before >= this.#window;
    if (this.#window <= this.#threshold) {
      if (full) this.#window += Math.min(bytes, this.#mtuBytes);
      return;
    }
    this.#partial += bytes;
    if (!full || this.#partial < this.#window) return;
    this.#partial -= this.#window;
    this.#window += this.#mtuBytes;
  }

  /** Gaps say that something is lost; once per window. @see RFC 9260 §7.2.4 */
  lostSome(highestSent: number): void {
    if (this.#recoveryEnd !== undefined) return;
    this.#recoveryEnd = highestSent;
    this.#threshold = Math.max(this.#window / 2, 4 * this.#mtuBytes);
    this.#window = this.#threshold;
    this.#partial = 0;
  }

  timedOut(): void {
    this.#recoveryEnd = undefined;
    this.#threshold = Math.max(this.#window / 2, 4 * this.#mtuBytes);
    this.#window = this.#mtuBytes;
    this.#partial = 0;
  }
}
