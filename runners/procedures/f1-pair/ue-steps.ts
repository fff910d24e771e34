import { unwrapItems } from '../../interfaces/f1ap/codec.ts';
import { downlinkTunnels } from '../../interfaces/f1ap/bearers.ts';
import type { AnyMessage } from '../../interfaces/f1ap/types.ts';
import { dataOf, MAC_OCTETS } from '../../interfaces/pdcp/pdu.ts';
import { readRrc } from '../../interfaces/rrc/messages.ts';
import { F1 } from '../ap/interfaces/f1.ts';
import { NG } from '../ap/interfaces/ng.ts';
import { broken, type Found, holds, undecided, unseen } from '../ap/judging.ts';
import { answerTo, seenOn, type SeenPdu } from '../ap/seen-messages.ts';
import { type Exchange, type Finding, judgeExchange, lastOf } from '../ap-pair/findings.ts';
import { CALLER, LISTENER } from '../ap-pair/pair.ts';
import type { PairStep } from '../ap-pair/procedure.ts';
import { askingStep, judgeConsequence, judgeReply, said } from '../ap-pair/steps.ts';
import { bearer, toldTunnels } from '../cu-cp/f1-ue.ts';
import type { F1World } from './world.ts';

const f1 = seenOn(F1);
const ng = seenOn(NG);
type Pdus = readonly SeenPdu<AnyMessage>[];

const MS_PER_S = 1_000;
const CONTEXT: Exchange = {
  ...{ by: LISTENER, request: 'UEContextSetupRequest', answer: 'UEContextSetupResponse' },
};
const MODIFICATION: Exchange = {
  ...{ by: LISTENER, request: 'UEContextModificationRequest', answer: 'UEContextModificationResponse' },
};
const RELEASE: Exchange = {
  ...{ by: LISTENER, request: 'UEContextReleaseCommand', answer: 'UEContextReleaseComplete' },
};
const RESET = { request: 'Reset', answer: 'ResetAcknowledge' } as const;
const INITIAL = { by: CALLER, message: 'InitialULRRCMessageTransfer' } as const;
const UPLINK = { by: CALLER, message: 'ULRRCMessageTransfer' } as const;

/** The life of a UE, and what resets make of it. @see TS 38.401 clauses 8.1, 8.6, 8.9; TS 38.473 clauses 8.2.1, 8.3, 8.4, 8.7 */
export const UE_STEPS: readonly PairStep<F1World>[] = [
  {
    ...{ step: 'registration', by: CALLER, order: { action: 'register' }, until: [CONTEXT.answer] },
    judge: {
      registration: (pdus, seen) =>
        judgeConsequence(pdus, seen, { step: 'registration', cause: INITIAL, exchange: CONTEXT }),
      registered: judgeRegistered,
      secured: judgeSecured,
    },
  },
  {
    ...{ step: 'session', by: CALLER, order: { action: 'session', session: 1 } },
    ...{ needs: 'registered', until: [MODIFICATION.answer] },
    judge: {
      session: (pdus, seen) =>
        judgeConsequence(pdus, seen, { step: 'session', cause: UPLINK, exchange: MODIFICATION }),
      bearer: (pdus) => ofSession(pdus, bearer(pdus as Pdus).bearer),
      'sequence-numbers': (pdus) => ofSession(pdus, bearer(pdus as Pdus)['sequence-numbers']),
      tunnels: (pdus, seen) => ofSession(pdus, toldTunnels(seen, tunnelsIn(pdus))),
    },
  },
  {
    ...{ step: 'release', needs: 'session', until: [RELEASE.answer] },
    act: (world) => {
      world.release();
      return Promise.resolve();
    },
    judge: { release: (pdus) => judgeExchange(pdus, RELEASE) },
  },
  paging('paging', 'release'),
  duReset(),
  paging('after-du-reset', 'du-reset-released'),
  askingStep('cu-reset', { action: 'reset' }, { by: LISTENER, ...RESET }),
  paging('after-cu-reset', 'paging-answer'),
  {
    ...{ step: 'deregistration', by: CALLER, order: { action: 'deregister' } },
    ...{ needs: 'after-cu-reset-answer', until: [RELEASE.answer] },
    judge: {
      deregistration: (pdus, seen) =>
        judgeConsequence(pdus, seen, { step: 'deregistration', cause: UPLINK, exchange: RELEASE }),
    },
  },
];

