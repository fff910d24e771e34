import { statfs } from 'node:fs/promises';
import type { FitnessCheck } from '../../src/domain/case-record.ts';
import type { TestPlan } from '../../src/domain/plan.ts';
import type { RunnerClock } from './execute-ports.ts';

const MIN_FREE_BYTES = 64 * 1024 * 1024;
/** The product did not exist before, and no certificate of today is valid after. */
const EARLIEST = Date.UTC(2025, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

/** What a capability of a plan needs on the runner. */
const TOOL_OF_CAPABILITY: ReadonlyMap<string, string> = new Map([['capture', 'dumpcap']]);

export interface ToCheck {
  readonly plan: TestPlan;
  readonly workDir: string;
  readonly clock: RunnerClock;
  readonly tools: Readonly<Record<string, string>>;
}

/** Looks at what is ours before the first stimulus. Whether the product answers is not fitness but the case's matter. */
export async function checkFitness({
  plan,
  workDir,
  clock,
  tools,
}: ToCheck): Promise<readonly FitnessCheck[]> {
  return [await diskCheck(workDir), clockCheck(clock), ...toolChecks(plan, tools)];
}

async function diskCheck(workDir: string): Promise<FitnessCheck> {
  const { bavail, bsize } = await statfs(workDir);
  const free = bavail * bsize;
  const saw = `${Math.floor(free / 2 ** 20)} MiB free, ${MIN_FREE_BYTES / 2 ** 20} MiB needed`;
  return { id: 'disk', fit: free >= MIN_FREE_BYTES, saw };
}

function clockCheck(clock: RunnerClock): FitnessCheck {
  const now = clock.now();
  return { id: 'clock', fit: now >= EARLIEST && now < LATEST, saw: `it is ${new Date(now).toISOString()}` };
}

function toolChecks({ capabilities }: TestPlan, tools: Readonly<Record<string, string>>): FitnessCheck[] {
  return capabilities.flatMap((capability) => {
    const tool = TOOL_OF_CAPABILITY.get(capability);
    if (tool === undefined) return [];
    const version = Object.hasOwn(tools, tool) ? tools[tool] : undefined;
    return { id: `tool:${tool}`, fit: version !== undefined, saw: version ?? `${tool} is not installed` };
  });
}
