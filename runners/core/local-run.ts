import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { assignmentFromBytes, assignmentToBytes } from '../../src/contract/assignment-codec.ts';
import type { Codec } from '../../src/contract/codec.ts';
import { BATCH_BYTES, MAX_BATCH_OBSERVATIONS, MAX_LOG_TEXT } from '../../src/contract/limits.ts';
import {
  type ObservationBody,
  observationCodec,
  type RunObservation,
} from '../../src/contract/observation-codec.ts';
import type { RunRef } from '../../src/contract/parts.ts';
import type { Finished, KnownRun } from '../../src/contract/runner-messages.ts';
import type { Assignment } from '../../src/domain/assignment.ts';
import type { EvidenceItem } from '../../src/domain/case-record.ts';
import type { CaseId, RunId } from '../../src/domain/ids.ts';
import { HarnessError, type Reason } from '../../src/kernel/errors.ts';
import { isJsonObject, type Json } from '../../src/kernel/json.ts';
import { Bell } from './bell.ts';
import type { EvidenceWriter, RunnerClock, RunSink } from './execute-ports.ts';
import { appendDurably, makeFolder, readJson, readText, writeDurably } from './files.ts';
import type { RunnerLog } from './runner-log.ts';
import { Journal } from './journal.ts';
import { restoreSpool, Spool } from './spool.ts';
import type { Turns } from './turns.ts';

/** How a run ended on this runner. */
export interface LocalEnd {
  readonly tearDownFailure: Reason | null;
  readonly gaveUp: Reason | null;
}

export interface LocalRunDeps {
  /** The folder `runs` of the state folder. */
  readonly runsDir: string;
  readonly clock: RunnerClock;
  readonly evidence: EvidenceWriter;
  /** Bytes are put and remembered as one: nobody may take them for unneeded in between. */
  readonly evidenceTurns: Turns;
  /** Where what all runs say becomes durable together. */
  readonly journal: Journal;
  /** Something is to be uploaded. */
  readonly onEvidence: () => void;
  readonly log: RunnerLog;
}

/** Gaps in a row, without any progress, that are put down to a line that broke. */
const MAX_GAPS = 5;

/** One run as this runner has it on disk: everything that a restart, or a broken line, must not lose. */
export class LocalRun implements AsyncDisposable {
  readonly assignment: Assignment;
  /** Rings when there is something to send. */
  readonly bell = new Bell();
  readonly abort = new AbortController();
  readonly cancel = new AbortController();
  readonly recorded = new Set<CaseId>();
  startedCase: CaseId | null = null;
  /** Every item of this run, and those that the orchestrator does not have yet, as far as we know. */
  readonly items: EvidenceItem[] = [];
  readonly uploads: EvidenceItem[] = [];
  end: LocalEnd | null = null;
  /** The lease is over: nothing of this run is wanted any more. */
  lapsed = false;
  /** Why the orchestrator does not take the rest of the spool. */
  undeliverable: Reason | null = null;
  readonly #deps: LocalRunDeps;
  readonly #dir: string;
  readonly #spool: Spool;
  readonly #codec: Codec<RunObservation>;
  #nextSeq: number;
  #logFailure: unknown = null;
  #rewind = false;
  #gaps = 0;
  #finishedHeard = false;

  private constructor(deps: LocalRunDeps, assignment: Assignment, spool: Spool) {
    this.#deps = deps;
    this.assignment = assignment;
    this.#dir = join(deps.runsDir, assignment.run);
    this.#spool = spool;
    this.#codec = observationCodec(assignment);
    this.#nextSeq = spool.lastSeq + 1;
  }

  /** A run that begins. It is on disk when this resolves. */
  static async begin(deps: LocalRunDeps, assignment: Assignment): Promise<LocalRun> {
    const dir = join(deps.runsDir, assignment.run);
    await makeFolder(dir);
    await writeDurably(
      join(dir, 'assignment.json'),
      Buffer.from(assignmentToBytes(assignment)).toString('utf8'),
    );
    return new LocalRun(deps, assignment, await openSpool(deps, assignment.run));
  }

