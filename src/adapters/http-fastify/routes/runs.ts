import { Type } from 'typebox';

import { closed, qualifiedName } from '../../../api/parts.ts';
import { caseRecordView, listOf, logPage, type LogPage, runView } from '../../../api/views.ts';
import type { Digest, RunId, TestbedId } from '../../../domain/ids.ts';
import { RUN_STATES, type Run } from '../../../domain/run.ts';
import { pause } from '../../../kernel/deadline.ts';
import { type Actor, actorOf } from '../actor.ts';
import type { HttpDeps, Server } from '../deps.ts';
import { sendFile } from '../files.ts';
import { DONE, digestPath, done, forced, idPath, limit, reading, writing } from '../schemas.ts';
import { viewLogEntry, viewRecord, viewRun } from '../views.ts';
import { found, seesRun, steersRun } from '../visibility.ts';

const TAG = 'runs';
const LOOK_AGAIN_MS = 250;
const MAX_WAIT_MS = 20_000;
/** So many runs are looked through for those that one may see. */
const MAX_RUNS = 500;

const listQuery = Type.Object(
  {
    state: Type.Optional(Type.Enum(RUN_STATES)),
    testbed: Type.Optional(qualifiedName),
    limit: Type.Optional(limit),
  },
  closed,
);
const logQuery = Type.Object(
  {
    after: Type.Optional(Type.Integer({ minimum: -1, maximum: Number.MAX_SAFE_INTEGER, default: -1 })),
    limit: Type.Optional(limit),
    waitMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: MAX_WAIT_MS,
        default: 0,
        description: 'how long to wait for an entry',
      }),
    ),
  },
  closed,
);

export function addRunRoutes(server: Server, deps: HttpDeps): void {
  const { store } = deps;
  server.get(
    '/runs',
    {
      config: { scope: 'read' },
      schema: reading({
        id: 'listRuns',
        does: 'List runs, newest first',
        tag: TAG,
        query: listQuery,
        answers: listOf(runView),
      }),
    },
    async (request) => {
      const actor = actorOf(request);
      const { state, testbed, limit: most = 100 } = request.query;
      const runs = await store.runs({
        limit: actor.ofLab ? most : MAX_RUNS,
        ...(state === undefined ? {} : { state }),
        ...(testbed === undefined ? {} : { testbed: testbed as TestbedId }),
      });
      const visible = runs.filter((run) => seesRun(actor, run)).slice(0, most);
      return { items: visible.map(viewRun) };
    },
  );
  server.get(
    '/runs/:id',
    {
      config: { scope: 'read' },
      schema: reading({ id: 'showRun', does: 'Show a run', tag: TAG, params: idPath, answers: runView }),
    },
    async (request) => viewRun(await visibleRun(deps, actorOf(request), request.params.id)),
  );
  addWhatWasSeen(server, deps);
  addEvidence(server, deps);
  addSteering(server, deps);
}

function addWhatWasSeen(server: Server, deps: HttpDeps): void {
  const { store } = deps;
  server.get(
    '/runs/:id/records',
    {
      config: { scope: 'read' },
      schema: reading({
        id: 'listRecords',
        does: 'List the case records of a run',
        tag: TAG,
        params: idPath,
        answers: listOf(caseRecordView),
      }),
    },
    async (request) => {
      const run = await visibleRun(deps, actorOf(request), request.params.id);
      return { items: (await store.records(run.id)).map(viewRecord) };
    },
  );
  server.get(
    '/runs/:id/log',
    {
      config: { scope: 'read' },
      schema: reading({
        id: 'readRunLog',
        does: 'Read what a run observed, from a number on; waits for more when asked to',
        tag: TAG,
        params: idPath,
        query: logQuery,
        answers: logPage,
      }),
    },
    async (request) => {
      const run = await visibleRun(deps, actorOf(request), request.params.id);
      const { after = -1, limit: most = 100, waitMs = 0 } = request.query;
      return followLog(deps, { run: run.id, after, limit: most, waitMs }, { signal: request.signal });
    },
  );
}

function addEvidence(server: Server, deps: HttpDeps): void {
  const { store } = deps;
  server.get(
    '/runs/:id/evidence/:digest',
    {
      config: { scope: 'read' },
      schema: reading({
        id: 'readEvidence',
        does: 'Download an item of evidence of a run',
        tag: TAG,
        params: digestPath,
        answers: Type.Unsafe<unknown>({ description: 'the bytes' }),
      }),
    },
    async (request, reply) => {
      const run = await visibleRun(deps, actorOf(request), request.params.id);
      const wanted = request.params.digest as Digest;
      const items = await store.evidenceOf(run.id);
      const item = found(
        items.find(({ digest }) => digest === wanted) ?? null,
        `evidence ${wanted} of run ${run.id}`,
        () => true,
      );
      return sendFile(reply, {
        name: `${item.role}-${item.digest.slice(7, 19)}`,
        digest: item.digest,
        bytes: await deps.evidence.get(item.digest),
      });
    },
  );
}

function addSteering(server: Server, deps: HttpDeps): void {
  const { useCases } = deps;
  server.post(
    '/runs/:id/cancel',
    {
      config: { scope: 'campaign:write' },
      schema: writing({
        id: 'cancelRun',
        does: 'Cancel a run: the case under way is finished, or stopped when forced',
        tag: TAG,
        params: idPath,
        body: forced,
        answers: done,
      }),
    },
    async (request) => {
      const actor = actorOf(request);
      const run = await steerableRun(deps, actor, request.params.id);
      const { force = false, text = `cancelled by ${actor.organisation}` } = request.body;
      await useCases.cancelRun(run.id, { force, text });
      return DONE;
    },
  );
  server.post(
    '/runs/:id/retry',
    {
      config: { scope: 'campaign:write' },
      schema: reading({
        id: 'retryRun',
        does: 'Run the same plan on the same SUT again, as a new run linked to this one',
        tag: TAG,
        params: idPath,
        answers: runView,
      }),
    },
    async (request) => {
      const run = await steerableRun(deps, actorOf(request), request.params.id);
      return viewRun(await useCases.retryRun(run.id));
    },
  );
}

async function followLog(
  { store, clock }: HttpDeps,
  wanted: { run: RunId; after: number; limit: number; waitMs: number },
  { signal }: { signal: AbortSignal },
): Promise<LogPage> {
  const until = clock.now() + wanted.waitMs;
  for (;;) {
    // In this order: what a run observed before it became final is not missed.
    const run = await store.run(wanted.run);
    const entries = await store.runLog(wanted.run, wanted.after, wanted.limit);
    const final = run?.life.state === 'final' && entries.length < wanted.limit;
    if (entries.length > 0 || final || clock.now() >= until) {
      return { items: entries.map(viewLogEntry), next: entries.at(-1)?.seq ?? wanted.after, final };
    }
    await pause(LOOK_AGAIN_MS, { signal });
  }
}

async function visibleRun({ store }: HttpDeps, actor: Actor, id: string): Promise<Run> {
  return found(await store.run(id as RunId), `run ${id}`, (run) => seesRun(actor, run));
}

async function steerableRun({ store }: HttpDeps, actor: Actor, id: string): Promise<Run> {
  return found(await store.run(id as RunId), `run ${id} of yours`, (run) => steersRun(actor, run));
}
