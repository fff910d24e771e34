import { pause } from '../../../src/kernel/deadline.ts';
import { outgoing } from '../../interfaces/e1ap/codec.ts';
import type { Ies } from '../../interfaces/e1ap/types.ts';
import { sliceIn } from '../../interfaces/ap/tunnel.ts';
import { plmnText } from '../../interfaces/ap/values.ts';
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
import { seenOn, type SeenPdu } from '../ap/seen-messages.ts';
import { alive, answeredIn } from '../ap/suite/judging.ts';
import { probe } from '../ap/suite/suite.ts';
import { Blocked, type Procedure, type Seen } from '../procedure.ts';
import { BASIC, driveCuUp } from './driver.ts';
import { CU_UP_SUITE } from './suite.ts';

const { seenPdus, messagesOf } = seenOn(E1);

/** TS 37.483 8.2.3: the gNB-CU-UP sets E1 up. */
export const setupByCuUp: Procedure = {
  id: 'e1.cu-up.setup',
  parameters: { ...BASIC, settleMs: SETTLE },
  clauses: ['requested', 'well-formed', 'coherent', 'completed', 'alive'],
  drive: (bench, { signal }) =>
    driveCuUp(bench, { signal }, async (driver) => {
      const link = await driver.associate('setup');
      if (link === null) throw Blocked.precondition('the product did not connect');
      await driver.setUp(link, 'setup');
      await pause(bench.number('settleMs'), { signal });
      await probe(CU_UP_SUITE, driver, { link });
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const requests = messagesOf(pdus, 'GNB-CU-UP-E1SetupRequest', 'received');
    const [request] = requests;
    return {
      clauses: clausesOf({
        requested:
          request === undefined
            ? broken('no GNB-CU-UP E1 SETUP REQUEST came in time')
            : holds('GNB-CU-UP E1 SETUP REQUEST', request.n),
        'well-formed': wellFormed(pdus),
        coherent:
          request === undefined
            ? unseen('there is no request')
            : coherent(seen, request.message.ies, request.n),
        completed: completed(requests),
        alive: alive(pdus),
      }),
    };
  },
};

function completed(requests: readonly SeenPdu[]): Found {
  const [first, again] = requests;
  if (first === undefined) return unseen('there is no request');
  return again === undefined
    ? holds('the response was taken', first.n)
    : broken('it set E1 up again although it had been accepted', first.n, again.n);
}

type Presented = Partial<Pick<Ies<'GNB-CU-UP-E1SetupRequest'>, 'SupportedPLMNs'>>;

/** What the product supports is what the equipment file says. */
function coherent({ subjects }: Seen, { SupportedPLMNs = [] }: Presented, n: number): Found {
  const { plmn, slices } = subjects[0]?.ixit ?? {};
  const offered = SupportedPLMNs.map((each) => ({
    plmn: plmnText(each['pLMN-Identity']),
    slices: (each['slice-Support-List'] ?? []).map(({ sNSSAI }) => sliceIn(sNSSAI)),
  }));
  const what = offered.map((each) => `${each.plmn} with ${JSON.stringify(each.slices)}`).join('; ');
  if (typeof plmn !== 'string') return holds(`${what}; ixit plmn does not say what it should be`, n);
  const own = offered.find((each) => each.plmn === plmn);
  if (own === undefined) return broken(`${what}; PLMN ${plmn} of the equipment file is not among them`, n);
  const wanted = Array.isArray(slices) ? (slices as readonly { readonly sst?: unknown }[]) : [];
  const missing = wanted.filter(
    ({ sst }) => own.slices.length > 0 && !own.slices.some((each) => each.sst === sst),
  );
  return missing.length === 0 ? holds(what, n) : broken(`${what}; missing are ${JSON.stringify(missing)}`, n);
}

/** TS 37.483 8.2.4: the gNB-CU-CP sets E1 up. */
export const setupByCuCp: Procedure = {
  id: 'e1.cu-up.setup-by-cu-cp',
  parameters: BASIC,
  clauses: ['answered', 'once', 'well-formed', 'coherent', 'alive'],
  drive: (bench, { signal }) =>
    driveCuUp(bench, { signal }, async (driver) => {
      const link = await driver.connect('setup', false);
      if (link === null) throw Blocked.precondition('the product did not connect');
      const ies = { TransactionID: link.peer.newTransactionId(), 'gNB-CU-CP-Name': 'tester' };
      await link.request('setup', { name: 'GNB-CU-CP-E1SetupRequest', ies }, driver.waiting);
      await probe(CU_UP_SUITE, driver, { link });
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const [response] = messagesOf(pdus, 'GNB-CU-CP-E1SetupResponse', 'received');
    return {
      clauses: clausesOf({
        answered: answeredIn(pdus, 'setup', ['GNB-CU-CP-E1SetupResponse']),
        once: answeredOnce(pdus),
        'well-formed': wellFormed(pdus),
        coherent:
          response === undefined
            ? unseen('there is no response')
            : coherent(seen, response.message.ies, response.n),
        alive: alive(pdus),
      }),
    };
  },
};

const WAIT_S = 1;
/** What the clocks of two machines, and their turns, may differ. */
const EARLY_MS = 100;

/** TS 37.483 8.2.3.3: a refused gNB-CU-UP waits as long as it is told. */
export const setupRefused: Procedure = {
  id: 'e1.cu-up.setup-refused',
  parameters: BASIC,
  clauses: ['waited', 'again'],
  drive: (bench, { signal }) =>
    driveCuUp(bench, { signal }, async (driver) => {
      const { manners } = driver;
      const acceptance = manners.answerSetup;
      manners.answerSetup = (request) => {
        manners.answerSetup = acceptance;
        const { TransactionID = 0 } = request;
        const Cause = { misc: 'unspecified' } as const;
        return [outgoing('GNB-CU-UP-E1SetupFailure', { TransactionID, Cause, TimeToWait: 'v1s' })];
      };
      const link = await driver.associate('setup');
      if (link === null) throw Blocked.precondition('the product did not connect');
      const isFailure = (name: string | undefined): boolean => name === 'GNB-CU-UP-E1SetupRequest';
      const from = { withinMs: bench.number('connectWithinMs'), signal, from: 0 };
      const first = await link.waitFor(({ decoded }) => isFailure(decoded.message?.name), from);
      if (first === null) throw Blocked.precondition('the product did not set E1 up');
      const withinMs = bench.number('connectWithinMs');
      const again = await link.waitFor(({ decoded }) => isFailure(decoded.message?.name), {
        ...{ signal, withinMs, from: first.n + 1 },
      });
      // It may as well have come again on another association.
      if (again === null) await driver.door.arrival(1, { withinMs: 1, signal });
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    const [failure] = messagesOf(pdus, 'GNB-CU-UP-E1SetupFailure', 'sent');
    const [, again] = messagesOf(pdus, 'GNB-CU-UP-E1SetupRequest', 'received');
    if (failure === undefined)
      return {
        clauses: clausesOf({ waited: unseen('nothing was refused'), again: unseen('nothing was refused') }),
      };
    if (again === undefined)
      return {
        clauses: clausesOf({
          waited: holds('it did not come before its time', failure.n),
          again: undecided('it did not come again in time', failure.n),
        }),
      };
    const tookMs = Math.round((again.t - failure.t) * 1_000);
    const what = `it came again after ${tookMs} ms; told were ${WAIT_S} s`;
    const isEarly = tookMs < WAIT_S * 1_000 - EARLY_MS;
    return {
      clauses: clausesOf({
        waited: isEarly ? broken(what, failure.n, again.n) : holds(what, failure.n, again.n),
        again: holds(what, again.n),
      }),
    };
  },
};
