import { HarnessError } from '../../../src/kernel/errors.ts';
import type { Bench, ParameterSpec } from '../procedure.ts';

/** Which of the two subjects of the plan the UE leaves, and to which it goes. */
export interface Sides {
  readonly source: 0 | 1;
  readonly target: 0 | 1;
}

const NAMES = ['first', 'second'] as const;

export const SOURCE: ParameterSpec = {
  type: 'string',
  about: 'the product that the UE leaves: first or second',
};

/** @throws HarnessError PLAN_INVALID */
export function sidesIn({ text }: Pick<Bench, 'text'>): Sides {
  const name = text('source');
  if (name !== 'first' && name !== 'second')
    throw new HarnessError('PLAN_INVALID', `parameter source is ${name}, neither first nor second`);
  return name === 'first' ? { source: 0, target: 1 } : { source: 1, target: 0 };
}

/** What associations are called. */
export function namesOf({ source, target }: Sides): { readonly source: string; readonly target: string } {
  return { source: NAMES[source], target: NAMES[target] };
}
