import { CATALOGUE } from './catalogue.ts';
import { makeSteadyClock } from './system.ts';
import { VERSION } from './version.ts';
import type { Log } from '../campaigns/ports.ts';
import type { TestPlan } from '../domain/plan.ts';
import type { Testbed } from '../domain/testbed.ts';
import { makeCapture } from '../../runners/core/capture.ts';
import type { CapturePort, RunnerClock } from '../../runners/core/execute-ports.ts';
import { readTools } from '../../runners/core/execute-tools.ts';
import { executeRun } from '../../runners/core/execute.ts';
import { type RunningRunner, startRunner } from '../../runners/core/runner.ts';
import type { SecretPlace } from '../../runners/core/secrets.ts';

export interface RunnerHere {
  /** Folder that this runner alone uses. */
  readonly stateDir: string;
  /** Used when the folder has no credentials yet. */
  readonly enrolment?: { readonly endpoint: string; readonly token: string };
  /** host:port of the orchestrator, instead of what the enrolment said. */
  readonly endpoint?: string;
  readonly slots: Testbed['slots'];
  /** What this testbed can do beside what the runner finds out itself. */
  readonly capabilities: TestPlan['capabilities'];
  /** The device that faces the equipment, for captures. */
  readonly captureDevice?: string;
  /** What captures on the wire; dumpcap when absent, where it is installed. */
  readonly capture?: CapturePort;
  /** Where secrets that equipment files refer to may lie on this machine. */
  readonly secrets: SecretPlace;
  readonly log: Log;
}

/** A runner in this process, with every procedure and simulator of this release. */
export async function startRunnerHere(
  { captureDevice, capabilities, secrets, capture: given, ...options }: RunnerHere,
  { signal }: { signal: AbortSignal },
): Promise<RunningRunner> {
  const installed = await readTools({ signal });
  const tools = { patchbay: VERSION, ...installed };
  const clock: RunnerClock = { ...makeSteadyClock(), elapsedMs: () => performance.now() };
  const dumpcap = installed['dumpcap'];
  const device = captureDevice === undefined ? {} : { device: captureDevice };
  const capture = given ?? makeCapture({ dumpcap, ...device });
  return startRunner(
    {
      ...options,
      capabilities: [...new Set([...capabilities, ...(dumpcap === undefined ? [] : ['capture'])])],
      tools,
      clock,
      execute: (assignment, io, signals) =>
        executeRun(assignment, { ...CATALOGUE, ...io, clock, tools, capture, secrets }, signals),
    },
    { signal },
  );
}
