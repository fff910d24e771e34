import { parentPort, workerData } from 'node:worker_threads';
import type { Instant } from '../../runners/interfaces/capture/instant.ts';
import { BatchReader, type MessageBatch } from '../../runners/interfaces/trace/message-batch.ts';
import { MessageJudge } from '../../runners/interfaces/trace/message-judge.ts';
import type { PropertyFinding } from '../judge/finding.ts';
import type { Program } from '../judge/program.ts';

export interface JudgeOrder {
  readonly programs: readonly Program[];
  readonly isComplete: boolean;
}

/** What the thread is told: messages, and that there are no more. */
export type JudgeTold =
  { readonly batch: MessageBatch } | { readonly end: { readonly at: Instant; readonly isComplete: boolean } };

/** What it says: that it is done with a batch, whose memory may be used again, and at last what it has found. */
export type JudgeSays =
  { readonly done: Pick<MessageBatch, 'numbers' | 'octets'> } | { readonly found: FoundInMessages };

export interface FoundInMessages {
  readonly findings: readonly PropertyFinding[];
  readonly messages: number;
  readonly began: Instant | undefined;
}

const judge = new MessageJudge(workerData as JudgeOrder);
const reader = new BatchReader(judge);

parentPort?.on('message', (told: JudgeTold) => {
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
  const found = { findings: judge.findings(), messages: judge.count, began: judge.began };
  parentPort?.postMessage({ found } satisfies JudgeSays);
});
