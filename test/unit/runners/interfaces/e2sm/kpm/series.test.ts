import { describe, expect, it } from 'vitest';
import { ueOfDu } from '../../../../../../runners/interfaces/e2sm/identity.ts';
import { kpmSeries } from '../../../../../../runners/interfaces/e2sm/kpm/series.ts';
import { type KpmAction, NO_LABEL } from '../../../../../../runners/interfaces/e2sm/kpm/types.ts';
import { aSubscription } from '../../../../../support/kpm-samples.ts';

const action: KpmAction = { style: 1, format: 1, subscription: aSubscription() };
const values = [{ real: 10 }, { real: 4 }, { noValue: null }] as const;

describe('KPM values in time', () => {
  it('are taken measurement by measurement and label by label, period after period', () => {
    const report = {
      records: [
        { values, incomplete: false },
        { values, incomplete: false },
      ],
    };
    const message = { format: 1, report } as const;
    const { series, faults } = kpmSeries([{ startMs: 5_000, message, action, node: 'gnb 1' }]);
    expect(faults).toEqual([]);
    const whole = [6_000, 7_000];
    expect(series).toEqual([
      {
        measurement: 'DRB.UEThpDl',
        subject: 'gnb 1',
        label: '',
        unit: 'kbit/s',
        points: whole.map((atMs) => ({ atMs, value: 10 })),
      },
      {
        measurement: 'DRB.UEThpDl',
        subject: 'gnb 1',
        label: 'slice 1-00000a',
        unit: 'kbit/s',
        points: whole.map((atMs) => ({ atMs, value: 4 })),
      },
      {
        measurement: '#7',
        subject: 'gnb 1',
        label: '',
        unit: '',
        points: whole.map((atMs) => ({ atMs, value: null })),
      },
    ]);
  });

  it('of several UEs stand apart, and go on through indications', () => {
    const measurements = [{ measurement: { name: 'DRB.UEThpUl' }, labels: [NO_LABEL] }];
    const report = {
      records: [{ values: [{ real: 1 }], incomplete: false }],
      measurements,
      granularityMs: 200,
    };
    const message = { format: 3, reports: [17, 18].map((id) => ({ ue: ueOfDu(id), report })) } as const;
    const of = (startMs: number) => ({ startMs, message, action, node: 'gnb 1' });
    const { series } = kpmSeries([of(0), of(200)]);
    expect(series.map(({ subject, points }) => [subject, points.map(({ atMs }) => atMs)])).toEqual([
      ['gNB-DU-UEID 17', [200, 400]],
      ['gNB-DU-UEID 18', [200, 400]],
    ]);
  });

  it('that are too few or too many are told', () => {
    const message = {
      format: 1,
      report: { records: [{ values: [...values, { integer: 1 }], incomplete: false }] },
    } as const;
    const { faults } = kpmSeries([{ startMs: 0, message, action, node: '' }]);
    expect(faults).toEqual(['indication 1, record 1: 4 values for 3 measurements']);
  });
});
