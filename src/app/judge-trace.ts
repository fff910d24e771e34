import { createReadStream } from 'node:fs';
import { endPointText } from '../../runners/interfaces/capture/end-point.ts';
import {
  type CaptureCounts,
  type CapturedMessage,
  MessageReader,
} from '../../runners/interfaces/capture/message-reader.ts';
import { protocolOf } from '../../runners/interfaces/trace/protocols.ts';
import { suggestion } from '../documents/nearest.ts';
import { renderProblem } from '../documents/problem.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { PropertyFinding } from '../judge/finding.ts';
import type { Side } from '../judge/happening.ts';
import { TraceJudge } from '../judge/judge.ts';
import type { Program } from '../judge/program.ts';
import { HarnessError } from '../kernel/errors.ts';
import { readPlans } from '../plans/read-plans.ts';
import { readProperties } from '../plans/read-properties.ts';
import { selectProperties } from '../plans/select-properties.ts';
import { PROPERTIES, TESTPLANS } from './shipped.ts';

export interface JudgeTraceOptions {
  readonly programs: readonly Program[];
  /** Ports of UDP that carry SCTP, beside those that are found. */
  readonly udpPorts?: readonly number[];
  /** Whoever made the capture knows that it has lost nothing: then silence proves what it seems to. */
  readonly isComplete?: boolean;
  readonly signal: AbortSignal;
}

export interface JudgedTrace {
  readonly findings: readonly PropertyFinding[];
  readonly counts: CaptureCounts;
  /** Of protocols that are judged. */
  readonly messages: number;
  /** When the first frame was captured, in nanoseconds since 1970; what findings call 0. */
  readonly beganNs: bigint;
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

async function programsOf(id: string): Promise<readonly Program[]> {
  const { plans } = await readPlans(TESTPLANS);
  const plan = plans.find((each) => each.plan.id === id)?.plan;
  if (plan === undefined) {
    const ids = plans.map((each) => each.plan.id);
    throw new HarnessError('WRONG_USE', `no plan is called "${id}"${suggestion(id, ids)}`);
  }
  if (plan.properties === undefined)
    throw new HarnessError('WRONG_USE', `the plan "${id}" states no trace properties`);
  const catalogue = await readProperties(PROPERTIES);
  if (!catalogue.ok) throw new HarnessError('PLAN_INVALID', catalogue.error.map(renderProblem).join('; '));
  const selected = selectProperties(catalogue.value, plan.properties);
  if (selected.ok) return selected.value;
  throw new HarnessError('PLAN_INVALID', selected.error.map(({ what }) => what).join('; '));
}

/** What a capture shows of properties, in one pass: `NOT_FOUND`, `CAPTURE_INVALID` with the offset. */
export async function judgeCapture(file: string, options: JudgeTraceOptions): Promise<JudgedTrace> {
  const { programs, udpPorts = [], isComplete = false, signal } = options;
  const reader = new MessageReader({ udpPorts });
  const judge = new TraceJudge({ programs, isComplete });
  const judging = new CaptureJudging(judge, new Set(programs.map(({ property }) => property.protocol)));
  for await (const piece of pieces(file)) {
    signal.throwIfAborted();
    for (const message of reader.push(piece)) judging.message(message);
  }
  for (const message of reader.end()) judging.message(message);
  const { counts, cutAt } = reader;
  judge.end(judging.atMs(reader.lastNs), { isComplete: isComplete && !lacksAnything(counts) });
  return {
    ...{ findings: judge.findings(), counts, messages: judging.count, beganNs: judging.beganNs ?? 0n },
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

/** Gives messages of a capture to a judge, with what is missing before them. */
class CaptureJudging {
  readonly #judge: TraceJudge;
  readonly #protocols: ReadonlySet<string>;
  /** Texts of end points by association, and which of them is side 0. */
  readonly #ends = new Map<number, readonly [string, string]>();
  beganNs: bigint | undefined;
  count = 0;
  #atMs = 0;

  constructor(judge: TraceJudge, protocols: ReadonlySet<string>) {
    this.#judge = judge;
    this.#protocols = protocols;
  }

  /** Times go on, never back. */
  atMs(timeNs: bigint): number {
    this.beganNs ??= timeNs;
    this.#atMs = Math.max(this.#atMs, Number(timeNs - this.beganNs) / 1e6);
    return this.#atMs;
  }

  message(captured: CapturedMessage): void {
    const { n, association, from, to, ppid, missing, isLate, bytes, inMiddle } = captured;
    const atMs = this.atMs(captured.timeNs);
    this.#judge.open(association, { atMs, isJoined: inMiddle });
    const [ends, side] = this.#sideOf(captured);
    const other = side === 0 ? 1 : 0;
    if (missing > 0) this.#judge.gap({ association, side, atMs });
    if (isLate) this.#judge.gap({ association, side: other, atMs });
    const protocol = protocolOf({ ppid, ports: [from.port, to.port] });
    if (protocol === undefined || !this.#protocols.has(protocol.name)) return;
    this.count += 1;
    this.#judge.message({
      ...protocol.look(bytes),
      ...{ n, atMs, association, side, protocol: protocol.name },
      ...{ from: ends[side], to: ends[other] },
    });
    // What was said to it may have passed while it waited.
    if (isLate) this.#judge.gap({ association, side: other, atMs });
  }

  #sideOf({ association, from, to }: CapturedMessage): readonly [readonly [string, string], Side] {
    const sender = endPointText(from);
    let ends = this.#ends.get(association);
    if (ends === undefined) {
      const [oldest] = this.#ends.size < MAX_ENDS ? [] : this.#ends.keys();
      if (oldest !== undefined) this.#ends.delete(oldest);
      ends = [sender, endPointText(to)];
      this.#ends.set(association, ends);
    }
    return [ends, sender === ends[0] ? 0 : 1];
  }
}

const MAX_ENDS = 8_192;
