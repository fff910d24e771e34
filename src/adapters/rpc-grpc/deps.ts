import type { Clock, EvidenceStore, Log, RunnerEvents } from '../../campaigns/ports.ts';
import type { Store } from '../../campaigns/store-ports.ts';
import type { RunnerIdentity } from '../../contract/runner-identity.ts';

export interface GatewayDeps {
  readonly store: Store;
  readonly evidence: EvidenceStore;
  readonly ca: RunnerCa;
  readonly clock: Clock;
  readonly log: Log;
  readonly events: RunnerEvents;
  /** Where runners attach, with their certificate. Port 0 takes a free one. */
  readonly runnerListen: Address;
  /** Where runners enrol, with a token. */
  readonly enrolListen: Address;
  /** host:port that enrolled runners are told; by default the host they enrolled at and `runnerPort`. */
  readonly runnerEndpoint?: string;
  readonly heartbeatMs: number;
  readonly graceMs: number;
  readonly leaseTtlMs: number;
  /** Largest item of evidence, in bytes; 1 GiB when left out. */
  readonly maxEvidenceBytes?: number;
  readonly version: string;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What the wire needs of a certification authority. */
export interface RunnerCa {
  readonly certificatePem: string;
  issueServer(): Promise<{ readonly keyPem: string; readonly chainPem: string }>;
  /** Verifies the request (PKCS #10, DER); `MESSAGE_INVALID`. */
  prepareRunner(csr: Uint8Array): Promise<{
    readonly serial: string;
    readonly notAfter: number;
    /** PEM, leaf first. */
    issue(identity: RunnerIdentity): Promise<string>;
  }>;
}
