/** A queue with one reader, as an `AsyncIterable`. What was put in before the end is still given out. */
export class Mailbox<T> implements AsyncIterable<T> {
  readonly #items: T[] = [];
  readonly #waiting: ((result: IteratorResult<T>) => void)[] = [];
  readonly #maxItems: number;
  #ended = false;

  /** @param maxItems when more wait, the oldest are dropped */
  constructor(maxItems = Infinity) {
    this.#maxItems = maxItems;
  }

  get length(): number {
    return this.#items.length;
  }

  put(item: T): void {
    if (this.#ended) return;
    const reader = this.#waiting.shift();
    if (reader !== undefined) {
      reader({ done: false, value: item });
      return;
    }
    this.#items.push(item);
    if (this.#items.length > this.#maxItems) this.#items.shift();
  }

  end(): void {
    this.#ended = true;
    for (const reader of this.#waiting.splice(0)) reader({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return {
      next: () => {
        if (this.#items.length > 0) return Promise.resolve({ done: false, value: this.#items.shift() as T });
        if (this.#ended) return Promise.resolve({ done: true, value: undefined });
        return new Promise((resolve) => this.#waiting.push(resolve));
      },
    };
  }
}
