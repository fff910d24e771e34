import { HarnessError } from './errors.ts';

export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
}

/** Aborts with its parent's reason, or with `DEADLINE` after `ms` milliseconds; disposing stops the timer. */
export function deadline(parent: AbortSignal, ms: number, what: string): Deadline {
  const own = new AbortController();
  const timer = setTimeout(() => own.abort(new HarnessError('DEADLINE', `${what} took over ${ms} ms`)), ms);
  return {
    signal: AbortSignal.any([parent, own.signal]),
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}

/** Resolves after `ms` milliseconds, or rejects with the signal's own reason. */
export function pause(ms: number, { signal }: { signal: AbortSignal }): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
