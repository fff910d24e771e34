import { resolve } from 'node:path';

import { err, ok, type Result } from '../kernel/result.ts';
import { Reader, type Environment } from './reader.ts';
import type { HostPort } from './reader.ts';
import type { Secret } from './secret.ts';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Time limits that may be set from outside, in milliseconds; the names are those of `Limits` in `src/campaigns`. */
const LIMIT_VARIABLES = {
  heartbeatMs: 'HEARTBEAT_MS',
  silentMs: 'SILENT_MS',
  graceMs: 'GRACE_MS',
  preparingMs: 'PREPARING_MS',
  runningMarginMs: 'RUNNING_MARGIN_MS',
  cancellingMarginMs: 'CANCELLING_MARGIN_MS',
  abortingMs: 'ABORTING_MS',
  collectingMs: 'COLLECTING_MS',
  leaseTtlMs: 'LEASE_TTL_MS',
  sweepMs: 'SWEEP_MS',
} as const;
export type LimitName = keyof typeof LIMIT_VARIABLES;

const MAX_LIMIT_MS = 24 * 3_600_000;

export interface Config {
  /** Private keys, tokens and the embedded store; absolute, made with mode 0700. */
  readonly home: string;
  /** The organisation that runs this orchestrator. */
  readonly lab: string;
  /** PostgreSQL 15 or newer; `null` means the embedded store in {@link home}. */
  readonly databaseUrl: Secret | null;
  /** `null` means that the queue lives on the store. */
  readonly redisUrl: Secret | null;
  readonly http: HostPort;
  /** Where runners attach (mutual TLS). */
  readonly runnerListen: HostPort;
  /** Where runners enrol (server authentication only). */
  readonly enrolListen: HostPort;
  /** Names and addresses that runners may dial; they go into the certificate of this orchestrator. */
  readonly publicHosts: readonly string[];
  /** RFC 3161 authority that stamps every report before it is issued; `null` means no time-stamps. */
  readonly tsaUrl: string | null;
  readonly logLevel: LogLevel;
  /** Shows stack traces at the command line. */
  readonly debug: boolean;
  /** Only those that were set; the others keep their default. */
  readonly limits: Readonly<Partial<Record<LimitName, number>>>;
  /** How the command line reaches the orchestrator. */
  readonly client: { readonly url: string; readonly token: Secret | null };
}

/**
 * Reads the environment once. Every problem is reported, by the name of the variable and never by its value.
 * An empty variable counts as not set.
 */
export function parseConfig(
  environment: Environment,
  { cwd }: { readonly cwd: string },
): Result<Config, readonly string[]> {
  const read = new Reader(environment);
  const http = read.hostPort('PATCHBAY_HTTP', { host: '127.0.0.1', port: 7480 });
  const config: Config = {
    home: resolve(cwd, read.text('PATCHBAY_HOME', '.patchbay')),
    lab: read.name('PATCHBAY_LAB', 'lab-local'),
    databaseUrl: read.secretUrl('DATABASE_URL', ['postgres:', 'postgresql:']),
    redisUrl: read.secretUrl('REDIS_URL', ['redis:', 'rediss:']),
    http,
    runnerListen: read.hostPort('PATCHBAY_RUNNER_LISTEN', { host: '127.0.0.1', port: 7481 }),
    enrolListen: read.hostPort('PATCHBAY_ENROL_LISTEN', { host: '127.0.0.1', port: 7482 }),
    publicHosts: read.hostNames('PATCHBAY_PUBLIC_HOST', ['localhost', '127.0.0.1']),
    tsaUrl: read.httpUrl('PATCHBAY_TSA_URL'),
    logLevel: read.choice('LOG_LEVEL', LOG_LEVELS, 'info'),
    debug: read.flag('PATCHBAY_DEBUG'),
    limits: readLimits(read),
    client: {
      url: read.baseUrl('PATCHBAY_URL', 'http://127.0.0.1:7480'),
      token: read.secret('PATCHBAY_TOKEN'),
    },
  };
  return read.problems.length === 0 ? ok(config) : err(read.problems);
}

function readLimits(read: Reader): Config['limits'] {
  const limits: Partial<Record<LimitName, number>> = {};
  for (const [name, variable] of Object.entries(LIMIT_VARIABLES) as [LimitName, string][]) {
    const ms = read.integer(`PATCHBAY_${variable}`, { min: 1, max: MAX_LIMIT_MS });
    if (ms !== null) limits[name] = ms;
  }
  return limits;
}
