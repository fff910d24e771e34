import { parseName, type PlanId } from '../domain/ids.ts';
import type { PlanRef, TestPlan } from '../domain/plan.ts';
import { err, ok, type Result } from '../kernel/result.ts';

const VERSION_PART = /^(?:0|[1-9]\d{0,8})(?:\.(?:0|[1-9]\d{0,8})){0,2}$/u;

/** `a1-producer@1`, `a1-producer@1.2`, `a1-producer@1.2.0`, or `a1-producer` for the newest. */
export function parsePlanRef(text: string): Result<PlanRef, string> {
  const [id = '', version, ...more] = text.split('@');
  const name = parseName(id);
  if (!name.ok) return name;
  if (version === undefined) return ok({ id: name.value as PlanId });
  if (more.length > 0 || !VERSION_PART.test(version))
    return err(`"${id}@" must be followed by a version such as 1, 1.2 or 1.2.0`);
  return ok({ id: name.value as PlanId, version });
}

export function renderPlanRef({ id, version }: PlanRef): string {
  return version === undefined ? id : `${id}@${version}`;
}

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
