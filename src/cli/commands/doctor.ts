import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import type { Command } from 'commander';

import { EXIT } from '../../domain/exit-code.ts';
import { HarnessError } from '../../kernel/errors.ts';
import type { Cli, JsonOption } from '../cli.ts';
import { renderRows } from '../render.ts';

interface Finding {
  readonly part: string;
  readonly state: 'good' | 'missing' | 'wrong';
  readonly needed: boolean;
  readonly saw: string;
}

const TOOLS = [
  { name: 'openssl', purpose: 'to verify reports without our code' },
  { name: 'dumpcap', purpose: 'to capture packets as evidence' },
  { name: 'redis-server', purpose: 'for tests of the queue on Redis' },
  { name: 'postgres', purpose: 'for tests of the store on a server' },
] as const;

/** `patchbay doctor`: what is there and what is missing; exit code 3 when something needed is not right. */
export function registerDoctor(program: Command, cli: Cli): void {
  program
    .command('doctor')
    .description('look whether this machine has what is needed')
    .option('--json', 'print the result as JSON')
    .action(async (options: JsonOption) => {
      const findings = [node(), config(cli), await orchestrator(cli), await sctp(), ...(await tools(cli))];
      cli.print(options, findings, (list) =>
        renderRows(
          ['part', 'state', 'what was seen'],
          list.map(({ part, state, saw }) => [part, state, saw]),
        ),
      );
      if (findings.some(({ state, needed }) => needed && state !== 'good')) cli.exit(EXIT.broken);
    });
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const good = major > 20 || (major === 20 && minor >= 19);
  return {
    part: 'node',
    state: good ? 'good' : 'wrong',
    needed: true,
    saw: `${process.versions.node} (20.19 or newer)`,
  };
}

function config(cli: Cli): Finding {
  try {
    const { home, databaseUrl, redisUrl } = cli.config();
    const store = databaseUrl === null ? `embedded, in ${home}` : 'PostgreSQL';
    const saw = `store: ${store}; queue: ${redisUrl === null ? 'on the store' : 'Redis'}`;
    return { part: 'environment', state: 'good', needed: true, saw };
  } catch (error) {
    return { part: 'environment', state: 'wrong', needed: true, saw: HarnessError.from(error).message };
  }
}

async function orchestrator(cli: Cli): Promise<Finding> {
  try {
    await (await cli.orchestrator()).testbeds();
    return { part: 'orchestrator', state: 'good', needed: false, saw: 'it answers, and takes the token' };
  } catch (error) {
    if (cli.io.signal.aborted) throw error;
    const { code, message } = HarnessError.from(error);
    return { part: 'orchestrator', state: 'missing', needed: false, saw: `${code}: ${message}` };
  }
}

/** Loaded only here: it looks for native libraries. */
async function sctp(): Promise<Finding> {
  const { sctpOutlook } = await import('../../app/sctp-transports.ts');
  const { chosen, why, usable } = sctpOutlook();
  const saw = `${chosen} (${why}); usable: ${usable.join(', ')}`;
  return { part: 'sctp', state: 'good', needed: false, saw };
}

async function tools({ environment }: Cli): Promise<readonly Finding[]> {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return Promise.all(
    TOOLS.map(async ({ name, purpose }): Promise<Finding> => {
      const path = await findProgram(name, folders);
      const saw = path ?? `not on the PATH; wanted ${purpose}`;
      return { part: name, state: path === null ? 'missing' : 'good', needed: false, saw };
    }),
  );
}

async function findProgram(name: string, folders: readonly string[]): Promise<string | null> {
  for (const folder of folders) {
    const path = join(folder, name);
    if (await isProgram(path)) return path;
  }
  return null;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
