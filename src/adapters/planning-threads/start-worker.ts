import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/** Starts a module of the product as a thread. @param module without its ending, which is another in the source than where it was built */
export function startWorker(module: URL, options: WorkerOptions = {}): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const url = `${module.href}.${isSource ? 'ts' : 'js'}`;
  if (!isSource) return new Worker(new URL(url), options);
  // From source, as in tests, a thread has to learn TypeScript first.
  const tsx = createRequire(import.meta.url).resolve('tsx/package.json');
  const start = `import('${new URL('./dist/esm/api/index.mjs', pathToFileURL(tsx)).href}').then(({ register }) => (register(), import('${url}')))`;
  return new Worker(start, { ...options, eval: true });
}
