import type { Program } from '../../../src/judge/program.ts';
import { isJsonObject } from '../../../src/kernel/json.ts';
import { Teardown } from '../../../src/kernel/teardown.ts';
import type { Ies, XnapShape } from '../../interfaces/xnap/types.ts';
import { XN } from '../ap/interfaces/xn.ts';
import { broken, holds, unseen } from '../ap/judging.ts';
import { TRIGGER_WITHIN } from '../ap/parameters.ts';
import { answerTo, type SeenPdu } from '../ap/seen-messages.ts';
import { type Exchange, type Finding, judgeExchange, lastOf } from '../ap-pair/findings.ts';
import { type ApPair, CALLER, LISTENER, otherOf, type Side } from '../ap-pair/pair.ts';
import { ALONE, type Around, pairProcedure, type PairStep } from '../ap-pair/procedure.ts';
import { askingStep, said, sayingStep } from '../ap-pair/steps.ts';
import type { Procedure, Seen } from '../procedure.ts';
import { seenPdus } from '../xn/seen-messages.ts';
import { ngMessagesOf, openAmf, seenNgPdus } from '../xn/amf.ts';
import { bitsText, CAPABILITIES } from '../xn/capabilities.ts';

/** Two gNBs; the second sets Xn up with the first. */
const XN_PAIR: ApPair<XnapShape> = {
  spoken: XN,
  names: ['first', 'second'],
  inWords: ['first gNB', 'second gNB'],
};
const SETUP: Exchange = { by: CALLER, request: 'XnSetupRequest', answer: 'XnSetupResponse' };
const NAMES = ['first', 'second'] as const;

/** What is done with two gNBs of two vendors. @param programs the properties of XnAP */
export function xnPairProcedures(programs: () => readonly Program[]): readonly Procedure[] {
  const about = { pair: XN_PAIR, setup: SETUP, programs };
  return [
    pairProcedure({ ...about, id: 'xn.pair.management', steps: MANAGEMENT, around: ALONE }),
    pairProcedure({
      ...about,
      id: 'xn.pair.handover',
      steps: [...handover(CALLER), ...handover(LISTENER), resumption(LISTENER)],
      around: betweenAmfs,
      parameters: { triggerWithinMs: TRIGGER_WITHIN },
    }),
  ];
}

const MANAGEMENT: readonly PairStep[] = [
  ...([CALLER, LISTENER] as const).map((by) =>
    askingStep(
      `${NAMES[by]}-update`,
      { action: 'configurationUpdate' },
      {
        by,
        request: 'NGRANNodeConfigurationUpdate',
        answer: 'NGRANNodeConfigurationUpdateAcknowledge',
      },
    ),
  ),
  ...([CALLER, LISTENER] as const).map((by) =>
    sayingStep(`${NAMES[by]}-paging`, { action: 'page' }, { by, message: 'RANPaging' }),
  ),
  askingStep(
    'reset',
    { action: 'reset' },
    { by: LISTENER, request: 'ResetRequest', answer: 'ResetResponse' },
  ),
  askingStep(
    'removal',
    { action: 'removal' },
    {
      by: CALLER,
      request: 'XnRemovalRequest',
      answer: 'XnRemovalResponse',
    },
  ),
];

/** O-RAN IOT 2.4.1.2: a UE goes from one to the other. */
function handover(by: Side): readonly PairStep[] {
  const name = NAMES[by];
  const target = otherOf(by);
  const prepared: Exchange = { by, request: 'HandoverRequest', answer: 'HandoverRequestAcknowledge' };
  const arrival = `${name}-arrival`;
  const preparation = `${name}-handover`;
  return [
    {
      ...{ step: preparation, by, order: { action: 'handover' }, until: ['SNStatusTransfer'] },
      judge: {
        [preparation]: (pdus) => judgeExchange(pdus, prepared),
        [`${name}-status`]: (pdus) => {
          const request = lastOf(pdus, prepared);
          const ack = request && answerTo(pdus, request);
          if (ack?.decoded.message?.name !== prepared.answer) return unseen('no handover was prepared');
          const status = said(pdus, { by, message: 'SNStatusTransfer' });
          return status === undefined
            ? { ...broken('no SN STATUS TRANSFER went by', ack.n), side: by }
            : holds('SN STATUS TRANSFER', ack.n, status.n);
        },
      },
    },
    {
      ...{ step: arrival, by: target, order: { action: 'arrive' }, until: ['UEContextRelease'] },
      needs: preparation,
      judge: {
        [`${name}-path`]: (_pdus, seen) => judgePath(seen, { by, preparation }),
        [`${name}-release`]: (pdus, seen) => judgeRelease(pdus, seen, { by, preparation }),
      },
    },
  ];
}

