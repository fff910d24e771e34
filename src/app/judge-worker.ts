import { parentPort, workerData } from 'node:worker_threads';
import type { Instant } from '../../runners/interfaces/capture/instant.ts';
import { BatchReader, type MessageBatch } from '../../runners/interfaces/trace/message-batch.ts';
import { MessageJudge } from '../../runners/interfaces/trace/message-judge.ts';
import type { PropertyFinding } from '../judge/finding.ts';
import type { JudgeOptions } from '../judge/judge.ts';

/** What the thread is told: what findings call 0, messages, and that there are no more. */
export type JudgeTold =
  | { readonly begin: Instant }
  | { readonly batch: MessageBatch }
  | { readonly end: { readonly at: Instant; readonly isComplete: boolean } };

/** What it says: that it is done with a batch, whose memory may be used again, and at last what it has found. */
export type JudgeSays =
  { readonly done: Pick<MessageBatch, 'numbers' | 'octets'> } | { readonly found: FoundInMessages };

export interface FoundInMessages {
  readonly findings: readonly PropertyFinding[];
  readonly messages: number;
}

const judge = new MessageJudge(workerData as JudgeOptions);
const reader = new BatchReader(judge);

parentPort?.on('message', (told: JudgeTold) => {
  if ('begin' in told) {
    judge.begin(told.begin);
    return;
  }
  if ('batch' in told) {
    const { numbers, octets } = told.batch;
    reader.read(told.batch);
    parentPort?.postMessage({ done: { numbers, octets } } satisfies JudgeSays, [
      numbers.buffer,
      octets.buffer,
    ]);
    return;
  }
  judge.end(told.end.at, told.end.isComplete);
  const found = { findings: judge.findings(), messages: judge.count };
  parentPort?.postMessage({ found } satisfies JudgeSays);
});
