import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { enrolRunner } from '../../runners/core/enrol.ts';
import type { SecretPlace } from '../../runners/core/secrets.ts';
import { makeLog } from '../adapters/log-pino/log.ts';
import type { LogLevel } from '../config/config.ts';
import type { RunnerIdentity } from '../contract/runner-identity.ts';
import { HarnessError } from '../kernel/errors.ts';
import type { Io } from './io.ts';
import { startRunnerHere } from './runner.ts';
import { VERSION } from './version.ts';

export interface RunHereOptions {
  /** The folder that enrolment left the credentials in. */
  readonly stateDir: string;
  /** Runs at a time, from 1. */
  readonly slots: number;
  /** What this testbed can do beyond what the runner finds out by itself. */
  readonly capabilities: readonly string[];
  /** The network device that faces the equipment, for captures. */
  readonly captureDevice?: string;
  /** The only folder that files with secrets of equipment are read from; without it none is. */
  readonly secretsDir?: string;
  readonly logLevel: LogLevel;
}

/** Makes this machine a runner of the testbed that the token is for. */
export function enrolHere(
  options: { readonly endpoint: string; readonly token: string; readonly stateDir: string },
  { signal }: Pick<Io, 'signal'>,
): Promise<RunnerIdentity> {
  return enrolRunner({ ...options, stateDir: resolve(options.stateDir) }, { signal });
}

/** Dials in and executes runs until the signal aborts; rejects when the runner cannot go on. */
export async function runHere({ logLevel, secretsDir, ...options }: RunHereOptions, io: Io): Promise<number> {
  const { signal } = io;
  const secrets = secretsDir === undefined ? 'nowhere' : await folderOfSecrets(secretsDir);
  const log = makeLog({ level: logLevel, version: VERSION });
  await using runner = await startRunnerHere(
    { ...options, stateDir: resolve(options.stateDir), secrets, log },
    { signal },
  );
  const { runner: id, testbed } = runner.identity;
  io.stderr(`runner ${id} of ${testbed} dials in\n`);
  if (!signal.aborted) await Promise.race([runner.ended, once(signal, 'abort')]);
  return 0;
}

/** A mistake in the command is told at once, not by cases that are blocked later. */
async function folderOfSecrets(path: string): Promise<SecretPlace> {
  const folder = resolve(path);
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() !== true)
    throw new HarnessError('WRONG_USE', `--secrets: ${folder} is not a folder`);
  return { folder };
}
