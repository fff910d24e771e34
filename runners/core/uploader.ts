import { once } from 'node:events';
import type { EvidenceItem } from '../../src/domain/case-record.ts';
import { runnerService } from '../../src/contract/services.ts';
import type { EvidenceProgress } from '../../src/contract/runner-messages.ts';
import { pause } from '../../src/kernel/deadline.ts';
import { HarnessError } from '../../src/kernel/errors.ts';
import type { Connection, UploadStream } from './connection.ts';
import type { EvidenceStore } from './evidence-store.ts';
import type { LocalRun } from './local-run.ts';
import type { RunnerLog } from './runner-log.ts';

/** Breaks and corruptions in a row after which an item is left for the next connection. */
const TRIES = 5;
const PAUSE_MS = 200;

interface Upload {
  readonly connection: Connection;
  readonly run: LocalRun;
  readonly item: EvidenceItem;
  readonly store: EvidenceStore;
}

/**
 * Uploads one item, going on where an earlier upload stopped. Resolves when the orchestrator has it, whole and verified.
 * Rejects with `STALE_FENCE` when the run is over, `EVIDENCE_MISSING` when the bytes are not here, or with what went
 * wrong last.
 */
export async function uploadItem(upload: Upload, { signal }: { signal: AbortSignal }): Promise<void> {
  const { item, store } = upload;
  if ((await store.size(item.digest)) !== item.bytes) {
    throw new HarnessError('EVIDENCE_MISSING', `${item.digest} is not on this runner`);
  }
  for (let tries = 1; ; tries += 1) {
    try {
      if ((await goOn(upload, { signal })).complete) return;
      if (tries >= TRIES) throw new HarnessError('LINE_DOWN', `${item.digest} does not get through`);
    } catch (cause) {
      signal.throwIfAborted();
      const error = HarnessError.from(cause, 'LINE_DOWN');
      if (FINAL.has(error.code) || tries >= TRIES) throw error;
    }
    await pause(PAUSE_MS, { signal });
  }
}

/** Trying again changes nothing about these. */
const FINAL = new Set(['STALE_FENCE', 'INPUT_TOO_LARGE', 'CERTIFICATE_REVOKED']);

async function goOn(upload: Upload, { signal }: { signal: AbortSignal }): Promise<EvidenceProgress> {
  const { connection, run, item, store } = upload;
  const query = { ...run.ref, digest: item.digest };
  const { offset, complete } = await connection.call(runnerService.queryEvidence, query, { signal });
  const from = complete ? item.bytes : offset;
  const { stream, answer } = connection.upload();
  const over = new AbortController();
  const done = AbortSignal.any([signal, over.signal]);
  const answered = answer.finally(() => over.abort());
  // It may come while the writer still waits for the disk; unheard until then, it would end the process.
  answered.catch(() => undefined);
  done.addEventListener('abort', () => stream.cancel(), { once: true });
  try {
    stream.write({ kind: 'header', ...run.ref, item, offset: from });
    await writeChunks(stream, store.read(item.digest, from), { signal: done });
    stream.end();
    return await answered;
  } catch (error) {
    // When the orchestrator ended the call, its answer says why; what the writer saw is only the consequence.
    if (over.signal.aborted) return await answered;
    stream.cancel();
    throw error;
  }
}

async function writeChunks(
  stream: UploadStream,
  chunks: AsyncIterable<Uint8Array>,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  for await (const bytes of chunks) {
    signal.throwIfAborted();
    if (!stream.write({ kind: 'chunk', bytes })) await once(stream, 'drain', { signal });
  }
}

/** What no other connection changes: the item itself cannot be had, or is too large. */
const HOPELESS = new Set(['EVIDENCE_MISSING', 'INPUT_TOO_LARGE']);

/** Uploads whatever waits, run by run, until nothing does or the line breaks. */
export async function uploadWaiting(
  {
    connection,
    runs,
    store,
    log,
  }: { connection: Connection; runs: readonly LocalRun[]; store: EvidenceStore; log: RunnerLog },
  { signal }: { signal: AbortSignal },
): Promise<void> {
  for (const run of runs) {
    for (let item = run.uploads[0]; item !== undefined && !run.lapsed; item = run.uploads[0]) {
      try {
        await uploadItem({ connection, run, item, store }, { signal });
        log.debug({ event: 'evidence.uploaded', runId: run.run, digest: item.digest }, 'evidence uploaded');
      } catch (cause) {
        signal.throwIfAborted();
        const err = HarnessError.from(cause);
        log.warn(
          { event: 'evidence.refused', runId: run.run, digest: item.digest, code: err.code, err },
          'not uploaded',
        );
        if (err.code === 'STALE_FENCE') break;
        // Whatever else it is may pass: the item stays first in line, and is tried again over a new connection.
        if (!HOPELESS.has(err.code)) throw err;
      }
      run.uploads.shift();
    }
  }
}
