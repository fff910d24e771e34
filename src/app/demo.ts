import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { exportCampaign, readResults, summarise, type SummaryRun } from './export.ts';
import type { Io } from './io.ts';
import { type Lab, openLab } from './lab.ts';
import { say } from './preflight.ts';
import { makeProgress } from './progress.ts';
import { SEEDS, TESTPLANS } from './shipped.ts';
import { VERSION } from './version.ts';
import { makeLog } from '../adapters/log-pino/log.ts';
import { type Problem, renderProblem } from '../documents/problem.ts';
import { readSource, type Source } from '../documents/source.ts';
import { parseCampaign } from '../inventory/campaign.ts';
import { type ExpectedRun, parseExpectedRuns } from '../inventory/expected-runs.ts';
import { readSeeds, type Seeds } from '../inventory/read-seeds.ts';
import { HarnessError } from '../kernel/errors.ts';
import type { Result } from '../kernel/result.ts';
import { Teardown } from '../kernel/teardown.ts';
import { readPlans } from '../plans/read-plans.ts';

export interface DemoOptions {
  readonly out: string;
  readonly json: boolean;
}

const AS_EXPECTED = 0;
const NOT_AS_EXPECTED = 1;

/**
 * The main job on embedded defaults: two testbeds, products of three vendors (one with defects, one that is not there),
 * plug-and-play and security plans; leaves signed reports in `out`. Exit code 0 when every verdict is the expected one.
 */
export async function runDemo(options: DemoOptions, io: Io): Promise<number> {
  const startedAt = performance.now();
  const seeds = await readSeeds(SEEDS);
  if (seeds.problems.length > 0) throw unreadable(seeds.problems);
  const requests = [
    await read('campaign.yaml', parseCampaign),
    await read('campaign-e2.yaml', parseCampaign),
    await read('campaign-chain.yaml', parseCampaign),
  ] as const;
  const [request] = requests;
  const expected = await read('expected.yaml', parseExpectedRuns);
  await using undo = new Teardown();
  const dir = await mkdtemp(join(tmpdir(), 'patchbay-demo-'));
  undo.defer(() => rm(dir, { recursive: true, force: true }));
  const log = makeLog({ level: 'silent', version: VERSION });
  const lab = undo.use(
    await openLab({ dir, lab: request.organisation, testbeds: seeds.testbeds, log }, { signal: io.signal }),
  );
  await fill(lab, seeds);
  const progress = undo.use(makeProgress(io));
  const how = { signal: io.signal, onProgress: progress.show };
  await Promise.all(requests.map((each) => lab.run(each, how)));
  progress.done();
  const { orchestrator } = lab;
  const out = resolve(options.out);
  const runs = [];
  const reports = [];
  for (const { id } of requests) {
    runs.push(...(await readResults(orchestrator, id)).runs);
    reports.push(...(await exportCampaign(orchestrator, id, out)));
  }
  const draft = summarise(
    orchestrator,
    { runs },
    {
      campaignId: request.id,
      expected: true,
      reports,
      durationMs: Math.round(performance.now() - startedAt),
    },
  );
  const differences = compare(draft.runs, expected);
  for (const difference of differences) io.stderr(`not as expected: ${difference}\n`);
  await say({ ...draft, expected: differences.length === 0 }, { out, json: options.json }, io);
  return differences.length === 0 ? AS_EXPECTED : NOT_AS_EXPECTED;
}

async function fill({ orchestrator: { useCases } }: Lab, seeds: Seeds): Promise<void> {
  const shelf = await readPlans(TESTPLANS);
  if (shelf.problems.length > 0) throw unreadable(shelf.problems);
  for (const partner of seeds.partners) await useCases.registerOrganisation(partner);
  for (const { plan } of shelf.plans) await useCases.publishPlan(plan);
  for (const { equipment } of seeds.equipment) await useCases.submitEquipment(equipment);
}

/** One sentence for each run that is missing, surplus, or came to something else. */
export function compare(runs: readonly SummaryRun[], expected: readonly ExpectedRun[]): readonly string[] {
  const nameOf = (plan: string, sut: string): string => `${plan} on ${sut}`;
  const seen = new Map(runs.map((run) => [nameOf(run.plan.split('@')[0] ?? '', run.sut), run]));
  const differences = expected.flatMap((one) => {
    const name = nameOf(one.plan, one.subjects.join('+'));
    const run = seen.get(name);
    seen.delete(name);
    if (run === undefined) return [`${name}: there was no such run`];
    if (run.verdict !== one.finding) return [`${name}: ${run.verdict} instead of ${one.finding}`];
    const failed = [...run.failed].sort().join(', ');
    const wanted = [...one.failed].sort().join(', ');
    return failed === wanted
      ? []
      : [`${name}: failed ${failed || 'nothing'} instead of ${wanted || 'nothing'}`];
  });
  return [...differences, ...[...seen.keys()].map((name) => `${name}: nobody expected this run`)];
}

async function read<T>(name: string, parse: (source: Source) => Result<T, readonly Problem[]>): Promise<T> {
  const source = await readSource(join(SEEDS, 'demo', name));
  if (!source.ok) throw unreadable(source.error);
  const parsed = parse(source.value);
  if (!parsed.ok) throw unreadable(parsed.error);
  return parsed.value;
}

function unreadable(problems: readonly Problem[]): HarnessError {
  return new HarnessError('INPUT_INVALID', problems.map(renderProblem).join('\n'));
}
