import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/**
 * Starts a module of this folder in a thread of its own.
 *
 * @param from `import.meta.url` of the caller
 * @param name of the module, without its ending
 */
export function startThread(from: string, name: string, workerData: unknown): Worker {
  const source = from.endsWith('.ts');
  const url = new URL(`./${name}.${source ? 'ts' : 'js'}`, from);
  if (!source) return new Worker(url, { workerData });
  // From source, as in tests, a thread has to learn TypeScript first.
  const tsx = createRequire(from).resolve('tsx/package.json');
  const start = `import('${new URL('./dist/esm/api/index.mjs', pathToFileURL(tsx)).href}').then(({ register }) => (register(), import('${url.href}')))`;
  return new Worker(start, { eval: true, workerData });
}
