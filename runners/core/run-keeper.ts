import type { DesiredRun, KnownRun, ToOrchestrator } from '../../src/contract/runner-messages.ts';
import type { RunRef } from '../../src/contract/parts.ts';
import type { Assignment } from '../../src/domain/assignment.ts';
import type { RunId } from '../../src/domain/ids.ts';
import { HarnessError, reason, type Reason } from '../../src/kernel/errors.ts';
import { Bell } from './bell.ts';
import type { EvidenceStore } from './evidence-store.ts';
import type { RunnerClock } from './execute-ports.ts';
import type { Fences } from './fences.ts';
import type { Journal } from './journal.ts';
import { LocalRun, type LocalRunDeps } from './local-run.ts';
import type { Recovered } from './recover.ts';
import type { Execute } from './runner-options.ts';
import type { RunnerLog } from './runner-log.ts';
import { Turns } from './turns.ts';

interface KeeperDeps {
  readonly runsDir: string;
  readonly workDir: string;
  readonly slots: number;
  readonly evidence: EvidenceStore;
  readonly journal: Journal;
  readonly fences: Fences;
  readonly execute: Execute;
  readonly clock: RunnerClock;
  readonly log: RunnerLog;
}

/** Says something to the orchestrator now, if a line is up; what matters is said again after the next attach. */
export type Say = (message: ToOrchestrator) => void;

/** A run whose lease is over stays on disk this long, for people that want to look. */
const KEEP_LAPSED_MS = 10 * 60_000;

