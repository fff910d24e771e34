import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import type { Connection } from '../../../../runners/core/connection.ts';
import type { EvidenceStore } from '../../../../runners/core/evidence-store.ts';
import type { LocalRun } from '../../../../runners/core/local-run.ts';
import { uploadItem, uploadWaiting } from '../../../../runners/core/uploader.ts';
import type { EvidenceItem } from '../../../../src/domain/case-record.ts';
import { HarnessError } from '../../../../src/kernel/errors.ts';

const unheard: unknown[] = [];
const hear = (error: unknown): void => void unheard.push(error);
afterEach(() => void process.off('unhandledRejection', hear));

it('hears the refusal of an upload also while it waits for the disk', async () => {
  process.on('unhandledRejection', hear);
  const item: EvidenceItem = {
    digest: `sha256:${'0'.repeat(64)}` as EvidenceItem['digest'],
    bytes: 1,
    mediaType: 'text/plain',
    role: 'exchange',
  };
  const stream = { write: () => true, end: () => undefined, cancel: () => undefined };
  const connection = {
    call: () => Promise.resolve({ offset: 0, complete: false }),
    upload: () => ({ stream, answer: Promise.reject(new HarnessError('STALE_FENCE', 'the run is over')) }),
  } as unknown as Connection;
  const store = {
    size: () => Promise.resolve(1),
    async *read() {
      for (let n = 0; n < 5; n += 1) await turn();
      yield new Uint8Array(1);
    },
  } as unknown as EvidenceStore;
  const run = { ref: { run: 'run-1', fence: 1 } } as unknown as LocalRun;
  const upload = uploadItem({ connection, run, item, store }, { signal: new AbortController().signal });
  await expect(upload).rejects.toMatchObject({ code: 'STALE_FENCE' });
  expect(unheard).toEqual([]);
});

it.each([
  ['STORE_UNAVAILABLE', 'keeps an item that the orchestrator cannot take now', 1],
  ['INPUT_TOO_LARGE', 'gives an item up that no connection will ever take', 0],
] as const)('%s: %s', async (code, _, left) => {
  vi.useFakeTimers();
  const item = { digest: `sha256:${'1'.repeat(64)}`, bytes: 1, mediaType: 'text/plain', role: 'exchange' };
  const run = { ref: { run: 'run-1', fence: 1 }, run: 'run-1', uploads: [item], lapsed: false };
  const connection = { call: () => Promise.reject(new HarnessError(code, 'not now')) };
  const store = { size: () => Promise.resolve(1) };
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
  };
  const parts = { connection, runs: [run], store, log } as unknown as Parameters<typeof uploadWaiting>[0];
  const done = uploadWaiting(parts, { signal: new AbortController().signal }).then(
    () => 'through',
    (error: unknown) => (error as HarnessError).code,
  );
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await done).toBe(left === 1 ? code : 'through');
  expect(run.uploads).toHaveLength(left);
  vi.useRealTimers();
});
