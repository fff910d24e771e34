import { createReadStream } from 'node:fs';
import type { Instant } from '../../runners/interfaces/capture/instant.ts';
import { type CaptureCounts, MessageReader } from '../../runners/interfaces/capture/message-reader.ts';
import { suggestion } from '../documents/nearest.ts';
import { renderProblem } from '../documents/problem.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { PropertyFinding } from '../judge/finding.ts';
import { TraceJudge } from '../judge/judge.ts';
import type { Program } from '../judge/program.ts';
import { HarnessError } from '../kernel/errors.ts';
import { readPlans } from '../plans/read-plans.ts';
import { readProperties } from '../plans/read-properties.ts';
import { selectProperties } from '../plans/select-properties.ts';
import { CaptureJudging } from './capture-judging.ts';
import { PROPERTIES, TESTPLANS } from './shipped.ts';

export interface JudgeTraceOptions {
  readonly programs: readonly Program[];
  /** Ports of UDP that carry SCTP, beside those that are found. */
  readonly udpPorts?: readonly number[];
  /** Whoever made the capture knows that it has lost nothing: then silence proves what it seems to. */
  readonly isComplete?: boolean;
  readonly signal: AbortSignal;
  /** Called with the bytes that were read so far. */
  readonly onProgress?: (bytes: number) => void;
}

export interface JudgedTrace {
  readonly findings: readonly PropertyFinding[];
  readonly counts: CaptureCounts;
  /** Of protocols that are judged. */
  readonly messages: number;
  /** When the first message passed; what findings call 0. */
  readonly began: Instant;
  /** Where a capture ends inside of a record. */
  readonly cutAt?: number;
}

/** The same by the properties that a shipped plan states: `WRONG_USE` when there is no such plan, or it states none. */
export async function judgeByPlan(
  file: string,
  { plan: id, ...options }: Omit<JudgeTraceOptions, 'programs'> & { readonly plan: string },
): Promise<JudgedTrace> {
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
export async function judgeCapture(file: string, options: JudgeTraceOptions): Promise<JudgedTrace> {
  const { programs, udpPorts = [], isComplete = false, signal, onProgress } = options;
  const judge = new TraceJudge({ programs, isComplete });
  const judging = new CaptureJudging(judge, new Set(programs.map(({ property }) => property.protocol)));
  const reader = new MessageReader({ udpPorts, ...judging.events });
  let bytes = 0;
  for await (const piece of pieces(file)) {
    signal.throwIfAborted();
    reader.push(piece);
    bytes += piece.length;
    onProgress?.(bytes);
  }
  reader.end();
  const { counts, cutAt } = reader;
  judge.end(judging.atMs(reader.last), { isComplete: isComplete && !lacksAnything(counts) });
  return {
    ...{ findings: judge.findings(), counts, messages: judging.count, began: judging.began ?? reader.last },
    ...(cutAt === undefined ? {} : { cutAt }),
  };
}

/** The verdicts of properties that had their chance; `none` when none had. */
export function verdictsOf({ findings }: JudgedTrace): readonly Verdict[] {
  const verdicts = findings.map(({ verdict }) => verdict).filter((verdict) => verdict !== 'none');
  return verdicts.length === 0 ? ['none'] : verdicts;
}

/** Whoever says that a capture is complete can be wrong. */
function lacksAnything({ missing, wrongChecksum, malformed, cut, unknownLink }: CaptureCounts): boolean {
  return missing + wrongChecksum + malformed + cut + unknownLink > 0;
}

async function* pieces(file: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const piece of createReadStream(file, { highWaterMark: 1024 * 1024 })) yield piece as Buffer;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause)
      throw new HarnessError('NOT_FOUND', `${file} cannot be read`, { cause });
    throw cause;
  }
}
