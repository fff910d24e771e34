import { pause } from '../../../src/kernel/deadline.ts';
import type { AmfUe } from '../../simulators/amf/core.ts';
import { orderProduct, tellProduct } from '../ap/orders.ts';
import type { PairDriver } from '../ap-pair/drive.ts';
import type { Around } from '../ap-pair/procedure.ts';
import { driveCuCp } from '../cu-cp/world.ts';
import { type Core, openCore } from '../ng/core.ts';
import { ngIxit } from '../ng/ixit.ts';
import { Blocked } from '../procedure.ts';

const KEY = 'f1.prepare';
const POLL_MS = 5;

/** What stands around O-CU-CP and O-DU: the tester is the core, which knows the UEs of the O-DU, and the O-CU-UP. */
export interface F1World {
  /** Has the UE released that is registered and connected; there need not be one. */
  release(): void;
  /** What is seen of the core from now on belongs to that step. */
  enter(step: string): void;
  /** Pages the UE that is registered, once it has no connection, and waits until the RAN has a context of it again. */
  page(): Promise<void>;
}

/** @throws Blocked when the O-CU-CP does not take the O-CU-UP, or does not come to the core */
export const betweenCoreAndCuUp: Around<F1World> = (driver, run) => {
  const { bench, signal, listener, caller } = driver;
  return driveCuCp(bench, { signal, key: KEY }, async (world) => {
    const up = await world.cuUp('setup');
    if (up === null || !(await up.setUp('setup', world.waiting)))
      throw Blocked.precondition('the O-CU-CP did not set E1 up with the O-CU-UP that the tester plays');
    await using core = await openCore({
      bench,
      product: listener,
      ixit: ngIxit(caller),
      signal,
      n3Host: null,
    });
    try {
      await connectNg(core, driver);
      await run(worldOf(core, driver));
    } finally {
      const ordered = { bench, product: listener, key: KEY, signal } as const;
      await tellProduct(ordered, { step: 'clean-up', order: { action: 'disconnectNg' } });
    }
  });
};

async function connectNg(core: Core, { bench, signal, listener: product }: PairDriver): Promise<void> {
  const order = { action: 'connectNg', ...core.at };
  const inWords = `connect to the AMF at ${JSON.stringify(core.at)}`;
  await orderProduct(
    { bench, product, key: KEY, signal },
    { step: 'ng', order, inWords, comesByItself: true },
  );
  const isUp = await within(bench.number('triggerWithinMs'), signal, () =>
    core.amf.links.some(({ node }) => node !== null) ? true : undefined,
  );
  if (isUp === null) throw Blocked.precondition('the O-CU-CP did not set NG up with the core of the tester');
}

function worldOf(core: Core, { bench, signal }: PairDriver): F1World {
  const { amf, links } = core;
  const withinMs = bench.number('triggerWithinMs');
  const registered = (isConnected: boolean): AmfUe | undefined =>
    amf.ues.findLast(
      ({ nas, connection }) => nas.ue.state === 'registered' && (connection !== null) === isConnected,
    );
  return {
    release: () => registered(true)?.release({ nas: 'normal-release' }),
    enter: (step) => core.enter(step),
    page: async () => {
      const link = links.at(-1);
      const ue = await within(withinMs, signal, () => registered(false));
      if (link === undefined || ue === null) return;
      const from = link.next;
      const isServed = ({ decoded }: { readonly decoded: { readonly message: { name: string } | null } }) =>
        decoded.message?.name === 'InitialContextSetupResponse';
      if (amf.page(ue)) await link.waitFor(isServed, { signal, withinMs, from });
    },
  };
}

/** What is looked for, as soon as it is there; null when it is not in time. @throws the reason of the signal */
async function within<T>(ms: number, signal: AbortSignal, look: () => T | undefined): Promise<T | null> {
  for (const end = performance.now() + ms; ;) {
    const found = look();
    if (found !== undefined) return found;
    if (performance.now() >= end) return null;
    await pause(POLL_MS, { signal });
  }
}
