import type { EvidenceItem } from '../domain/case-record.ts';
import type { Assignment } from '../domain/assignment.ts';
import type { Digest, OrganisationId, RunnerId, TestbedId } from '../domain/ids.ts';
import type { Reason } from '../kernel/errors.ts';
import type { Want } from './enums.ts';
import type { ObservationBatch } from './observation-codec.ts';
import type { RunRef } from './parts.ts';

/** What a runner tells the orchestrator on its stream. */
export type ToOrchestrator =
  | Hello
  | Finished
  | { readonly kind: 'heartbeat'; readonly runs: readonly RunRef[] }
  | ({ readonly kind: 'accept' } & RunRef)
  | ({ readonly kind: 'decline'; readonly reason: Reason } & RunRef)
  | { readonly kind: 'observations'; readonly batch: ObservationBatch }
  /** Like `observations`, of observations that are encoded already. Only rendered, never parsed. */
  | ({ readonly kind: 'spooled'; readonly encoded: readonly Uint8Array[] } & RunRef)
  /** The slot that a lease with this fence used is clean. */
  | { readonly kind: 'tearDown'; readonly slot: number; readonly fence: number };

export interface Hello {
  readonly kind: 'hello';
  readonly protocolVersions: readonly number[];
  readonly capabilities: readonly string[];
  readonly tools: Readonly<Record<string, string>>;
  readonly knownRuns: readonly KnownRun[];
  /** Counts up each time the runner process starts. */
  readonly boot: number;
  readonly slots: number;
}

/** A run of which the runner has something in its spool. */
export interface KnownRun extends RunRef {
  readonly slot: number;
  readonly lastSeq: number;
  readonly finished: boolean;
}

/** The runner is through with a run. Everything up to `lastSeq` comes before it. */
export interface Finished extends RunRef {
  readonly kind: 'finished';
  readonly lastSeq: number;
  readonly tearDownFailure: Reason | null;
  readonly gaveUp: Reason | null;
}

/** What the orchestrator tells a runner. */
export type ToRunner =
  | Welcome
  | { readonly kind: 'desired'; readonly runs: readonly DesiredRun[] }
  | ({ readonly kind: 'acknowledged'; readonly seq: number; readonly finished: boolean } & RunRef)
  | ({ readonly kind: 'refused'; readonly reason: Reason } & RunRef);

export interface Welcome {
  readonly kind: 'welcome';
  readonly protocolVersion: number;
  /** A heartbeat is due at least this often. */
  readonly heartbeatMs: number;
  /** How long a runner may be silent before its runs are given up. */
  readonly graceMs: number;
  readonly orchestratorVersion: string;
}

export interface DesiredRun extends RunRef {
  readonly slot: number;
  readonly want: Want;
  /** With `run` only, and once on a line: later lists that still want the run leave it out. */
  readonly assignment: Assignment | null;
}

export interface QueryEvidence extends RunRef {
  readonly digest: Digest;
}

export interface EvidenceProgress {
  readonly complete: boolean;
  /** Bytes that have arrived, when it is not complete. */
  readonly offset: number;
}

export type UploadEvidence =
  | ({ readonly kind: 'header'; readonly item: EvidenceItem; readonly offset: number } & RunRef)
  | { readonly kind: 'chunk'; readonly bytes: Uint8Array };

export interface Enrol {
  readonly token: string;
  /** PKCS #10, DER. */
  readonly certificateSigningRequest: Uint8Array;
}

export interface Enrolled {
  /** PEM, leaf first. */
  readonly certificateChain: string;
  readonly caCertificate: string;
  /** host:port of the RunnerService. */
  readonly runnerEndpoint: string;
  readonly runner: RunnerId;
  readonly organisation: OrganisationId;
  readonly testbed: TestbedId;
}

export interface Renew {
  readonly certificateSigningRequest: Uint8Array;
}

export interface Renewed {
  readonly certificateChain: string;
  readonly caCertificate: string;
}
