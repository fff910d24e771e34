import { expect, it, vi } from 'vitest';
import type { Queue, Tick } from '../../src/campaigns/ports.ts';
import type { CampaignId, RunId } from '../../src/domain/ids.ts';
import { fresh } from '../support/store-things.ts';

const aRunTick = (): Tick => ({ kind: 'run', id: fresh('run') as RunId });
const within = { timeout: 15_000 };

/** Remembers what it heard; `hold()` keeps handlers from ending until the gate opens. */
function anEar() {
  const heard: Tick[] = [];
  let gate: Promise<void> = Promise.resolve();
  return {
    heard,
    count: (tick: Tick) => heard.filter((one) => JSON.stringify(one) === JSON.stringify(tick)).length,
    hold: () => {
      let open = (): void => undefined;
      gate = new Promise((resolve) => (open = resolve));
      return () => {
        gate = Promise.resolve();
        open();
      };
    },
    handler: async (tick: Tick) => {
      heard.push(tick);
      await gate;
    },
  };
}

/** What every queue must do. `make` gives a queue of its own, or with the same name one more door to the same queue. */
export function queueContract(make: (name?: string) => Promise<Queue>): void {
  it('brings every tick to a listener, also those rung before it came', async () => {
    await using queue = await make();
    const ear = anEar();
    const ticks: Tick[] = [aRunTick(), { kind: 'campaign', id: 'lab/c' as CampaignId }, { kind: 'sweep' }];
    await queue.ring(ticks);
    expect(await queue.depth()).toBe(3);
    await using listener = queue.listen(ear.handler, { concurrency: 2 });
    expect(listener).toBeDefined();
    const late = aRunTick();
    await queue.ring([late]);
    await vi.waitFor(() => expect(ear.heard).toHaveLength(4), within);
    for (const tick of [...ticks, late]) expect(ear.count(tick)).toBe(1);
    await vi.waitFor(async () => expect(await queue.depth()).toBe(0), within);
    await queue.ring([]);
  });

  it('makes one of equal ticks that nobody has heard yet', async () => {
    await using queue = await make();
    const tick = aRunTick();
    await queue.ring([tick, tick]);
    for (let n = 0; n < 5; n += 1) await queue.ring([tick]);
    expect(await queue.depth()).toBe(1);
  });

  it('does not lose a tick that is rung while an equal one is being handled', async () => {
    await using queue = await make();
    const ear = anEar();
    const open = ear.hold();
    await using listener = queue.listen(ear.handler, { concurrency: 2 });
    expect(listener).toBeDefined();
    const tick = aRunTick();
    await queue.ring([tick]);
    await vi.waitFor(() => expect(ear.count(tick)).toBe(1), within);
    await queue.ring([tick]);
    open();
    await vi.waitFor(() => expect(ear.count(tick)).toBe(2), within);
    await vi.waitFor(async () => expect(await queue.depth()).toBe(0), within);
    await queue.ring([tick]);
    await vi.waitFor(() => expect(ear.count(tick)).toBe(3), within);
  });

  it('holds a delayed tick back, and lets one that is due now pass it', async () => {
    await using queue = await make();
    const ear = anEar();
    await using listener = queue.listen(ear.handler, { concurrency: 1 });
    expect(listener).toBeDefined();
    const tick = aRunTick();
    const rungAt = performance.now();
    await queue.ring([tick], { delayMs: 1500 });
    await queue.ring([tick]);
    await vi.waitFor(() => expect(ear.count(tick)).toBe(1), within);
    const soon = performance.now() - rungAt;
    await vi.waitFor(() => expect(ear.count(tick)).toBe(2), within);
    expect(performance.now() - rungAt).toBeGreaterThanOrEqual(1400);
    expect(soon).toBeLessThan(1400);
  });

  it('rings again when a handler throws', async () => {
    await using queue = await make();
    const tick = aRunTick();
    let tries = 0;
    const flaky = (): Promise<void> => {
      tries += 1;
      return tries < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve();
    };
    await using listener = queue.listen(flaky, { concurrency: 1 });
    expect(listener).toBeDefined();
    await queue.ring([tick]);
    await vi.waitFor(() => expect(tries).toBe(3), within);
    await vi.waitFor(async () => expect(await queue.depth()).toBe(0), within);
  });

  it('shares ticks between listeners: each is heard once', async () => {
    const name = fresh('shared');
    await using one = await make(name);
    await using two = await make(name);
    const ears = [anEar(), anEar()] as const;
    await using first = one.listen(ears[0].handler, { concurrency: 1 });
    expect(first).toBeDefined();
    await using second = two.listen(ears[1].handler, { concurrency: 1 });
    expect(second).toBeDefined();
    const ticks = Array.from({ length: 20 }, aRunTick);
    await one.ring(ticks);
    await vi.waitFor(() => expect(ears[0].heard.length + ears[1].heard.length).toBe(20), within);
    for (const tick of ticks) expect(ears[0].count(tick) + ears[1].count(tick)).toBe(1);
  });

  it('waits for handlers when a listener is disposed, and takes no more ticks', async () => {
    await using queue = await make();
    const ear = anEar();
    const open = ear.hold();
    const listener = queue.listen(ear.handler, { concurrency: 1 });
    await queue.ring([aRunTick()]);
    await vi.waitFor(() => expect(ear.heard).toHaveLength(1), within);
    let over = false;
    const disposing = listener[Symbol.asyncDispose]().then(() => (over = true));
    await queue.ring([aRunTick()]);
    expect(over).toBe(false);
    open();
    await disposing;
    expect(ear.heard).toHaveLength(1);
    expect(await queue.depth()).toBe(1);
  });

  it('answers a ping', async () => {
    await using queue = await make();
    await expect(queue.ping()).resolves.toBeUndefined();
  });
}
