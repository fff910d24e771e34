import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { Connection } from '../../../../runners/core/connection.ts';
import type { EvidenceStore } from '../../../../runners/core/evidence-store.ts';
import type { LocalRun } from '../../../../runners/core/local-run.ts';
import { uploadItem } from '../../../../runners/core/uploader.ts';
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