  /** A run that an earlier start of this runner left; `null` when it had not come to anything yet. */
  static async reopen(deps: LocalRunDeps, run: string): Promise<LocalRun | null> {
    const dir = join(deps.runsDir, run);
    const stored = await readText(join(dir, 'assignment.json'));
    if (stored === null) {
      await rm(dir, { recursive: true, force: true });
      return null;
    }
    const assignment = assignmentFromBytes(Buffer.from(stored));
    const local = new LocalRun(deps, assignment, await openSpool(deps, run));
    await local.#remember();
    return local;
  }

  get ref(): RunRef {
    return { run: this.assignment.run, fence: this.assignment.fence };
  }

  get run(): RunId {
    return this.assignment.run;
  }

  get slot(): number {
    return this.assignment.slot;
  }

  get lastSeq(): number {
    return this.#spool.lastSeq;
  }

  get ackedSeq(): number {
    return this.#spool.ackedSeq;
  }

  get known(): KnownRun {
    return { ...this.ref, slot: this.slot, lastSeq: this.lastSeq, finished: this.end !== null };
  }

  /** What is said when everything is sent; `null` while the run goes on. */
  get finished(): Finished | null {
    if (this.end === null) return null;
    const lastSeq = this.undeliverable === null ? this.lastSeq : this.ackedSeq;
    const gaveUp = this.undeliverable ?? this.end.gaveUp;
    return { kind: 'finished', ...this.ref, lastSeq, tearDownFailure: this.end.tearDownFailure, gaveUp };
  }

  /** Where the executor tells what it does. */
  get sink(): RunSink {
    return {
      caseStarted: (id) => this.observe({ kind: 'caseStarted', case: id }),
      caseRecord: (record) => this.observe({ kind: 'caseRecord', record }),
      log: (level, text) => {
        const clipped = text.slice(0, MAX_LOG_TEXT);
        this.observe({ kind: 'log', level, text: clipped }).catch((error: unknown) => {
          this.#logFailure = error;
        });
      },
    };
  }

  /** Where the executor leaves bytes: durable, and remembered as not uploaded yet. */
  get evidence(): EvidenceWriter {
    return {
      put: (bytes, about) =>
        this.#deps.evidenceTurns.shared(async () => {
          const item = await this.#deps.evidence.put(bytes, about);
          await appendDurably(join(this.#dir, 'evidence.ndjson'), JSON.stringify(item));
          this.#toUpload(item);
          this.#deps.onEvidence();
          return item;
        }),
    };
  }

