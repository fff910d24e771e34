import type { Worker } from 'node:worker_threads';
import { HarnessError } from '../../kernel/errors.ts';
import type { Said, ThreadOrder } from './serve.ts';
import { startWorker } from './start-worker.ts';

export interface AskOptions<Progress> {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Aborted, the best that was found so far is the answer. */
  readonly finish?: AbortSignal | undefined;
  /** Aborted, there is no answer, but its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A module of this folder at work beside everybody else. Nothing keeps the process alive that nobody waits for. */
export interface Thread extends AsyncDisposable {
  /** @throws what the module threw, with its code; the reason of `signal` */
  ask<Progress, Answer>(order: unknown, options: AskOptions<Progress>): Promise<Answer>;
}

/**
 * Starts threads as they are needed and keeps one of them, which then knows its work: the first plan of a new thread takes
 * several times as long.
 *
 * @param name of the module, without its ending; it calls `serve`
 */
export function makeThread(name: string): Thread {
  const running = new Set<Worker>();
  let idle: Worker | null = null;
  const forget = (worker: Worker): void => {
    running.delete(worker);
    if (idle === worker) idle = null;
  };
  const end = async (worker: Worker): Promise<void> => {
    forget(worker);
    await worker.terminate();
  };
  const start = (): Worker => {
    const worker = startWorker(new URL(`./${name}`, import.meta.url));
    running.add(worker);
    worker.once('exit', () => forget(worker));
    return worker;
  };
  const take = (): Worker => {
    const worker = idle ?? start();
    idle = null;
    worker.ref();
    return worker;
  };
  const giveBack = (worker: Worker): void => {
    if (idle !== null || !running.has(worker)) return void end(worker);
    worker.unref();
    idle = worker;
  };
  return {
    ask: async (order, options) => {
      options.signal?.throwIfAborted();
      const worker = take();
      try {
        const answer = await askOnce(worker, order, options);
        giveBack(worker);
        return answer as never;
      } catch (error) {
        await end(worker);
        throw error;
      }
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...running].map(end));
    },
  };
}

async function askOnce<Progress>(
  worker: Worker,
  order: unknown,
  { onProgress, finish, signal }: AskOptions<Progress>,
): Promise<unknown> {
  const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const over = new AbortController();
  const whenAborted = (wish: AbortSignal | undefined, act: () => void): void => {
    if (wish?.aborted === true) act();
    wish?.addEventListener('abort', act, { once: true, signal: over.signal });
  };
  const { promise, resolve, reject } = makePromise();
  const hear = (said: Said<Progress, unknown>): void => {
    if ('progress' in said) onProgress?.(said.progress);
    else if ('answer' in said) resolve(said.answer);
    else reject(new HarnessError(said.code, said.problem));
  };
  const failed = (cause: unknown): void =>
    reject(new HarnessError('UNEXPECTED', 'the thread that plans failed', { cause }));
  const ended = (code: number): void =>
    reject(new HarnessError('UNEXPECTED', `the thread that plans ended with ${code}`));
  try {
    worker.on('message', hear).on('error', failed).on('exit', ended);
    whenAborted(signal, () => reject(signal?.reason as Error));
    whenAborted(finish, () => void Atomics.store(new Int32Array(stop), 0, 1));
    worker.postMessage({ order, stop } satisfies ThreadOrder<unknown>);
    return await promise;
  } finally {
    over.abort();
    worker.off('message', hear).off('error', failed).off('exit', ended);
  }
}

interface OpenPromise {
  readonly promise: Promise<unknown>;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

function makePromise(): OpenPromise {
  let settle: Omit<OpenPromise, 'promise'> | undefined;
  const promise = new Promise((resolve, reject) => (settle = { resolve, reject }));
  return { promise, resolve: (answer) => settle?.resolve(answer), reject: (error) => settle?.reject(error) };
}
