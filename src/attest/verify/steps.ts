/** What a verification goes through, in this order. */
export const STEPS = [
  'trust',
  'envelope',
  'signatures',
  'payload',
  'statement',
  'signatories',
  'log',
  'witnesses',
  'timestamps',
  'keyTimes',
  'status',
  'disclosures',
  'evidence',
] as const;
export type Step = (typeof STEPS)[number];

/** `notReached`: a refusal came before it. `notChecked`: nothing was there to check, for the reason given. */
export type StepState = 'passed' | 'notChecked' | 'refused' | 'notReached';

export interface StepReport {
  readonly step: Step;
  readonly state: StepState;
  /** Why it was not checked. */
  readonly why?: string;
}

/** Steps that were left out, with the reason. */
export type Skipped = ReadonlyMap<Step, string>;

export function passedSteps(skipped: Skipped): readonly StepReport[] {
  return STEPS.map((step) => reportOf(step, 'passed', skipped));
}

/** Every step of a verification that ended at `end` with a refusal. */
export function refusedAt(end: Step, skipped: Skipped = new Map()): readonly StepReport[] {
  const last = STEPS.indexOf(end);
  return STEPS.map((step, index) => {
    if (index === last) return { step, state: 'refused' };
    return index < last ? reportOf(step, 'passed', skipped) : { step, state: 'notReached' };
  });
}

function reportOf(step: Step, state: StepState, skipped: Skipped): StepReport {
  const why = skipped.get(step);
  return why === undefined ? { step, state } : { step, state: 'notChecked', why };
}
