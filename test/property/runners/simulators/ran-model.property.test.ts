import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellText } from '../../../../runners/interfaces/e2sm/identity.ts';
import { numberOf } from '../../../../runners/interfaces/e2sm/kpm/series.ts';
import { measured } from '../../../../runners/simulators/ran-model/measure.ts';
import { makeRanModel } from '../../../../runners/simulators/ran-model/model.ts';
import { observe } from '../../../../runners/simulators/ran-model/observe.ts';
import { type Group, schedule, type Want } from '../../../../runners/simulators/ran-model/schedule.ts';
import { smallRan } from '../../../../runners/simulators/ran-model/small-ran.ts';

const START_MS = Date.parse('2026-11-22T01:00:00Z');
const share = fc.double({ min: 0, max: 1, noNaN: true });
const groups = fc
  .array(fc.record({ min: share, max: share, dedicated: share }), { minLength: 1, maxLength: 4 })
  .map((all): readonly Group[] => [...all, { min: 0, max: 1, dedicated: 0 }]);
const amounts = fc.tuple(fc.nat(4), fc.double({ min: 0, max: 300, noNaN: true }), share);

describe('the scheduler', () => {
  it('never gives more than there is, than is wanted, or than a slice may have', () => {
    fc.assert(
      fc.property(groups, fc.array(amounts, { maxLength: 12 }), (given, list) => {
        const wants = list.map(([group, prbs, sure], index): Want => ({
          ue: index,
          group: Math.min(group, given.length - 1),
          prbs,
          guaranteedPrbs: sure * prbs,
        }));
        const granted = schedule(100, given, wants);
        const sum = (of: readonly Want[]) => of.reduce((total, { ue }) => total + (granted.get(ue) ?? 0), 0);
        expect(sum(wants)).toBeLessThanOrEqual(100 + 1e-6);
        for (const { ue, prbs } of wants) expect(granted.get(ue)).toBeLessThanOrEqual(prbs + 1e-6);
        for (const [index, { max }] of given.entries())
          expect(sum(wants.filter(({ group }) => group === index))).toBeLessThanOrEqual(100 * max + 1e-6);
      }),
      { numRuns: 200 },
    );
  });
});

describe('observations', () => {
  it('in parts add up to the whole, and volume is throughput times time', () => {
    const model = makeRanModel(smallRan({ seed: 3 }));
    const [first] = model.config.cells;
    if (first === undefined) throw new Error('there is a cell');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_999 }), fc.nat(1_000_000), (partMs, offsetMs) => {
        const from = START_MS + offsetMs;
        const whole = observe(model, from, from + 2_000);
        const parts = [observe(model, from, from + partMs), observe(model, from + partMs, from + 2_000)];
        for (const { ue, connectedMs, dlBits } of whole.shares) {
          const added = parts.flatMap(({ shares }) => shares.filter((each) => each.ue === ue));
          expect(added.reduce((bits, each) => bits + each.dlBits, 0)).toBeCloseTo(dlBits, 3);
          const throughput =
            numberOf(measured(model, whole, { name: 'DRB.UEThpDl', of: { ues: [ue] } })) ?? 0;
          const volume =
            numberOf(measured(model, whole, { name: 'DRB.PdcpSduVolumeDL', of: { ues: [ue] } })) ?? 0;
          expect(Math.abs((throughput * connectedMs) / 1e6 - volume)).toBeLessThanOrEqual(0.51);
        }
        const of = { cell: cellText(first.cell) };
        expect(numberOf(measured(model, whole, { name: 'RRU.PrbTotDl', of }))).toBeLessThanOrEqual(100);
      }),
      { numRuns: 20 },
    );
  });
});
