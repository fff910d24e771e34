import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../src/evidence/observation.ts';
import { SERIES, seriesData, seriesOf } from '../../../src/evidence/series-log.ts';
import type { Json } from '../../../src/kernel/json.ts';
import { someSeries } from '../../support/traced-report.ts';

const observed = (data: Json, n = 0, kind: string = SERIES): Observation => ({
  n,
  t: n,
  step: 'report',
  kind,
  data,
});

describe('logged measurements', () => {
  it('come back as they were, whether logged at once or piece by piece in any order', () => {
    const whole = someSeries();
    expect(seriesOf([observed(seriesData(whole))])).toEqual(whole);
    const half = (from: number, to: number) =>
      observed(seriesData(whole.map((one) => ({ ...one, points: one.points.slice(from, to) }))));
    expect(seriesOf([half(15, 30), half(0, 15)])).toEqual(whole);
  });

  it('are those that have their shape', () => {
    const [one] = someSeries(1);
    const odd: Json[] = [
      'text',
      { series: 'none' },
      { series: [null, { measurement: 'M' }, { measurement: 'M', subject: 's', points: [], unit: 3 }] },
      { series: [{ measurement: 'M', subject: 's', points: [[1, 'x'], 'y', [2, null], [3]] }] },
    ];
    expect(
      seriesOf([
        ...odd.map((data) => observed(data)),
        observed(seriesData(one === undefined ? [] : [one]), 1, 'note'),
      ]),
    ).toEqual([{ measurement: 'M', subject: 's', label: '', unit: '', points: [{ atMs: 2, value: null }] }]);
  });
});
