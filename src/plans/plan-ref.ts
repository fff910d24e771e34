import type { PlanRef, TestPlan } from '../domain/plan.ts';

/** The newest of `plans` that a reference means; undefined when there is none. */
export function resolvePlan<T extends Pick<TestPlan, 'id' | 'version'>>(
  ref: PlanRef,
  plans: readonly T[],
): T | undefined {
  return plans
    .filter(({ id, version }) => id === ref.id && isWithin(version, ref.version))
    .reduce<T | undefined>(
      (best, plan) => (best === undefined || compareVersions(plan.version, best.version) > 0 ? plan : best),
      undefined,
    );
}

/** Negative, zero or positive, like `a - b`. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (const index of [0, 1, 2]) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function isWithin(version: string, wanted: string | undefined): boolean {
  return wanted === undefined || version === wanted || version.startsWith(`${wanted}.`);
}
