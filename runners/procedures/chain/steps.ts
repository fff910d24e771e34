/** Steps of a registration; its number follows. */
export const STEPS = ['registration', 'session', 'ping', 'deregistration'] as const;
export type Step = (typeof STEPS)[number];

/** The products are told to go. */
export const CLEAN_UP = 'clean-up';

export function stepOf(step: Step, round: number): string {
  return `${step}-${round}`;
}
