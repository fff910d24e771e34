import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { HarnessError } from '../../kernel/errors.ts';
import type { Said, ThreadStart } from './serve.ts';

export interface InThreadOptions<Progress> {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Aborted, the best that was found so far is the answer. */
  readonly finish?: AbortSignal | undefined;
  /** Aborted, there is no answer, but its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Lets a module of this folder work on something in a thread of its own, so that nobody else waits.
 *
 * @param name of the module, without its ending; it calls `serve`
 * @throws what the module threw, with its code; the reason of `signal`
 */
export async function inThread<Progress, Answer>(
  name: string,
  order: unknown,
  { onProgress, finish, signal }: InThreadOptions<Progress>,
): Promise<Answer> {
  signal?.throwIfAborted();
  const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const end = (): void => void Atomics.store(new Int32Array(stop), 0, 1);
  if (finish?.aborted === true) end();
  finish?.addEventListener('abort', end, { once: true });
  const thread = startThread(name, { order, stop });
  const hearing = new AbortController();
  try {
    return await new Promise<Answer>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { signal: hearing.signal });
      thread.on('message', (said: Said<Progress, Answer>) => {
        if ('progress' in said) onProgress?.(said.progress);
        else if ('answer' in said) resolve(said.answer);
        else reject(new HarnessError(said.code, said.problem));
      });
      thread.on('error', (cause) =>
        reject(new HarnessError('UNEXPECTED', 'the thread that plans failed', { cause })),
      );
      thread.on('exit', (code) =>
        reject(new HarnessError('UNEXPECTED', `the thread that plans ended with ${code}`)),
      );
    });
  } finally {
    hearing.abort();
    finish?.removeEventListener('abort', end);
    await thread.terminate();
  }
}

function startThread(name: string, workerData: ThreadStart<unknown>): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const url = new URL(`./${name}.${isSource ? 'ts' : 'js'}`, import.meta.url);
  if (!isSource) return new Worker(url, { workerData });
  // From source, as in tests, a thread has to learn TypeScript first.
  const tsx = createRequire(import.meta.url).resolve('tsx/package.json');
  const start = `import('${new URL('./dist/esm/api/index.mjs', pathToFileURL(tsx)).href}').then(({ register }) => (register(), import('${url.href}')))`;
  return new Worker(start, { eval: true, workerData });
}
