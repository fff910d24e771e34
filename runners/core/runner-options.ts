import type { Assignment } from '../../src/domain/assignment.ts';
import type { EvidenceWriter, ExecuteSignals, RunnerClock, RunOutcome, RunSink } from './execute-ports.ts';
import type { RunnerLog } from './runner-log.ts';

export interface RunnerOptions {
  /** Folder that this runner alone uses; holds its credentials after enrolment. */
  readonly stateDir: string;
  /** Enrols first when the folder has no credentials. */
  readonly enrolment?: { readonly endpoint: string; readonly token: string };
  /** host:port of the RunnerService, instead of what the enrolment said. */
  readonly endpoint?: string;
  /** Runs at a time. */
  readonly slots: number;
  readonly capabilities: readonly string[];
  /** Version by name. */
  readonly tools: Readonly<Record<string, string>>;
  readonly execute: Execute;
  readonly clock: RunnerClock;
  readonly log: RunnerLog;
}

/** Executes one run; see `executeRun`. */
export type Execute = (assignment: Assignment, io: RunIo, signals: ExecuteSignals) => Promise<RunOutcome>;

export interface RunIo {
  readonly sink: RunSink;
  readonly evidence: EvidenceWriter;
  readonly workDir: string;
}
