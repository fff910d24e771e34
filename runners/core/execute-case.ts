import { randomUUID } from 'node:crypto';
import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { redactCapture } from '../interfaces/redact/redact-capture.ts';
import type { CaseRecord, EvidenceItem, FitnessCheck, Outcome } from '../../src/domain/case-record.ts';
import type { PlanCase } from '../../src/domain/plan.ts';
import {
  OBSERVATIONS_MEDIA_TYPE,
  parseObservations,
  renderObservations,
} from '../../src/evidence/observations.ts';
import { reason, type Reason } from '../../src/kernel/errors.ts';
import type { Judged, Procedure } from '../procedures/procedure.ts';
import { type CaseBench, openBench } from './bench.ts';
import { CAPTURE_MEDIA_TYPE } from './capture.ts';
import { abortReason, driveCase, type Driven, silenceClock, type ToDrive } from './execute-drive.ts';
import { evidenceRefs, rejudge } from './execute-judge.ts';
import type { Capture } from './execute-ports.ts';
import { makeRecord, type RunContext } from './execute-record.ts';
import { type Ending, type Judgement, reasonOf, settle } from './execute-verdict.ts';

export interface CaseToRun {
  readonly planCase: PlanCase;
  readonly procedure: Procedure;
}

export interface CaseRun {
  readonly record: CaseRecord;
  /** The procedure did not stop when it was told to and may still stimulate the SUT. */
  readonly stuck: boolean;
}

const MAX_CLOCK_DRIFT_MS = 2000;

/**
 * Drives one case, stores what was seen, judges it from what was stored, and says all of that in its record.
 * Rejects only when the start of the case could not be made durable; then nothing has been sent.
 */
export async function runCase(
  context: RunContext,
  toRun: CaseToRun,
  options: { signal: AbortSignal },
): Promise<CaseRun> {
  const { planCase } = toRun;
  const { clock, sink } = context.deps;
  const startedAt = clock.now();
  const startedMs = clock.elapsedMs();
  await sink.caseStarted(planCase.id);
  const driven = await drive(context, toRun, options);
  const stored = await storeEvidence(context, driven);
  const drift = Math.abs(clock.now() - startedAt - (clock.elapsedMs() - startedMs));
  const moved =
    drift > MAX_CLOCK_DRIFT_MS ? [`the clock of the runner was moved by ${Math.round(drift)} ms`] : [];
  const judging = judgeLater(context, toRun, stored);
  const outcome: Outcome = settle({
    planCase,
    ending: stored.failure === null ? driven.ending : brokenUnless(driven.ending, stored.failure),
    stimulated: driven.bench?.stimulated() ?? false,
    judge: judging.judge,
    remarks: [...(driven.bench?.remarks ?? []), ...moved],
  });
  const record = makeRecord(context, planCase, {
    outcome,
    startedAt,
    transports: driven.bench?.transports ?? {},
    checks: driven.checks,
    evidence: stored.items,
    ...(outcome.kind === 'judged' ? judging.notes() : {}),
  });
  return { record, stuck: driven.stuck };
}

interface DrivenCase {
  readonly ending: Ending;
  readonly stuck: boolean;
  /** Null when the case broke before there was one. */
  readonly bench: CaseBench | null;
  readonly checks: readonly FitnessCheck[];
  readonly capture: EvidenceItem | null;
}

/** From the start of the capture to its end. Never throws: whatever breaks here is ours. */
async function drive(
  context: RunContext,
  toRun: CaseToRun,
  options: { signal: AbortSignal },
): Promise<DrivenCase> {
  let open: CaseBench | null = null;
  let stuck = false;
  try {
    using silence = silenceClock(toRun.planCase.silenceMs);
    const { deps, testbed, redactor, dir } = context;
    const wire = await startCapture(context, options);
    const progressed = (): void => silence.restart();
    open = openBench({ ...deps, ...toRun, subjects: testbed.subjects, redactor, dir, progressed });
    silence.restart();
    const driven = await driveOrAbort({ ...toRun, bench: open.bench, silence }, options);
    stuck = driven.stuck;
    open.close();
    const capture = await endCapture(context, wire);
    const checks = [...(capture.check === null ? [] : [capture.check]), ...open.taps.checks()];
    return {
      ending: blameDeadPeer(context, driven.ending),
      stuck,
      bench: open,
      checks,
      capture: capture.item,
    };
  } catch (error) {
    open?.close();
    return {
      ending: { kind: 'broke', reason: reasonOf(error) },
      stuck,
      bench: open,
      checks: [],
      capture: null,
    };
  }
}

/** The abort may have come before the first step. */
function driveOrAbort(toDrive: ToDrive, options: { signal: AbortSignal }): Promise<Driven> {
  if (!options.signal.aborted) return driveCase(toDrive, options);
  return Promise.resolve({ ending: { kind: 'aborted', reason: abortReason(options.signal) }, stuck: false });
}

/** A stand-in of ours that died explains whatever else went wrong; the product's own death is for the judge. */
function blameDeadPeer({ testbed }: RunContext, ending: Ending): Ending {
  const dead = deadPeer(testbed.simulators);
  return dead === null || ending.kind === 'aborted' ? ending : { kind: 'broke', reason: dead };
}

