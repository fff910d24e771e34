import { parseName, type PlanId } from './ids.ts';
import type { PlanRef } from './plan.ts';
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
