import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Planner } from '../../campaigns/planning-ports.ts';
import { HarnessError } from '../../kernel/errors.ts';
import type { PlanningMessage, PlanningOrder } from './worker.ts';

const FROM_SOURCE = import.meta.url.endsWith('.ts');
const WORKER = new URL(FROM_SOURCE ? './worker.ts' : './worker.js', import.meta.url);

/** A thread a plan, so that nobody waits while one is searched for. */
export function makePlanner(): Planner {
  return {
    plan: async (input, how, { signal, onProgress }) => {
      signal.throwIfAborted();
      const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
      const { seed, budget, coverageMoves, standing = null } = how;
      const thread = startThread({ input, seed, budget, coverageMoves, standing, stop });
      const finish = (): void => void Atomics.store(new Int32Array(stop), 0, 1);
      how.finish?.addEventListener('abort', finish, { once: true });
      try {
        return await answerOf(thread, { signal, onProgress });
      } finally {
        how.finish?.removeEventListener('abort', finish);
        await thread.terminate();
      }
    },
  };
}

function answerOf(
  thread: Worker,
  { signal, onProgress }: Parameters<Planner['plan']>[2],
): ReturnType<Planner['plan']> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    thread.on('message', (message: PlanningMessage) => {
      if ('progress' in message) onProgress?.(message.progress);
      else resolve(message.answer);
    });
    thread.on('error', (cause) => reject(HarnessError.from(cause)));
    thread.on('exit', (code) => {
      signal.removeEventListener('abort', abort);
      reject(new HarnessError('UNEXPECTED', `the thread that plans ended with ${code}`));
    });
  });
}

function startThread(workerData: PlanningOrder): Worker {
  if (!FROM_SOURCE) return new Worker(WORKER, { workerData });
  // From source, as in tests, a thread has to learn TypeScript first.
  const tsx = createRequire(import.meta.url).resolve('tsx/package.json');
  const start = `import('${new URL('./dist/esm/api/index.mjs', pathToFileURL(tsx)).href}').then(({ register }) => (register(), import('${WORKER.href}')))`;
  return new Worker(start, { eval: true, workerData });
}
