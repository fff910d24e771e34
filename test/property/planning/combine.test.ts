import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Equipment } from '../../../src/domain/equipment.ts';
import type { EquipmentId, OrganisationId, PlanId } from '../../../src/domain/ids.ts';
import type { Role } from '../../../src/domain/plan.ts';
import { combine } from '../../../src/planning/combine.ts';
import { aPlan } from '../../support/plans.ts';

const roles: readonly Role[] = ['near-rt-ric', 'non-rt-ric', 'o-du'];

const item = (id: string, role: Role): Equipment => ({
  id: `acme/${id}` as EquipmentId,
  organisation: 'acme' as OrganisationId,
  role,
  product: { name: id },
  versions: {},
  digests: {},
  interfaces: {},
  ics: {},
  ixit: {},
});

const equipment = fc
  .array(fc.constantFrom(...roles), { maxLength: 8 })
  .map((list) => list.map((role, index) => item(`p${index}`, role)));
const plans = fc
  .array(fc.array(fc.constantFrom(...roles), { minLength: 1, maxLength: 3 }), { maxLength: 4 })
  .map((list) =>
    list.map((subjects, index) =>
      aPlan({ id: `plan-${index}` as PlanId, subjects: subjects.map((role) => ({ role, interfaces: [] })) }),
    ),
  );
const mode = fc.constantFrom('each', 'pairs', 'full' as const);
const input = fc.record({ mode, plans, equipment });

const named = (result: ReturnType<typeof combine>): readonly string[] =>
  result.suts.map(({ plan, subjects }) => `${plan.id}: ${subjects.map(({ id }) => id).join(' + ')}`);

describe('combine', () => {
  it('gives every subject a different product of its role, and no SUT twice', () => {
    fc.assert(
      fc.property(input, (given) => {
        const result = combine(given);
        for (const { plan, subjects } of result.suts) {
          expect(subjects.map(({ role }) => role)).toEqual(plan.subjects.map(({ role }) => role));
          expect(new Set(subjects.map(({ id }) => id)).size).toBe(subjects.length);
        }
        expect(new Set(named(result)).size).toBe(result.suts.length);
      }),
    );
  });

  it('does not depend on the order of its input', () => {
    fc.assert(
      fc.property(input, (given) => {
        const turned = {
          ...given,
          plans: [...given.plans].reverse(),
          equipment: [...given.equipment].reverse(),
        };
        expect(combine(turned)).toEqual(combine(given));
      }),
    );
  });

  it('uses in `each` every product that `full` uses, `pairs` between them in number', () => {
    fc.assert(
      fc.property(plans, equipment, (somePlans, someEquipment) => {
        const of = (one: 'each' | 'pairs' | 'full') =>
          combine({ mode: one, plans: somePlans, equipment: someEquipment });
        const used = (result: ReturnType<typeof combine>): readonly string[] =>
          [
            ...new Set(
              result.suts.flatMap(({ plan, subjects }) => subjects.map(({ id }) => `${plan.id} ${id}`)),
            ),
          ].sort();
        const [each, pairs, full] = [of('each'), of('pairs'), of('full')];
        expect(used(each)).toEqual(used(full));
        expect(used(pairs)).toEqual(used(full));
        expect(each.suts.length).toBeLessThanOrEqual(pairs.suts.length);
        expect(pairs.suts.length).toBeLessThanOrEqual(full.suts.length);
      }),
    );
  });

  it('lets in `pairs` every two products meet that can', () => {
    fc.assert(
      fc.property(plans, equipment, (somePlans, someEquipment) => {
        const meetings = (one: 'pairs' | 'full'): readonly string[] => {
          const { suts } = combine({ mode: one, plans: somePlans, equipment: someEquipment });
          const all = suts.flatMap(({ plan, subjects }) =>
            subjects.flatMap((a, i) =>
              subjects.slice(i + 1).map((b, j) => `${plan.id} ${i}${a.id} ${i + 1 + j}${b.id}`),
            ),
          );
          return [...new Set(all)].sort();
        };
        expect(meetings('pairs')).toEqual(meetings('full'));
      }),
    );
  });

  it('says of every plan and product that comes to nothing why', () => {
    fc.assert(
      fc.property(input, (given) => {
        const { suts, remarks } = combine(given);
        const text = remarks.map((remark) => remark.text).join('\n');
        for (const plan of given.plans)
          expect(suts.some((sut) => sut.plan === plan) || text.includes(plan.id)).toBe(true);
        for (const { id } of given.equipment)
          expect(
            suts.some(({ subjects }) => subjects.some((one) => one.id === id)) || text.includes(id),
          ).toBe(true);
      }),
    );
  });
});
