import type { Job, WorkerOptions } from 'bullmq';
import type { Log, Queue, Tick } from '../../campaigns/ports.ts';
import { HarnessError } from '../../kernel/errors.ts';
import { backoffMs, distinct, nameOf, parseTick, type TickJob, toJob } from './ticks.ts';

/** As much of a BullMQ queue and worker as is used, whatever their backend. */
export interface AnyBullQueue {
  addBulk(jobs: TickJob[]): Promise<unknown>;
  getJobCounts(...types: ('waiting' | 'delayed' | 'prioritized')[]): Promise<Record<string, number>>;
  close(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export interface AnyWorker {
  run(): Promise<void>;
  close(force?: boolean): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export type TuningOptions = Omit<WorkerOptions, 'connection' | 'prefix'>;
type Process = (job: Pick<Job<unknown>, 'data' | 'removeDeduplicationKey'>) => Promise<void>;

/** One of the places a queue can be in. */
export interface Place {
  readonly backend: Queue['backend'];
  readonly queue: AnyBullQueue;
  /** The worker gets connections of its own; `release` closes them. */
  makeWorker(process: Process, options: TuningOptions): { worker: AnyWorker; release: () => Promise<void> };
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** A ring or a ping that takes longer counts as: not reachable. */
const ANSWER_MS = 5_000;
/** How long a listener waits for its backend, when its handlers are done, before it just leaves. */
const LEAVE_MS = 2_000;

/** After a crash its ticks are heard again within `lockDuration + stalledInterval`. */
const TUNING = {
  autorun: false,
  lockDuration: 10_000,
  stalledInterval: 5_000,
  maxStalledCount: 1_000_000,
  settings: { backoffStrategy: backoffMs },
} satisfies TuningOptions;

export function makeQueue(place: Place, log: Log): Queue {
  const complain = quietly((err) => log.warn({ event: 'queue.trouble', err }, 'the queue is in trouble'));
  place.queue.on('error', complain);
  const listeners = new Set<AsyncDisposable>();
  return {
    backend: place.backend,
    ring: async (ticks, { delayMs = 0 } = {}) => {
      const jobs = distinct(ticks).map((tick) => toJob(tick, { delayMs, now: Date.now() }));
      if (jobs.length > 0) await reach(() => place.queue.addBulk(jobs));
    },
    listen: (handler, { concurrency }) => {
      const listener = listen(place, { handler, concurrency, log, complain });
      listeners.add(listener);
      return {
        [Symbol.asyncDispose]: async () => {
          listeners.delete(listener);
          await listener[Symbol.asyncDispose]();
        },
      };
    },
    depth: async () => {
      const counts = await reach(() => place.queue.getJobCounts('waiting', 'delayed', 'prioritized'));
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    },
    ping: () => reach(() => place.ping()),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...listeners].map((listener) => listener[Symbol.asyncDispose]()));
      await atMost(LEAVE_MS, place.queue.close());
      await place.close();
    },
  };
}

interface Listening {
  readonly handler: (tick: Tick) => Promise<void>;
  readonly concurrency: number;
  readonly log: Log;
  readonly complain: (err: unknown) => void;
}

function listen(place: Place, { handler, concurrency, log, complain }: Listening): AsyncDisposable {
  const underWay = new Set<Promise<void>>();
  const handle: Process = async (job) => {
    // From here on an equal tick is a new one. Before the handler has looked at anything, or it could be lost.
    await job.removeDeduplicationKey();
    const tick = parseTick(job.data);
    if (tick === null) {
      log.warn({ event: 'queue.foreign' }, 'something that is no tick was in the queue');
      return;
    }
    try {
      await handler(tick);
    } catch (err) {
      log.warn({ event: 'queue.handler.failed', tick: nameOf(tick), err }, 'a tick will be heard again');
      throw err;
    }
  };
  const { worker, release } = place.makeWorker(
    (job) => {
      const work = handle(job);
      const settled = work.catch(() => undefined).finally(() => underWay.delete(settled));
      underWay.add(settled);
      return work;
    },
    { ...TUNING, concurrency },
  );
  worker.on('error', complain);
  worker.run().catch(complain);
  return { [Symbol.asyncDispose]: () => leave({ worker, release, underWay }) };
}

/** Takes no more ticks, waits for the handlers, then for the backend, but for a dead one not for ever. */
async function leave({
  worker,
  release,
  underWay,
}: {
  worker: AnyWorker;
  release: () => Promise<void>;
  underWay: ReadonlySet<Promise<void>>;
}): Promise<void> {
  const closing = worker.close();
  while (underWay.size > 0) await Promise.all(underWay);
  if (!(await atMost(LEAVE_MS, closing))) await atMost(LEAVE_MS, worker.close(true));
  await release();
}

async function reach<T>(ask: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ANSWER_MS} ms`)), ANSWER_MS);
  });
  try {
    return await Promise.race([ask(), late]);
  } catch (error) {
    throw HarnessError.from(error, 'QUEUE_UNAVAILABLE');
  } finally {
    clearTimeout(timer);
  }
}

/** Whether `work` came to an end within `ms`; how it ended does not matter to somebody who leaves. */
async function atMost(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const done = work.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}

const QUIET_MS = 5_000;

/** A dead connection complains many times a second; once in a while is enough to know. */
function quietly(say: (err: unknown) => void): (err: unknown) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (err) => {
    const now = performance.now();
    if (now - last < QUIET_MS) return;
    last = now;
    say(err);
  };
}
