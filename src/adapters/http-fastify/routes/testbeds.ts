import { Type } from 'typebox';

import { testbedBody, type TestbedBody } from '../../../api/documents.ts';
import { closed, generatedId, name, text } from '../../../api/parts.ts';
import { enrolmentTokenView, listOf, testbedView } from '../../../api/views.ts';
import type { TestbedView as StoredTestbed } from '../../../campaigns/store-ports.ts';
import { isoTime, type RunnerId, type TestbedId } from '../../../domain/ids.ts';
import type { Testbed } from '../../../domain/testbed.ts';
import { reason } from '../../../kernel/errors.ts';
import { type Actor, actorOf } from '../actor.ts';
import type { HttpDeps, Server } from '../deps.ts';
import { DONE, done, itemPath, reading, writing } from '../schemas.ts';
import { viewTestbed } from '../views.ts';
import { forbidUnless, found, owns } from '../visibility.ts';

const TAG = 'testbeds';
const HOUR_MS = 3_600_000;

const slotPath = Type.Object(
  { organisation: name, name, slot: Type.Integer({ minimum: 0, maximum: 999 }) },
  closed,
);
const runnerPath = Type.Object({ organisation: name, name, runner: generatedId }, closed);

export function addTestbedRoutes(server: Server, deps: HttpDeps): void {
  const { useCases } = deps;
  server.post(
    '/testbeds',
    {
      config: { scope: 'testbed:write' },
      schema: writing({
        id: 'submitTestbed',
        does: 'Register a testbed, or change it',
        tag: TAG,
        body: testbedBody,
        answers: done,
      }),
    },
    async (request) => {
      const testbed = toTestbed(request.body);
      forbidUnless(
        owns(actorOf(request), testbed.organisation) && testbed.id.startsWith(`${testbed.organisation}/`),
        'a testbed must be of your organisation, and its id must begin with it',
      );
      await useCases.registerTestbed(testbed);
      return DONE;
    },
  );
  addReading(server, deps);
  addModes(server, deps);
  addSlots(server, deps);
  addRunners(server, deps);
}

function addReading(server: Server, deps: HttpDeps): void {
  const { store } = deps;
  server.get(
    '/testbeds',
    {
      config: { scope: 'read' },
      schema: reading({ id: 'listTestbeds', does: 'List testbeds', tag: TAG, answers: listOf(testbedView) }),
    },
    async (request) => {
      const actor = actorOf(request);
      const views = await store.testbeds();
      const attached = attachedRunners(deps);
      const own = views.filter(({ testbed }) => owns(actor, testbed.organisation));
      return { items: own.map((view) => viewTestbed(view, attached)) };
    },
  );
  server.get(
    '/testbeds/:organisation/:name',
    {
      config: { scope: 'read' },
      schema: reading({
        id: 'showTestbed',
        does: 'Show a testbed with its slots and runners',
        tag: TAG,
        params: itemPath,
        answers: testbedView,
      }),
    },
    async (request) =>
      viewTestbed(await ownTestbed(deps, actorOf(request), request.params), attachedRunners(deps)),
  );
}

function addModes(server: Server, deps: HttpDeps): void {
  const { useCases } = deps;
  const modes = [
    { verb: 'drain', does: 'Take no new runs', act: (id: TestbedId) => useCases.drainTestbed(id) },
    { verb: 'resume', does: 'Take runs again', act: (id: TestbedId) => useCases.resumeTestbed(id) },
  ] as const;
  for (const { verb, does, act } of modes) {
    server.post(
      `/testbeds/:organisation/:name/${verb}`,
      {
        config: { scope: 'testbed:write' },
        schema: reading({ id: `${verb}Testbed`, does, tag: TAG, params: itemPath, answers: done }),
      },
      async (request) => {
        const { testbed } = await ownTestbed(deps, actorOf(request), request.params);
        await act(testbed.id);
        return DONE;
      },
    );
  }
}

