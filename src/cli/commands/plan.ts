import type { Command } from 'commander';

import { registerPlanCheck } from './plan-check.ts';
import { registerPlanList } from './plan-list.ts';
import { registerPlanShow } from './plan-show.ts';

/** `patchbay plan …`: what can be tested. */
export function registerPlan(program: Command): void {
  const plan = program.command('plan').description('what can be tested');
  registerPlanCheck(plan);
  registerPlanList(plan);
  registerPlanShow(plan);
}