/** After its context, and so its security, was set up the UE goes on to speak. */
function judgeRegistered(pdus: readonly SeenPdu[]): Finding {
  const request = lastOf(pdus, CONTEXT);
  const answer = request && answerTo(pdus, request);
  if (request === undefined || answer?.decoded.message?.name !== CONTEXT.answer)
    return unseen('the UE has no context');
  return judgeReply(pdus, request, UPLINK.message);
}

/** The SECURITY MODE COMMAND, which is not ciphered, names an algorithm that protects. @see TS 33.501 clause 5.3.3 */
function judgeSecured(pdus: readonly SeenPdu[]): Finding {
  const [request] = f1.messagesOf(pdus as Pdus, 'UEContextSetupRequest');
  const container = request?.message.ies.RRCContainer;
  if (request === undefined || container === undefined) return unseen('no container for the UE went by');
  const pdu = dataOf('srb', container);
  const rrc =
    pdu === null || pdu === 'control' ? null : readRrc('dlDcch', pdu.contents.subarray(0, -MAC_OCTETS));
  if (rrc?.ok !== true || rrc.value.name !== 'securityModeCommand')
    return { ...broken('the container holds no SECURITY MODE COMMAND', request.n), side: LISTENER };
  const { integrityProtAlgorithm: integrity } = rrc.value.contents.securityConfigSMC.securityAlgorithmConfig;
  return integrity === undefined || integrity === 'nia0'
    ? { ...broken('integrity is protected by the null algorithm', request.n), side: LISTENER }
    : holds(`protected by ${integrity}`, request.n);
}

/** What the O-CU-CP makes of a session, once it has made anything of it. */
function ofSession(pdus: readonly SeenPdu[], found: Found): Finding {
  return lastOf(pdus, MODIFICATION) === undefined
    ? unseen('no session came to the O-DU')
    : { ...found, side: LISTENER };
}

/** Where the O-DU takes packets, by bearer. */
function tunnelsIn(pdus: readonly SeenPdu[]): (drb: number) => number | undefined {
  const [response] = f1.messagesOf(pdus as Pdus, 'UEContextModificationResponse');
  const items = unwrapItems('DRBs-SetupMod-Item', response?.message.ies['DRBs-SetupMod-List']);
  const tunnels = downlinkTunnels(items);
  return (drb) => tunnels.find((each) => each.drb === drb)?.downlink.teid;
}

/** The UE of the O-DU is gone for both: the core is asked to let go of it, too. */
function duReset(): PairStep<F1World> {
  const exchange: Exchange = { by: CALLER, ...RESET };
  return {
    ...{ step: 'du-reset', by: CALLER, order: { action: 'reset' } },
    ...{ needs: 'paging-answer', until: [RESET.answer] },
    judge: {
      'du-reset': (pdus) => judgeExchange(pdus, exchange),
      'du-reset-released': (pdus, seen) => {
        const reset = lastOf(pdus, exchange);
        if (reset === undefined) return unseen('nothing was reset');
        const end = reset.t + seen.number('answerWithinMs') / MS_PER_S;
        const asked = ng
          .messagesOf(ng.seenPdus(seen.observations), 'UEContextReleaseRequest', 'received')
          .find(({ n, t }) => n > reset.n && t < end);
        return asked === undefined
          ? { ...broken('the core was not asked to release the UE', reset.n), side: LISTENER }
          : holds('UE CONTEXT RELEASE REQUEST to the core', reset.n, asked.n);
      },
    },
  };
}

/** The core has something for the UE, which comes: both sides know that it had no connection. */
function paging(step: string, needs: string): PairStep<F1World> {
  const page = { by: LISTENER, message: 'Paging' } as const;
  return {
    ...{ step, needs, until: [INITIAL.message] },
    act: async (world) => {
      world.enter(step);
      await world.page();
    },
    judge: {
      [step]: (pdus, seen) => {
        const wanted = ng.messagesOf(ng.seenPdus(seen.observations), 'Paging', 'sent');
        const [asked] = wanted.filter((pdu) => pdu.step === step);
        const passed = said(pdus, page);
        if (asked === undefined) return undecided('the core of the tester had nobody to page');
        return passed === undefined
          ? { ...broken('the page of the core was not passed on', asked.n), side: LISTENER }
          : holds('PAGING', asked.n, passed.n);
      },
      [`${step}-answer`]: (pdus) => {
        const paged = said(pdus, page);
        return paged === undefined ? unseen('nobody was paged') : judgeReply(pdus, paged, INITIAL.message);
      },
    },
  };
}
