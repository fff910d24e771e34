import type { RunnerGateway } from '../../campaigns/ports.ts';
import { Teardown } from '../../kernel/teardown.ts';
import { serveAttach } from './attach.ts';
import { Attempts } from './attempts.ts';
import { authenticate } from './caller.ts';
import type { GatewayDeps } from './deps.ts';
import { DesiredPush } from './desired-push.ts';
import { enrol, renew } from './enrol.ts';
import { queryEvidence, Uploads } from './evidence.ts';
import { Ingest } from './ingest.ts';
import { Lines } from './lines.ts';
import { Pulse } from './pulse.ts';
import { HarnessError } from '../../kernel/errors.ts';
import {
  type EnrolmentHandlers,
  listenForEnrolment,
  listenForRunners,
  type RunnerHandlers,
} from './server.ts';

const GIB = 1024 ** 3;

/** Opens both ports of the wire. What it needs is opened before it and closed after it. */
export async function openRunnerGateway(deps: GatewayDeps): Promise<RunnerGateway> {
  await using undo = new Teardown();
  const { store, log, clock, heartbeatMs } = deps;
  const lines = new Lines({ store, clock, aliveMs: 2 * heartbeatMs });
  const push = new DesiredPush({ store, lines, log });
  undo.defer(() => push[Symbol.dispose]());
  const ingest = undo.use(new Ingest({ store, clock, log }));
  const resync = (): void => push.nudge(lines.all.map(({ caller }) => caller.testbed));
  undo.use(new Pulse({ ...deps, lines, resync }));
  const changes = store.onTestbedChanged((testbed) => push.nudge([testbed]));
  undo.defer(() => changes[Symbol.dispose]());

  const endpoint = { runnerPort: 0 };
  const handlers = makeHandlers({ ...deps, lines, ingest }, () => endpoint.runnerPort);
  const tls = await deps.ca.issueServer();
  const runners = undo.use(
    await listenForRunners(handlers.runner, {
      address: deps.runnerListen,
      tls,
      clientCa: deps.ca.certificatePem,
      log,
    }),
  );
  endpoint.runnerPort = runners.port;
  const enrolment = undo.use(
    await listenForEnrolment(handlers.enrolment, { address: deps.enrolListen, tls, clientCa: null, log }),
  );
  undo.defer(() => {
    for (const line of lines.all) line.close(new HarnessError('LINE_DOWN', 'the orchestrator stops'));
  });
  const owner = undo.move();
  return {
    runnerPort: runners.port,
    enrolmentPort: enrolment.port,
    attached: () => lines.all.map(({ caller: { runner, testbed } }) => ({ runner, testbed })),
    nudge: (testbed) => push.nudge([testbed]),
    [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose](),
  };
}

function makeHandlers(
  deps: GatewayDeps & { lines: Lines; ingest: Ingest },
  runnerPort: () => number,
): { runner: RunnerHandlers; enrolment: EnrolmentHandlers } {
  const { store } = deps;
  const evidence = { ...deps, maxEvidenceBytes: deps.maxEvidenceBytes ?? GIB };
  const uploads = new Uploads(evidence);
  const enrolment = {
    ...deps,
    attempts: new Attempts(),
    runnerEndpoint: (authority: string) =>
      deps.runnerEndpoint ?? `${authority.replace(/:\d+$/u, '')}:${runnerPort()}`,
  };
  return {
    runner: {
      attach: (call) => serveAttach(deps, call),
      queryEvidence: async (call, query) => queryEvidence(evidence, await authenticate(store, call), query),
      uploadEvidence: async (call) => uploads.serve(await authenticate(store, call), call),
      renew: async (call, request) => renew(enrolment, await authenticate(store, call), request),
    },
    enrolment: { enrol: (call, request) => enrol(enrolment, call, request) },
  };
}