function addSlots(server: Server, deps: HttpDeps): void {
  const { useCases } = deps;
  server.post(
    '/testbeds/:organisation/:name/slots/:slot/quarantine',
    {
      config: { scope: 'testbed:write' },
      schema: writing({
        id: 'quarantineSlot',
        does: 'Keep runs away from a slot until it is released',
        tag: TAG,
        params: slotPath,
        body: Type.Object({ text: text(500) }, closed),
        answers: done,
      }),
    },
    async (request) => {
      const slot = await ownSlot(deps, actorOf(request), request.params);
      await useCases.quarantineSlot(slot.testbed, slot.slot, reason('SLOT_QUARANTINED', request.body.text));
      return DONE;
    },
  );
  server.post(
    '/testbeds/:organisation/:name/slots/:slot/release',
    {
      config: { scope: 'testbed:write' },
      schema: reading({
        id: 'releaseSlot',
        does: 'End the quarantine of a slot that has been cleaned up',
        tag: TAG,
        params: slotPath,
        answers: done,
      }),
    },
    async (request) => {
      const slot = await ownSlot(deps, actorOf(request), request.params);
      await useCases.releaseSlot(slot.testbed, slot.slot);
      return DONE;
    },
  );
}

function addRunners(server: Server, deps: HttpDeps): void {
  const { useCases } = deps;
  server.post(
    '/testbeds/:organisation/:name/enrolment-tokens',
    {
      config: { scope: 'testbed:write' },
      schema: writing({
        id: 'createEnrolmentToken',
        does: 'Make a one-time token with which a runner of this testbed enrols; shown only now',
        tag: TAG,
        params: itemPath,
        body: Type.Object(
          { validForMs: Type.Optional(Type.Integer({ minimum: 1000, maximum: 168 * HOUR_MS })) },
          closed,
        ),
        answers: enrolmentTokenView,
      }),
    },
    async (request) => {
      const { testbed } = await ownTestbed(deps, actorOf(request), request.params);
      const { validForMs = HOUR_MS } = request.body;
      const { token, expiresAt } = await useCases.createEnrolmentToken(testbed.id, validForMs);
      return { token, expiresAt: isoTime(expiresAt) };
    },
  );
  server.post(
    '/testbeds/:organisation/:name/runners/:runner/revoke',
    {
      config: { scope: 'testbed:write' },
      schema: reading({
        id: 'revokeRunner',
        does: 'Refuse a runner and its certificates from now on',
        tag: TAG,
        params: runnerPath,
        answers: done,
      }),
    },
    async (request) => {
      const { runners } = await ownTestbed(deps, actorOf(request), request.params);
      const { runner: wanted } = request.params;
      const runner = found(runners.find(({ id }) => id === wanted) ?? null, `runner ${wanted}`, () => true);
      await useCases.revokeRunner(runner.id);
      return DONE;
    },
  );
}

interface ItemPath {
  readonly organisation: string;
  readonly name: string;
}

async function ownTestbed({ store }: HttpDeps, actor: Actor, path: ItemPath): Promise<StoredTestbed> {
  const id = `${path.organisation}/${path.name}` as TestbedId;
  const view = await store.testbed(id);
  return found(view, `testbed ${id}`, ({ testbed }) => owns(actor, testbed.organisation));
}

async function ownSlot(
  deps: HttpDeps,
  actor: Actor,
  path: ItemPath & { readonly slot: number },
): Promise<{ readonly testbed: TestbedId; readonly slot: number }> {
  const { testbed, slots } = await ownTestbed(deps, actor, path);
  found(
    slots.find(({ slot }) => slot === path.slot) ?? null,
    `slot ${path.slot} of testbed ${testbed.id}`,
    () => true,
  );
  return { testbed: testbed.id, slot: path.slot };
}

function attachedRunners({ gateway }: HttpDeps): ReadonlySet<RunnerId> {
  return new Set(gateway.attached().map(({ runner }) => runner));
}

/** The schema has checked every name; ids become what the domain calls them. */
function toTestbed(body: TestbedBody): Testbed {
  return body as TestbedBody & Testbed;
}
