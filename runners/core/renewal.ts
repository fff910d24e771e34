import { runnerService } from '../../src/contract/services.ts';
import { pause } from '../../src/kernel/deadline.ts';
import { HarnessError } from '../../src/kernel/errors.ts';
import { Connection } from './connection.ts';
import { type Credentials, makeRequest, renewAt, writeCredentials } from './credentials.ts';
import type { RunnerLog } from './runner-log.ts';

interface RenewalDeps {
  readonly stateDir: string;
  readonly credentials: { current: Credentials };
  readonly log: RunnerLog;
}

/** How often the age of the certificate is looked at, and how soon a renewal that failed is tried again. */
const LOOK_EVERY_MS = 60_000;
const SHORTEST_MS = 200;

/** Gets a new certificate when two thirds of the life of the old one are over, over and over. */
export async function keepRenewed(deps: RenewalDeps, { signal }: { signal: AbortSignal }): Promise<void> {
  const { credentials, log } = deps;
  for (;;) {
    try {
      signal.throwIfAborted();
      const waitMs = renewAt(credentials.current) - Date.now();
      if (waitMs <= 0) await renewOnce(deps, { signal });
      else await pause(Math.min(Math.max(waitMs, SHORTEST_MS), LOOK_EVERY_MS), { signal });
    } catch (cause) {
      if (signal.aborted) return;
      const err = HarnessError.from(cause);
      log.warn(
        { event: 'runner.renewal-failed', code: err.code, err },
        'the certificate could not be renewed',
      );
      await pause(LOOK_EVERY_MS / 4, { signal }).catch(() => undefined);
    }
  }
}

/** Renews now: a fresh key, vouched for over a connection that the old one opened. */
export async function renewOnce(
  { stateDir, credentials, log }: RenewalDeps,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const old = credentials.current;
  const { keyPem, csr } = await makeRequest();
  using connection = Connection.of(old);
  const renewed = await connection.call(runnerService.renew, { certificateSigningRequest: csr }, { signal });
  const fresh = { ...old, keyPem, chainPem: renewed.certificateChain, caPem: renewed.caCertificate };
  await writeCredentials(stateDir, fresh);
  credentials.current = fresh;
  log.info({ event: 'runner.renewed' }, 'the certificate was renewed');
}
