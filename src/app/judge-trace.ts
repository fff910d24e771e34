import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import {
  CaptureJudge,
  type CaptureJudgeOptions,
  type JudgedCapture,
} from '../../runners/interfaces/trace/capture-judge.ts';
import { suggestion } from '../documents/nearest.ts';
import { renderProblem } from '../documents/problem.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { Program } from '../judge/program.ts';
import { HarnessError } from '../kernel/errors.ts';
import { readPlans } from '../plans/read-plans.ts';
import { readProperties } from '../plans/read-properties.ts';
import { selectProperties } from '../plans/select-properties.ts';
import { pieces } from './capture-pieces.ts';
import { ThreadedJudge } from './threaded-judge.ts';
import { PROPERTIES, TESTPLANS } from './shipped.ts';

export interface JudgeTraceOptions extends Pick<CaptureJudgeOptions, 'programs' | 'udpPorts' | 'isComplete'> {
  readonly signal: AbortSignal;
  /** Called with the bytes that were read so far. */
  readonly onProgress?: (bytes: number) => void;
  /** How many threads judge while this one reads; 0: this one does it. Default: as many as there are processors for, if the file is large. */
  readonly threads?: number;
}

/** From this size on more threads are worth their start. */
const LARGE_BYTES = 32 * 1024 * 1024;
/** Reading takes a quarter of the time: with more than this, they would wait for it. */
const MAX_THREADS = 4;

export type { JudgedCapture } from '../../runners/interfaces/trace/capture-judge.ts';

/** The same by the properties that a shipped plan states: `WRONG_USE` when there is no such plan, or it states none. */
export async function judgeByPlan(
  file: string,
  { plan: id, ...options }: Omit<JudgeTraceOptions, 'programs'> & { readonly plan: string },
): Promise<JudgedCapture> {
  return judgeCapture(file, { ...options, programs: await programsOf(id) });
}

/** The properties that a shipped plan states; without one, all that there are. */
export async function programsOf(id?: string): Promise<readonly Program[]> {
  const catalogue = await readProperties(PROPERTIES);
  if (!catalogue.ok) throw new HarnessError('PLAN_INVALID', catalogue.error.map(renderProblem).join('; '));
  if (id === undefined) return [...catalogue.value.values()];
  const { plans } = await readPlans(TESTPLANS);
  const plan = plans.find((each) => each.plan.id === id)?.plan;
  if (plan === undefined) {
    const ids = plans.map((each) => each.plan.id);
    throw new HarnessError('WRONG_USE', `no plan is called "${id}"${suggestion(id, ids)}`);
  }
  if (plan.properties === undefined)
    throw new HarnessError('WRONG_USE', `the plan "${id}" states no trace properties`);
  const selected = selectProperties(catalogue.value, plan.properties);
  if (selected.ok) return selected.value;
  throw new HarnessError('PLAN_INVALID', selected.error.map(({ what }) => what).join('; '));
}

/** What a capture shows of properties, in one pass: `NOT_FOUND`, `CAPTURE_INVALID` with the offset. */
export async function judgeCapture(
  file: string,
  { signal, onProgress, threads = threadsFor(file), ...options }: JudgeTraceOptions,
): Promise<JudgedCapture> {
  const told = async (push: (piece: Uint8Array) => void | Promise<void>): Promise<void> => {
    let bytes = 0;
    for await (const piece of pieces(file)) {
      signal.throwIfAborted();
      await push(piece);
      bytes += piece.length;
      onProgress?.(bytes);
    }
  };
  if (threads === 0) {
    const judge = new CaptureJudge(options);
    await told((piece) => {
      judge.push(piece);
    });
    return judge.end();
  }
  await using judge = new ThreadedJudge({ ...options, threads });
  await told((piece) => judge.push(piece));
  return await judge.end();
}

function threadsFor(file: string): number {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const processors = availableParallelism();
  return size < LARGE_BYTES || processors === 1 ? 0 : Math.min(processors, MAX_THREADS);
}

/** The verdicts of properties that had their chance; `none` when none had. */
export function verdictsOf({ findings }: JudgedCapture): readonly Verdict[] {
  const verdicts = findings.map(({ verdict }) => verdict).filter((verdict) => verdict !== 'none');
  return verdicts.length === 0 ? ['none'] : verdicts;
}
