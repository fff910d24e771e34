import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { HarnessError } from '../../src/kernel/errors.ts';
import { Tail } from './tail.ts';

export interface Launch {
  /** Found on the PATH unless absolute. Never goes through a shell. */
  readonly file: string;
  readonly args: readonly string[];
  /** Added to the minimal environment; nothing else is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly maxLogBytes?: number;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process of ours in a process group of its own; disposing ends the whole group. */
export interface OwnProcess extends AsyncDisposable {
  readonly pid: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** What it printed on both streams, the oldest dropped. */
  log(): string;
  alive(): boolean;
  /** Settles when the process is gone and its output was read; never rejects. */
  readonly exited: Promise<Exit>;
}

export const MAX_LOG_BYTES = 256 * 1024;
const TERM_GRACE_MS = 2000;
const KILL_GRACE_MS = 5000;
const PIPE_GRACE_MS = 500;

/**
 * Starts a process. It gets a pipe as standard input that nobody writes to: when we die, however suddenly,
 * it closes, and a program that looks at it (see `child.ts`) ends too.
 * Throws `TOOL_MISSING` when there is no such file.
 */
export async function launch({
  file,
  args,
  env,
  cwd,
  maxLogBytes = MAX_LOG_BYTES,
}: Launch): Promise<OwnProcess> {
  const child = execa(file, args, {
    cwd,
    env: { ...minimalEnvironment(), ...env },
    extendEnv: false,
    detached: true,
    cleanup: false,
    buffer: false,
    reject: false,
    stdin: 'pipe',
  });
  const log = new Tail(maxLogBytes);
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => log.write(chunk));
  if (child.pid === undefined) {
    const { originalMessage } = await child;
    throw new HarnessError(
      'TOOL_MISSING',
      `${file} cannot be started: ${originalMessage ?? 'no reason given'}`,
    );
  }
  const { pid, stdout, stderr } = child;
  let alive = true;
  child.once('exit', () => {
    alive = false;
    killGroup(pid, 'SIGKILL');
  });
  const exited = untilClosed(child);
  return {
    pid,
    stdout,
    stderr,
    exited,
    log: () => log.text(),
    alive: () => alive,
    [Symbol.asyncDispose]: () => endGroup(pid, exited, () => alive),
  };
}

/** What every child gets: no secret of ours is in it. */
export function minimalEnvironment(): Record<string, string> {
  const { PATH = '/usr/local/bin:/usr/bin:/bin', NODE_ENV } = process.env;
  return NODE_ENV === undefined ? { PATH } : { PATH, NODE_ENV };
}

function untilClosed(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('exit', () => {
      // A grandchild that left the group may hold the pipes open: what it prints is not waited for.
      const timer = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, PIPE_GRACE_MS);
      child.once('close', () => clearTimeout(timer));
    });
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}

async function endGroup(pid: number, exited: Promise<Exit>, alive: () => boolean): Promise<void> {
  if (alive()) killGroup(pid, 'SIGTERM');
  if (await within(TERM_GRACE_MS, exited)) return;
  if (alive()) killGroup(pid, 'SIGKILL');
  if (await within(KILL_GRACE_MS, exited)) return;
  throw new HarnessError('TEARDOWN_FAILED', `process ${pid} did not end after SIGKILL`);
}

/** Whether `promise` settled within `ms` milliseconds. */
async function within(ms: number, promise: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const settled = await Promise.race([promise.then(() => true as const), late]);
  clearTimeout(timer);
  return settled;
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
