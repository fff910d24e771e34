/** Wakes whoever waits for a change; a ring that nobody heard is kept, many such rings are one. */
export class Bell {
  #rung = false;
  #wake: (() => void) | null = null;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Resolves at the next ring, or at once when it rang since the last time. Rejects with the signal's reason. */
  async heard({ signal }: { signal: AbortSignal }): Promise<void> {
    signal.throwIfAborted();
    if (!this.#rung) {
      await new Promise<void>((resolve, reject) => {
        const stop = (): void => reject(signal.reason as Error);
        signal.addEventListener('abort', stop, { once: true });
        this.#wake = () => {
          signal.removeEventListener('abort', stop);
          resolve();
        };
      });
    }
    this.#wake = null;
    this.#rung = false;
  }
}
