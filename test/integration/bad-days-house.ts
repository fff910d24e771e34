import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { startRunner } from '../../runners/core/runner.ts';
import type { Execute } from '../../runners/core/runner-options.ts';
import type { Limits } from '../../src/campaigns/limits.ts';
import {
  type OrchestratorOptions,
  type RunningOrchestrator,
  startOrchestrator,
} from '../../src/app/orchestrator.ts';
import { startRunnerHere } from '../../src/app/runner.ts';
import type { CampaignRequest } from '../../src/domain/campaign.ts';
import type { CampaignId, CaseId, EquipmentId, PlanId } from '../../src/domain/ids.ts';
import type { Run } from '../../src/domain/run.ts';
import { Teardown } from '../../src/kernel/teardown.ts';
import { plainPdf } from '../support/plain-pdf.ts';
import { realClock } from '../support/a-runner.ts';
import { silentLog } from '../support/pglite.ts';
import { aPlan, aPlanCase } from '../support/plans.ts';
import { untilTrue } from '../support/scratch.ts';
import { anEquipment, aTestbed, BED, LAB } from '../support/things.ts';

/** Short enough that what takes minutes in a lab takes seconds here. */
const LIMITS: Partial<Limits> = {
  heartbeatMs: 200,
  silentMs: 3_000,
  graceMs: 10_000,
  preparingMs: 10_000,
  runningMarginMs: 10_000,
  abortingMs: 3_000,
  collectingMs: 20_000,
  leaseTtlMs: 30_000,
  sweepMs: 500,
};
const LOOPBACK = { host: '127.0.0.1', port: 0 };
const FINAL_WITHIN_MS = 25_000;
const CASES = 4;
const FOREVER = { signal: new AbortController().signal };

export function startServing(
  home: string,
  where: Pick<OrchestratorOptions, 'databaseUrl' | 'redisUrl'> = {},
): Promise<RunningOrchestrator> {
  return startOrchestrator({
    pdf: plainPdf,
    ...{ home, lab: LAB, runnerListen: LOOPBACK, enrolListen: LOOPBACK, publicHosts: ['localhost'] },
    ...{ limits: LIMITS, selfDeclared: true, log: silentLog },
    ...where,
  });
}

/** A lab, a testbed with one slot, products of one vendor, and a plan of cases that take a tenth of a second each. */
export async function fill({ useCases }: RunningOrchestrator, products = 1): Promise<void> {
  await useCases.registerOrganisation({ id: LAB, name: 'Lab', roles: ['lab'] });
  await useCases.registerOrganisation({ id: 'acme' as typeof LAB, name: 'Acme', roles: ['vendor'] });
  await useCases.registerTestbed(aTestbed());
  const cases = Array.from({ length: CASES }, (_, n) =>
    aPlanCase({
      id: `T-${n + 1}` as CaseId,
      parameters: { pauseMs: { value: 100, min: 0, max: 1_000 } },
      timeoutMs: 5_000,
      silenceMs: 4_000,
    }),
  );
  await useCases.publishPlan(aPlan({ id: 'bad-days' as PlanId, cases }));
  for (let n = 1; n <= products; n += 1) await useCases.submitEquipment(anEquipment(`acme/product-${n}`));
}

export function aRequest(name: string, products = 1): CampaignRequest {
  return {
    id: `${LAB}/${name}` as CampaignId,
    organisation: LAB,
    plans: [{ id: 'bad-days' as PlanId, version: '1.0.0' }],
    equipment: { ids: Array.from({ length: products }, (_, n) => `acme/product-${n + 1}` as EquipmentId) },
    coverage: { mode: 'each' },
    window: null,
    priority: 'normal',
  };
}

export interface JoinOptions {
  readonly dir: string;
  /** Port to attach at, when it is not that of the orchestrator that enrols. */
  readonly port?: number;
  /** Instead of the procedures and simulators of the product. */
  readonly execute?: Execute;
}

/** Enrols a runner for the testbed and starts it in this process. */
export async function attachRunner(
  { useCases, gateway }: RunningOrchestrator,
  { dir, port = gateway.runnerPort, execute }: JoinOptions,
): Promise<AsyncDisposable> {
  const { token } = await useCases.createEnrolmentToken(BED, 600_000);
  const options = {
    stateDir: join(dir, 'runner'),
    enrolment: { endpoint: `localhost:${gateway.enrolmentPort}`, token },
    endpoint: `localhost:${port}`,
    ...{ slots: 1, capabilities: [], log: silentLog },
  };
  return execute === undefined
    ? startRunnerHere({ ...options, secrets: 'nowhere' }, FOREVER)
    : startRunner({ ...options, execute, tools: {}, clock: realClock() }, FOREVER);
}

/** Waits until a run of the campaign is as wanted. */
export async function untilRun(
  { store }: RunningOrchestrator,
  campaign: CampaignId,
  isWanted: (run: Run, records: number) => boolean,
): Promise<void> {
  const look = async (): Promise<boolean> => {
    for (const run of await store.runsOf(campaign))
      if (isWanted(run, (await store.records(run.id)).length)) return true;
    return false;
  };
  await untilTrue(look, `what was wanted of a run of ${campaign}`);
}

/** What became of each run, when the campaign is final: its SUT, and how often each case has a record that passed. */
export async function untilFinal(
  { store }: RunningOrchestrator,
  campaign: CampaignId,
): Promise<readonly { readonly sut: string; readonly retry: boolean; readonly passed: readonly string[] }[]> {
  const isFinal = async (): Promise<boolean> => (await store.campaign(campaign))?.life.state === 'final';
  await untilTrue(isFinal, `the end of ${campaign}`, FINAL_WITHIN_MS);
  const runs = await store.runsOf(campaign);
  const became = await Promise.all(
    runs.map(async ({ id, subjects, retryOf }) => {
      const records = await store.records(id);
      const passed = records.filter(({ outcome }) => outcome.kind === 'judged' && outcome.verdict === 'pass');
      return {
        sut: subjects.join('+'),
        retry: retryOf !== null,
        passed: passed.map((record) => record.case),
      };
    }),
  );
  return became.sort((a, b) => a.sut.localeCompare(b.sut));
}

/** One run of each product that was never retried, each case with one record, and that one passed. */
export function onceEach(products = 1): Awaited<ReturnType<typeof untilFinal>> {
  const passed = Array.from({ length: CASES }, (_, n) => `T-${n + 1}`);
  return Array.from({ length: products }, (_, n) => ({ sut: `acme/product-${n + 1}`, retry: false, passed }));
}

/** One address in front of several orchestrators, as a lab has it: passes bytes on to the port it points at now. */
export async function startSwitch(
  to: number,
): Promise<AsyncDisposable & { port: number; point(to: number): void }> {
  await using undo = new Teardown();
  let current = to;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(current, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  undo.defer(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const owner = undo.move();
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    point: (next) => {
      current = next;
    },
    [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose](),
  };
}
