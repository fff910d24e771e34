import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import { NG } from '../ap/interfaces/ng.ts';
import { broken, holds, undecided, unseen } from '../ap/judging.ts';
import { answerTo, seenOn, type SeenPdu } from '../ap/seen-messages.ts';
import { type Exchange, type Finding, judgeExchange, lastOf } from '../ap-pair/findings.ts';
import { CALLER, LISTENER, type Side } from '../ap-pair/pair.ts';
import type { PairStep } from '../ap-pair/procedure.ts';
import { judgeConsequence, judgeReply, said, sayingStep } from '../ap-pair/steps.ts';
import { HOOK } from '../hook.ts';
import type { Seen } from '../procedure.ts';

const { messagesOf } = seenOn(NG);
const SESSION = 1;

const CONTEXT: Exchange = {
  ...{ by: LISTENER, request: 'InitialContextSetupRequest', answer: 'InitialContextSetupResponse' },
};
const SESSION_SETUP: Exchange = {
  ...{ by: LISTENER, request: 'PDUSessionResourceSetupRequest', answer: 'PDUSessionResourceSetupResponse' },
};
const SESSION_RELEASE: Exchange = {
  by: LISTENER,
  ...{ request: 'PDUSessionResourceReleaseCommand', answer: 'PDUSessionResourceReleaseResponse' },
};
const RELEASE: Exchange = {
  ...{ by: LISTENER, request: 'UEContextReleaseCommand', answer: 'UEContextReleaseComplete' },
};
const INITIAL_UE = { by: CALLER, message: 'InitialUEMessage' } as const;
const UPLINK_NAS = { by: CALLER, message: 'UplinkNASTransport' } as const;

/** The life of a UE, from its registration to the end of it. @see TS 23.502 clauses 4.2.2, 4.2.3, 4.2.6, 4.3.2, 4.3.4 */
export const UE_STEPS: readonly PairStep[] = [
  {
    ...{ step: 'registration', by: CALLER, order: { action: 'register' } },
    until: [CONTEXT.answer],
    judge: {
      registration: (pdus, seen) =>
        judgeConsequence(pdus, seen, { step: 'registration', cause: INITIAL_UE, exchange: CONTEXT }),
      registered: judgeRegistered,
    },
  },
  {
    ...{ step: 'session', by: CALLER, order: { action: 'session', session: SESSION } },
    ...{ needs: 'registered', until: [SESSION_SETUP.answer] },
    judge: {
      session: (pdus, seen) => {
        const done = judgeConsequence(pdus, seen, {
          ...{ step: 'session', cause: UPLINK_NAS, exchange: SESSION_SETUP },
        });
        return done.verdict === 'pass' ? judgeSetUp(pdus, done) : done;
      },
    },
  },
  // What has come to the core before and after the ping tells who has lost it.
  { step: 'before-ping', by: LISTENER, order: { action: 'report' }, until: [], judge: {} },
  {
    ...{ step: 'ping', by: CALLER, needs: 'session', until: [] },
    order: ({ listener }) => {
      const to = listener.ixit['ng.pingTarget'];
      return typeof to === 'string' ? { action: 'ping', session: SESSION, to } : null;
    },
    judge: { ping: (_pdus, seen) => judgePing(seen) },
  },
  { step: 'after-ping', by: LISTENER, order: { action: 'report' }, until: [], judge: {} },
  {
    ...{ step: 'session-release', by: LISTENER, order: { action: 'releaseSession', session: SESSION } },
    ...{ needs: 'session', until: [SESSION_RELEASE.answer] },
    judge: { 'session-release': (pdus) => judgeExchange(pdus, SESSION_RELEASE) },
  },
  {
    ...{ step: 'context-release', by: CALLER, order: { action: 'releaseContext' } },
    ...{ needs: 'registered', until: [RELEASE.answer] },
    judge: {
      'context-release': (pdus, seen) =>
        judgeConsequence(pdus, seen, {
          step: 'context-release',
          cause: { by: CALLER, message: 'UEContextReleaseRequest' },
          exchange: RELEASE,
        }),
    },
  },
  paging(),
  {
    ...{ step: 'deregistration', by: CALLER, order: { action: 'deregister' } },
    ...{ needs: 'paging-answer', until: [RELEASE.answer] },
    judge: {
      deregistration: (pdus, seen) =>
        judgeConsequence(pdus, seen, { step: 'deregistration', cause: UPLINK_NAS, exchange: RELEASE }),
    },
  },
];

/** A UE that was given a 5G-GUTI says that it has taken it: its NAS came to it. @see TS 24.501 clause 5.5.1.2.4 */
function judgeRegistered(pdus: readonly SeenPdu[]): Finding {
  const request = lastOf(pdus, CONTEXT);
  const answer = request && answerTo(pdus, request);
  if (request === undefined || answer?.decoded.message?.name !== CONTEXT.answer)
    return unseen('the UE has no context');
  return judgeReply(pdus, request, UPLINK_NAS.message);
}

/** The response does not only come: it has the session as one that is there. */
function judgeSetUp(pdus: readonly SeenPdu[], done: Finding): Finding {
  const [response] = messagesOf(pdus as Parameters<typeof messagesOf>[0], 'PDUSessionResourceSetupResponse');
  const list = response?.message.ies.PDUSessionResourceSetupListSURes ?? [];
  if (response === undefined || list.some(({ pDUSessionID }) => pDUSessionID === SESSION)) return done;
  return { ...broken(`session ${SESSION} is not among those set up`, response.n), side: CALLER };
}

function judgePing(seen: Seen): Finding {
  const ping = answerOf(seen, 'ping');
  const tookMs = ping?.body['tookMs'];
  if (ping === undefined || tookMs === undefined) return undecided('nobody could have the UE ping');
  if (typeof tookMs === 'number') return holds(`an answer after ${Math.round(tookMs)} ms`, ping.n);
  const [before, after] = ['before-ping', 'after-ping'].map((step) => answerOf(seen, step));
  const [had, has] = [before?.body['packets'], after?.body['packets']];
  if (typeof had !== 'number' || typeof has !== 'number') return broken('no answer came', ping.n);
  const side: Side = has > had ? LISTENER : CALLER;
  const where = has > had ? 'the ping came to the core' : 'nothing came to the core';
  return { ...broken(`no answer came; ${where}`, ping.n, after?.n ?? ping.n), side };
}

interface HookSaid {
  readonly n: number;
  readonly body: Readonly<Record<string, Json>>;
}

/** What a hook answered to the order of that step. */
function answerOf({ observations }: Seen, step: string): HookSaid | undefined {
  const found = observations.findLast((each) => each.kind === HOOK && each.step === step);
  const body = found !== undefined && isJsonObject(found.data) ? found.data['body'] : undefined;
  return found !== undefined && body !== undefined && isJsonObject(body) ? { n: found.n, body } : undefined;
}

/** TS 38.413 8.5: the core has something for the UE, which comes. */
function paging(): PairStep {
  const page = { by: LISTENER, message: 'Paging' } as const;
  const step = sayingStep('paging', { action: 'page' }, page);
  return {
    ...step,
    // The network serves the UE then; what comes next finds it connected.
    ...{ needs: 'context-release', until: [CONTEXT.answer] },
    judge: {
      ...step.judge,
      'paging-answer': (pdus) => {
        const paged = said(pdus, page);
        return paged === undefined ? unseen('nobody was paged') : judgeReply(pdus, paged, INITIAL_UE.message);
      },
    },
  };
}
