import { mayBe, type TestPlan } from '../../domain/plan.ts';
import { reason, type Reason } from '../../kernel/errors.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { combine, type Sut } from '../combine.ts';
import { compileModel } from '../coverage/compile.ts';
import { cover, type CoverProgress } from '../coverage/cover.ts';
import type { Factor, PartialRow, UnreachableLevel } from '../coverage/model.ts';
import { weigh } from '../weigh.ts';
import { coverageModelOf, type PairingWish } from './coverage-model.ts';

export interface PairingSearch {
  readonly seed: number;
  /** So many changes are tried at most for each plan. */
  readonly moves: number;
  readonly shouldStop: () => boolean;
  readonly onProgress?: (progress: CoverProgress) => void;
}

/** A plan on products, and what speaks for it. */
export interface Pairing extends Sut {
  readonly because: string;
}

/** What the runs of one plan cover; combinations are of products in different roles, of one product where strength is 1. */
export interface PlanCoverage {
  readonly plan: string;
  readonly strength: number;
  readonly factors: readonly Factor[];
  /** What may not meet, each with its reason. */
  readonly forbidden: readonly { readonly id: string; readonly forbid: PartialRow }[];
  readonly seeds: readonly PartialRow[];
  readonly feasible: number;
  readonly covered: number;
  /** No fewer runs can do. */
  readonly bound: number;
  /** Combinations covered when the campaign ends after its first run, its second … */
  readonly prefixes: readonly number[];
  readonly unreachable: readonly UnreachableLevel[];
}

export interface Pairings {
  readonly pairings: readonly Pairing[];
  readonly coverage: readonly PlanCoverage[];
  /** Plans and products that come to nothing. */
  readonly remarks: readonly Reason[];
  /** What stands between products. */
  readonly found: readonly Reason[];
}

/**
 * Which products each plan meets. By strength: the fewest runs found in which they meet in every way that is possible, what
 * matters most first. `CONSTRAINTS_CONTRADICT` names the smallest set of reasons that leave nothing.
 */
export function choosePairings(
  wish: PairingWish,
  search: PairingSearch,
): Result<Pairings, readonly Reason[]> {
  return 'strength' in wish.coverage ? byStrength(wish, search) : ok(byMode(wish, wish.coverage.mode));
}

function byMode({ plans, equipment, claimsOf }: PairingWish, mode: 'each' | 'pairs' | 'full'): Pairings {
  const { suts, remarks } = combine({ mode, plans, equipment });
  const { fits, found } = weigh(suts, claimsOf);
  const strengthOf = (plan: TestPlan): number =>
    mode === 'each' ? 1 : Math.min(mode === 'pairs' ? 2 : plan.subjects.length, plan.subjects.length);
  const coverage = plans.map((plan): PlanCoverage => {
    const mine = fits.filter((sut) => sut.plan === plan);
    const strength = strengthOf(plan);
    const seen = new Set<string>();
    const prefixes = mine.map((sut) => {
      for (const key of combinationsOf(sut, strength)) seen.add(key);
      return seen.size;
    });
    const factors = plan.subjects.map(({ role }, index): Factor => {
      const levels = new Set(mine.flatMap(({ subjects }) => subjects[index]?.id ?? []));
      return { name: role, levels: [...levels] };
    });
    return {
      ...{ plan: plan.id, strength, factors, prefixes, unreachable: [] },
      forbidden: [],
      seeds: [],
      ...{ feasible: seen.size, covered: seen.size, bound: mine.length },
    };
  });
  const because =
    mode === 'each'
      ? 'every product is met'
      : `mode ${mode}: every ${mode === 'pairs' ? 'pair' : 'combination'}`;
  return { pairings: fits.map((sut) => ({ ...sut, because })), coverage, remarks, found };
}

/** Products by the place of their role, in sets of that size. */
export function combinationsOf({ subjects }: Pick<Sut, 'subjects'>, strength: number): readonly string[] {
  const ids = subjects.map(({ id }, index) => `${index} ${id}`);
  const choose = (from: number, size: number): readonly string[] =>
    size === 0
      ? ['']
      : ids.slice(from).flatMap((id, at) => choose(from + at + 1, size - 1).map((rest) => `${id}\n${rest}`));
  return choose(0, Math.min(strength, ids.length));
}

