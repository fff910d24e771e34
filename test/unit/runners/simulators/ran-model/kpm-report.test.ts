import { describe, expect, it } from 'vitest';
import { ueOfDu, ueText } from '../../../../../runners/interfaces/e2sm/identity.ts';
import { KPM } from '../../../../../runners/interfaces/e2sm/kpm/kpm.ts';
import { kpmSeries } from '../../../../../runners/interfaces/e2sm/kpm/series.ts';
import {
  type KpmAction,
  type KpmMessage,
  NO_LABEL,
  type TestCondition,
} from '../../../../../runners/interfaces/e2sm/kpm/types.ts';
import { offered, refusals } from '../../../../../runners/simulators/ran-model/kpm-offer.ts';
import { kpmMessage } from '../../../../../runners/simulators/ran-model/kpm-report.ts';
import { makeRanModel } from '../../../../../runners/simulators/ran-model/model.ts';
import { smallRan } from '../../../../../runners/simulators/ran-model/small-ran.ts';
import type { NodeKind } from '../../../../../runners/simulators/ran-model/ue-facts.ts';

const START_MS = Date.parse('2026-11-22T01:00:00Z');
const model = makeRanModel(smallRan({ seed: 7 }));
const slice = { sst: 2 } as const;
const subscription = {
  measurements: [
    { measurement: { name: 'DRB.UEThpDl' }, labels: [NO_LABEL, { sliceID: slice }] },
    { measurement: { name: 'RRU.PrbTotDl' }, labels: [NO_LABEL] },
  ],
  granularityMs: 500,
} as const;
const urgent: TestCondition = {
  testType: { sNSSAI: 'true' },
  testExpr: 'equal',
  testValue: { valueOctS: Uint8Array.of(2) },
};

function report(action: KpmAction, kind: NodeKind = 'o-du'): KpmMessage | null {
  return kpmMessage({ model, kind, plmn: '00101', action }, START_MS, START_MS + 1_000);
}

function refused(action: KpmAction, periodMs = 1_000): readonly string[] {
  return refusals(model, { kind: 'o-du', action, periodMs });
}

describe('a simulated E2 node reports', () => {
  it('what is offered, also when the action came as octets', () => {
    const action: KpmAction = { style: 1, format: 1, subscription };
    expect(refused(KPM.v3.action.decode(KPM.v3.action.encode(action)))).toEqual([]);
  });

  it('style 1: the node, a record for each granularity period', () => {
    const action: KpmAction = { style: 1, format: 1, subscription };
    const message = report(action);
    if (message?.format !== 1) throw new Error('style 1 has messages of format 1');
    expect(message.report.records.map(({ values }) => values.length)).toEqual([3, 3]);
    const { series, faults } = kpmSeries([{ startMs: START_MS, message, action, node: 'du 1' }]);
    expect(faults).toEqual([]);
    expect(series.map(({ measurement, label, unit }) => [measurement, label, unit])).toEqual([
      ['DRB.UEThpDl', '', 'kbit/s'],
      ['DRB.UEThpDl', 'slice 2', 'kbit/s'],
      ['RRU.PrbTotDl', '', '%'],
    ]);
  });

  it('style 2: one UE', () => {
    const message = report({ style: 2, format: 2, ue: ueOfDu(1), subscription });
    if (message?.format !== 1) throw new Error('style 2 has messages of format 1');
    expect(message.report.records[0]?.values[1]).toEqual({ noValue: null });
  });

  it('style 3: for each measurement the UEs that match', () => {
    const message = report({
      style: 3,
      format: 3,
      measurements: [{ measurement: { name: 'DRB.UEThpDl' }, conditions: [{ test: urgent, or: false }] }],
      granularityMs: 1_000,
    });
    if (message?.format !== 2) throw new Error('style 3 has messages of format 2');
    expect(message.measurements[0]?.ues?.map(ueText)).toEqual(['gNB-DU-UEID 4', 'gNB-DU-UEID 8']);
    expect(message.records).toHaveLength(1);
  });

  it('style 4: the UEs that match, or nothing when none does', () => {
    const test = { test: urgent, or: false };
    const message = report({ style: 4, format: 4, conditions: [test], subscription }, 'gnb');
    if (message?.format !== 3) throw new Error('style 4 has messages of format 3');
    expect(message.reports.map(({ ue }) => ueText(ue))).toEqual(['gNB-UEID 4', 'gNB-UEID 8']);
    const far = {
      test: { testType: { rSRP: 'true' }, testExpr: 'lessthan', testValue: { valueInt: -200 } },
      or: false,
    } as const;
    expect(report({ style: 4, format: 4, conditions: [far], subscription })).toBeNull();
    const either = report({ style: 4, format: 4, conditions: [{ ...far, or: true }, test], subscription });
    expect(either?.format === 3 && either.reports.length).toBe(2);
  });

  it('style 5: the UEs that were named', () => {
    const message = report({ style: 5, format: 5, ues: [ueOfDu(1), ueOfDu(2)], subscription });
    if (message?.format !== 3) throw new Error('style 5 has messages of format 3');
    expect(message.reports).toHaveLength(2);
  });

  it('what can be sent', () => {
    for (const action of [
      { style: 1, format: 1, subscription },
      { style: 5, format: 5, ues: [ueOfDu(1), ueOfDu(2)], subscription },
    ] as const) {
      const message = report(action);
      if (message === null) throw new Error('there is a message');
      expect(KPM.v3.message.decode(KPM.v3.message.encode(message))).toEqual(message);
    }
  });
});

describe('a simulated E2 node', () => {
  it('offers what its kind can measure', () => {
    const names = (kind: NodeKind) => offered(kind).map(({ name }) => name);
    expect(names('o-cu-cp')).toEqual(['RRC.ConnMean', 'RRC.ConnMax']);
    expect(names('o-cu-up')).toEqual(['DRB.PdcpSduVolumeDL', 'DRB.PdcpSduVolumeUL']);
    expect(names('gnb').length).toBe(
      names('o-cu-cp').length + names('o-cu-up').length + names('o-du').length,
    );
  });

  it('takes what it can do', () => {
    expect(refused({ style: 1, format: 1, subscription })).toEqual([]);
    expect(refused({ style: 4, format: 4, conditions: [{ test: urgent, or: false }], subscription })).toEqual(
      [],
    );
  });

  it('refuses the rest, with every reason', () => {
    const measurements = [
      { measurement: { name: 'RRC.ConnMean' }, labels: [NO_LABEL] },
      { measurement: { id: 99 }, labels: [{ distBinX: 1 }] },
    ];
    const cell = { kind: 'nr', plmn: '00101', id: 1 } as const;
    expect(
      refused({ style: 2, format: 1, subscription: { measurements, granularityMs: 2_000, cell } }),
    ).toEqual([
      'style 2 has another format',
      'a value takes longer than the period',
      'the cell is not here',
      'RRC.ConnMean is not measured',
      'measurement 99 is not measured',
      'the label distBinX is not kept apart',
    ]);
    expect(refused({ style: 2, format: 2, ue: ueOfDu(99), subscription })).toEqual(['a UE is not known']);
    expect(refused({ style: 1, format: 1, subscription }, 1_000_000)).toEqual([
      'there are too many values in a period',
    ]);
    const test: TestCondition = { testType: { isCatM: 'true' } };
    expect(refused({ style: 4, format: 4, conditions: [{ test, or: false }], subscription })).toEqual([
      'the condition isCatM cannot be decided',
    ]);
  });
});
