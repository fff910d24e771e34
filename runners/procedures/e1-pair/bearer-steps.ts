import type { AnyMessage } from '../../interfaces/e1ap/types.ts';
import { NG } from '../ap/interfaces/ng.ts';
import { broken, type Found, undecided, unseen } from '../ap/judging.ts';
import { seenOn, type SeenPdu } from '../ap/seen-messages.ts';
import { type Exchange, type Finding, judgeExchange, lastOf } from '../ap-pair/findings.ts';
import { CALLER, LISTENER } from '../ap-pair/pair.ts';
import type { Around, PairStep } from '../ap-pair/procedure.ts';
import { askingStep } from '../ap-pair/steps.ts';
import { downlink, keys, uplink } from '../cu-cp/e1-cases.ts';
import { mustSetUp } from '../cu-cp/f1-setup.ts';
import { type AttachedUe, establish, mustRegister, type RadioFlow } from '../cu-cp/ue-flow.ts';
import { type CuCpWorld, driveCuCp } from '../cu-cp/world.ts';
import { Blocked, type Seen } from '../procedure.ts';

const ng = seenOn(NG);
type Pdus = readonly SeenPdu<AnyMessage>[];

const SETUP: Exchange = {
  ...{ by: LISTENER, request: 'BearerContextSetupRequest', answer: 'BearerContextSetupResponse' },
};
const MODIFICATION: Exchange = {
  by: LISTENER,
  ...{ request: 'BearerContextModificationRequest', answer: 'BearerContextModificationResponse' },
};
const RELEASE: Exchange = {
  ...{ by: LISTENER, request: 'BearerContextReleaseCommand', answer: 'BearerContextReleaseComplete' },
};
const RESET = { request: 'Reset', answer: 'ResetAcknowledge' } as const;

/** What stands around O-CU-CP and O-CU-UP: the tester is the core, and the O-DU with a UE in its cell. */
interface E1World {
  /** A UE comes, and has a session. @throws Blocked when it does not come to a context */
  session(step: string): Promise<void>;
  /** The core has it released. */
  release(step: string): Promise<void>;
}

/** @throws Blocked when the O-CU-CP does not take the O-DU, or does not come to the core */
export const betweenCoreAndDu: Around<E1World> = ({ bench, signal }, run) =>
  driveCuCp(bench, { signal, key: 'e1.prepare' }, async (world) => {
    const amf = await world.amf();
    await run(worldOf(world, { amf, du: await mustSetUp(world) }));
  });

function worldOf(world: CuCpWorld, flow: RadioFlow): E1World {
  let attached: AttachedUe | null = null;
  return {
    session: async (step) => {
      attached = await mustRegister(world, flow);
      await establish(flow, attached, step);
    },
    release: async (step) => {
      if (attached === null) throw Blocked.precondition('there is no UE to release');
      await flow.amf.release(step, attached.ids);
    },
  };
}

/** The bearers of a UE, and what resets make of them. @see TS 37.483 clauses 8.2.1, 8.3.1, 8.3.2, 8.3.4 */
export const BEARER_STEPS: readonly PairStep<E1World>[] = [
  {
    ...{ step: 'bearers', until: [MODIFICATION.answer], act: (world) => world.session('bearers') },
    judge: {
      bearers: judgeBearers,
      keys: (pdus) => ofBearers(pdus, keys(pdus as Pdus)),
      uplink: (pdus) => ofBearers(pdus, uplink(pdus as Pdus)),
      modification: (pdus) =>
        lastOf(pdus, MODIFICATION) === undefined
          ? unseen('no BEARER CONTEXT MODIFICATION REQUEST went by')
          : judgeExchange(pdus, MODIFICATION),
      downlink: (pdus) =>
        judgeExchange(pdus, SETUP).verdict === 'pass'
          ? ofBearers(pdus, downlink(pdus as Pdus))
          : unseen('no bearers were set up'),
    },
  },
  {
    ...{ step: 'release', needs: 'bearers', until: [RELEASE.answer] },
    act: (world) => world.release('release'),
    judge: {
      release: (pdus, seen) =>
        judgeBegun(pdus, seen, { step: 'release', exchange: RELEASE, because: 'UEContextReleaseCommand' }),
    },
  },
  again('before-cu-up-reset', 'bearers'),
  askingStep('cu-up-reset', { action: 'reset' }, { by: CALLER, ...RESET }),
  again('before-cu-cp-reset', 'bearers'),
  askingStep('cu-cp-reset', { action: 'e1Reset' }, { by: LISTENER, ...RESET }),
  again('after-resets', 'bearers'),
];

/** Who asks for bearers under keys that cannot be, is refused rightly. */
function judgeBearers(pdus: readonly SeenPdu[], seen: Seen): Finding {
  const begun = { step: 'bearers', exchange: SETUP, because: 'PDUSessionResourceSetupRequest' } as const;
  const found = judgeBegun(pdus, seen, begun);
  const isBadlyAsked = found.verdict === 'fail' && keys(pdus as Pdus).verdict === 'fail';
  return isBadlyAsked ? { ...found, side: LISTENER } : found;
}

/** Bearers once more, for another UE. */
function again(step: string, needs: string): PairStep<E1World> {
  return {
    ...{ step, needs, until: [MODIFICATION.answer], act: (world) => world.session(step) },
    judge: {
      [step]: (pdus, seen) =>
        judgeBegun(pdus, seen, { step, exchange: SETUP, because: 'PDUSessionResourceSetupRequest' }),
    },
  };
}

interface Begun {
  readonly step: string;
  readonly exchange: Exchange;
  /** What the core said to the O-CU-CP, so that it begins. */
  readonly because: 'PDUSessionResourceSetupRequest' | 'UEContextReleaseCommand';
}

/** The O-CU-CP began it when the core had it do so, and it was done. */
function judgeBegun(pdus: readonly SeenPdu[], seen: Seen, { step, exchange, because }: Begun): Finding {
  if (lastOf(pdus, exchange) !== undefined) return judgeExchange(pdus, exchange);
  const asked = ng
    .messagesOf(ng.seenPdus(seen.observations), because, 'sent')
    .find((pdu) => pdu.step === step);
  return asked === undefined
    ? undecided(`the core of the tester did not get to its ${because}`)
    : { ...broken(`no ${exchange.request} came of the ${because} of the core`, asked.n), side: LISTENER };
}

/** What the O-CU-CP makes of bearers, once it has asked for any. */
function ofBearers(pdus: readonly SeenPdu[], found: Found): Finding {
  return lastOf(pdus, SETUP) === undefined
    ? unseen('no bearers were asked for')
    : { ...found, side: LISTENER };
}
