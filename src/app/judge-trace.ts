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
import { PROPERTIES, TESTPLANS } from './shipped.ts';

export interface JudgeTraceOptions extends Pick<CaptureJudgeOptions, 'programs' | 'udpPorts' | 'isComplete'> {
  readonly signal: AbortSignal;
  /** Called with the bytes that were read so far. */
  readonly onProgress?: (bytes: number) => void;
}

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
  { signal, onProgress, ...options }: JudgeTraceOptions,
): Promise<JudgedCapture> {
  const judge = new CaptureJudge(options);
  let bytes = 0;
  for await (const piece of pieces(file)) {
    signal.throwIfAborted();
    judge.push(piece);
    bytes += piece.length;
    onProgress?.(bytes);
  }
  return judge.end();
}

/** The verdicts of properties that had their chance; `none` when none had. */
export function verdictsOf({ findings }: JudgedCapture): readonly Verdict[] {
  const verdicts = findings.map(({ verdict }) => verdict).filter((verdict) => verdict !== 'none');
  return verdicts.length === 0 ? ['none'] : verdicts;
}