/** Brings what this runner does in line with what the orchestrator wants of it. Every wish may come twice. */
export class RunKeeper implements AsyncDisposable {
  readonly runDeps: LocalRunDeps;
  /** Rings when evidence waits for upload. */
  readonly uploads = new Bell();
  /** Rings when runs came, ended or went. */
  readonly changes = new Bell();
  readonly #deps: KeeperDeps;
  readonly #evidenceTurns = new Turns();
  readonly #runs = new Map<RunId, LocalRun>();
  readonly #executing = new Map<RunId, Promise<void>>();
  /** Slots to report as clean: what an earlier lease left in them is proven to be gone. */
  readonly #clean = new Map<number, number>();
  #wanted: readonly DesiredRun[] = [];
  /** Assignments of what is wanted: a line carries each once, and its list may be overtaken by the next. */
  #assignments = new Map<RunId, Assignment>();
  #say: Say = () => undefined;
  #turn: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(deps: KeeperDeps) {
    this.#deps = deps;
    const { runsDir, clock, evidence, journal, log } = deps;
    this.runDeps = {
      runsDir,
      clock,
      evidence,
      journal,
      log,
      evidenceTurns: this.#evidenceTurns,
      onEvidence: () => this.uploads.ring(),
    };
  }

  get runs(): readonly LocalRun[] {
    return [...this.#runs.values()];
  }

  get known(): readonly KnownRun[] {
    return this.runs.filter(({ lapsed }) => !lapsed).map(({ known }) => known);
  }

  /** Runs whose leases are to be renewed. */
  get held(): readonly RunRef[] {
    return this.runs.filter(({ lapsed }) => !lapsed).map(({ ref }) => ref);
  }

  /** Slots that are clean again after a lease that ended without saying so. */
  get clean(): readonly { readonly slot: number; readonly fence: number }[] {
    return [...this.#clean].map(([slot, fence]) => ({ slot, fence }));
  }

  find({ run, fence }: RunRef): LocalRun | undefined {
    const local = this.#runs.get(run);
    return local?.assignment.fence === fence ? local : undefined;
  }

  adopt({ runs, interrupted }: Recovered): void {
    for (const run of runs) this.#runs.set(run.run, run);
    for (const { slot, assignment } of interrupted) this.#clean.set(slot, assignment.fence);
  }

  /** The whole list of what is wanted; replaces the one before. One list at a time, in order. */
  want(list: readonly DesiredRun[], say: Say): Promise<void> {
    this.#wanted = list;
    this.#say = say;
    this.#keepAssignments(list);
    return this.#again();
  }

  #keepAssignments(list: readonly DesiredRun[]): void {
    const before = this.#assignments;
    this.#assignments = new Map();
    for (const { run, want, assignment } of list) {
      const known = assignment ?? before.get(run);
      if (want === 'run' && known !== undefined) this.#assignments.set(run, known);
    }
  }

  #again(): Promise<void> {
    const list = this.#wanted;
    const turn = this.#turn.then(() => (this.#wanted === list ? this.#reconcile(this.#say) : undefined));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** The orchestrator refused something about a run. */
  refused(ref: RunRef, why: Reason): void {
    const run = this.find(ref);
    if (run === undefined) return;
    if (why.code === 'STALE_FENCE') this.#lapse(run, new HarnessError('LEASE_LOST', why.text));
    else run.refuse(why);
  }

  /** Nobody was heard of for longer than the leases last: everything stops by itself. */
  lostLine(): void {
    for (const run of this.runs) {
      if (run.end === null) run.abort.abort(new HarnessError('LEASE_LOST', 'the line was down for too long'));
    }
  }

  async stopAll(why: HarnessError): Promise<void> {
    this.#stopped = true;
    for (const run of this.runs) run.abort.abort(why);
    await Promise.allSettled(this.#executing.values());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopAll(new HarnessError('ABORTED', 'the runner stops'));
    await this.#turn;
    await Promise.all(this.runs.map((run) => run[Symbol.asyncDispose]()));
  }

  async #reconcile(say: Say): Promise<void> {
    const wanted = new Map(this.#wanted.map((desired) => [desired.run, desired]));
    for (const run of this.runs) {
      const desired = wanted.get(run.run);
      if (desired === undefined || desired.want === 'forget' || desired.fence !== run.assignment.fence) {
        await this.#letGo(run);
      }
    }
    for (const desired of this.#wanted) await this.#meet(desired, say);
  }

  async #meet(desired: DesiredRun, say: Say): Promise<void> {
    const run = this.find(desired);
    const ref = { run: desired.run, fence: desired.fence };
    switch (desired.want) {
      case 'run':
        if (run === undefined) await this.#takeKnown(desired, say);
        else say({ kind: 'accept', ...ref });
        return;
      case 'continue':
        if (run === undefined) say(unknown(ref));
        return;
      case 'cancel':
      case 'abort':
        if (run === undefined) say(unknown(ref));
        else if (desired.want === 'cancel')
          run.cancel.abort(new HarnessError('CANCELLED', 'the run was cancelled'));
        else run.abort.abort(new HarnessError('ABORTED', 'the run was aborted'));
        return;
      case 'forget':
        return;
    }
  }

  async #takeKnown({ run, fence }: DesiredRun, say: Say): Promise<void> {
    const assignment = this.#assignments.get(run);
    if (assignment?.fence === fence) await this.#take(assignment, say);
  }

  async #take(assignment: Assignment, say: Say): Promise<void> {
    const { run, fence, slot } = assignment;
    const { fences, slots, log } = this.#deps;
    const highest = fences.highest(slot);
    const decline = (why: Reason): void => {
      log.warn({ event: 'run.declined', runId: run, code: why.code }, 'a run was declined');
      say({ kind: 'decline', run, fence, reason: why });
    };
    if (slot >= slots) {
      decline(reason('RUNNER_DECLINED', `there is no slot ${slot} here`));
      return;
    }
    if (fence < highest) {
      decline(reason('STALE_FENCE', `slot ${slot} has seen fence ${highest}`));
      return;
    }
    // It was begun under this fence and is not known any more: it must not start a second time.
    if (fence === highest) {
      say(unknown({ run, fence }));
      return;
    }
    const occupant = this.runs.find((other) => other.slot === slot && this.#executing.has(other.run));
    // The slot is being put back; the list is looked at again when that is done.
    if (occupant?.lapsed === true) return;
    if (occupant !== undefined) {
      decline(reason('RUNNER_BUSY', `slot ${slot} is taken by ${occupant.run}`));
      return;
    }
    try {
      this.#runs.set(run, await LocalRun.begin(this.runDeps, assignment));
      await fences.raise(slot, fence);
    } catch (cause) {
      const { code, message } = HarnessError.from(cause);
      await this.#drop(this.#runs.get(run));
      decline(reason(code, message));
      return;
    }
    say({ kind: 'accept', run, fence });
    this.#start(run);
  }

  #start(id: RunId): void {
    const run = this.#runs.get(id);
    if (run === undefined || this.#stopped) return;
    this.#clean.delete(run.slot);
    const executing = this.#execute(run).finally(() => {
      this.#executing.delete(id);
      this.changes.ring();
      if (!this.#stopped) this.#lookAgain();
    });
    this.#executing.set(id, executing);
    this.changes.ring();
  }

  /** A slot came free: what had to wait for it is taken now. */
  #lookAgain(): void {
    this.#again().catch((cause: unknown) => {
      const err = HarnessError.from(cause);
      this.#deps.log.error({ event: 'runner.reconcile-failed', code: err.code, err }, 'wishes were not met');
    });
  }

  async #execute(run: LocalRun): Promise<void> {
    const { execute, workDir, log } = this.#deps;
    const { assignment, sink, evidence, abort, cancel } = run;
    const signals = { signal: abort.signal, cancel: cancel.signal };
    log.info({ event: 'run.started', runId: run.run, fence: assignment.fence }, 'a run starts');
    try {
      const { tearDown, gaveUp } = await execute(assignment, { sink, evidence, workDir }, signals);
      const tearDownFailure = tearDown.clean ? null : tearDown.reason;
      await run.finish({ tearDownFailure, gaveUp });
      if (run.lapsed && tearDown.clean) this.#clean.set(run.slot, assignment.fence);
    } catch (cause) {
      const err = HarnessError.from(cause);
      log.error({ event: 'run.broken', runId: run.run, code: err.code, err }, 'a run broke');
      const why = reason(err.code, err.message);
      const tearDownFailure = reason('TEARDOWN_FAILED', 'the run broke before its slot was put back');
      // On a full disk this may fail too: then the next start of the runner ends the run.
      await run.finish({ tearDownFailure, gaveUp: why }).catch(() => undefined);
    }
    log.info({ event: 'run.ended', runId: run.run, observations: run.lastSeq }, 'a run ended');
  }

  async #letGo(run: LocalRun): Promise<void> {
    if (this.#executing.has(run.run)) {
      this.#lapse(run, new HarnessError('LEASE_LOST', 'the run is not wanted any more'));
    } else if (!run.lapsed) await this.#drop(run);
  }

  #lapse(run: LocalRun, why: HarnessError): void {
    run.lapsed = true;
    run.bell.ring();
    if (!this.#executing.has(run.run)) {
      this.#dropLater(run, 0);
      return;
    }
    run.abort.abort(why);
    this.#dropLater(run, KEEP_LAPSED_MS);
  }

  #dropLater(run: LocalRun, ms: number): void {
    const timer = setTimeout(() => {
      this.#drop(run).catch((cause: unknown) => {
        const err = HarnessError.from(cause);
        this.#deps.log.warn(
          { event: 'run.kept', runId: run.run, code: err.code, err },
          'a run could not be forgotten',
        );
      });
    }, ms);
    timer.unref();
  }

  /** Forgets a run; its evidence too, unless another run has the same bytes. */
  async #drop(run: LocalRun | undefined): Promise<void> {
    if (run === undefined || !this.#runs.delete(run.run)) return;
    run.lapsed = true;
    run.bell.ring();
    await this.#evidenceTurns.exclusive(async () => {
      const needed = new Set(this.runs.flatMap(({ items }) => items.map(({ digest }) => digest)));
      for (const { digest } of run.items) if (!needed.has(digest)) await this.#deps.evidence.remove(digest);
    });
    await run.forget();
    this.changes.ring();
  }
}

/** What is said of a run that is wanted and not known here: whatever there was of it died with an earlier start. */
function unknown(ref: RunRef): ToOrchestrator {
  const gaveUp = reason('RUNNER_RESTARTED', 'this runner does not know the run any more');
  return { kind: 'finished', ...ref, lastSeq: 0, tearDownFailure: null, gaveUp };
}
