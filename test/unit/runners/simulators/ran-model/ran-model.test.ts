import { describe, expect, it } from 'vitest';
import { cellText } from '../../../../../runners/interfaces/e2sm/identity.ts';
import {
  MEASUREMENTS,
  type MeasurementName,
} from '../../../../../runners/interfaces/e2sm/kpm/measurements.ts';
import { numberOf } from '../../../../../runners/interfaces/e2sm/kpm/series.ts';
import type { RcCommand } from '../../../../../runners/interfaces/e2sm/rc/commands.ts';
import { controlled } from '../../../../../runners/simulators/ran-model/control.ts';
import { measured, type Subject } from '../../../../../runners/simulators/ran-model/measure.ts';
import { makeRanModel } from '../../../../../runners/simulators/ran-model/model.ts';
import { observe } from '../../../../../runners/simulators/ran-model/observe.ts';
import { smallRan } from '../../../../../runners/simulators/ran-model/small-ran.ts';
import type { RanModel } from '../../../../../runners/simulators/ran-model/types.ts';
import {
  connectedUes,
  NODE_KINDS,
  ueIdFor,
  ueNumber,
} from '../../../../../runners/simulators/ran-model/ue-facts.ts';
import { HarnessError } from '../../../../../src/kernel/errors.ts';

const START_MS = Date.parse('2026-11-22T01:00:00Z');
const config = smallRan({ seed: 7 });
const model = makeRanModel(config);
const [near, far] = config.cells.map(({ cell }) => cell);
if (near === undefined || far === undefined) throw new Error('the small RAN has two cells');

/** The number that a measurement gives over ten seconds. */
function value(
  model: RanModel,
  name: MeasurementName,
  { fromMs = START_MS, ...of }: Subject & { readonly fromMs?: number },
): number | null {
  return numberOf(measured(model, observe(model, fromMs, fromMs + 10_000), { name, of }));
}

