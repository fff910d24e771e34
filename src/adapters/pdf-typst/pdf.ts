import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Pdf } from '../../campaigns/ports.ts';
import { HarnessError } from '../../kernel/errors.ts';
import type { PdfAnswer, PdfRequest } from './worker.ts';

const FROM_SOURCE = import.meta.url.endsWith('.ts');
const WORKER = new URL(FROM_SOURCE ? './worker.ts' : './worker.js', import.meta.url);

interface Waiting {
  readonly resolve: (pdf: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Typst in a thread of its own, so that nobody waits while pages are set. The thread starts at the first document, keeps
 * what it has loaded, keeps no process alive, and ends with its owner.
 */
export function makePdf(): Pdf & AsyncDisposable {
  const thread = new TypstThread();
  return {
    render: async (files, { signal }) => {
      signal.throwIfAborted();
      // Nothing but its end stops a thread that computes; others that wait for it are told, and a new one starts.
      const stop = (): void => void thread.end(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      try {
        return await thread.ask([...files]);
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
    [Symbol.asyncDispose]: () => thread.end(broken('the orchestrator is ending')),
  };
}

class TypstThread {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #next = 1;

  ask(files: PdfRequest['files']): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const id = this.#next++;
      this.#waiting.set(id, { resolve, reject });
      this.#worker ??= this.#start();
      this.#worker.ref();
      this.#worker.postMessage({ id, files } satisfies PdfRequest);
    });
  }

  async end(reason: unknown): Promise<void> {
    const worker = this.#worker;
    this.#tellAll(reason);
    await worker?.terminate();
  }

  #start(): Worker {
    const worker = startThread();
    worker.on('message', (answer: PdfAnswer) => this.#hear(worker, answer));
    worker.on('error', (cause) => this.#tellAll(broken('the thread that sets pages failed', cause)));
    worker.on('exit', (code) => {
      if (this.#worker === worker) this.#tellAll(broken(`the thread that sets pages ended with ${code}`));
    });
    return worker;
  }

  #hear(worker: Worker, answer: PdfAnswer): void {
    const asked = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) worker.unref();
    if ('pdf' in answer) asked?.resolve(answer.pdf);
    else asked?.reject(broken(answer.problem));
  }

  #tellAll(reason: unknown): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#worker = undefined;
    for (const { reject } of waiting) reject(reason);
  }
}

function startThread(): Worker {
  if (!FROM_SOURCE) return new Worker(WORKER);
  // From source, as in tests, a thread has to learn TypeScript first.
  const tsx = createRequire(import.meta.url).resolve('tsx/package.json');
  const start = `import('${new URL('./dist/esm/api/index.mjs', pathToFileURL(tsx)).href}').then(({ register }) => (register(), import('${WORKER.href}')))`;
  return new Worker(start, { eval: true });
}

function broken(text: string, cause?: unknown): HarnessError {
  return new HarnessError('REPORT_RENDERING', `no PDF: ${text}`, { cause });
}
