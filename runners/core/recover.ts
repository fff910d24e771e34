import { readdir } from 'node:fs/promises';
import type { CaseRecord, Outcome } from '../../src/domain/case-record.ts';
import { isoTime } from '../../src/domain/ids.ts';
import type { PlanCase } from '../../src/domain/plan.ts';
import { reason } from '../../src/kernel/errors.ts';
import { LocalRun, type LocalRunDeps } from './local-run.ts';

const RESTARTED = reason('RUNNER_RESTARTED', 'the runner process was started anew in the middle of the run');

export interface Recovered {
  readonly runs: readonly LocalRun[];
  /** Runs that had been going on: this start of the runner ended them, and their slots are clean. */
  readonly interrupted: readonly LocalRun[];
}

/**
 * What earlier starts of this runner left. A run that was going on is neither resumed nor begun again: the case that
 * had started becomes `error`, those after it `notRun`. Everything it had started died with its process, so its slot
 * is clean.
 */
export async function recoverRuns(deps: LocalRunDeps): Promise<Recovered> {
  const found = await Promise.all((await readdir(deps.runsDir)).map((run) => LocalRun.reopen(deps, run)));
  const runs = found.filter((run) => run !== null);
  const interrupted = runs.filter(({ end }) => end === null);
  for (const run of interrupted) await endInterrupted(deps, run);
  return { runs, interrupted };
}

async function endInterrupted({ clock }: LocalRunDeps, run: LocalRun): Promise<void> {
  const now = isoTime(clock.now());
  for (const planCase of run.assignment.plan.cases) {
    if (run.recorded.has(planCase.id)) continue;
    await run.observe({ kind: 'caseRecord', record: recordOf(run, planCase, now) });
  }
  await run.finish({ tearDownFailure: null, gaveUp: RESTARTED });
}

function recordOf(run: LocalRun, planCase: PlanCase, now: string): CaseRecord {
  const { assignment } = run;
  const outcome = outcomeOf(run, planCase);
  return {
    run: assignment.run,
    retryOf: assignment.retryOf,
    case: planCase.id,
    planVersion: assignment.plan.version,
    fence: assignment.fence,
    startedAt: now,
    endedAt: now,
    outcome,
    cause: { kind: outcome.kind === 'judged' ? 'testbed' : 'undetermined' },
    peers: [],
    transports: {},
    fitness: { fit: true, checks: [] },
    measurements: [],
    evidence: [],
  };
}

function outcomeOf({ assignment, startedCase }: LocalRun, { id }: PlanCase): Outcome {
  const decided = assignment.decided[id];
  if (decided !== undefined) return { kind: 'notJudged', ...decided };
  if (id !== startedCase) return { kind: 'notJudged', disposition: 'notRun', reason: RESTARTED };
  return { kind: 'judged', verdict: 'error', clauses: [], remarks: [], reason: RESTARTED };
}
