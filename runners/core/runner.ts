import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunnerIdentity } from '../../src/contract/runner-identity.ts';
import { HarnessError } from '../../src/kernel/errors.ts';
import { Teardown } from '../../src/kernel/teardown.ts';
import { keepAttached } from './attachment.ts';
import { identityOf, readCredentials } from './credentials.ts';
import { enrolRunner } from './enrol.ts';
import { openEvidenceStore } from './evidence-store.ts';
import { Fences } from './fences.ts';
import { makeFolder } from './files.ts';
import { openJournal } from './local-run.ts';
import { recoverRuns } from './recover.ts';
import { keepRenewed } from './renewal.ts';
import { RunKeeper } from './run-keeper.ts';
import type { RunnerOptions } from './runner-options.ts';
import { openStateDir } from './state-dir.ts';

/** A runner that dials in until it is disposed: runs under way are then stopped and their slots put back. */
export interface RunningRunner extends AsyncDisposable {
  readonly identity: RunnerIdentity;
  /** Whether it is attached right now. */
  attached(): boolean;
  /** Rejects when the runner cannot go on, such as with `CERTIFICATE_REVOKED`; resolves when it was disposed. */
  readonly ended: Promise<void>;
}

/**
 * Starts the runner of a testbed.
 *
 * Rejects with `UNAUTHENTICATED` when it was never enrolled, with `STORE_LOCKED` when another process uses its folder. It
 * resolves before it is attached: the orchestrator may be down, and the runner keeps dialling.
 */
export async function startRunner(
  options: RunnerOptions,
  { signal }: { signal: AbortSignal },
): Promise<RunningRunner> {
  await using undo = new Teardown();
  const { stateDir, log, clock } = options;
  const state = undo.use(await openStateDir(stateDir));
  const credentials = await enrolled(options, { signal });
  const workDir = join(stateDir, 'work');
  await rm(workDir, { recursive: true, force: true });
  await mkdir(workDir, { recursive: true, mode: 0o700 });
  const runsDir = join(stateDir, 'runs');
  await makeFolder(runsDir);
  const evidence = await openEvidenceStore(join(stateDir, 'evidence'));
  const journal = undo.use(await openJournal(stateDir, runsDir));
  const keeper = undo.use(
    new RunKeeper({
      ...options,
      runsDir,
      workDir,
      evidence,
      journal,
      fences: await Fences.open(stateDir),
      clock,
    }),
  );
  keeper.adopt(await recoverRuns(keeper.runDeps));
  const stop = new AbortController();
  const renewal = keepRenewed({ stateDir, credentials, log }, { signal: stop.signal });
  const line = keepAttached(
    { ...options, boot: state.boot, keeper, evidence, credentials },
    { signal: stop.signal },
  );
  undo.defer(async () => {
    stop.abort(new HarnessError('ABORTED', 'the runner stops'));
    await Promise.allSettled([line.ended, renewal]);
  });
  // Runs end, and say so, while the line is still up.
  undo.defer(() => keeper.stopAll(new HarnessError('ABORTED', 'the runner stops')));
  const owner = undo.move();
  return {
    identity: identityOf(credentials.current),
    attached: line.attached,
    ended: line.ended,
    [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose](),
  };
}

/** The newest credentials: a renewal replaces them, and the next connection uses them. */
export interface CurrentCredentials {
  current: NonNullable<Awaited<ReturnType<typeof readCredentials>>>;
}

async function enrolled(
  { stateDir, enrolment, endpoint }: RunnerOptions,
  { signal }: { signal: AbortSignal },
): Promise<CurrentCredentials> {
  let found = await readCredentials(stateDir);
  if (found === null && enrolment !== undefined) {
    await enrolRunner({ ...enrolment, stateDir }, { signal });
    found = await readCredentials(stateDir);
  }
  if (found === null) {
    throw new HarnessError(
      'UNAUTHENTICATED',
      `there are no credentials in ${stateDir}; enrol the runner first`,
    );
  }
  return { current: endpoint === undefined ? found : { ...found, endpoint } };
}
