import type { Clock, Log, RunnerEvents } from '../../campaigns/ports.ts';
import type { Store } from '../../campaigns/store-ports.ts';
import type { ObservationBatch } from '../../contract/observation-codec.ts';
import type { RunRef } from '../../contract/parts.ts';
import type { Finished, ToOrchestrator } from '../../contract/runner-messages.ts';
import { HarnessError } from '../../kernel/errors.ts';
import type { Ingest } from './ingest.ts';
import { keepTrying } from './keep-trying.ts';
import type { Line } from './line.ts';

export interface HearDeps {
  readonly store: Store;
  readonly events: RunnerEvents;
  readonly ingest: Ingest;
  readonly clock: Clock;
  readonly log: Log;
}

interface Heard {
  readonly line: Line;
  readonly message: ToOrchestrator;
  readonly sizeBytes: number;
}

/**
 * One message of an attached runner. What concerns a run that its testbed does not hold under that fence is refused
 * with `STALE_FENCE` and changes nothing; what the store cannot take now is tried until it can or the line ends.
 */
export async function hear(
  deps: HearDeps,
  { line, message, sizeBytes }: Heard,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  switch (message.kind) {
    case 'heartbeat':
      line.beat = message.runs;
      return;
    case 'observations':
      await hearObservations(deps, { line, batch: message.batch, sizeBytes });
      return;
    case 'accept':
      await hearAccept(deps, { line, ref: message, signal });
      return;
    case 'decline':
      await onRun(deps, { line, ref: message, signal }, ({ run, fence }) =>
        deps.events.declined(run, fence, message.reason),
      );
      return;
    case 'finished':
      // Observations that came before it may still be on their way into the store; others go on meanwhile.
      void hearFinished(deps, { line, finished: message, signal });
      return;
    case 'tearDown':
      await deps.store.clearSlotAfter(line.caller.testbed, message.slot, message.fence);
      return;
    case 'hello':
    case 'spooled':
      throw new HarnessError('MESSAGE_INVALID', `AttachRequest.${message.kind}: does not belong here`);
  }
}

async function hearAccept(
  deps: HearDeps,
  { line, ref, signal }: { line: Line; ref: RunRef; signal: AbortSignal },
): Promise<void> {
  if (line.accepted.has(ref.run) && line.holds(ref)) return;
  await onRun(deps, { line, ref, signal }, async ({ run, fence }) => {
    await deps.events.accepted(run, fence);
    line.accepted.add(run);
  });
}

async function hearObservations(
  deps: HearDeps,
  { line, batch, sizeBytes }: { line: Line; batch: ObservationBatch; sizeBytes: number },
): Promise<void> {
  try {
    await demandHold(deps, line, batch);
    await deps.ingest.offer(line, batch, sizeBytes);
  } catch (cause) {
    refuse(deps, { line, ref: batch }, cause);
  }
}

async function hearFinished(
  deps: HearDeps,
  { line, finished, signal }: { line: Line; finished: Finished; signal: AbortSignal },
): Promise<void> {
  line.working += 1;
  try {
    await deps.ingest.flushed();
    await onRun(deps, { line, ref: finished, signal }, async ({ run, fence }) => {
      const { lastSeq, tearDownFailure, gaveUp } = finished;
      const progress = await deps.store.progress(run);
      if (progress.lastSeq < lastSeq) {
        throw new HarnessError(
          'EVIDENCE_GAP',
          `${lastSeq} observations were announced, ${progress.lastSeq} came`,
        );
      }
      await deps.events.finished(run, fence, { lastSeq, tearDownFailure, gaveUp });
      line.send({ kind: 'acknowledged', run, fence, seq: lastSeq, finished: true });
    });
  } finally {
    line.working -= 1;
  }
}

/** Does something for a run that the line holds, or refuses it; waits out a store that is down. */
async function onRun(
  deps: HearDeps,
  { line, ref, signal }: { line: Line; ref: RunRef; signal: AbortSignal },
  act: (ref: RunRef) => Promise<void>,
): Promise<void> {
  try {
    await keepTrying(
      async () => {
        await demandHold(deps, line, ref);
        await act(ref);
      },
      { signal },
    );
  } catch (cause) {
    if (!signal.aborted) refuse(deps, { line, ref }, cause);
  }
}

async function demandHold({ store }: HearDeps, line: Line, ref: RunRef): Promise<void> {
  if (line.holds(ref)) return;
  // The lease may be younger than what we know; a runner that asks for runs it does not have waits for its answer.
  const desired = await store.desired([line.caller.testbed]);
  line.held = new Map(desired.map((entry) => [entry.run, entry]));
  if (line.holds(ref)) return;
  throw new HarnessError('STALE_FENCE', `run ${ref.run} is not held under fence ${ref.fence} here`);
}

function refuse({ log }: HearDeps, { line, ref }: { line: Line; ref: RunRef }, cause: unknown): void {
  const err = HarnessError.from(cause);
  const { runner } = line.caller;
  log.warn(
    { event: 'runner.message-refused', runnerId: runner, runId: ref.run, code: err.code, err },
    'refused',
  );
  line.refuse(ref, err);
}
