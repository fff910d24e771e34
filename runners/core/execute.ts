import { createHmac, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { factsOf, inapplicable } from '../../src/domain/applies.ts';
import type { Assignment, DecidedCase } from '../../src/domain/assignment.ts';
import { type EvidenceItem, findingOf, type FitnessCheck } from '../../src/domain/case-record.ts';
import type { Equipment } from '../../src/domain/equipment.ts';
import type { CaseId } from '../../src/domain/ids.ts';
import type { PlanCase } from '../../src/domain/plan.ts';
import type { TearDownProof } from '../../src/domain/run.ts';
import type { Finding } from '../../src/domain/verdict.ts';
import { makeRedactor } from '../../src/evidence/redact.ts';
import { HarnessError, type Reason, reason } from '../../src/kernel/errors.ts';
import type { Json } from '../../src/kernel/json.ts';
import { Teardown } from '../../src/kernel/teardown.ts';
import { deadPeer, runCase } from './execute-case.ts';
import { abortReason } from './execute-drive.ts';
import { checkFitness } from './execute-fitness.ts';
import type { ExecuteDeps, ExecuteSignals, RunOutcome } from './execute-ports.ts';
import { makeRecord, type RunContext } from './execute-record.ts';
import { filledPeers, setUpTestbed, type Testbed } from './execute-testbed.ts';
import { notJudged, reasonOf } from './execute-verdict.ts';
import { TrailingSink } from './trailing-sink.ts';

const TEAR_DOWN_MS = 30_000;

/**
 * Executes one run: sets up, takes the cases one after the other in the order of the plan, and puts everything back,
 * whatever happens. Every case gets exactly one record, unless the sink itself fails; that ends the run and is
 * told in `gaveUp`. Never rejects.
 */
export async function executeRun(
  assignment: Assignment,
  deps: ExecuteDeps,
  signals: ExecuteSignals,
): Promise<RunOutcome> {
  const undo = new Teardown();
  const state: RunState = { findings: new Map(), hindrance: null, stuck: null };
  const sink = new TrailingSink(deps.sink);
  let gaveUp: Reason | null;
  try {
    const context = await prepare({ assignment, deps: { ...deps, sink }, undo, state }, signals);
    for (const planCase of assignment.plan.cases) await takeCase(context, { planCase, state }, signals);
    await sink.settled();
    gaveUp = state.stuck ?? state.hindrance;
  } catch (error) {
    gaveUp = reasonOf(error);
    deps.sink.log('error', `the run was given up: ${gaveUp.text}`);
  }
  return { tearDown: await putBack(undo, state.stuck), gaveUp };
}

interface RunState {
  readonly findings: Map<CaseId, Finding>;
  /** Why no case can start: all that are left are blocked. */
  hindrance: Reason | null;
  /** A procedure that goes on although it was stopped: nothing else may run beside it. */
  stuck: Reason | null;
}

interface Preparation {
  readonly assignment: Assignment;
  readonly deps: ExecuteDeps;
  readonly undo: Teardown;
  readonly state: RunState;
}

const NO_TESTBED: Testbed = { subjects: [], simulators: [] };

/** A hindrance found here is kept in the state: every case still gets its record. */
async function prepare(preparation: Preparation, signals: ExecuteSignals): Promise<RunContext> {
  const { assignment, deps, undo, state } = preparation;
  const redactor = makeRedactor({ mark: marker() });
  const dir = await mkdtemp(join(deps.workDir, 'run-'));
  undo.defer(() => rm(dir, { recursive: true, force: true }));
  const { plan, subjects } = assignment;
  const fitness = await checkFitness({ ...deps, plan });
  const unfit = fitness.find(({ fit }) => !fit);
  const peers = filledPeers(assignment, deps);
  let context: RunContext = {
    ...{ assignment, deps, redactor, dir, fitness, peers },
    ...{ testbed: { ...NO_TESTBED, subjects }, storedSubjects: subjects, evidence: [] },
  };
  if (stopReason(signals) !== null) return context;
  try {
    if (unfit !== undefined) throw unfitness(unfit);
    const testbed = await setUpTestbed({ ...preparation, simulators: deps.simulators, dir }, signals);
    const storedSubjects = redactor.json(
      testbed.subjects as unknown as Json,
    ) as unknown as readonly Equipment[];
    context = { ...context, testbed, storedSubjects };
    context = { ...context, evidence: await storeRunEvidence(context) };
  } catch (error) {
    if (signals.signal.aborted) return context;
    state.hindrance = reasonOf(error);
    deps.sink.log('error', `the run cannot start: ${redactor.text(state.hindrance.text)}`);
  }
  return context;
}

async function takeCase(
  context: RunContext,
  { planCase, state }: { planCase: PlanCase; state: RunState },
  signals: ExecuteSignals,
): Promise<void> {
  const { sink, clock, procedures } = context.deps;
  const procedure = procedures.get(planCase.procedure);
  const decided = decide(context, { planCase, state, signals });
  if (decided !== null || procedure === undefined) {
    const { disposition, reason: why } = decided ?? unknownProcedure(planCase);
    const record = makeRecord(context, planCase, {
      outcome: notJudged(disposition, why),
      startedAt: clock.now(),
    });
    await sink.caseRecord(record);
    state.findings.set(planCase.id, findingOf(record));
    return;
  }
  const { record, stuck } = await runCase(context, { planCase, procedure }, signals);
  if (stuck) state.stuck = reason('UNEXPECTED', `procedure ${procedure.id} did not stop when it was told to`);
  await sink.caseRecord(record);
  state.findings.set(planCase.id, findingOf(record));
}

/** Why a case is not driven at all, or null. */
function decide(
  { assignment, testbed }: RunContext,
  { planCase, state, signals }: { planCase: PlanCase; state: RunState; signals: ExecuteSignals },
): DecidedCase | null {
  if (Object.hasOwn(assignment.decided, planCase.id)) return assignment.decided[planCase.id] ?? null;
  const stop = stopReason(signals);
  if (stop !== null) return { disposition: 'notRun', reason: stop };
  if (state.stuck !== null)
    return {
      disposition: 'notRun',
      reason: reason('NOT_REACHED', `the run ended early: ${state.stuck.text}`),
    };
  const hindrance = state.hindrance ?? deadPeer(testbed.simulators);
  if (hindrance !== null) return { disposition: 'blocked', reason: hindrance };
  const interfaces = assignment.plan.subjects.flatMap((subject) => subject.interfaces);
  const without = inapplicable(planCase, factsOf(testbed.subjects, interfaces));
  if (without !== null) return without;
  const missing = (planCase.requires ?? []).find((id) => state.findings.get(id) !== 'pass');
  if (missing !== undefined) {
    const text = `${missing} has not passed: ${state.findings.get(missing) ?? 'it was not run before'}`;
    return { disposition: 'blocked', reason: { ...reason('PRECONDITION_FAILED', text), case: missing } };
  }
  return null;
}

function unknownProcedure({ procedure }: PlanCase): DecidedCase {
  return {
    disposition: 'blocked',
    reason: reason('PROCEDURE_UNKNOWN', `this runner has no procedure ${procedure}`),
  };
}

/** An abort counts more than a cancel. */
function stopReason({ signal, cancel }: ExecuteSignals): Reason | null {
  if (signal.aborted) return abortReason(signal);
  if (cancel?.aborted !== true) return null;
  return reasonOf(HarnessError.from(cancel.reason, 'CANCELLED'));
}

function unfitness({ id, saw }: FitnessCheck): HarnessError {
  return new HarnessError('TESTBED_UNFIT', `${id}: ${saw}`);
}

/** Configuration as rendered, and the versions of everything: without secrets. */
async function storeRunEvidence({
  assignment,
  deps,
  testbed,
  storedSubjects,
  redactor,
}: RunContext): Promise<EvidenceItem[]> {
  const { plan } = assignment;
  const simulators = testbed.simulators.map(({ name, fills, choice, simulator, running }) => {
    const configuration = redactor.text(running.configuration);
    return {
      name,
      fills,
      choice: redactor.json(choice as unknown as Json),
      version: simulator.version,
      configuration,
    };
  });
  const configuration = {
    plan: { id: plan.id, version: plan.version },
    subjects: storedSubjects,
    simulators,
  };
  const tools = { ...assignment.tools, ...deps.tools };
  return [
    await deps.evidence.put(jsonBytes(configuration), {
      mediaType: 'application/json',
      role: 'configuration',
    }),
    await deps.evidence.put(jsonBytes(tools), { mediaType: 'application/json', role: 'tools' }),
  ];
}

/** On a fresh time limit: the signals of the run may be the very reason why it ends. */
async function putBack(undo: Teardown, stuck: Reason | null): Promise<TearDownProof> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took over ${TEAR_DOWN_MS} ms`)), TEAR_DOWN_MS);
  });
  try {
    await Promise.race([undo[Symbol.asyncDispose](), late]);
    return stuck === null ? { clean: true } : { clean: false, reason: reason('TEARDOWN_FAILED', stuck.text) };
  } catch (error) {
    const failures: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
    const texts = failures.map((failure) => (failure instanceof Error ? failure.message : String(failure)));
    return { clean: false, reason: reason('TEARDOWN_FAILED', texts.join('; ')) };
  } finally {
    clearTimeout(timer);
  }
}

/** Marks under a key that is thrown away with the run. */
function marker(): Parameters<typeof makeRedactor>[0]['mark'] {
  const key = randomBytes(32);
  return (value) => createHmac('sha256', key).update(value).digest('hex').slice(0, 8);
}

function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}
