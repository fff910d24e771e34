import { once } from 'node:events';
import { pause } from '../../src/kernel/deadline.ts';
import type { AttachStream } from './connection.ts';
import type { LocalRun } from './local-run.ts';
import type { RunnerLog } from './runner-log.ts';

/** Observations that may be under way without having been acknowledged. */
const WINDOW = 5_000;
const REWIND_MS = 200;
/** While a run goes on, what comes within this time is sent together. */
const GATHER_MS = 15;

/**
 * Sends the spool of one run from the first observation that is not acknowledged, then that the run is finished.
 * Resolves when nothing is left to send; rejects when the line ends.
 */
export async function sendRun(
  { run, stream, log }: { run: LocalRun; stream: AttachStream; log: RunnerLog },
  { signal }: { signal: AbortSignal },
): Promise<void> {
  let next = run.ackedSeq + 1;
  let finishedSent = false;
  while (!run.lapsed) {
    if (run.takeRewind()) {
      log.warn({ event: 'spool.rewind', runId: run.run, seq: run.ackedSeq }, 'sending again after a gap');
      await pause(REWIND_MS, { signal });
      next = run.ackedSeq + 1;
      finishedSent = false;
    }
    next = Math.max(next, run.ackedSeq + 1);
    const encoded = next - run.ackedSeq <= WINDOW ? await run.batch(next) : [];
    const { finished } = run;
    if (encoded.length > 0) {
      next += encoded.length;
      if (!stream.write({ kind: 'spooled', ...run.ref, encoded })) await once(stream, 'drain', { signal });
      if (finished === null) await pause(GATHER_MS, { signal });
    } else if (finished !== null && !finishedSent && next > finished.lastSeq) {
      finishedSent = true;
      stream.write(finished);
    } else {
      if (run.isHeard) return;
      await run.bell.heard({ signal });
    }
  }
}
