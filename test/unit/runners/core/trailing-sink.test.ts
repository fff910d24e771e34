import { expect, it } from 'vitest';
import type { RunSink } from '../../../../runners/core/execute-ports.ts';
import { TrailingSink } from '../../../../runners/core/trailing-sink.ts';
import type { CaseRecord } from '../../../../src/domain/case-record.ts';
import type { CaseId } from '../../../../src/domain/ids.ts';

const ID = 'T-002' as CaseId;
const RECORD = { case: 'T-001' } as unknown as CaseRecord;

function aSink(record: Promise<void>): RunSink & { readonly heard: string[] } {
  const heard: string[] = [];
  return {
    heard,
    caseStarted: (id) => Promise.resolve(void heard.push(`started ${id}`)),
    caseRecord: ({ case: id }) => {
      heard.push(`record ${id}`);
      return record;
    },
    log: (level, text) => void heard.push(`${level} ${text}`),
  };
}

it('tells in order, and starts no case before the last record is durable', async () => {
  let store = (): void => undefined;
  const inner = aSink(new Promise((resolve) => (store = resolve)));
  const sink = new TrailingSink(inner);
  await sink.caseRecord(RECORD);
  let started = false;
  const start = sink.caseStarted(ID).then(() => (started = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect([inner.heard, started]).toEqual([['record T-001', 'started T-002'], false]);
  store();
  await start;
  expect(started).toBe(true);
});

it.each([
  ['at the next start', (sink: TrailingSink) => sink.caseStarted(ID)],
  ['at the end', (sink: TrailingSink) => sink.settled()],
])('says %s that a record could not be stored', async (_when, ask) => {
  const sink = new TrailingSink(aSink(Promise.reject(new Error('disk full'))));
  await sink.caseRecord(RECORD);
  await sink.caseRecord(RECORD);
  await expect(ask(sink)).rejects.toThrow('disk full');
});
