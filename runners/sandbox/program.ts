import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deadline } from '../../src/kernel/deadline.ts';
import { HarnessError } from '../../src/kernel/errors.ts';
import type { Json } from '../../src/kernel/json.ts';
import { type Exit, launch, type OwnProcess } from './process.ts';

export interface ProgramSpec {
  /** Path of a module of ours without its ending, from the top of the product: `runners/simulators/near-rt-ric/main`. */
  readonly module: string;
  readonly args: readonly string[];
  /** Added to PATH and NODE_ENV; nothing else is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly maxLogBytes?: number;
  readonly readyWithinMs?: number;
}

/** A program of ours that said it is ready. Disposing ends it and all it started: SIGTERM, and SIGKILL after 2 s. */
export interface Program extends AsyncDisposable {
  readonly pid: number;
  /** The one line of JSON it printed on standard output. */
  readonly ready: Json;
  /** Standard output and error, the oldest dropped, with a line that says so. */
  log(): string;
  alive(): boolean;
  /** Settles when it is gone; never rejects. */
  readonly exited: Promise<Exit>;
}

const READY_WITHIN_MS = 15_000;
const MAX_READY_BYTES = 64 * 1024;
const LAST_LINES = 10;

/**
 * Starts a module of the built product in a process of its own and waits until it prints one line of JSON.
 * The signal counts until it is ready; afterwards its owner disposes it.
 * Throws `SIMULATOR_FAILED`, with the last lines of its log, when it does not get there.
 */
export async function startProgram(spec: ProgramSpec, { signal }: { signal: AbortSignal }): Promise<Program> {
  signal.throwIfAborted();
  const { module, args, cwd, readyWithinMs = READY_WITHIN_MS } = spec;
  const file = modulePath(module);
  const own = await launch({
    file: process.execPath,
    args: [file, ...args],
    cwd,
    ...(spec.env === undefined ? {} : { env: spec.env }),
    ...(spec.maxLogBytes === undefined ? {} : { maxLogBytes: spec.maxLogBytes }),
  });
  using limit = deadline(signal, readyWithinMs, `the start of ${module}`);
  try {
    const ready = parseReady(await firstLine(own, limit.signal));
    const { pid, exited } = own;
    return {
      pid,
      ready,
      exited,
      log: () => own.log(),
      alive: () => own.alive(),
      [Symbol.asyncDispose]: () => own[Symbol.asyncDispose](),
    };
  } catch (cause) {
    await own[Symbol.asyncDispose]();
    if (signal.aborted) throw signal.reason;
    throw notReady(module, own, cause);
  }
}

/** The folder that holds package.json: found from here, so it is the same for sources and for dist. */
export function productRoot(from = dirname(fileURLToPath(import.meta.url))): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const above = dirname(from);
  if (above === from) throw new HarnessError('UNEXPECTED', 'no package.json above this module');
  return productRoot(above);
}

function modulePath(module: string): string {
  const path = join(productRoot(), 'dist', `${module}.js`);
  if (!existsSync(path))
    throw new HarnessError('SIMULATOR_FAILED', `${module} is not built: ${path} does not exist`);
  return path;
}

/** The first line of standard output; rejects when the process ends, the line is too long, or the signal aborts. */
function firstLine(own: OwnProcess, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const take = (chunk: Buffer): void => {
      text += chunk.toString('utf8');
      const end = text.indexOf('\n');
      if (end < 0 && text.length <= MAX_READY_BYTES) return;
      own.stdout.off('data', take);
      if (end >= 0 && end <= MAX_READY_BYTES) resolve(text.slice(0, end));
      else reject(new Error(`its first line is longer than ${MAX_READY_BYTES} bytes`));
    };
    own.stdout.on('data', take);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    void own.exited.then(({ code, signal: by }) =>
      reject(new Error(`it ended with ${by ?? `code ${code}`}`)),
    );
  });
}

function parseReady(line: string): Json {
  try {
    return JSON.parse(line) as Json;
  } catch {
    throw new Error('its first line on standard output is not JSON');
  }
}

function notReady(module: string, own: OwnProcess, cause: unknown): HarnessError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const last = own.log().trimEnd().split('\n').slice(-LAST_LINES).join('\n');
  return new HarnessError('SIMULATOR_FAILED', `${module} did not get ready: ${why}\n${last}`.trimEnd(), {
    cause,
  });
}
