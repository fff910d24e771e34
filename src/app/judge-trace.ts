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
import { ThreadJudge } from './judge-thread.ts';
import { PROPERTIES, TESTPLANS } from './shipped.ts';

export interface JudgeTraceOptions extends Pick<CaptureJudgeOptions, 'programs' | 'udpPorts' | 'isComplete'> {
  readonly signal: AbortSignal;
  /** Called with the bytes that were read so far. */
  readonly onProgress?: (bytes: number) => void;
  /** Whether a second thread judges while this one reads. Default: for large files, where there is a processor for it. */
  readonly inThread?: boolean;
}

/** From this size on a second thread is worth its start. */
const LARGE_BYTES = 32 * 1024 * 1024;

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
  { signal, onProgress, inThread = isLarge(file), ...options }: JudgeTraceOptions,
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
  if (!inThread) {
    const judge = new CaptureJudge(options);
    await told((piece) => {
      judge.push(piece);
    });
    return judge.end();
  }
  await using judge = new ThreadJudge({ isComplete: false, ...options });
  await told((piece) => judge.push(piece));
  return await judge.end();
}

function isLarge(file: string): boolean {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return size >= LARGE_BYTES && availableParallelism() > 1;
}

/** The verdicts of properties that had their chance; `none` when none had. */
export function verdictsOf({ findings }: JudgedCapture): readonly Verdict[] {
  const verdicts = findings.map(({ verdict }) => verdict).filter((verdict) => verdict !== 'none');
  return verdicts.length === 0 ? ['none'] : verdicts;
}
