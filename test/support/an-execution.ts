import { vi } from 'vitest';
import { executeRun } from '../../runners/core/execute.ts';
import type { ExecuteDeps, ExecuteSignals, RunOutcome } from '../../runners/core/execute-ports.ts';
import type { Procedure } from '../../runners/procedures/procedure.ts';
import type { Assignment } from '../../src/domain/assignment.ts';
import type { CaseRecord, Outcome } from '../../src/domain/case-record.ts';
import type { PlanCase } from '../../src/domain/plan.ts';
import { anAssignment, aProcedure } from './a-procedure.ts';
import { aRunner, type FakeRunner } from './a-runner.ts';

let runner: FakeRunner | null = null;

/** For `afterEach` of every file that executes: files share this module, so that it cannot do it by itself. */
export async function endExecution(): Promise<void> {
  vi.useRealTimers();
  await runner?.[Symbol.asyncDispose]();
  runner = null;
}

export interface Given {
  readonly procedure?: Procedure;
  readonly cases?: readonly PlanCase[];
  readonly assignment?: Partial<Assignment>;
  readonly deps?: (own: ExecuteDeps) => Partial<ExecuteDeps>;
  readonly signals?: Partial<ExecuteSignals>;
}

/** Executes one run on a runner without processes, wire or disk store. */
export async function execute({
  procedure = aProcedure(),
  cases,
  assignment,
  deps,
  signals,
}: Given): Promise<RunOutcome> {
  runner = await aRunner([procedure]);
  const { signal } = new AbortController();
  return executeRun(
    anAssignment(cases, assignment),
    { ...runner.deps, ...deps?.(runner.deps) },
    { signal, ...signals },
  );
}

export function theRunner(): FakeRunner {
  if (runner === null) throw new Error('nothing was executed');
  return runner;
}

export function records(): readonly CaseRecord[] {
  return runner?.records ?? [];
}

/** The outcome of the first case and the kind of its cause. */
export async function outcomeOf(given: Given): Promise<Outcome & { cause: string }> {
  await execute(given);
  const [record] = records();
  if (record === undefined) throw new Error('there is no record');
  return { ...record.outcome, cause: record.cause.kind };
}

export const after = (then: (signal: AbortSignal) => Promise<void>): Procedure =>
  aProcedure(async (bench, { signal }) => {
    bench.stimulated();
    bench.observe('send', 'note', 1);
    await then(signal);
  });

export const before = (error: Error): Procedure => aProcedure(() => Promise.reject(error));
