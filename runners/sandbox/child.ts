import type { Json } from '../../src/kernel/json.ts';

/**
 * For the main module of a program started by `startProgram`: ends this process when the one that started it is gone.
 * Standard input is a pipe from there that closes even when that process was killed.
 */
export function exitWithParent(): void {
  const stop = (): never => process.exit(0);
  process.stdin.once('end', stop);
  process.stdin.once('close', stop);
  process.stdin.once('error', stop);
  process.stdin.resume();
}

/** Says that this program is ready: the one line of JSON that `startProgram` waits for. */
export function announceReady(ready: Json): void {
  process.stdout.write(`${JSON.stringify(ready)}\n`);
}
