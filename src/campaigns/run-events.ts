import { existing, moved, movedLease } from './advance-run.ts';
import type { Clock, Log, RunnerEvents, Tick } from './ports.ts';
import type { Store } from './store-ports.ts';
import type { RunId } from '../domain/ids.ts';
import { canAdvance } from '../kernel/machine.ts';
import { holdOf, type Hold, type Run, RUN_MOVES, type RunEvent } from '../domain/run.ts';
import { HarnessError } from '../kernel/errors.ts';

export interface RunEventsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly ring: (ticks: readonly Tick[]) => Promise<void>;
  readonly log: Log;
}

/** What runners say, turned into moves. Saying it twice, or after the run moved on, changes nothing. */
export function makeRunnerEvents(deps: RunEventsDeps): RunnerEvents {
  const { store, clock, ring } = deps;
  return {
    accepted: async (id, fence) => {
      await applyOnce(deps, { id, fence }, async (run, hold) => {
        if (!canAdvance(RUN_MOVES, run.life.state, 'accepted')) return;
        const lease = await existing(store.lease(hold.lease), hold.lease);
        const takes = lease.life.state === 'granted' ? [movedLease(lease, { type: 'accepted' })] : [];
        await store.commit({ runs: [moved(run, { type: 'accepted', at: clock.now() })], leases: takes });
        // Only now: a runner says it again and again while others of its runs are being taken.
        await ring([{ kind: 'campaign', id: run.campaign }]);
      });
    },

    declined: async (id, fence, reason) => {
      await applyEvent(deps, { id, fence }, (at) => ({ type: 'declined', at, reason }));
      await ring([{ kind: 'run', id }]);
    },

    finished: async (id, fence, { lastSeq, tearDownFailure, gaveUp }) => {
      const stored = (await store.progress(id)).lastSeq;
      if (stored < lastSeq) {
        throw new HarnessError(
          'EVIDENCE_GAP',
          `run ${id} ended at observation ${lastSeq}, but only ${stored} are stored`,
        );
      }
      await applyEvent(deps, { id, fence }, (at) => ({
        type: 'runnerFinished',
        at,
        tearDown: tearDownFailure === null ? { clean: true } : { clean: false, reason: tearDownFailure },
        stop: gaveUp === null ? null : { by: 'runner', reason: gaveUp },
      }));
      await ring([{ kind: 'run', id }]);
    },

    evidenceArrived: async (id) => {
      const run = await store.run(id);
      if (run?.life.state === 'collecting') await ring([{ kind: 'run', id }]);
    },

    back: async (_testbed, runs) => {
      for (const { run: id, fence } of runs) {
        const run = await store.run(id);
        if (run?.life.state !== 'lost' || run.life.hold.fence !== fence) continue;
        await applyEvent(deps, { id, fence }, (at) => ({ type: 'runnerBack', at }));
      }
    },
  };
}

async function applyEvent(
  deps: RunEventsDeps,
  said: { id: RunId; fence: number },
  event: (at: ReturnType<Clock['now']>) => RunEvent,
): Promise<void> {
  await applyOnce(deps, said, async (run) => {
    const next = event(deps.clock.now());
    if (canAdvance(RUN_MOVES, run.life.state, next.type))
      await deps.store.commit({ runs: [moved(run, next)] });
  });
}

/** Reads, checks the fence, and applies; again when somebody was faster. */
async function applyOnce(
  { store }: RunEventsDeps,
  { id, fence }: { id: RunId; fence: number },
  apply: (run: Run, hold: Hold) => Promise<void>,
): Promise<void> {
  for (;;) {
    const run = await existing(store.run(id), id);
    const hold = holdOf(run.life);
    if (hold?.fence !== fence) {
      throw new HarnessError('STALE_FENCE', `run ${id} is not held under fence ${fence}`);
    }
    if (run.life.state === 'final') return;
    try {
      await apply(run, hold);
      return;
    } catch (error) {
      if (!(error instanceof HarnessError) || error.code !== 'CONFLICT') throw error;
    }
  }
}
