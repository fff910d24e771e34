import { expect, it } from 'vitest';
import { Ingest } from '../../../../src/adapters/rpc-grpc/ingest.ts';
import type { Line } from '../../../../src/adapters/rpc-grpc/line.ts';
import type { BatchAnswer, ObservationBatch, RunnerStore } from '../../../../src/campaigns/store-ports.ts';
import type { RunId } from '../../../../src/domain/ids.ts';
import { HarnessError } from '../../../../src/kernel/errors.ts';
import { silentLog, wallClock } from '../../../support/pglite.ts';

const run = 'run-1' as RunId;
const MIB = 1024 * 1024;

const aBatch = (from: number, to: number): ObservationBatch => ({
  run,
  fence: 1,
  observations: Array.from({ length: to - from + 1 }, (_, n) => ({
    seq: from + n,
    at: wallClock.now(),
    kind: 'log',
    level: 'info',
    text: 'x',
  })),
});

/** A line that holds the run and remembers what it was told. */
function aLine(): { line: Line; told: unknown[] } {
  const told: unknown[] = [];
  const line = {
    held: new Map([[run, {}]]),
    send: (message: { kind: string; seq?: number; reason?: { code: string } }) =>
      told.push(message.reason?.code ?? message.seq),
    refuse: (_: unknown, error: HarnessError) => told.push(error.code),
  };
  return { line: line as unknown as Line, told };
}

type Append = RunnerStore['append'];
const stored = (batches: readonly ObservationBatch[]): readonly BatchAnswer[] =>
  batches.map((batch) => ({ ok: true, run: batch.run, seq: batch.observations.at(-1)?.seq ?? 0 }));
const makeIngest = (append: Append): Ingest =>
  new Ingest({ store: { append } as unknown as RunnerStore, clock: wallClock, log: silentLog });

it('stores what arrived meanwhile together, and tells only what is stored', async () => {
  const commits: number[][] = [];
  await using ingest = makeIngest((batches) => {
    commits.push(batches.flatMap(({ observations }) => observations.map(({ seq }) => seq)));
    return Promise.resolve(stored(batches));
  });
  const { line, told } = aLine();
  await Promise.all([ingest.offer(line, aBatch(1, 2), 10), ingest.offer(line, aBatch(2, 4), 10)]);
  expect(told).toEqual([]);
  await ingest.flushed();
  expect(commits).toEqual([[1, 2, 3, 4]]);
  expect(told).toEqual([4]);
});

it('tells nothing while the store is down, and loses nothing', async () => {
  let down = 2;
  await using ingest = makeIngest((batches) => {
    down -= 1;
    if (down >= 0) return Promise.reject(new HarnessError('STORE_UNAVAILABLE', 'down'));
    return Promise.resolve(stored(batches));
  });
  const { line, told } = aLine();
  await ingest.offer(line, aBatch(1, 1), 10);
  await ingest.flushed();
  expect(told).toEqual([1]);
});

it('makes a flood wait until there is room', async () => {
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  await using ingest = makeIngest(async (batches) => {
    await gate;
    return stored(batches);
  });
  const { line, told } = aLine();
  await ingest.offer(line, aBatch(1, 1), 20 * MIB);
  let waiting = true;
  const flood = ingest.offer(line, aBatch(2, 2), 20 * MIB).then(() => (waiting = false));
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(waiting).toBe(true);
  open();
  await flood;
  await ingest.flushed();
  expect(told).toEqual([1, 2]);
});

it('one batch that the store cannot take does not take others with it', async () => {
  const other = 'run-2' as RunId;
  await using ingest = makeIngest((batches) =>
    batches.some((batch) => batch.run === other)
      ? Promise.reject(new HarnessError('UNEXPECTED', 'poison'))
      : Promise.resolve(stored(batches)),
  );
  const good = aLine();
  const bad = aLine();
  (bad.line.held as Map<RunId, unknown>).set(other, {});
  await Promise.all([
    ingest.offer(good.line, aBatch(1, 1), 10),
    ingest.offer(bad.line, { ...aBatch(1, 1), run: other }, 10),
  ]);
  await ingest.flushed();
  expect([good.told, bad.told]).toEqual([[1], ['UNEXPECTED']]);
});

it('refuses observations of a run that is not held', async () => {
  await using ingest = makeIngest((batches) => Promise.resolve(stored(batches)));
  const { line } = aLine();
  await expect(ingest.offer(line, { ...aBatch(1, 1), run: 'run-9' as RunId }, 1)).rejects.toMatchObject({
    code: 'STALE_FENCE',
  });
});
