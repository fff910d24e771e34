import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from 'node:events';
import type { Io } from './io.ts';
import { type RunningOrchestrator, startOrchestrator } from './orchestrator.ts';
import { TESTPLANS } from './shipped.ts';
import { makeDigests } from './system.ts';
import { VERSION } from './version.ts';
import { makeLog } from '../adapters/log-pino/log.ts';
import type { Config } from '../config/config.ts';
import { renderProblem } from '../documents/problem.ts';
import type { OrganisationId } from '../domain/ids.ts';
import { HarnessError } from '../kernel/errors.ts';
import { readPlans } from '../plans/read-plans.ts';

/** Serves until the signal aborts: HTTP API, the ports for runners, workers, watchdogs. */
export async function serve(config: Config, io: Io): Promise<number> {
  const log = makeLog({ level: config.logLevel, version: VERSION });
  const lab = config.lab as OrganisationId;
  await using orchestrator = await startOrchestrator({
    home: config.home,
    lab,
    ...(config.databaseUrl === null ? {} : { databaseUrl: config.databaseUrl.reveal() }),
    ...(config.redisUrl === null ? {} : { redisUrl: config.redisUrl.reveal() }),
    ...(config.tsaUrl === null ? {} : { tsaUrl: config.tsaUrl }),
    http: config.http,
    runnerListen: config.runnerListen,
    enrolListen: config.enrolListen,
    publicHosts: config.publicHosts,
    limits: config.limits,
    selfDeclared: false,
    log,
  });
  await orchestrator.useCases.registerLab(lab);
  await publishShippedPlans(orchestrator);
  const tokenFile = await ensureAdminToken(orchestrator, config.home, lab);
  const { gateway, store, queue } = orchestrator;
  io.stderr(
    [
      `patchbay ${VERSION} for ${lab}`,
      `  HTTP API   http://${config.http.host}:${orchestrator.httpPort ?? config.http.port} (admin token in ${tokenFile})`,
      `  runners    ${config.runnerListen.host}:${gateway.runnerPort}, enrolment ${config.enrolListen.host}:${gateway.enrolmentPort}`,
      `  store      ${store.backend}, queue on ${queue.backend}`,
      '',
    ].join('\n'),
  );
  log.info(
    { event: 'orchestrator.ready', store: store.backend, queue: queue.backend },
    'orchestrator is ready',
  );
  if (!io.signal.aborted) await once(io.signal, 'abort');
  return 0;
}

async function publishShippedPlans({ useCases }: RunningOrchestrator): Promise<void> {
  const { plans, problems } = await readPlans(TESTPLANS);
  if (problems.length > 0) throw new HarnessError('PLAN_INVALID', problems.map(renderProblem).join('\n'));
  for (const { plan } of plans) await useCases.publishPlan(plan);
}

/** The first token, for whoever owns the data folder: made once, readable by its owner only. */
async function ensureAdminToken(
  { useCases, store, clock }: RunningOrchestrator,
  home: string,
  organisation: OrganisationId,
): Promise<string> {
  const path = join(home, 'admin-token');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (text !== null && (await store.apiTokenByHash(makeDigests().ofText(text.trim()), clock.now())) !== null)
    return path;
  const { token } = await useCases.createApiToken({ organisation, scopes: ['admin'], validForMs: null });
  await using file = await open(path, 'w', 0o600);
  await file.writeFile(`${token}\n`);
  await file.sync();
  return path;
}
