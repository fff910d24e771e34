import { expect, it } from 'vitest';
import type { PlanId } from '../../../src/domain/ids.ts';
import { openCampaignHouse } from '../../support/campaign-house.ts';
import { aPlan } from '../../support/plans.ts';
import { anEquipment } from '../../support/things.ts';

const PAIR = aPlan({
  id: 'e2-pair' as PlanId,
  planKind: 'pairwise',
  subjects: [
    { role: 'near-rt-ric', interfaces: ['e2'] },
    { role: 'gnb', interfaces: ['e2'] },
  ],
});
const endpoint = { host: '192.0.2.1', port: 36_421 };
const speaking = (id: string, role: 'near-rt-ric' | 'gnb', kpm: string) =>
  anEquipment(id, { role, interfaces: { e2: { endpoint } }, ics: { 'e2.kpm': kpm } });
const RIC = speaking('acme/ric-1', 'near-rt-ric', 'v2.03');
const LATER = speaking('acme/gnb-1', 'gnb', 'v3.00');
const EQUAL = speaking('borealis/gnb-2', 'gnb', 'v2.03');
const OF_BOTH = { plans: [{ id: PAIR.id, version: PAIR.version }], coverage: { mode: 'pairs' as const } };

it('refuses a campaign of products that cannot work together, and stores nothing', async () => {
  await using house = await openCampaignHouse({ plans: [PAIR], equipment: [RIC, LATER] });
  const equipment = { ids: [RIC.id, LATER.id] };
  await expect(house.submit({ ...OF_BOTH, equipment })).rejects.toMatchObject({
    code: 'EQUIPMENT_INCOMPATIBLE',
    message: expect.stringMatching(
      /KPM_TIME_STAMP_MISMATCH: e2-pair on acme\/ric-1 \+ acme\/gnb-1/u,
    ) as string,
  });
  expect(await house.store.campaigns({ limit: 10 })).toEqual([]);
});

it('leaves out the pairing that cannot work, and runs the other', async () => {
  await using house = await openCampaignHouse({ plans: [PAIR], equipment: [RIC, LATER, EQUAL] });
  const campaign = await house.submit({ ...OF_BOTH, equipment: { ids: [RIC.id, LATER.id, EQUAL.id] } });
  await house.settle();
  const runs = await house.runs(campaign);
  expect(runs.map(({ subjects }) => subjects)).toEqual([[RIC.id, EQUAL.id]]);
});