interface Going {
  readonly by: Side;
  readonly preparation: string;
}

/** The AMF is told what the source has told of the UE. */
function judgePath(seen: Seen, going: Going): Finding {
  const { request, switching } = pathOf(seen, going);
  const side = otherOf(going.by);
  if (request === undefined) return unseen('no handover was prepared');
  if (switching === undefined) return { ...broken('no PATH SWITCH REQUEST came', request.n), side };
  const asked = (request.decoded.message?.ies as Partial<Ies<'HandoverRequest'>>).UEContextInfoHORequest;
  const told = switching.message.ies.UESecurityCapabilities;
  const changed = CAPABILITIES.some(
    ([xn, ng]) =>
      asked === undefined ||
      told === undefined ||
      bitsText(asked.ueSecurityCapabilities[xn]) !== bitsText(told[ng]),
  );
  return changed
    ? { ...broken('the AMF is told of other security capabilities', request.n, switching.n), side }
    : holds('the security capabilities of the UE are unchanged', request.n, switching.n);
}

function judgeRelease(pdus: readonly SeenPdu[], seen: Seen, going: Going): Finding {
  const { switching } = pathOf(seen, going);
  if (switching === undefined) return unseen('the path was not switched');
  const side = otherOf(going.by);
  const release = said(pdus, { by: side, message: 'UEContextRelease' });
  return release === undefined
    ? { ...broken('no UE CONTEXT RELEASE went by', switching.n), side }
    : holds('UE CONTEXT RELEASE', switching.n, release.n);
}

function pathOf({ observations }: Seen, { by, preparation }: Going) {
  const request = said(
    seenPdus(observations).filter(({ step }) => step === preparation),
    { by, message: 'HandoverRequest' },
  );
  const switching = ngMessagesOf(seenNgPdus(observations), 'PathSwitchRequest', 'received').find(
    ({ n }) => request !== undefined && n > request.n,
  );
  return { request, switching };
}

/** TS 38.423 8.2.4: a UE of the other one comes back in a cell of this one. */
function resumption(by: Side): PairStep {
  const step = `${NAMES[by]}-retrieval`;
  const exchange = { by, request: 'RetrieveUEContextRequest', answer: 'RetrieveUEContextResponse' };
  return {
    ...{ step, by, until: ['UEContextRelease'] },
    order: (driver) => {
      const { ixit } = by === LISTENER ? driver.caller : driver.listener;
      const ue = ixit['xn.inactiveUe'];
      return { action: 'resume', ...(ue !== undefined && isJsonObject(ue) ? ue : {}) };
    },
    judge: {
      [step]: (pdus) => judgeExchange(pdus, exchange),
      [`${step}-release`]: (pdus) => {
        const response = said(pdus, { by: otherOf(by), message: 'RetrieveUEContextResponse' });
        if (response === undefined) return unseen('no context was retrieved');
        const release = said(pdus, { by, message: 'UEContextRelease' });
        return release === undefined
          ? { ...broken('no UE CONTEXT RELEASE went by', response.n), side: by }
          : holds('UE CONTEXT RELEASE', response.n, release.n);
      },
    },
  };
}

/** The tester is the AMF of both. */
const betweenAmfs: Around<undefined> = async ({ bench, signal, listener, caller }, run) => {
  await using undo = new Teardown();
  for (const product of [listener, caller]) undo.use(await openAmf({ bench, product, signal }));
  await run(undefined);
};