export function deadPeer(simulators: RunContext['testbed']['simulators']): Reason | null {
  const dead = simulators.find(({ fills, running }) => fills === 'peer' && !running.alive());
  return dead === undefined
    ? null
    : reason('SIMULATOR_FAILED', `simulator ${dead.choice.name} (${dead.name}) died`);
}

interface Wire {
  readonly capture: Capture | null;
  readonly check: FitnessCheck | null;
}

async function startCapture(
  { deps, testbed, dir }: RunContext,
  options: { signal: AbortSignal },
): Promise<Wire> {
  if (deps.capture === undefined) return { capture: null, check: null };
  const request = { subjects: testbed.subjects, file: join(dir, `wire-${randomUUID()}.pcapng`) };
  const started = await deps.capture.start(request, options);
  const saw = 'impossible' in started ? started.impossible : started.saw;
  return { capture: 'impossible' in started ? null : started, check: { id: 'capture', fit: true, saw } };
}

async function endCapture(
  { deps }: RunContext,
  { capture, check }: Wire,
): Promise<{ item: EvidenceItem | null; check: FitnessCheck | null }> {
  if (capture === null) return { item: null, check };
  await capture[Symbol.asyncDispose]();
  const bytes = await readFile(capture.file);
  await rm(capture.file, { force: true });
  // What is no SCTP was kept as far as it may be shown.
  const { file } = redactCapture(bytes, { key: randomBytes(32), keepsOthers: true });
  return { item: await deps.evidence.put(file, { mediaType: capture.mediaType, role: 'capture' }), check };
}

interface Stored {
  readonly items: readonly EvidenceItem[];
  readonly exchange: { readonly bytes: Uint8Array; readonly digest: string } | null;
  /** Set when something could not be stored: then nothing may be judged from it. */
  readonly failure: Reason | null;
}

async function storeEvidence(
  { deps, redactor, testbed }: RunContext,
  { bench, capture }: DrivenCase,
): Promise<Stored> {
  const items: EvidenceItem[] = capture === null ? [] : [capture];
  const observations = bench?.observations ?? [];
  const bytes = renderObservations(observations);
  try {
    // One key for a case, so that a subscriber has one pseudonym on all of its interfaces.
    const key = randomBytes(32);
    for (const tapped of bench?.taps.files() ?? []) {
      const { file } = redactCapture(tapped, { key });
      items.push(await deps.evidence.put(file, { mediaType: CAPTURE_MEDIA_TYPE, role: 'capture' }));
    }
    // A case that saw nothing has nothing to show.
    if (observations.length > 0) {
      items.push(await deps.evidence.put(bytes, { mediaType: OBSERVATIONS_MEDIA_TYPE, role: 'exchange' }));
    }
    const digest = items.find(({ role }) => role === 'exchange')?.digest ?? '';
    for (const { running } of testbed.simulators) {
      const log = new TextEncoder().encode(redactor.text(running.log()));
      items.push(await deps.evidence.put(log, { mediaType: 'text/plain', role: 'process-log' }));
    }
    return { items, exchange: { bytes, digest }, failure: null };
  } catch (error) {
    return { items, exchange: null, failure: reasonOf(error) };
  }
}

/** An ending that says less than the lost evidence gives way to it. */
function brokenUnless(ending: Ending, failure: Reason): Ending {
  return ending.kind === 'finished' || ending.kind === 'limit' ? { kind: 'broke', reason: failure } : ending;
}

/** Judges from the stored bytes, when the ending asks for it; the notes are what the judge said beside the clauses. */
function judgeLater(
  { storedSubjects, assignment }: RunContext,
  { planCase, procedure }: CaseToRun,
  { exchange }: Stored,
): { judge: () => Judgement; notes: () => Pick<Judged, 'measurements' | 'attributedTo'> } {
  let judged: Judged | null = null;
  return {
    judge() {
      const { bytes, digest } = exchange ?? { bytes: new Uint8Array(), digest: '' };
      const interfaces = assignment.plan.subjects.flatMap((subject) => subject.interfaces);
      judged = rejudge({ planCase, procedure, subjects: storedSubjects, interfaces }, bytes);
      const parsed = parseObservations(bytes);
      const observations = parsed.ok ? parsed.value : [];
      const clauses = judged.clauses.map((clause) => {
        const { id, verdict, saw } = clause;
        const evidence = evidenceRefs(clause, observations, digest);
        const blamed = clause.blames === undefined ? undefined : storedSubjects[clause.blames];
        return {
          ...{ id, verdict, evidence },
          ...(saw === undefined ? {} : { saw }),
          ...(blamed === undefined ? {} : { blames: blamed.id }),
        };
      });
      return { clauses, remarks: judged.remarks ?? [] };
    },
    notes() {
      const { measurements = [], attributedTo } = judged ?? {};
      return { measurements, ...(attributedTo === undefined ? {} : { attributedTo }) };
    },
  };
}
