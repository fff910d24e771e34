import type { Program } from '../../../src/judge/program.ts';
import { cellName, servedCells } from '../../interfaces/f1ap/cells.ts';
import { unwrapItems } from '../../interfaces/f1ap/codec.ts';
import type { AnyMessage, F1apShape } from '../../interfaces/f1ap/types.ts';
import { F1 } from '../ap/interfaces/f1.ts';
import { broken, holds, unseen, worstOf } from '../ap/judging.ts';
import { seenOn, type SeenPdu } from '../ap/seen-messages.ts';
import type { Exchange, Finding } from '../ap-pair/findings.ts';
import { type ApPair, CALLER, LISTENER } from '../ap-pair/pair.ts';
import { ALONE, pairProcedure, type PairStep } from '../ap-pair/procedure.ts';
import { askingStep } from '../ap-pair/steps.ts';
import { BASIC } from '../cu-cp/world.ts';
import { systemInformation } from '../f1-du/setup.ts';
import type { Procedure } from '../procedure.ts';
import { UE_STEPS } from './ue-steps.ts';
import { betweenCoreAndCuUp } from './world.ts';

/** An O-CU-CP, and an O-DU with UEs in its cell. */
const F1_PAIR: ApPair<F1apShape> = { spoken: F1, names: ['cu', 'du'], inWords: ['O-CU-CP', 'O-DU'] };
const SETUP: Exchange = { by: CALLER, request: 'F1SetupRequest', answer: 'F1SetupResponse' };
const RESET = { request: 'Reset', answer: 'ResetAcknowledge' } as const;
const { messagesOf } = seenOn(F1);

/** What is done with O-CU-CP and O-DU of two vendors. @param programs the properties of F1AP */
export function f1PairProcedures(programs: () => readonly Program[]): readonly Procedure[] {
  const about = { pair: F1_PAIR, setup: SETUP, programs };
  return [
    pairProcedure({ ...about, id: 'f1.pair.management', steps: MANAGEMENT, around: ALONE }),
    pairProcedure({
      ...{ ...about, id: 'f1.pair.ue', steps: UE_STEPS, around: betweenCoreAndCuUp },
      parameters: BASIC,
    }),
  ];
}

/** TS 38.473 8.2: cells come with the setup; each side updates its configuration, and resets. */
const MANAGEMENT: readonly PairStep[] = [
  {
    ...{ step: 'setup', until: [], act: () => Promise.resolve() },
    judge: { 'system-information': judgeSystemInformation, cells: judgeCells },
  },
  askingStep(
    'du-update',
    { action: 'duUpdate' },
    { by: CALLER, request: 'GNBDUConfigurationUpdate', answer: 'GNBDUConfigurationUpdateAcknowledge' },
  ),
  askingStep(
    'cu-update',
    { action: 'cuUpdate' },
    { by: LISTENER, request: 'GNBCUConfigurationUpdate', answer: 'GNBCUConfigurationUpdateAcknowledge' },
  ),
  askingStep('du-reset', { action: 'reset' }, { by: CALLER, ...RESET }),
  askingStep('cu-reset', { action: 'reset' }, { by: LISTENER, ...RESET }),
];

type Pdus = readonly SeenPdu<AnyMessage>[];

/** MIB and SIB1 of each cell can be read, and SIB1 says the same of it as F1 does. */
function judgeSystemInformation(pdus: readonly SeenPdu[]): Finding {
  const [request] = messagesOf(pdus as Pdus, 'F1SetupRequest');
  if (request === undefined) return unseen('no F1 SETUP REQUEST went by');
  const found = servedCells(request.message.ies).map((cell) => systemInformation(cell, request.n));
  return { ...worstOf(found, 'there is no cell'), side: CALLER };
}

/** Cells that are activated, by the response or an update after it, are those that were offered. */
function judgeCells(pdus: readonly SeenPdu[]): Finding {
  const [request] = messagesOf(pdus as Pdus, 'F1SetupRequest');
  const [response] = messagesOf(pdus as Pdus, 'F1SetupResponse');
  if (request === undefined || response === undefined) return unseen('the setup did not go by');
  const updates = messagesOf(pdus as Pdus, 'GNBCUConfigurationUpdate');
  const lists = [response, ...updates].map(({ message }) => message.ies['Cells-to-be-Activated-List']);
  const named = lists.flatMap((list) => unwrapItems('Cells-to-be-Activated-List-Item', list));
  const activated = named.map(({ nRCGI }) => cellName(nRCGI));
  const offered = servedCells(request.message.ies).map(({ name }) => name);
  const saw = `offered ${offered.join(', ') || 'none'}; activated ${activated.join(', ') || 'none'}`;
  const isRight = activated.length > 0 && activated.every((name) => offered.includes(name));
  return isRight
    ? holds(saw, request.n, response.n)
    : { ...broken(saw, request.n, response.n), side: LISTENER };
}
