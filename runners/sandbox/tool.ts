import { execa } from 'execa';
import { HarnessError } from '../../src/kernel/errors.ts';
import { minimalEnvironment } from './process.ts';

export interface ToolOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Of standard output and of standard error, each. A tool that prints more is stopped. */
  readonly maxOutputBytes: number;
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
}

export interface ToolResult {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** It printed more than it may; what is there is the beginning. */
  readonly truncated: boolean;
}

/**
 * Runs a tool of the machine, such as openssl, to its end. An exit code other than 0 is a result, not an error.
 * Throws `TOOL_MISSING` when it is not there, `DEADLINE` after `timeoutMs`, and the signal's own reason.
 * @param args an argument list; nothing is ever read by a shell
 */
export async function runTool(
  file: string,
  args: readonly string[],
  options: ToolOptions,
): Promise<ToolResult> {
  const { signal, timeoutMs, maxOutputBytes, input, cwd } = options;
  signal.throwIfAborted();
  const done = await execa(file, args, {
    env: minimalEnvironment(),
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
    timeout: timeoutMs,
    maxBuffer: maxOutputBytes,
    encoding: 'buffer',
    forceKillAfterDelay: 2000,
    cancelSignal: signal,
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    ...(cwd === undefined ? {} : { cwd }),
  });
  if (done.isCanceled) throw signal.reason;
  if (done.timedOut) throw new HarnessError('DEADLINE', `${file} took over ${timeoutMs} ms`);
  if (done.code === 'ENOENT' || done.code === 'EACCES')
    throw new HarnessError('TOOL_MISSING', `${file} cannot be started: ${done.code}`, { cause: done });
  return {
    code: done.exitCode ?? null,
    stdout: Buffer.from(done.stdout).toString('utf8'),
    stderr: Buffer.from(done.stderr).toString('utf8'),
    truncated: done.isMaxBuffer,
  };
}
