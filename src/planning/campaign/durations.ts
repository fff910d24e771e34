import type { TestPlan } from '../../domain/plan.ts';

export interface Expected {
  /** Minutes; half of such runs take less. */
  readonly duration: number;
  /** Minutes more that one in ten takes. */
  readonly buffer: number;
  /** How many runs this was learnt from; 0: from what the plan allows its cases. */
  readonly learntFrom: number;
}

/** Fewer say too little of what one in ten takes. */
const ENOUGH = 3;
const MINUTE_MS = 60_000;

/**
 * How long a run of this plan takes, by what former ones took; without them, half of what its cases may take, up to all of it.
 *
 * @param former milliseconds that former runs of the plan took
 */
export function expectedOf(plan: Pick<TestPlan, 'cases'>, former: readonly number[]): Expected {
  const allowed = plan.cases.reduce((sum, { timeoutMs }) => sum + timeoutMs, 0);
  const sorted = former.filter((ms) => Number.isFinite(ms) && ms >= 0).sort((a, b) => a - b);
  const learnt = sorted.length >= ENOUGH;
  const [half, most] = learnt ? [quantile(sorted, 0.5), quantile(sorted, 0.9)] : [allowed / 2, allowed];
  const duration = inMinutes(half);
  return {
    duration,
    buffer: Math.max(0, inMinutes(most) - duration),
    learntFrom: learnt ? sorted.length : 0,
  };
}

function inMinutes(ms: number): number {
  return Math.max(1, Math.ceil(ms / MINUTE_MS));
}

/** The nearest of the values: what is said was seen. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
