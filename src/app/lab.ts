import { join } from 'node:path';
import { type OrchestratorOptions, type RunningOrchestrator, startOrchestrator } from './orchestrator.ts';
import { type RunnerHere, startRunnerHere } from './runner.ts';
import type { RunProgress } from '../campaigns/store-ports.ts';
import type { Campaign, CampaignRequest } from '../domain/campaign.ts';
import type { CampaignId } from '../domain/ids.ts';
import type { Run } from '../domain/run.ts';
import type { Testbed } from '../domain/testbed.ts';
import { pause } from '../kernel/deadline.ts';
import { HarnessError } from '../kernel/errors.ts';
import { Teardown } from '../kernel/teardown.ts';

export interface LabOptions
  extends Pick<OrchestratorOptions, 'lab' | 'log' | 'limits' | 'pdf'>, Pick<RunnerHere, 'capture'> {
  /** Everything of the lab lives below this folder: store, keys, evidence, runner state. */
  readonly dir: string;
  /** Each gets one runner in this process, over real gRPC on loopback. */
  readonly testbeds: readonly Testbed[];
}

/** A whole lab in one process, on embedded defaults: what demo and pre-flight run on. */
export interface Lab extends AsyncDisposable {
  readonly orchestrator: RunningOrchestrator;
  /** Submits the campaign and waits until it is final. */
  run(
    request: CampaignRequest,
    options: { signal: AbortSignal; onProgress?: (view: LabView) => void },
  ): Promise<Campaign>;
}

export interface LabView {
  readonly campaign: Campaign;
  readonly runs: readonly { readonly run: Run; readonly progress: RunProgress; readonly cases: number }[];
}

const LOOPBACK = { host: '127.0.0.1', port: 0 };
const LOOK_EVERY_MS = 150;
const ENROL_WITHIN_MS = 600_000;

export async function openLab(options: LabOptions, { signal }: { signal: AbortSignal }): Promise<Lab> {
  await using undo = new Teardown();
  const { dir, lab, log } = options;
  const orchestrator = undo.use(
    await startOrchestrator({
      home: join(dir, 'home'),
      lab,
      runnerListen: LOOPBACK,
      enrolListen: LOOPBACK,
      publicHosts: ['localhost', '127.0.0.1'],
      selfDeclared: true,
      log,
      ...(options.limits === undefined ? {} : { limits: options.limits }),
      ...(options.pdf === undefined ? {} : { pdf: options.pdf }),
    }),
  );
  await orchestrator.useCases.registerLab(lab);
  for (const testbed of options.testbeds) {
    await orchestrator.useCases.registerTestbed(testbed);
    undo.use(await joinLab(options, orchestrator, { testbed, signal }));
  }
  const owner = undo.move();
  return {
    orchestrator,
    run: (request, how) => runCampaign(orchestrator, request, how),
    [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose](),
  };
}

async function joinLab(
  { dir, log, capture }: LabOptions,
  { useCases, gateway }: RunningOrchestrator,
  { testbed, signal }: { testbed: Testbed; signal: AbortSignal },
): Promise<AsyncDisposable> {
  const { token } = await useCases.createEnrolmentToken(testbed.id, ENROL_WITHIN_MS);
  return startRunnerHere(
    {
      stateDir: join(dir, 'runners', testbed.id.replace('/', '.')),
      enrolment: { endpoint: `localhost:${gateway.enrolmentPort}`, token },
      endpoint: `localhost:${gateway.runnerPort}`,
      slots: testbed.slots,
      capabilities: testbed.capabilities,
      // The machine, the product and its secrets belong to whoever runs this.
      secrets: 'anywhere',
      ...(capture === undefined ? {} : { capture }),
      log,
    },
    { signal },
  );
}

async function runCampaign(
  orchestrator: RunningOrchestrator,
  request: CampaignRequest,
  { signal, onProgress }: { signal: AbortSignal; onProgress?: (view: LabView) => void },
): Promise<Campaign> {
  const { useCases } = orchestrator;
  await useCases.submitCampaign(request);
  try {
    for (;;) {
      const view = await lookAt(orchestrator, request.id);
      onProgress?.(view);
      if (view.campaign.life.state === 'final') return view.campaign;
      await pause(LOOK_EVERY_MS, { signal });
    }
  } catch (error) {
    if (signal.aborted) await useCases.cancelCampaign(request.id, { force: true, text: 'interrupted' });
    throw error;
  }
}

async function lookAt({ store }: RunningOrchestrator, id: CampaignId): Promise<LabView> {
  const campaign = await store.campaign(id);
  if (campaign === null) throw new HarnessError('NOT_FOUND', `there is no campaign ${id}`);
  const runs = await store.runsOf(id);
  const views = runs.map(async (run) => {
    const [progress, { plan }] = await Promise.all([store.progress(run.id), store.draft(run.id)]);
    return { run, progress, cases: plan.cases.length };
  });
  return { campaign, runs: await Promise.all(views) };
}
