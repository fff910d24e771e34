import { describe, expect, it } from 'vitest';
import { plugfest } from '../../../support/campaign-plans.ts';
import type { CampaignRequest, StrengthCoverage } from '../../../../src/domain/campaign.ts';
import { type EquipmentId, instant } from '../../../../src/domain/ids.ts';
import type { Reason } from '../../../../src/kernel/errors.ts';
import { planCampaign, type PlanningInput } from '../../../../src/planning/campaign/plan-campaign.ts';

const { input } = await plugfest({ moves: 10 });
const MINUTE = 60_000;

function planWith(changes: Partial<PlanningInput>) {
  const search = { seed: 1, budget: { moves: 10 }, coverageMoves: 100, stop: () => false };
  return planCampaign({ ...input, ...changes }, search);
}

const refusalOf = (changes: Partial<PlanningInput>): readonly Reason[] => {
  const planned = planWith(changes);
  return planned.ok ? [] : planned.error;
};
const request = (changes: Partial<CampaignRequest>): PlanningInput['request'] => ({
  ...input.request,
  ...changes,
});
const excluding = (...exclude: readonly (readonly string[])[]): StrengthCoverage => ({
  strength: 2,
  exclude: exclude as readonly (readonly EquipmentId[])[],
});

describe('a campaign that cannot be planned', () => {
  it('names the smallest set of exclusions that leaves nothing to meet', () => {
    const [e2] = input.plans.filter(({ id }) => id === 'e2-pair');
    if (e2 === undefined) throw new Error('there is no e2-pair');
    const coverage = excluding(['glade/ric-e2'], ['harbor/ric-e2'], ['iris/gnb']);
    const [why] = refusalOf({ request: request({ coverage }), plans: [e2] });
    expect(why?.code).toBe('CONSTRAINTS_CONTRADICT');
    expect(why?.text).toMatch(/exclude glade\/ric-e2.*exclude harbor\/ric-e2/u);
    expect(why?.text).not.toContain('iris');
  });

  it('says that two roles of ten thousand products are too many', () => {
    const many = ['near-rt-ric', 'non-rt-ric'].flatMap((role) =>
      Array.from({ length: 5_000 }, (_, i) => ({
        ...input.equipment.find((one) => one.role === role)!,
        id: `acme/${role}-${i}` as EquipmentId,
      })),
    );
    const refused = refusalOf({
      equipment: many,
      claims: many,
      request: request({ coverage: { strength: 2 } }),
    });
    expect(refused[0]).toMatchObject({
      code: 'INPUT_TOO_LARGE',
      text: expect.stringContaining('25000000 pairs of products') as unknown,
    });
  });

  it('says which window is over before it has begun', () => {
    const window = { from: instant(input.now - 2 * MINUTE), to: instant(input.now - MINUTE) };
    expect(refusalOf({ request: request({ window }) })).toMatchObject([{ code: 'WINDOW_CLOSED' }]);
  });

  it('says so when no calendar has a free hour', () => {
    const testbeds = input.testbeds.map((place) => ({
      ...place,
      testbed: {
        ...place.testbed,
        calendar: {
          timeZone: 'UTC',
          staffed: ['Mon-Fri 08:00-18:00'],
          closed: [{ from: '2026-01-01', to: '2027-12-31' }],
        },
      },
    }));
    expect(refusalOf({ testbeds }).map(({ code }) => code)).toContain('TIMETABLE_IMPOSSIBLE');
  });

  it('says that nobody can host anything when there are no testbeds', () => {
    const [why] = refusalOf({ testbeds: [] });
    expect(why).toMatchObject({ text: expect.stringContaining('no testbed is known') as unknown });
  });
});

describe('a campaign of which a part cannot be planned', () => {
  it('leaves out a product that nobody can host, and says why', () => {
    const away = input.equipment.map((one) =>
      one.id === 'fjord/ric' ? { ...one, location: { testbed: 'lab-west/west-1' as never } } : one,
    );
    const coverage: StrengthCoverage = { strength: 2 };
    const planned = planWith({ equipment: away, request: request({ coverage }) });
    if (!planned.ok) throw new Error('nothing was planned');
    expect(planned.value.runs.some(({ subjects }) => subjects.includes('fjord/ric'))).toBe(false);
    expect(JSON.stringify(planned.value.remarks)).toContain(
      'no testbed lab-west/west-1, where a product stands',
    );
  });

  it('plans the only product of a role, though it cannot vary', () => {
    const few = input.equipment.filter(({ role, id }) => role !== 'non-rt-ric' || id === 'aurora/smo');
    const planned = planWith({
      equipment: few,
      request: request({ coverage: { strength: 2 } }),
    });
    expect(planned.ok && planned.value.coverage[0]).toMatchObject({ covered: 3, feasible: 3 });
  });
});