function byStrength(wish: PairingWish, search: PairingSearch): Result<Pairings, readonly Reason[]> {
  const { plans, equipment } = wish;
  const unknown = unknownNames(wish);
  if (unknown.length > 0) return err(unknown);
  const { remarks } = combine({ mode: 'each', plans, equipment });
  const all: Pairings[] = [];
  const problems: Reason[] = [];
  for (const plan of plans) {
    const one = coverPlan(wish, plan, search);
    if (one === null) continue;
    if (one.ok) all.push(one.value);
    else problems.push(...one.error.map(({ code, text }) => reason(code, `${plan.id}: ${text}`)));
  }
  if (all.length === 0 && problems.length > 0) return err(problems);
  return ok({
    pairings: all.flatMap(({ pairings }) => pairings),
    coverage: all.flatMap(({ coverage }) => coverage),
    remarks: [...remarks, ...problems, ...all.flatMap((one) => one.remarks), ...silent(wish, all)],
    found: all.flatMap(({ found }) => found),
  });
}

/** Products with a role that is asked for, and without the interfaces. */
function silent({ plans, equipment }: PairingWish, all: readonly Pairings[]): readonly Reason[] {
  const known = new Set(
    all.flatMap(({ coverage }) => coverage.flatMap(({ factors }) => factors.flatMap(({ levels }) => levels))),
  );
  return equipment
    .filter(({ role }) => plans.some(({ subjects }) => subjects.some((subject) => mayBe(subject, role))))
    .filter(({ id }) => !known.has(id))
    .map(({ id }) =>
      reason('INTERFACE_MISSING', `${id} says nothing of the interfaces that the plans are about`),
    );
}

/** Products that the coverage names and the campaign does not choose. */
function unknownNames({ coverage, equipment }: PairingWish): readonly Reason[] {
  if (!('strength' in coverage)) return [];
  const { seeds = [], exclude = [], weights = {} } = coverage;
  const known = new Set<string>(equipment.map(({ id }) => id));
  const named = new Set([...seeds.flat(), ...exclude.flat(), ...Object.keys(weights)]);
  return [...named]
    .filter((id) => !known.has(id))
    .map((id) => reason('NOT_FOUND', `coverage: ${id} is not among the equipment of the campaign`));
}

/** Each is looked at: can they work together, is there a testbed for both. */
const MAX_PAIRS = 250_000;

function countPairs({ equipment }: PairingWish, { subjects }: TestPlan): number {
  const sizes = subjects.map((subject) => equipment.filter(({ role }) => mayBe(subject, role)).length);
  return sizes.reduce(
    (sum, size, index) => sum + size * sizes.slice(index + 1).reduce((rest, other) => rest + other, 0),
    0,
  );
}

function coverPlan(
  wish: PairingWish,
  plan: TestPlan,
  search: PairingSearch,
): Result<Pairings, readonly Reason[]> | null {
  const pairs = countPairs(wish, plan);
  if (pairs > MAX_PAIRS)
    return err([reason('INPUT_TOO_LARGE', `${pairs} pairs of products may meet: ${MAX_PAIRS} are the most`)]);
  const made = coverageModelOf(wish, plan);
  if (made === null) return null;
  const { model, columns, found } = made;
  const compiled = compileModel(model, wish.now);
  if (!compiled.ok) return compiled;
  const { unreachable } = compiled.value;
  const covered = cover(compiled.value.compiled, search);
  const pairings = covered.rows.map((row, index): Pairing => {
    const subjects = row.flatMap((level, factor) => columns[factor]?.[level] ?? []);
    const before = covered.prefixes[index - 1]?.combinations ?? 0;
    const adds = (covered.prefixes[index]?.combinations ?? 0) - before;
    const asked = (covered.seeds[index] ?? -1) >= 0 ? 'asked for; ' : '';
    return {
      plan,
      subjects,
      because: `${asked}covers ${adds} combination${adds === 1 ? '' : 's'} that no run before it does`,
    };
  });
  const coverage: PlanCoverage = {
    ...{ plan: plan.id, strength: model.strength, unreachable },
    factors: model.factors,
    forbidden: model.forbidden,
    seeds: model.seeds,
    feasible: covered.needed,
    covered: covered.needed - covered.uncovered,
    bound: covered.bound,
    prefixes: covered.prefixes.map(({ combinations }) => combinations),
  };
  const lost = unreachable.map(({ level, because }) =>
    reason('EQUIPMENT_INCOMPATIBLE', `${plan.id}: ${level} meets nobody: ${because.join(', ')}`),
  );
  return ok({ pairings, coverage: [coverage], remarks: lost, found });
}
