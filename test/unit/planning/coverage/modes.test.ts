import { describe, expect, it } from 'vitest';
import { cover } from '../../../../src/planning/coverage/cover.ts';
import { againstReferences, allPairsBetween, withAllRows } from '../../../../src/planning/coverage/modes.ts';
import { aCoverage, aCoverageModel, compiled, namedRows } from '../../../support/coverage-models.ts';

describe('plain modes', () => {
  it('lets all products of an interface meet', () => {
    const model = allPairsBetween(aCoverageModel(), ['ric', 'profile']);
    const rows = namedRows(model, aCoverage(model));
    expect(rows.map(({ ric, profile }) => `${ric ?? ''} ${profile ?? ''}`).sort()).toEqual([
      ...['acme fdd', 'acme tdd', 'bolt fdd', 'bolt tdd', 'core tdd'],
    ]);
  });

  it('lets each product meet the references', () => {
    const model = againstReferences(aCoverageModel(), 'ric', { cu: 'nord', du: 'west', profile: 'tdd' });
    const rows = namedRows(model, aCoverage(model)).map((row) => Object.values(row).join(' '));
    expect(rows.sort()).toEqual(['acme nord west tdd', 'bolt nord west tdd', 'core nord west tdd']);
  });

  it('lets everything meet everything that is possible', () => {
    const all = withAllRows(compiled(aCoverageModel()));
    expect(all.ok && cover(all.value, { seed: 1, shouldStop: () => false }).rows.length).toBe(20);
  });

  it('refuses more of everything than can be planned', () => {
    const factors = Array.from({ length: 15 }, (_, index) => ({ name: `f${index}`, levels: ['a', 'b'] }));
    const all = withAllRows(compiled({ factors, strength: 1 }));
    expect(all).toMatchObject({ ok: false, error: { code: 'INPUT_TOO_LARGE' } });
  });
});
