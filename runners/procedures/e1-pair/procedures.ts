import type { Program } from '../../../src/judge/program.ts';
import type { E1apShape } from '../../interfaces/e1ap/types.ts';
import { E1 } from '../ap/interfaces/e1.ts';
import type { Exchange } from '../ap-pair/findings.ts';
import { type ApPair, CALLER, LISTENER } from '../ap-pair/pair.ts';
import { ALONE, pairProcedure, type PairStep } from '../ap-pair/procedure.ts';
import { askingStep } from '../ap-pair/steps.ts';
import { BASIC } from '../cu-cp/world.ts';
import type { Procedure } from '../procedure.ts';
import { BEARER_STEPS, betweenCoreAndDu } from './bearer-steps.ts';

/** An O-CU-CP, and an O-CU-UP. */
const E1_PAIR: ApPair<E1apShape> = {
  ...{ spoken: E1, names: ['cu-cp', 'cu-up'], inWords: ['O-CU-CP', 'O-CU-UP'] },
};
/** The same, where the O-CU-CP sets E1 up. */
const BY_CU_CP: ApPair<E1apShape> = {
  ...E1_PAIR,
  byListener: { connects: { initiates: false }, order: { action: 'e1Setup' } },
};
const SETUP: Exchange = {
  ...{ by: CALLER, request: 'GNB-CU-UP-E1SetupRequest', answer: 'GNB-CU-UP-E1SetupResponse' },
};
const OWN_SETUP: Exchange = {
  ...{ by: LISTENER, request: 'GNB-CU-CP-E1SetupRequest', answer: 'GNB-CU-CP-E1SetupResponse' },
};
const RESET = { request: 'Reset', answer: 'ResetAcknowledge' } as const;

/** What is done with O-CU-CP and O-CU-UP of two vendors. @param programs the properties of E1AP */
export function e1PairProcedures(programs: () => readonly Program[]): readonly Procedure[] {
  const about = { pair: E1_PAIR, setup: SETUP, programs, around: ALONE };
  return [
    pairProcedure({ ...about, id: 'e1.pair.management', steps: MANAGEMENT }),
    pairProcedure({
      ...about,
      id: 'e1.pair.setup-by-cu-cp',
      pair: BY_CU_CP,
      setup: OWN_SETUP,
      steps: UPDATES,
    }),
    pairProcedure({
      ...{ ...about, id: 'e1.pair.bearers', steps: BEARER_STEPS, around: betweenCoreAndDu },
      parameters: BASIC,
    }),
  ];
}

/** TS 37.483 8.2.5, 8.2.6: each side updates its configuration. */
const UPDATES: readonly PairStep[] = [
  askingStep(
    'cu-up-update',
    { action: 'configurationUpdate' },
    {
      by: CALLER,
      ...{ request: 'GNB-CU-UP-ConfigurationUpdate', answer: 'GNB-CU-UP-ConfigurationUpdateAcknowledge' },
    },
  ),
  askingStep(
    'cu-cp-update',
    { action: 'e1Update' },
    {
      by: LISTENER,
      ...{ request: 'GNB-CU-CP-ConfigurationUpdate', answer: 'GNB-CU-CP-ConfigurationUpdateAcknowledge' },
    },
  ),
];

/** And resets, and the O-CU-UP gives the interface up. @see TS 37.483 clauses 8.2.1, 8.2.7 */
const MANAGEMENT: readonly PairStep[] = [
  ...UPDATES,
  askingStep('cu-up-reset', { action: 'reset' }, { by: CALLER, ...RESET }),
  askingStep('cu-cp-reset', { action: 'e1Reset' }, { by: LISTENER, ...RESET }),
  askingStep(
    'e1-release',
    { action: 'e1Release' },
    { by: CALLER, request: 'E1ReleaseRequest', answer: 'E1ReleaseResponse' },
  ),
];
