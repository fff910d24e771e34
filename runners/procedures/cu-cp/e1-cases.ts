import { pause } from '../../../src/kernel/deadline.ts';
import { tunnelOf } from '../../interfaces/ap/tunnel.ts';
import { modificationsIn, sessionsToSetup } from '../../interfaces/e1ap/bearers.ts';
import { asKeys } from '../../interfaces/rrc/security.ts';
import { E1 } from '../ap/interfaces/e1.ts';
import {
  answeredOnce,
  broken,
  clausesOf,
  type Found,
  holds,
  undecided,
  unseen,
  wellFormed,
} from '../ap/judging.ts';
import { SETTLE } from '../ap/parameters.ts';
import { seenOn } from '../ap/seen-messages.ts';
import { alive, answeredIn, refusedIn } from '../ap/suite/judging.ts';
import { probe } from '../ap/suite/suite.ts';
import { Blocked, type Procedure } from '../procedure.ts';
import { orderProduct } from '../ap/orders.ts';
import { E1_CU_CP_SUITE } from './suites.ts';
import { KGNB, plmnOf } from './tester-amf.ts';
import type { TesterCuUp } from './tester-cu-up.ts';
import { DU_TEID } from './tester-du.ts';
import { establish, mustRegister, openFlow, UPF } from './ue-flow.ts';
import { BASIC, type CuCpWorld, driveCuCp } from './world.ts';

const { seenPdus, messagesOf } = seenOn(E1);
const KEY = 'e1.prepare';
type Pdus = ReturnType<typeof seenPdus>;

async function mustConnect(world: CuCpWorld, step: string): Promise<TesterCuUp> {
  const up = await world.cuUp(step);
  if (up === null)
    throw new Blocked({ code: 'SUT_UNREACHABLE', text: 'no association with the product came up' });
  return up;
}

