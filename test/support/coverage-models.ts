import type { Instant } from '../../src/domain/ids.ts';
import { compileModel } from '../../src/planning/coverage/compile.ts';
import { cover, type CoverOptions, type Coverage } from '../../src/planning/coverage/cover.ts';
import type { Choice, Constraint, CoverageModel, PartialRow } from '../../src/planning/coverage/model.ts';
import { makeRandom, type Draw } from '../../src/planning/random.ts';

export const NOW = Date.parse('2026-11-23T08:00:00Z') as Instant;

/** Three RICs, two CUs, two DUs and two profiles; one RIC does not do one of them. */
export function aCoverageModel(changes: Partial<CoverageModel> = {}): CoverageModel {
  return {
    factors: [
      { name: 'ric', levels: ['acme', 'bolt', 'core'] },
      { name: 'cu', levels: ['nord', 'sued'] },
      { name: 'du', levels: ['east', 'west'] },
      { name: 'profile', levels: ['tdd', 'fdd'] },
    ],
    constraints: [{ id: 'core-is-tdd-only', forbid: { ric: 'core', profile: 'fdd' } }],
    strength: 2,
    ...changes,
  };
}

/** Throws when the model has mistakes. */
export function aCoverage(model: CoverageModel, options: Partial<CoverOptions> = {}): Coverage {
  return cover(compiled(model), { seed: 1, moves: 2_000, shouldStop: () => false, ...options });
}

export function compiled(model: CoverageModel) {
  const result = compileModel(model, NOW);
  if (!result.ok) throw new Error(result.error.map(({ text }) => text).join('; '));
  return result.value.compiled;
}

export function namedRows({ factors }: CoverageModel, { rows }: Coverage): readonly PartialRow[] {
  return rows.map((row) =>
    Object.fromEntries(
      row.map((level, index) => [factors[index]?.name ?? '', factors[index]?.levels[level] ?? '']),
    ),
  );
}

/** A model so small that all its rows can be listed; now and then one that allows none. */
export function aRandomModel(seed: number): CoverageModel {
  const random = makeRandom(seed).below;
  const factors = Array.from({ length: 2 + random(4) }, (_, index) => ({
    name: `f${index}`,
    levels: Array.from({ length: 1 + random(4) }, (__, level) => `l${level}`),
  }));
  const names = factors.map(({ name }) => name);
  const choose = (count: number): Choice => {
    const picked = [...names].sort(() => random(3) - 1).slice(0, count);
    return Object.fromEntries(
      picked.map((name) => {
        const levels = factors.find((factor) => factor.name === name)?.levels ?? [];
        return [name, levels[random(levels.length)] ?? ''];
      }),
    );
  };
  const strength = 1 + random(Math.min(4, factors.length));
  const grouped = strength < 4 && factors.length > strength && random(3) === 0;
  return {
    factors,
    constraints: Array.from({ length: random(9) }, (_, index) =>
      aRandomConstraint(`c${index}`, choose, random),
    ),
    strength,
    groups: grouped ? [{ factors: names.slice(0, strength + 1), strength: strength + 1 }] : [],
    exclude: random(4) === 0 ? [choose(2)] : [],
    covered:
      random(4) === 0
        ? [{ row: choose(names.length) as PartialRow, until: (NOW + random(2)) as Instant }]
        : [],
    weights: random(3) === 0 ? [{ choice: choose(1 + random(2)), weight: 1 + random(9) }] : [],
  };
}

function aRandomConstraint(id: string, choose: (count: number) => Choice, random: Draw): Constraint {
  const kind = random(4);
  if (kind === 0) return { id, when: choose(1), then: choose(1) };
  if (kind > 1) return { id, forbid: choose(1 + random(3)) };
  const factors = Object.keys(choose(2));
  const [modulus, rest] = [2 + random(3), random(2)];
  const allows = (...levels: readonly string[]): boolean =>
    levels.reduce((sum, level) => sum + Number(level.slice(1)), 0) % modulus !== rest;
  return { id, factors, allows };
}