  /** Adds the next observation; durable when it resolves. Throws what is wrong with it, or with the disk. */
  async observe(body: ObservationBody): Promise<void> {
    if (this.#logFailure !== null) throw this.#logFailure;
    if (this.end !== null) throw new HarnessError('ABORTED', `run ${this.run} is over`);
    const observation = { seq: this.#nextSeq, at: this.#deps.clock.now(), ...body };
    const bytes = this.#codec.render(observation);
    // What the other side would refuse is refused here, where the case that said it can still be blamed.
    this.#codec.parse(bytes);
    this.#nextSeq += 1;
    await this.#spool.append(bytes);
    this.#note(observation);
    this.#trace(observation);
    this.bell.ring();
  }

  async finish(end: LocalEnd): Promise<void> {
    await writeDurably(join(this.#dir, 'end.json'), JSON.stringify(end));
    this.end = end;
    this.bell.ring();
  }

  /** Observations to send next, from number `from` on. */
  batch(from: number): Promise<readonly Uint8Array[]> {
    if (this.undeliverable !== null) return Promise.resolve([]);
    return this.#spool.read(from, { maxBytes: BATCH_BYTES, maxCount: MAX_BATCH_OBSERVATIONS });
  }

  /** The orchestrator has everything up to here. */
  async acknowledge(seq: number): Promise<void> {
    this.#deps.log.debug({ event: 'run.acknowledged', runId: this.run, seq }, 'observations acknowledged');
    if (seq > this.ackedSeq) this.#gaps = 0;
    await this.#spool.acknowledge(seq, () => [...this.recorded]);
    this.bell.ring();
  }

  /** The orchestrator knows that the run is finished. */
  heardFinished(): void {
    this.#finishedHeard = true;
    this.bell.ring();
  }

  get isHeard(): boolean {
    return this.#finishedHeard;
  }

  /**
   * The orchestrator did not take what was sent. After a gap it is sent again, a few times; what it never takes ends
   * the run where it was acknowledged last.
   */
  refuse(why: Reason): void {
    this.#gaps += 1;
    if (why.code !== 'EVIDENCE_GAP' || this.#gaps > MAX_GAPS) {
      this.undeliverable ??= why;
      this.abort.abort(new HarnessError(why.code, why.text));
    }
    this.#rewind = true;
    this.bell.ring();
  }

  /** Whether to send again from the first observation that is not acknowledged; asked once per refusal. */
  takeRewind(): boolean {
    const rewind = this.#rewind;
    this.#rewind = false;
    return rewind;
  }

  /** Everything of it goes from the disk. */
  async forget(): Promise<void> {
    await this.#spool.discard();
    await rm(this.#dir, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#spool[Symbol.asyncDispose]();
  }

  #note(observation: ObservationBody): void {
    if (observation.kind === 'caseStarted') this.startedCase = observation.case;
    if (observation.kind !== 'caseRecord') return;
    this.recorded.add(observation.record.case);
    if (this.startedCase === observation.record.case) this.startedCase = null;
  }

  #trace({ seq, ...body }: ObservationBody & { readonly seq: number }): void {
    const { run: runId, fence } = this.ref;
    if (body.kind === 'caseStarted') {
      this.#deps.log.debug({ event: 'case.started', runId, fence, caseId: body.case, seq }, 'a case starts');
    }
    if (body.kind === 'caseRecord') {
      const caseId = body.record.case;
      this.#deps.log.debug({ event: 'case.recorded', runId, fence, caseId, seq }, 'a case has its record');
    }
  }

  async #remember(): Promise<void> {
    const { note } = this.#spool;
    for (const id of Array.isArray(note) ? note : []) this.recorded.add(id as CaseId);
    for (let from = this.#spool.ackedSeq + 1; from <= this.lastSeq;) {
      const batch = await this.#spool.read(from, { maxBytes: BATCH_BYTES, maxCount: MAX_BATCH_OBSERVATIONS });
      for (const bytes of batch) this.#note(this.#codec.parse(bytes));
      from += batch.length;
    }
    this.end = parseEnd(await readJson(join(this.#dir, 'end.json')));
    const journal = await readText(join(this.#dir, 'evidence.ndjson'));
    // The last line may be torn: then nobody was told of it.
    for (const line of (journal ?? '').split('\n').slice(0, -1)) {
      const item = JSON.parse(line) as EvidenceItem;
      this.#toUpload(item);
    }
  }

  /** Many cases refer to the same bytes, such as the configuration: they go over the line once. */
  #toUpload(item: EvidenceItem): void {
    if (this.items.some(({ digest }) => digest === item.digest)) return;
    this.items.push(item);
    this.uploads.push(item);
  }
}

function openSpool({ runsDir, journal }: LocalRunDeps, run: string): Promise<Spool> {
  return Spool.open(spoolOf(runsDir, run), { journal, run });
}

function spoolOf(runsDir: string, run: string): string {
  return join(runsDir, run, 'spool');
}

/** The journal of a runner; first brings the spools up to date with what an earlier start left in it. */
export function openJournal(stateDir: string, runsDir: string): Promise<Journal> {
  return Journal.open(join(stateDir, 'journal'), (run, entries) =>
    restoreSpool(spoolOf(runsDir, run), entries),
  );
}

function parseEnd(stored: Json): LocalEnd | null {
  if (!isJsonObject(stored)) return null;
  return stored as unknown as LocalEnd;
}
