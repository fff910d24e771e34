/**
 * Lets many do shared work at once, and one alone do exclusive work: whoever comes during exclusive work waits for it,
 * and it waits for the shared work under way.
 */
export class Turns {
  readonly #sharing = new Set<Promise<unknown>>();
  #exclusive: Promise<unknown> | null = null;

  async shared<T>(work: () => Promise<T>): Promise<T> {
    while (this.#exclusive !== null) await this.#exclusive;
    const done = work();
    const settled = done.then(
      () => undefined,
      () => undefined,
    );
    this.#sharing.add(settled);
    try {
      return await done;
    } finally {
      this.#sharing.delete(settled);
    }
  }

  async exclusive<T>(work: () => Promise<T>): Promise<T> {
    while (this.#exclusive !== null) await this.#exclusive;
    const done = Promise.all(this.#sharing).then(work);
    const settled = done.then(
      () => undefined,
      () => undefined,
    );
    this.#exclusive = settled;
    try {
      return await done;
    } finally {
      if (this.#exclusive === settled) this.#exclusive = null;
    }
  }
}
