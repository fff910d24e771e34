import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The programs in `strangers/`: A1-P producers that share no code with us, nor with each other. */
export const STRANGERS = {
  python: { command: 'python3', file: 'producer.py', type: 'Stranger_Rate_1.2.3' },
  node: { command: process.execPath, file: 'producer.mjs', type: 'stranger_switch_2.0.0' },
} as const;
export type StrangerName = keyof typeof STRANGERS;

export interface StrangerOptions {
  /** An empty folder of its own. */
  readonly dir: string;
  readonly basePath?: string;
  readonly fault?: string;
  /** Paths of PEM files. */
  readonly tls?: { readonly certificate: string; readonly key: string };
}

export interface Stranger extends AsyncDisposable {
  readonly port: number;
  /** Null while it lives. */
  readonly exitCode: () => number | null;
}

export async function startStranger(name: StrangerName, options: StrangerOptions): Promise<Stranger> {
  const { command, file } = STRANGERS[name];
  const config = join(options.dir, `${name}-${options.fault ?? 'right'}.json`);
  const { basePath = '/A1-P/v2', fault = null, tls = null } = options;
  await writeFile(config, JSON.stringify({ basePath, fault, tls }));
  const program = fileURLToPath(new URL(`strangers/${file}`, import.meta.url));
  const child = spawn(command, [program, config], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const lines = createInterface(child.stdout);
  const first = await Promise.race([once(lines, 'line'), ended.then(() => [])]);
  const [line] = first as readonly (string | undefined)[];
  if (line === undefined) throw new Error(`the ${name} stranger did not start`);
  const { port } = JSON.parse(line) as { port: number };
  return {
    port,
    exitCode: () => child.exitCode,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
