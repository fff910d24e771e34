import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/campaigns/store-ports.ts';
import type { Instant, TestbedId } from '../../src/domain/ids.ts';
import { reason } from '../../src/kernel/errors.ts';
import { aLeasingRun, aRunningRun, aTestbed, fresh, grantedChange } from '../support/store-things.ts';

const dirty = reason('TEARDOWN_FAILED', 'the radio still sends');

/** What every store must do about leases, slots and reservations. */
export function leaseContract(storeOf: () => Store): void {
  const grant = async (testbeds: readonly TestbedId[], resources: readonly string[] = []) => {
    const held = await aLeasingRun(storeOf(), { testbeds, resources });
    return { held, answer: await storeOf().acquire(held.wish, grantedChange(held)) };
  };

  describe('acquire', () => {
    it('grants slot, instruments and resources together, with the change', async () => {
      const store = storeOf();
      const testbed = aTestbed({ instruments: [{ id: 'chamber', capacity: 1 }] });
      await store.putTestbed(testbed);
      const resource = `equipment:acme/${fresh('ric')}`;
      const { held, answer } = await grant([testbed.id], [resource]);
      expect(answer).toMatchObject({ granted: true, grant: { testbed: testbed.id, slot: 0, fence: 1 } });
      if (!answer.granted) throw new Error('not granted');
      expect(answer.units.map((unit) => unit.resource)).toEqual([
        `slot:${testbed.id}`,
        `instrument:${testbed.id}/chamber`,
        resource,
      ]);
      expect((await store.run(held.run.id))?.life.state).toBe('preparing');
      expect((await store.lease(held.lease.id))?.life.state).toBe('granted');
      const view = await store.testbed(testbed.id);
      expect(view?.slots[0]).toMatchObject({ state: 'leased', fence: 1, lease: held.lease.id });
    });

    it('names the resource that is held, and its holder, and takes nothing', async () => {
      const store = storeOf();
      const [one, two] = [aTestbed(), aTestbed()];
      await store.putTestbed(one);
      await store.putTestbed(two);
      const resource = `equipment:acme/${fresh('ric')}`;
      const first = await grant([one.id], [resource]);
      const second = await grant([two.id], [resource]);
      expect(second.answer).toMatchObject({ granted: false, reason: { code: 'RESOURCE_BUSY' } });
      if (second.answer.granted) throw new Error('granted');
      expect(second.answer.reason.text).toContain(resource);
      expect(second.answer.reason.text).toContain(first.held.run.id);
      expect((await store.testbed(two.id))?.slots[0]).toMatchObject({ state: 'free', fence: 0 });
      expect((await store.run(second.held.run.id))?.life.state).toBe('leasing');
    });

    it('takes the next testbed when the best is full, draining, or short of an instrument', async () => {
      const store = storeOf();
      const [full, draining, good] = [aTestbed(), aTestbed(), aTestbed()];
      const short = aTestbed({ slots: 2, instruments: [{ id: 'chamber', capacity: 1 }] });
      for (const testbed of [full, draining, short, good]) await store.putTestbed(testbed);
      await store.setTestbedMode(draining.id, 'draining');
      expect((await grant([full.id])).answer.granted).toBe(true);
      expect((await grant([short.id])).answer.granted).toBe(true);
      const { answer } = await grant([full.id, draining.id, short.id, good.id]);
      expect(answer).toMatchObject({ granted: true, grant: { testbed: good.id } });
    });

    it('says why no slot is free', async () => {
      const store = storeOf();
      const [full, draining, quarantined] = [aTestbed(), aTestbed(), aTestbed()];
      for (const testbed of [full, draining, quarantined]) await store.putTestbed(testbed);
      await grant([full.id]);
      await store.setTestbedMode(draining.id, 'draining');
      await store.setSlot(quarantined.id, 0, { quarantined: dirty });
      const codeAt = async (id: TestbedId) => {
        const { answer } = await grant([id]);
        return answer.granted ? 'granted' : answer.reason.code;
      };
      expect(await codeAt(full.id)).toBe('RESOURCE_BUSY');
      expect(await codeAt(draining.id)).toBe('TESTBED_DRAINING');
      expect(await codeAt(quarantined.id)).toBe('SLOT_QUARANTINED');
    });

    it('writes nothing when the change conflicts', async () => {
      const store = storeOf();
      const testbed = aTestbed();
      await store.putTestbed(testbed);
      const held = await aLeasingRun(store, { testbeds: [testbed.id] });
      const stale = { ...held, run: { ...held.run, version: 7 } };
      await expect(store.acquire(held.wish, grantedChange(stale))).rejects.toMatchObject({
        code: 'CONFLICT',
      });
      expect((await store.testbed(testbed.id))?.slots[0]).toMatchObject({ state: 'free', fence: 0 });
      expect((await store.acquire(held.wish, grantedChange(held))).granted).toBe(true);
    });

    it('never lets two hold one unit, and fences only count up, whatever comes at once', async () => {
      const store = storeOf();
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ bed: fc.nat(1), equipment: fc.subarray([0, 1, 2]), ends: fc.boolean() }), {
            minLength: 2,
            maxLength: 8,
          }),
          async (wishes) => {
            const beds = [aTestbed({ slots: 2 }), aTestbed()];
            for (const bed of beds) await store.putTestbed(bed);
            const names = [0, 1, 2].map(() => `equipment:acme/${fresh('dut')}`);
            const fences = new Map<string, number>();
            const holders = new Map<string, string>();
            await Promise.all(
              wishes.map(async ({ bed, equipment, ends }) => {
                const order = bed === 0 ? beds : [...beds].reverse();
                const resources = equipment.map((index) => names[index] ?? '');
                const held = await aLeasingRun(store, { testbeds: order.map(({ id }) => id), resources });
                const answer = await store.acquire(held.wish, grantedChange(held));
                if (!answer.granted) return;
                const { testbed, slot, fence } = answer.grant;
                for (const { resource, unit } of answer.units) {
                  expect(holders.get(`${resource}/${unit}`)).toBeUndefined();
                  holders.set(`${resource}/${unit}`, held.run.id);
                }
                expect(fence).toBeGreaterThan(fences.get(`${testbed}/${slot}`) ?? 0);
                fences.set(`${testbed}/${slot}`, fence);
                if (!ends) return;
                for (const { resource, unit } of answer.units) holders.delete(`${resource}/${unit}`);
                await store.commit({ release: [held.lease.id] });
              }),
            );
          },
        ),
        { numRuns: 6 },
      );
    });
  });

  describe('the end of a lease', () => {
    it('frees what it held, and the next fence is higher', async () => {
      const store = storeOf();
      const { lease, testbed, fence } = await aRunningRun(store);
      await store.commit({ release: [lease] });
      await store.commit({ release: [lease] });
      expect((await store.testbed(testbed))?.slots[0]).toMatchObject({ state: 'free', lease: null });
      const { answer } = await grant([testbed]);
      expect(answer).toMatchObject({ granted: true, grant: { fence: fence + 1 } });
    });

    it('can leave the slot quarantined until the runner proves tear-down of that fence', async () => {
      const store = storeOf();
      const { lease, testbed, fence } = await aRunningRun(store);
      await store.commit({ quarantine: [{ lease, reason: dirty }] });
      expect((await store.testbed(testbed))?.slots[0]).toMatchObject({ state: 'quarantined', reason: dirty });
      expect(await store.clearSlotAfter(testbed, 0, fence - 1)).toBe(false);
      expect(await store.clearSlotAfter(testbed, 0, fence)).toBe(true);
      expect(await store.clearSlotAfter(testbed, 0, fence)).toBe(false);
      expect((await store.testbed(testbed))?.slots[0]).toMatchObject({ state: 'free', reason: null });
    });

    it('keeps a quarantine that an operator set while the slot was leased; a runner cannot clear it', async () => {
      const store = storeOf();
      const { lease, testbed, fence } = await aRunningRun(store);
      await store.setSlot(testbed, 0, { quarantined: dirty });
      expect((await store.testbed(testbed))?.slots[0]).toMatchObject({ state: 'leased' });
      await store.commit({ release: [lease] });
      expect(await store.clearSlotAfter(testbed, 0, fence + 5)).toBe(false);
      expect((await store.testbed(testbed))?.slots[0]).toMatchObject({ state: 'quarantined' });
      await store.setSlot(testbed, 0, 'cleared');
      expect((await store.testbed(testbed))?.slots[0]).toMatchObject({ state: 'free' });
    });

    it('comes later when it is renewed by whoever holds the fence, and by nobody else', async () => {
      const store = storeOf();
      const { run, fence, lease } = await aRunningRun(store);
      const expiresAt = async () => {
        const life = (await store.lease(lease))?.life;
        return life?.state === 'granted' ? life.grant.expiresAt : null;
      };
      const before = (await expiresAt()) ?? 0;
      await store.renewLeases([{ run, fence: fence + 1 }], (before + 5000) as Instant);
      expect(await expiresAt()).toBe(before);
      await store.renewLeases([{ run, fence }], (before + 5000) as Instant);
      expect(await expiresAt()).toBe(before + 5000);
      await store.renewLeases([{ run, fence }], (before + 1) as Instant);
      expect(await expiresAt()).toBe(before + 5000);
    });
  });

  it('refuses a slot that does not exist', async () => {
    const testbed = aTestbed();
    await storeOf().putTestbed(testbed);
    await expect(storeOf().setSlot(testbed.id, 9, 'cleared')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(storeOf().setTestbedMode('lab/none' as TestbedId, 'open')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('keeps fences when a testbed loses a slot and gets it back', async () => {
    const store = storeOf();
    const testbed = aTestbed({ slots: 2 });
    await store.putTestbed(testbed);
    const { held } = await grant([testbed.id]);
    await store.commit({ release: [held.lease.id] });
    await store.putTestbed({ ...testbed, slots: 0 });
    expect((await store.testbed(testbed.id))?.slots).toEqual([]);
    await store.putTestbed(testbed);
    expect((await store.testbed(testbed.id))?.slots.map(({ fence }) => fence)).toEqual([1, 0]);
  });
}
