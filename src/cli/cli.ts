import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Command } from 'commander';

import { makeApiClient } from '../api/client.ts';
import { makeOrchestrator, type Orchestrator } from '../api/orchestrator.ts';
import type { Io } from '../app/io.ts';
import { type Config, parseConfig } from '../config/config.ts';
import type { Environment } from '../config/reader.ts';
import { HarnessError } from '../kernel/errors.ts';

/** What the commands share: where they talk to, how they reach the orchestrator, and how they end. */
export interface Cli {
  readonly io: Io;
  readonly environment: Environment;
  readonly cwd: string;
  /** Width of tables. */
  readonly columns: number;
  /** `CONFIG_INVALID` with every problem. */
  config(): Config;
  orchestrator(): Promise<Orchestrator>;
  /** Results: JSON for machines when they ask for it, else text for people. */
  print<T>(options: JsonOption, result: T, render: (result: T) => string): void;
  /** Sets the exit code; 0 when nobody does. */
  exit(code: number): void;
}

export interface JsonOption {
  readonly json?: true;
}

export type Register = (parent: Command, cli: Cli) => void;

export interface CliParts extends Pick<Cli, 'io' | 'environment' | 'cwd' | 'columns' | 'exit'> {
  readonly fetch?: typeof fetch;
}

export function makeCli(parts: CliParts): Cli {
  const config = (): Config => {
    const parsed = parseConfig(parts.environment, { cwd: parts.cwd });
    if (parsed.ok) return parsed.value;
    throw new HarnessError('CONFIG_INVALID', parsed.error.join('; '));
  };
  return {
    ...parts,
    config,
    print: ({ json }, result, render) =>
      parts.io.stdout(json === true ? `${JSON.stringify(result, null, 2)}\n` : render(result)),
    orchestrator: async () => {
      const { client, home } = config();
      const token = client.token?.reveal() ?? (await localToken(client.url, home));
      const ask = parts.fetch === undefined ? {} : { fetch: parts.fetch };
      return makeOrchestrator(makeApiClient({ url: client.url, token, ...ask }), parts.io);
    },
  };
}

/** The token that `patchbay up` left in the data folder opens the orchestrator of this machine, and no other. */
async function localToken(url: string, home: string): Promise<string | null> {
  if (!/^https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?(?:\/|$)/u.test(url)) return null;
  try {
    return (await readFile(join(home, 'admin-token'), 'utf8')).trim();
  } catch {
    return null;
  }
}
