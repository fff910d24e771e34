import { pino, stdSerializers } from 'pino';

import type { Log } from '../../campaigns/ports.ts';

/** Names under which a credential might be logged by mistake, at the top of a line or one level down. */
const SECRET_NAMES = [
  'authorization',
  'cookie',
  'databaseUrl',
  'password',
  'privateKey',
  'redisUrl',
  'secret',
  'token',
] as const;

export interface LogOptions {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  readonly version: string;
  /** Where the lines go; standard error when left out, since standard output is for results. */
  readonly destination?: { write(line: string): void };
}

/** Structured log: one JSON object a line, with ISO time and the level as a word. */
export function makeLog({ level, version, destination }: LogOptions): Log {
  return pino(
    {
      level,
      base: { program: 'patchbay', version, pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_NAMES.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' },
      serializers: { err: stdSerializers.errWithCause },
    },
    destination ?? pino.destination({ fd: 2, sync: true }),
  );
}
