import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { AMF } from '../../../runners/simulators/amf/simulator.ts';
import { O_CU_CP } from '../../../runners/simulators/o-cu-cp/simulator.ts';
import { O_CU_UP } from '../../../runners/simulators/o-cu-up/simulator.ts';
import { O_DU } from '../../../runners/simulators/o-du/simulator.ts';
import type { RunningSimulator, Simulator } from '../../../runners/simulators/simulator.ts';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import { Teardown } from '../../../src/kernel/teardown.ts';
import { scratchFolder, untilTrue } from '../../support/scratch.ts';

/** Processes that find each other without anybody in between. */
async function aChain({ publicKeys }: { readonly publicKeys: boolean }) {
  await using undo = new Teardown();
  const { path } = undo.use(await scratchFolder());
  const start = async (simulator: Simulator, settings: JsonObject = {}): Promise<RunningSimulator> => {
    const dir = join(path, simulator.name);
    await mkdir(dir);
    return undo.use(
      await simulator.start({ defects: [], settings, dir }, { signal: AbortSignal.timeout(30_000) }),
    );
  };
  const [amf, cuCp, cuUp, du] = await Promise.all([
    start(AMF, { tac: 7, sd: null, publicKeys }),
    start(O_CU_CP),
    start(O_CU_UP),
    start(O_DU),
  ]);
  const [core, cu, up, cell] = [amf, cuCp, cuUp, du].map(({ ixit }) => hookIn(ixit)) as [
    Order,
    Order,
    Order,
    Order,
  ];
  expect((await cu({ action: 'connectNg', ...whereIs(amf, 'ng') })).status).toBe(204);
  expect((await up({ action: 'connect', ...whereIs(cuCp, 'e1') })).status).toBe(204);
  expect((await cell({ action: 'connect', ...whereIs(cuCp, 'f1') })).status).toBe(204);
  const owner = undo.move();
  return { core, cu, up, cell, [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose]() };
}

type Order = (order: JsonObject) => Promise<{ readonly status: number; readonly body: Json }>;

function hookIn(ixit: RunningSimulator['ixit']): Order {
  const [, hook] = Object.entries(ixit).find(([key]) => key.endsWith('.prepare')) ?? [];
  const { url } = hook as { readonly url: string };
  return async (order) => {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(order) });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : (JSON.parse(text) as Json) };
  };
}

function whereIs({ interfaces }: RunningSimulator, name: string): JsonObject {
  const { host = '', port = 0, udpEncapsulation } = interfaces[name]?.endpoint ?? {};
  return { host, port, udpPort: udpEncapsulation?.remote ?? 0 };
}

async function untilReport(order: Order, wanted: JsonObject): Promise<void> {
  await untilTrue(async () => {
    expect((await order({ action: 'report' })).body).toMatchObject(wanted);
    return true;
  }, JSON.stringify(wanted));
}

it('registers a UE through O-DU, O-CU-CP, O-CU-UP and AMF, pings through its session, and lets it go, again and again', async () => {
  await using chain = await aChain({ publicKeys: true });
  const { core, cu, up, cell } = chain;
  await untilReport(cu, { isNgSetUp: true, cuUps: [{ id: 1 }], dus: [{ id: 1 }] });
  for (let round = 1; round <= 3; round += 1) {
    expect((await cell({ action: 'register' })).status).toBe(204);
    expect((await cell({ action: 'session' })).status).toBe(204);
    const { status, body } = await cell({ action: 'ping', to: '10.45.0.1' });
    expect({ status, body }).toEqual({ status: 200, body: { tookMs: expect.any(Number) as number } });
    expect((await up({ action: 'report' })).body).toMatchObject({ contexts: [{ sessions: [1] }] });
    await untilReport(core, { ues: [{ state: 'registered', isConnected: true, sessions: [1] }] });
    expect((await cell({ action: 'deregister' })).status).toBe(204);
    await untilReport(cell, { ues: [{ rrc: 'idle', nas: 'deregistered', bearers: [] }] });
    await untilReport(up, { contexts: [] });
    await untilReport(cu, { ues: [] });
    await untilReport(core, { ues: [{ isConnected: false, sessions: [] }] });
  }
});

it('lets nobody in whose keys the core does not have', async () => {
  await using chain = await aChain({ publicKeys: false });
  const { core, cu, cell } = chain;
  await untilReport(cu, { isNgSetUp: true, cuUps: [{ id: 1 }], dus: [{ id: 1 }] });
  expect((await cell({ action: 'register' })).status).toBe(204);
  await untilReport(cell, { ues: [{ rrc: 'idle', nas: 'deregistered' }] });
  await untilReport(core, { ues: [] });
  expect((await cell({ action: 'session' })).status).toBe(409);
  expect((await cell({ action: 'register', imsi: '001010000000009' })).status).toBe(409);
});
