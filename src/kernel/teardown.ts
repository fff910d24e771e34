/**
 * What has to be undone, last in first out. Every step runs even when an earlier one throws;
 * all failures come out together as one `AggregateError`.
 */
export class Teardown implements AsyncDisposable {
  #steps: AsyncDisposable[] = [];

  /** Takes ownership of `resource` and gives it back for use. */
  use<T extends AsyncDisposable>(resource: T): T {
    this.#steps.push(resource);
    return resource;
  }

  defer(step: () => Promise<void> | void): void {
    this.#steps.push({ [Symbol.asyncDispose]: async () => step() });
  }

  /** Hands the steps to a new owner and leaves this one empty: call it when construction has succeeded. */
  move(): Teardown {
    const owner = new Teardown();
    owner.#steps = this.#steps;
    this.#steps = [];
    return owner;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = [];
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        await step[Symbol.asyncDispose]();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} tear-down step(s) failed`);
  }
}
