import { describe, expect, it, vi } from 'vitest';
import type { Store } from '../../src/campaigns/store-ports.ts';
import type { SqlStore } from '../../src/adapters/store-sql/open-store.ts';
import type { Equipment } from '../../src/domain/equipment.ts';
import type {
  CampaignId,
  EquipmentId,
  Instant,
  OrganisationId,
  PlanId,
  TestbedId,
} from '../../src/domain/ids.ts';
import type { TestPlan } from '../../src/domain/plan.ts';
import {
  aDraft,
  aLeasingRun,
  aRunnerId,
  aRunningRun,
  aStoredCampaign,
  aStoredRun,
  aTestbed,
  fresh,
  grantedChange,
  LAB,
  T0,
} from '../support/store-things.ts';

const LATER = (T0 + 10_000) as Instant;

/** What every store must do about documents, campaigns, runs, runners and access. */
export function documentContract(storeOf: () => SqlStore): void {
  it('gives an item of equipment a new revision only when it differs', async () => {
    const store = storeOf();
    const one = anEquipment();
    expect(await store.putEquipment(one)).toEqual({ revision: 1 });
    expect(await store.putEquipment({ ...one })).toEqual({ revision: 1 });
    const two = { ...one, versions: { software: '2' } };
    expect(await store.putEquipment(two)).toEqual({ revision: 2 });
    expect(await store.equipment(one.id)).toEqual(two);
    expect(await store.equipment('acme/none' as EquipmentId)).toBeNull();
    expect(await store.listEquipment({ organisation: one.organisation, role: 'near-rt-ric' })).toEqual([two]);
    expect(await store.listEquipment({ organisation: one.organisation, role: 'o-ru' })).toEqual([]);
    const many = await Promise.all(
      ['3', '4'].map((software) => store.putEquipment({ ...one, versions: { software } })),
    );
    expect(many.map(({ revision }) => revision).sort()).toEqual([3, 4]);
  });

  it('keeps what an organisation says of itself, until it says otherwise', async () => {
    const store = storeOf();
    const id = fresh('org') as OrganisationId;
    expect(await store.organisation(id)).toBeNull();
    const whole = {
      ...{
        id,
        name: 'Ünïcode "Lab"',
        roles: ['lab'],
        address: 'Main Street 1\nNorthtown',
        accreditation: 'A1',
      },
      contacts: [{ name: 'A', email: 'a@lab.example' }],
    };
    await store.putOrganisation(whole);
    expect(await store.organisation(id)).toEqual(whole);
    await store.putOrganisation({ id, name: 'Lab', roles: ['lab'] });
    expect(await store.organisation(id)).toEqual({ id, name: 'Lab', roles: ['lab'] });
  });

  it('never changes a published plan', async () => {
    const store = storeOf();
    const plan = { id: fresh('plan') as PlanId, version: '1.0.0', title: 'x' } as TestPlan;
    await store.publishPlan(plan, 'digest-1');
    await store.publishPlan(plan, 'digest-1');
    await expect(store.publishPlan(plan, 'digest-2')).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    expect(await store.plan(plan.id, '1.0.0')).toEqual(plan);
    expect(await store.plan(plan.id, '1.0.1')).toBeNull();
    expect(await store.plans()).toContainEqual(plan);
  });

  it('takes the same campaign twice, and not another one of that name', async () => {
    const store = storeOf();
    const campaign = aStoredCampaign();
    const stored = await store.createCampaign(campaign);
    expect(stored.version).toBe(1);
    expect(await store.createCampaign({ ...campaign, reference: 'other' })).toEqual(stored);
    const different = { ...campaign, request: { ...campaign.request, priority: 'high' as const } };
    await expect(store.createCampaign(different)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    expect(await store.campaign(campaign.id)).toEqual(stored);
    expect(await store.campaign('lab/none' as CampaignId)).toBeNull();
  });

  it('writes everything of a change or nothing', async () => {
    const store = storeOf();
    const campaign = await store.createCampaign(aStoredCampaign());
    const run = aStoredRun(campaign.id);
    const moved = { ...campaign, life: { state: 'scheduled' as const, since: LATER } };
    await expect(
      store.commit({ newRuns: [{ run, draft: aDraft(run) }], campaigns: [{ ...moved, version: 9 }] }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await store.run(run.id)).toBeNull();
    await store.commit({ newRuns: [{ run, draft: aDraft(run) }], campaigns: [moved] });
    expect(await store.run(run.id)).toEqual({ ...run, version: 1 });
    expect(await store.draft(run.id)).toEqual(aDraft(run));
    expect(await store.runsOf(campaign.id)).toHaveLength(1);
    expect((await store.campaign(campaign.id))?.version).toBe(2);
    await expect(store.commit({ newRuns: [{ run, draft: aDraft(run) }] })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });

  it('lets one of many win who change the same run', async () => {
    const store = storeOf();
    const { run } = await aLeasingRun(store, {});
    const attempts = Array.from({ length: 6 }, () => store.commit({ runs: [run] }));
    const ends = await Promise.allSettled(attempts);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const end of ends) {
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'CONFLICT' });
    }
    expect((await store.run(run.id))?.version).toBe(run.version + 1);
  });

  it('finds what nobody has looked at, and does not name it again at once', async () => {
    const store = storeOf();
    const { run } = await aLeasingRun(store, {});
    const long = (Date.now() + 1_000_000) as Instant;
    const found: string[] = [];
    for (;;) {
      const due = await store.overdue((Date.now() + 1) as Instant, 3);
      if (due.length === 0) break;
      found.push(...due.map((tick) => ('id' in tick ? `${tick.kind} ${tick.id}` : '')));
      if (found.includes(`run ${run.id}`) || found.length > 500) break;
    }
    expect(found).toContain(`run ${run.id}`);
    expect(found).toContain(`campaign ${run.campaign}`);
    expect(await store.overdue(1 as Instant, 3)).toEqual([]);
    expect((await store.overdue(long, 1)).length).toBe(1);
  });

  it('hears of changes to a testbed, after they are committed', async () => {
    const store = storeOf();
    const heard = vi.fn<(testbed: TestbedId) => void>();
    using listening = store.onTestbedChanged(heard);
    expect(listening).toBeDefined();
    const { testbed, run, fence } = await aRunningRun(store);
    await vi.waitFor(() => expect(heard).toHaveBeenCalledWith(testbed));
    expect(await store.desired([testbed])).toMatchObject([
      { run, fence, state: 'preparing', slot: 0, runVersion: 2, assignment: { testbed, fence, slot: 0 } },
    ]);
    expect(await store.runs({ testbed, limit: 5 })).toHaveLength(1);
    expect(await store.runs({ testbed, state: 'final', limit: 5 })).toHaveLength(0);
  });

  it('uses an enrolment token up once', async () => {
    const store = storeOf();
    const testbed = aTestbed();
    await store.putTestbed(testbed);
    const token = { hash: fresh('hash'), testbed: testbed.id, organisation: LAB, expiresAt: LATER };
    await store.createEnrolmentToken(token);
    const enrol = (at: Instant) =>
      store.redeemEnrolmentToken(token.hash, at, {
        id: aRunnerId(),
        serial: fresh('serial'),
        notAfter: LATER,
      });
    await expect(enrol((LATER + 1) as Instant)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    const ends = await Promise.allSettled([enrol(T0), enrol(T0), enrol(T0)]);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await store.testbed(testbed.id))?.runners).toHaveLength(1);
  });

  it('knows certificates, who was seen, and who was revoked', async () => {
    const store = storeOf();
    const testbed = aTestbed();
    await store.putTestbed(testbed);
    const [hash, serial, id] = [fresh('hash'), fresh('serial'), aRunnerId()];
    await store.createEnrolmentToken({ hash, testbed: testbed.id, organisation: LAB, expiresAt: LATER });
    await store.redeemEnrolmentToken(hash, T0, { id, serial, notAfter: LATER });
    await store.addCertificate(id, `${serial}-2`, LATER);
    expect(await store.certificateState(`${serial}-2`)).toBe('valid');
    expect(await store.certificateState('other')).toBe('unknown');
    expect(await store.validCertificates([`${serial}-2`, 'other'])).toEqual(new Set([`${serial}-2`]));
    const hello = { capabilities: ['a1'], tools: { dumpcap: '4.0' }, boot: 1_700_000_000_000 };
    await store.runnerSeen([{ id, at: T0, hello }]);
    await store.runnerSeen([{ id, at: LATER }]);
    expect((await store.testbed(testbed.id))?.runners).toEqual([
      {
        ...{ id, testbed: testbed.id, organisation: LAB, lastSeenAt: LATER, revokedAt: null },
        ...{ capabilities: ['a1'], tools: { dumpcap: '4.0' } },
      },
    ]);
    await store.revokeRunner(id, LATER);
    expect(await store.certificateState(serial)).toBe('revoked');
    expect(await store.validCertificates([serial])).toEqual(new Set());
  });

  it('keeps API tokens by hash until they expire', async () => {
    const store = storeOf();
    const token = { id: fresh('token'), organisation: LAB, scopes: ['read', 'write'], expiresAt: LATER };
    await store.createApiToken({ ...token, hash: token.id });
    expect(await store.apiTokenByHash(token.id, T0)).toEqual(token);
    expect(await store.apiTokenByHash(token.id, LATER)).toBeNull();
    expect(await store.apiTokenByHash('other', T0)).toBeNull();
  });

  it('writes a setting once, whoever comes first', async () => {
    const store = storeOf();
    const name = fresh('setting');
    const values = await Promise.all(['a', 'b', 'c'].map((value) => store.setting(name, () => value)));
    expect(new Set(values).size).toBe(1);
    expect(await store.setting(name, () => 'd')).toBe(values[0]);
  });

  describe('the database itself', () => {
    it('refuses that two reservations of one unit overlap', async () => {
      const resource = fresh('resource');
      const insert = (state: string, during: string) =>
        storeOf().pool.query(
          `insert into patchbay.reservation (resource, unit, during, state, organisation)
           values ($1, 0, $2::tstzrange, $3, 'lab')`,
          [resource, during, state],
        );
      await insert('planned', '[2027-01-01, 2027-01-03)');
      await insert('confirmed', '[2027-01-03, 2027-01-04)');
      await insert('withdrawn', '[2027-01-01, 2027-01-03)');
      for (const state of ['planned', 'confirmed', 'leased']) {
        await expect(insert(state, '[2027-01-02, 2027-01-05)')).rejects.toMatchObject({ code: '23P01' });
      }
      await insert('leased', '[2027-02-01, 2027-02-02)');
      await expect(insert('leased', '[2027-03-01, 2027-03-02)')).rejects.toMatchObject({ code: '23505' });
    });

    it('refuses to change or delete case records and reports', async () => {
      const { pool } = storeOf();
      for (const table of ['case_record', 'report', 'report_order', 'report_status', 'report_import']) {
        for (const statement of [
          `update patchbay.${table} set organisation = 'x'`,
          `delete from patchbay.${table}`,
          `truncate patchbay.${table}`,
        ]) {
          await expect(pool.query(statement)).rejects.toMatchObject({ code: '23001' });
        }
      }
    });
  });

  it('counts states', async () => {
    const store: Store = storeOf();
    const before = (await store.census()).runs['preparing'] ?? 0;
    const testbed = aTestbed();
    await store.putTestbed(testbed);
    const held = await aLeasingRun(store, { testbeds: [testbed.id] });
    await store.acquire(held.wish, grantedChange(held));
    expect((await store.census()).runs['preparing']).toBe(before + 1);
    await store.ping();
  });
}

function anEquipment(): Equipment {
  const organisation = fresh('acme') as OrganisationId;
  return {
    id: `${organisation}/ric` as EquipmentId,
    organisation,
    role: 'near-rt-ric',
    product: { name: 'RIC' },
    versions: { software: '1' },
    digests: {},
    interfaces: {},
    ics: { 'a1.policyTypes': ['x\u0000y'] },
    ixit: {},
  };
}