/** TS 37.483 8.2.3: a gNB-CU-UP sets E1 up. */
export const e1Setup: Procedure = {
  id: 'e1.cu-cp.setup',
  parameters: { ...BASIC, settleMs: SETTLE },
  clauses: ['answered', 'once', 'well-formed', 'alive'],
  drive: (bench, { signal }) =>
    driveCuCp(bench, { signal, key: KEY }, async (world) => {
      const up = await mustConnect(world, 'setup');
      await up.setUp('setup', world.waiting);
      await pause(bench.number('settleMs'), { signal });
      await probe(E1_CU_CP_SUITE, world, { link: up.link });
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    return {
      clauses: clausesOf({
        answered: answeredIn(pdus, 'setup', ['GNB-CU-UP-E1SetupResponse']),
        once: answeredOnce(pdus),
        'well-formed': wellFormed(pdus),
        alive: alive(pdus),
      }),
    };
  },
};

/** TS 37.483 8.2.4: the gNB-CU-CP sets E1 up. */
export const e1OwnSetup: Procedure = {
  id: 'e1.cu-cp.own-setup',
  parameters: BASIC,
  clauses: ['requested', 'well-formed', 'alive'],
  drive: (bench, { signal }) =>
    driveCuCp(bench, { signal, key: KEY }, async (world) => {
      const up = await mustConnect(world, 'setup');
      const from = up.link.next;
      const ordered = { bench, product: world.product, key: KEY, signal } as const;
      const inWords = 'set E1 up with the gNB-CU-UP that is there';
      await orderProduct(ordered, {
        step: 'setup',
        order: { action: 'e1Setup' },
        inWords,
        comesByItself: true,
      });
      const withinMs = bench.number('triggerWithinMs');
      const isRequest = ({ decoded }: { readonly decoded: { readonly message: { name: string } | null } }) =>
        decoded.message?.name === 'GNB-CU-CP-E1SetupRequest';
      if ((await up.link.waitFor(isRequest, { signal, withinMs, from })) === null) return;
      await pause(50, { signal });
      await probe(E1_CU_CP_SUITE, world, { link: up.link });
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    const [request] = messagesOf(pdus, 'GNB-CU-CP-E1SetupRequest', 'received');
    return {
      clauses: clausesOf({
        requested:
          request === undefined
            ? undecided('no GNB-CU-CP E1 SETUP REQUEST came in time')
            : holds('GNB-CU-CP E1 SETUP REQUEST', request.n),
        'well-formed': wellFormed(pdus),
        alive: alive(pdus),
      }),
    };
  },
};

/** A gNB-CU-UP of another PLMN alone. */
export const e1SetupRefused: Procedure = {
  id: 'e1.cu-cp.setup-refused',
  parameters: BASIC,
  clauses: ['refused', 'right-one'],
  drive: (bench, { signal }) =>
    driveCuCp(bench, { signal, key: KEY }, async (world) => {
      const stranger = await mustConnect(world, 'refuse');
      await stranger.setUp('refuse', world.waiting, plmnOf(world.product) === '99970' ? '99971' : '99970');
      await stranger.link.close();
      const up = await mustConnect(world, 'again');
      await up.setUp('again', world.waiting);
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    return {
      clauses: clausesOf({
        refused: refusedIn(pdus, 'refuse', []),
        'right-one': answeredIn(pdus, 'again', ['GNB-CU-UP-E1SetupResponse']),
      }),
    };
  },
};

/** TS 37.483 8.3.1, 8.3.2, 8.3.4: the life of a bearer context. */
export const e1BearerContext: Procedure = {
  id: 'e1.cu-cp.bearer-context',
  parameters: BASIC,
  clauses: ['requested', 'keys', 'uplink', 'downlink', 'released', 'well-formed'],
  drive: (bench, { signal }) =>
    driveCuCp(bench, { signal, key: KEY }, async (world) => {
      const flow = await openFlow(world);
      const attached = await mustRegister(world, flow);
      flow.up.link.enter('session');
      await establish(flow, attached, 'session');
      flow.up.link.enter('release');
      await flow.amf.release('release', attached.ids);
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    const [request] = messagesOf(pdus, 'BearerContextSetupRequest', 'received');
    const [release] = messagesOf(pdus, 'BearerContextReleaseCommand', 'received');
    return {
      clauses: clausesOf({
        requested:
          request === undefined
            ? broken('no BEARER CONTEXT SETUP REQUEST came')
            : holds('BEARER CONTEXT SETUP REQUEST', request.n),
        keys: keys(pdus),
        uplink: uplink(pdus),
        downlink: downlink(pdus),
        released:
          request === undefined
            ? unseen('there was no bearer context')
            : release === undefined
              ? broken('no BEARER CONTEXT RELEASE COMMAND came though the UE is gone', request.n)
              : holds('BEARER CONTEXT RELEASE COMMAND', release.n),
        'well-formed': wellFormed(pdus),
      }),
    };
  },
};

/** Keys of the user plane as they follow from K_gNB: that which the AMF gave, or one that was made of it. */
export function keys(
  pdus: Pdus,
  kgnb: Uint8Array = KGNB,
  name: 'BearerContextSetupRequest' | 'BearerContextModificationRequest' = 'BearerContextSetupRequest',
): Found {
  const [request] = messagesOf(pdus, name);
  const security = request?.message.ies.SecurityInformation;
  if (request === undefined) return unseen('there is no request');
  if (security === undefined) return broken('the request has no security information', request.n);
  const { cipheringAlgorithm, integrityProtectionAlgorithm } = security.securityAlgorithm;
  const [ciphering, integrity] = [numberIn(cipheringAlgorithm), numberIn(integrityProtectionAlgorithm)];
  if (ciphering === null || integrity === null || integrity === 0)
    return broken(
      `${cipheringAlgorithm} and ${integrityProtectionAlgorithm ?? 'no integrity'}, though integrity is required`,
      request.n,
    );
  const wanted = asKeys(kgnb, { ciphering, integrity }).userPlane;
  const { encryptionKey, integrityProtectionKey = new Uint8Array() } = security.uPSecuritykey;
  const isRight =
    Buffer.compare(encryptionKey, wanted.ciphering.key) === 0 &&
    Buffer.compare(integrityProtectionKey, wanted.integrity.key) === 0;
  const what = `${cipheringAlgorithm}, ${integrityProtectionAlgorithm ?? 'none'}`;
  return isRight
    ? holds(`keys for ${what}`, request.n)
    : broken(`keys for ${what} do not follow from K_gNB`, request.n);
}

function numberIn(name: string | undefined): 0 | 1 | 2 | 3 | null {
  return (
    ([0, 1, 2, 3] as const).find(
      (number) => name?.endsWith(String(number)) === true && !name.startsWith('...'),
    ) ?? null
  );
}

/** The tunnel of the UPF is that of the core network. */
export function uplink(pdus: Pdus): Found {
  const [request] = messagesOf(pdus, 'BearerContextSetupRequest');
  const system = request?.message.ies['System-BearerContextSetupRequest'];
  const [session] = system === undefined ? [] : (sessionsToSetup(system) ?? []);
  if (request === undefined || session === undefined) return unseen('there is no session');
  const teid = tunnelOf(session['nG-UL-UP-TNL-Information'])?.teid;
  const what = `tunnel ${teid ?? 'none'}; the core network gave ${UPF.teid}`;
  return teid === UPF.teid ? holds(what, request.n) : broken(what, request.n);
}

/** The tunnel of the gNB-DU is told. */
export function downlink(pdus: Pdus): Found {
  const told = messagesOf(pdus, 'BearerContextModificationRequest').flatMap(({ n, message }) => {
    const wanted = modificationsIn(message.ies['System-BearerContextModificationRequest']);
    return (wanted['PDU-Session-Resource-To-Modify-List'] ?? []).flatMap((session) =>
      (session['dRB-To-Modify-List-NG-RAN'] ?? []).map((drb) => ({
        n,
        teid: tunnelOf(drb['dL-UP-Parameters']?.[0]?.['uP-TNL-Information'])?.teid,
        wanted: DU_TEID + Number(drb['dRB-ID']),
      })),
    );
  });
  const [first] = told;
  if (first === undefined) return broken('the tunnel of the gNB-DU was not told');
  const what = `tunnel ${first.teid ?? 'none'}; the gNB-DU gave ${first.wanted}`;
  return first.teid === first.wanted ? holds(what, first.n) : broken(what, first.n);
}