function after(of: RanModel, command: RcCommand, { ue = 1, atMs = START_MS } = {}): RanModel {
  const result = controlled(of, { atMs, ue, command });
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

function refusal(command: RcCommand, ue = 1): string | null {
  const result = controlled(model, { atMs: START_MS, ue, command });
  return result.ok ? null : result.error;
}

describe('a model of cells and UEs', () => {
  it('answers the same question always in the same way, and otherwise with another seed', () => {
    const first = observe(model, START_MS, START_MS + 1_000);
    expect(observe(makeRanModel(smallRan({ seed: 7 })), START_MS, START_MS + 1_000)).toEqual(first);
    expect(observe(makeRanModel(smallRan({ seed: 8 })), START_MS, START_MS + 1_000)).not.toEqual(first);
  });

  it('gives every measurement of its table a value that is to be believed', () => {
    for (const name of Object.keys(MEASUREMENTS) as MeasurementName[]) {
      const { min, max, kind } = MEASUREMENTS[name];
      const given = measured(model, observe(model, START_MS, START_MS + 1_000), {
        name,
        of: { cell: cellText(near) },
      });
      expect(Object.keys(given)).toEqual([kind]);
      expect(numberOf(given)).toBeGreaterThanOrEqual(min);
      expect(numberOf(given)).toBeLessThanOrEqual(max);
    }
  });

  it('has traffic', () => {
    expect(value(model, 'DRB.PdcpSduVolumeDL', { cell: cellText(near) })).toBeGreaterThan(10);
    expect(value(model, 'RRC.ConnMean', { cell: cellText(near) })).toBeGreaterThan(0);
    expect(value(model, 'DRB.UEThpDl', { ues: [99] })).toBeNull();
  });

  it('knows the UEs that are connected, with what conditions ask of them', () => {
    const [first] = connectedUes(model, START_MS);
    expect(first).toMatchObject({ ue: 1, cell: cellText(near), slice: '1-000001', fiveQi: 9, gbr: false });
    expect(first?.rsrpDbm).toBeLessThan(-40);
  });

  it('numbers a UE for every kind of node', () => {
    for (const kind of NODE_KINDS) expect(ueNumber(ueIdFor(kind, 17, '00101'))).toBe(17);
  });

  it('has no UE twice and none outside of its cells', () => {
    const [ue] = config.ues;
    if (ue === undefined) throw new Error('the small RAN has UEs');
    expect(() => makeRanModel({ ...config, ues: [ue, ue] })).toThrow(HarnessError);
    expect(() => makeRanModel({ ...config, cells: [] })).toThrow(HarnessError);
  });
});

describe('a handover', () => {
  const moved = after(model, { kind: 'handover', target: far });

  it('moves the UE, from its time on', () => {
    expect(value(moved, 'DRB.UEThpDl', { ues: [1], cell: cellText(near) })).toBeNull();
    expect(value(moved, 'DRB.UEThpDl', { ues: [1], cell: cellText(far) })).toBeGreaterThan(0);
    const before = START_MS - 10_000;
    expect(value(moved, 'DRB.UEThpDl', { ues: [1], fromMs: before })).toBe(
      value(model, 'DRB.UEThpDl', { ues: [1], fromMs: before }),
    );
  });

  it('takes its load along', () => {
    const subject = { cell: cellText(near) };
    const [with1, without1] = [value(model, 'RRU.PrbTotDl', subject), value(moved, 'RRU.PrbTotDl', subject)];
    expect(without1).toBeLessThan(with1 ?? 0);
  });

  it('is refused where it makes no sense', () => {
    expect(refusal({ kind: 'handover', target: near })).toBe('alreadyThere');
    expect(refusal({ kind: 'handover', target: { ...far, id: 5 } })).toBe('unknownCell');
    expect(refusal({ kind: 'handover', target: far }, 99)).toBe('unknownUe');
  });
});

describe('a slice quota', () => {
  const members = [{ plmn: '00101', slice: { sst: 1, sd: 1 } }];
  const policy = { members, minPercent: 0, maxPercent: 1, dedicatedPercent: 0 };
  const capped = after(model, { kind: 'sliceQuota', policies: [policy] });

  it('caps the PRBs of its slice, and so its throughput', () => {
    const subject = { cell: cellText(near), slice: '1-000001' };
    expect(value(capped, 'RRU.PrbTotDl', subject)).toBeLessThanOrEqual(1);
    expect(value(capped, 'DRB.UEThpDl', subject)).toBeLessThan(value(model, 'DRB.UEThpDl', subject) ?? 0);
  });

  it('leaves other slices alone', () => {
    const subject = { cell: cellText(near), slice: '2' };
    expect(value(capped, 'DRB.UEThpDl', subject)).toBe(value(model, 'DRB.UEThpDl', subject));
  });

  it('is refused when it promises more than there is, or more than it allows', () => {
    expect(refusal({ kind: 'sliceQuota', policies: [{ ...policy, minPercent: 2 }] })).toBe(
      'valuesImpossible',
    );
    const two = [60, 50].map((minPercent) => ({ ...policy, minPercent, maxPercent: 100 }));
    expect(refusal({ kind: 'sliceQuota', policies: two })).toBe('valuesImpossible');
  });
});

describe('a change of quality', () => {
  it('caps the rate of one UE, and may be lifted', () => {
    const capped = after(model, { kind: 'drbQos', drb: 1, maxDlBitS: 500_000 });
    expect(value(capped, 'DRB.UEThpDl', { ues: [1] })).toBeLessThanOrEqual(500);
    expect(value(capped, 'DRB.UEThpDl', { ues: [2] })).toBe(value(model, 'DRB.UEThpDl', { ues: [2] }));
    const lifted = after(capped, { kind: 'drbQos', drb: 1 }, { atMs: START_MS + 20_000 });
    const later = START_MS + 20_000;
    expect(value(lifted, 'DRB.UEThpDl', { ues: [1], fromMs: later })).toBe(
      value(model, 'DRB.UEThpDl', { ues: [1], fromMs: later }),
    );
  });

  it('is refused for a bearer or UE that is not there, and an action that is not known', () => {
    expect(refusal({ kind: 'drbQos', drb: 2 })).toBe('unknownBearer');
    expect(refusal({ kind: 'drbQos', drb: 1 }, 99)).toBe('unknownUe');
    expect(refusal({ kind: 'drbQos', drb: 1, maxDlBitS: -1 })).toBe('valuesImpossible');
    expect(refusal({ kind: 'other', style: 4, action: 1, parameters: [] })).toBe('notSupported');
  });
});
