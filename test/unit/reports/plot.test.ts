import { XMLParser } from 'fast-xml-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plotsOf } from '../../../src/reports/plot/group.ts';
import { type Plot, type PlotPoint, renderPlot } from '../../../src/reports/plot/plot.ts';
import { timeScale, valueScale } from '../../../src/reports/plot/scale.ts';

const START_MS = Date.parse('2026-11-22T01:00:00Z');

function points(values: readonly (number | null)[]): readonly PlotPoint[] {
  return values.map((value, index) => ({ atMs: START_MS + index * 1_000, value }));
}

function aPlot(changes: Partial<Plot> = {}): Plot {
  const series = [{ name: 'cell 1', points: points([10, 20, null, 30, 40]) }];
  return { id: 'kpm-1', title: 'RRU.PrbTotDl', unit: '%', series, ...changes };
}

/** The `d` of the lines, which alone are not filled and lie above the legend. */
function lines(svg: string): readonly string[] {
  return [...svg.matchAll(/<path d="(M[^"]*L[^"]*|M[^"]*h0[^"]*)" fill="none"/gu)].map(([, d = '']) => d);
}

/** Elements that a parser sees. */
function tags(text: string): number {
  const count = (tree: unknown): number =>
    Array.isArray(tree)
      ? tree.map(count).reduce((sum, each) => sum + each, 0)
      : Object.entries(tree as Record<string, unknown>)
          .map(([name, inner]) => (name === '#text' || name === ':@' ? 0 : 1 + count(inner)))
          .reduce((sum, each) => sum + each, 0);
  return count(new XMLParser({ preserveOrder: true }).parse(text));
}

describe('a plot', () => {
  it('is SVG with a title and a description in words', () => {
    const { text } = renderPlot(aPlot());
    const { svg } = new XMLParser({ ignoreAttributes: false }).parse(text) as {
      svg: Record<string, unknown>;
    };
    expect(svg).toMatchObject({
      '@_role': 'img',
      '@_aria-labelledby': 'kpm-1-title kpm-1-desc',
      title: { '#text': 'RRU.PrbTotDl', '@_id': 'kpm-1-title' },
      desc: { '#text': 'cell 1: 4 values from 10 to 40 %.', '@_id': 'kpm-1-desc' },
    });
  });

  it('leaves a gap where there is no value', () => {
    const [d] = lines(renderPlot(aPlot()).text);
    expect(d?.match(/M/gu)).toHaveLength(2);
    const broken = renderPlot(aPlot({ series: [{ name: 'x', points: points([1, NaN, Infinity, 2]) }] })).text;
    expect(lines(broken)[0]?.match(/M/gu)).toHaveLength(2);
  });

  it('has a unit, times, and round numbers beside the axis', () => {
    const { text } = renderPlot(aPlot());
    for (const written of ['>%<', '>UTC<', '>01:00:02<', '>0<', '>20<', '>40<'])
      expect(text).toContain(written);
  });

  it('gives twelve lines looks of their own, and says what it does not draw', () => {
    const series = Array.from({ length: 15 }, (_, index) => ({
      name: `ue ${index}`,
      points: points([1, 2]),
    }));
    const { text } = renderPlot(aPlot({ series }));
    const looks = [...text.matchAll(/h28" fill="none" stroke-width="2" ([^/]*)\/>/gu)].map(
      ([, look]) => look,
    );
    expect(new Set(looks).size).toBe(12);
    expect(text).toContain('and 3 more that are not drawn');
  });

  it('says that there are no values', () => {
    expect(renderPlot(aPlot({ series: [] })).text).toContain('No values.');
    expect(renderPlot(aPlot({ series: [{ name: 'x', points: points([null]) }] })).text).toContain(
      'x (no values)',
    );
  });

  it('stays small however many points there are, and keeps the extremes', () => {
    const many = points(Array.from({ length: 50_000 }, (_, index) => (index === 33_333 ? 999 : index % 7)));
    const { text } = renderPlot(aPlot({ series: [{ name: 'x', points: many }] }));
    expect(text.length).toBeLessThan(40_000);
    expect(text).toContain('to 999');
    expect(
      lines(text)[0]
        ?.split(/[ML]/u)
        .flatMap((pairs) => pairs.split(' ')).length,
    ).toBeLessThan(2_500);
  });

  it('takes whatever text and numbers there are, without a script or anything from outside', () => {
    const value = fc.oneof(fc.double(), fc.constant(null), fc.constantFrom(5e-324, 1.7e308, -1.7e308, 0));
    const point = fc.record({ atMs: fc.oneof(fc.double(), fc.integer()), value });
    const series = fc.array(
      fc.record({ name: fc.string({ unit: 'binary' }), points: fc.array(point, { maxLength: 20 }) }),
      { maxLength: 14 },
    );
    fc.assert(
      fc.property(series, fc.string({ unit: 'binary' }), (given, title) => {
        const { text } = renderPlot(aPlot({ series: given, title }));
        expect(tags(text)).toBe(text.match(/<[a-z]+/gu)?.length);
        expect(text).not.toMatch(/<script|href|NaN|Infinity/iu);
      }),
      { numRuns: 20 },
    );
    expect(renderPlot(aPlot({ title: '</title><script>' })).text).not.toContain('<script');
  });
});

describe('measurements', () => {
  it('have a plot each, with a line for each thing that was measured', () => {
    const series = (measurement: string, subject: string, label = '') => ({
      ...{ measurement, subject, label, unit: '%' },
      points: points([1]),
    });
    const plots = plotsOf(
      [series('a', 'cell 1'), series('b', 'cell 1'), series('a', 'cell 2', 'slice 1')],
      'kpm',
    );
    expect(plots.map(({ id, title, series: lines }) => [id, title, lines.map(({ name }) => name)])).toEqual([
      ['kpm-1', 'a', ['cell 1', 'cell 2, slice 1']],
      ['kpm-2', 'b', ['cell 1']],
    ]);
  });
});

describe('a scale', () => {
  it('of values begins at zero and ends at a round number', () => {
    expect(valueScale([3, 97]).ticks).toEqual([0, 50, 100]);
    expect(valueScale([0.1, 0.35]).ticks).toEqual([0, 0.1, 0.2, 0.3, 0.4]);
    expect(valueScale([-5, 5]).ticks).toEqual([-5, 0, 5]);
    expect(valueScale([]).ticks.length).toBeGreaterThan(1);
  });

  it('of time has a few round times', () => {
    const { ticks } = timeScale(START_MS + 300, START_MS + 60_300);
    expect(ticks.map((tick) => (tick - START_MS) / 1_000)).toEqual([10, 20, 30, 40, 50, 60]);
  });
});
