/** A map that keeps what was set last; what was set first gives way. */
export class Limited<T> {
  readonly #max: number;
  readonly #entries = new Map<string, T>();

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): T | undefined {
    return this.#entries.get(key);
  }

  /** What had to give way. */
  set(key: string, value: T): T | undefined {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    const [oldest] = this.#entries.size > this.#max ? this.#entries.keys() : [];
    if (oldest === undefined) return undefined;
    const gone = this.#entries.get(oldest);
    this.#entries.delete(oldest);
    return gone;
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  values(): Iterable<T> {
    return this.#entries.values();
  }
}
