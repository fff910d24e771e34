import type { Program } from '../../../src/judge/program.ts';
import type { NgapShape } from '../../interfaces/ngap/types.ts';
import { NG } from '../ap/interfaces/ng.ts';
import type { Exchange } from '../ap-pair/findings.ts';
import { type ApPair, CALLER, LISTENER } from '../ap-pair/pair.ts';
import { ALONE, pairProcedure, type PairStep } from '../ap-pair/procedure.ts';
import { askingStep } from '../ap-pair/steps.ts';
import type { Procedure } from '../procedure.ts';
import { UE_STEPS } from './ue-steps.ts';

/** An AMF, and a gNB with UEs that the AMF knows. */
const NG_PAIR: ApPair<NgapShape> = { spoken: NG, names: ['amf', 'gnb'], inWords: ['AMF', 'gNB'] };
const SETUP: Exchange = { by: CALLER, request: 'NGSetupRequest', answer: 'NGSetupResponse' };
const RESET = { request: 'NGReset', answer: 'NGResetAcknowledge' } as const;

/** What is done with AMF and gNB of two vendors. @param programs the properties of NGAP */
export function ngPairProcedures(programs: () => readonly Program[]): readonly Procedure[] {
  const about = { pair: NG_PAIR, setup: SETUP, programs, around: ALONE };
  return [
    pairProcedure({ ...about, id: 'ng.pair.management', steps: MANAGEMENT }),
    pairProcedure({ ...about, id: 'ng.pair.ue', steps: UE_STEPS }),
  ];
}

/** TS 38.413 8.7: each side updates its configuration, and resets. */
const MANAGEMENT: readonly PairStep[] = [
  askingStep(
    'gnb-update',
    { action: 'configurationUpdate' },
    { by: CALLER, request: 'RANConfigurationUpdate', answer: 'RANConfigurationUpdateAcknowledge' },
  ),
  askingStep(
    'amf-update',
    { action: 'configurationUpdate' },
    { by: LISTENER, request: 'AMFConfigurationUpdate', answer: 'AMFConfigurationUpdateAcknowledge' },
  ),
  askingStep('gnb-reset', { action: 'reset' }, { by: CALLER, ...RESET }),
  askingStep('amf-reset', { action: 'reset' }, { by: LISTENER, ...RESET }),
];
