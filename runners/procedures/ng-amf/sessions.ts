import { setupIesIn, tunnelEndIn } from '../../interfaces/ngap/transfers.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { broken, clausesOf, type Found, holds, unseen, wellFormed } from '../ap/judging.ts';
import { RESPONSE_TIME, TRIGGER_WITHIN } from '../ap/parameters.ts';
import { messagesOf, type SeenPdu, seenPdus } from '../ng/seen-messages.ts';
import { factOf, factsIn, happened, type SeenFact } from '../ng/ue-facts.ts';
import { type Bench, Blocked, type Procedure, type Seen } from '../procedure.ts';
import { driveAmf } from './amf-driver.ts';
import { begun, came } from '../ng/judging.ts';

const SETUP = 'PDUSessionResourceSetupRequest';
const USER_PLANE = 'user-plane';

/** TS 38.413 8.2.1, TS 24.501 6.4.1: a UE asks for a session and gets it. */
export const session: Procedure = {
  id: 'ng.amf.session',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['requested', 'tunnel', 'address', 'well-formed'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const ue = await driver.registered(await driver.ready());
      await ue.establish('session');
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const up = factOf(factsIn(seen), 'session-up');
    return {
      clauses: clausesOf({
        requested: came(pdus, 'session', SETUP),
        tunnel: tunnelOf(pdus),
        address:
          up === undefined ? broken('the UE was given no session') : hasAddress(up.data['session'], up.n),
        'well-formed': wellFormed(pdus),
      }),
    };
  },
};

function tunnelOf(pdus: readonly SeenPdu[]): Found {
  const [request] = messagesOf(pdus, SETUP, 'received');
  if (request === undefined) return unseen('there is no request');
  const [item] = request.message.ies.PDUSessionResourceSetupListSUReq ?? [];
  const ies = item === undefined ? {} : setupIesIn(item.pDUSessionResourceSetupRequestTransfer);
  const end = tunnelEndIn(ies['UL-NGU-UP-TNLInformation']);
  const flows = ies.QosFlowSetupRequestList?.length ?? 0;
  return end === null || flows === 0
    ? broken('the transfer has no uplink tunnel, or no QoS flow', request.n)
    : holds(`an uplink tunnel and ${flows} QoS flow(s)`, request.n);
}

function hasAddress(about: unknown, n: number): Found {
  const { address } = (about ?? {}) as { readonly address?: unknown };
  return typeof address === 'string' ? holds('an IPv4 address', n) : broken('the UE has no IPv4 address', n);
}

/** TS 29.281 7.2.1, TS 38.415: echo and a ping through a session. */
export const userPlane: Procedure = {
  id: 'ng.amf.user-plane',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['echo', 'ping'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const to = pingTarget(bench);
      const ue = await driver.registered(await driver.ready());
      if (!(await ue.establish('session'))) return;
      const echoMs = await ue.echo('echo').catch(lateOnly);
      const pingMs = await ue.ping('ping', to);
      bench.observe(USER_PLANE, USER_PLANE, { echoMs, pingMs });
    }),
  judge: ({ observations }) => {
    const seen = observations.find(({ kind }) => kind === USER_PLANE);
    const { echoMs, pingMs } = (seen?.data ?? {}) as { readonly echoMs?: unknown; readonly pingMs?: unknown };
    const answered = (ms: unknown, what: string): Found =>
      seen === undefined
        ? broken('the UE was given no session')
        : typeof ms === 'number'
          ? holds(`${what} within ${Math.ceil(ms)} ms`, seen.n)
          : broken(`no ${what} came back`, seen.n);
    return {
      clauses: clausesOf({ echo: answered(echoMs, 'echo response'), ping: answered(pingMs, 'ping') }),
    };
  },
};

function lateOnly(error: unknown): null {
  if (error instanceof HarnessError && error.code === 'DEADLINE') return null;
  throw error;
}

/** IXIT `ng.pingTarget`: an address that answers behind the user plane. @throws Blocked */
export function pingTarget({ subjects }: Pick<Bench, 'subjects'>): string {
  const target = subjects[0]?.ixit['ng.pingTarget'];
  if (typeof target === 'string') return target;
  const text = 'ixit ng.pingTarget names no address that answers pings from a session';
  throw new Blocked({ code: 'IXIT_MISSING', text }, 'notSupportedByTestbed');
}

/** TS 38.413 8.2.2, TS 24.501 6.4.3 */
export const sessionRelease: Procedure = {
  id: 'ng.amf.session-release',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['commanded', 'released', 'again'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const ue = await driver.registered(await driver.ready());
      if (!(await ue.establish('session'))) throw Blocked.precondition('the UE was given no session');
      await ue.release('release');
      await ue.establish('again');
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const facts = factsIn(seen);
    return {
      clauses: clausesOf({
        commanded: came(pdus, 'release', 'PDUSessionResourceReleaseCommand'),
        released: happened(facts, 'session-down', {
          step: 'release',
          otherwise: 'the session was not released',
        }),
        again: happened(facts, 'session-up', { step: 'again', otherwise: 'no other session was given' }),
      }),
    };
  },
};

/** TS 24.501 5.4.5.3.1, 6.4.1.4: a data network that there is none of. */
export const unknownDnn: Procedure = {
  id: 'ng.amf.unknown-dnn',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['refused', 'still-registered'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const ue = await driver.registered(await driver.ready());
      await ue.establish('session', { dnn: 'no-such-network' });
      await ue.deregister('leaving');
    }),
  judge: (seen) => {
    const facts = factsIn(seen);
    const left = happened(facts, 'deregistered', {
      step: 'leaving',
      otherwise: 'the UE was not served any more',
    });
    return {
      clauses: clausesOf({
        refused: happened(facts, 'session-refused', { step: 'session', otherwise: whyNotRefused(facts) }),
        'still-registered': left,
      }),
    };
  },
};

/** A status tells the UE nothing about its session: it goes on waiting. */
function whyNotRefused(facts: readonly SeenFact[]): string {
  const status = factOf(facts, 'status', { step: 'session' });
  const cause = Number(status?.data['cause']);
  return `the session was not refused${status === undefined ? '' : `: 5GMM STATUS with cause ${cause} names no session`}`;
}

/** TS 38.413 8.5.1, TS 24.501 5.6.1, 5.6.2: a UE that sleeps is paged, and served with its session. */
export const paging: Procedure = {
  id: 'ng.amf.paging',
  parameters: { responseTimeMs: RESPONSE_TIME, triggerWithinMs: TRIGGER_WITHIN },
  clauses: ['released', 'paged', 'served'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const gnb = await driver.ready();
      const ue = await driver.registered(gnb);
      if (!(await ue.establish('session'))) throw Blocked.precondition('the UE was given no session');
      gnb.enter('sleep');
      gnb.gnb.askRelease(ue.ran);
      if ((await ue.until('sleep', ['released'])) === null) return;
      gnb.enter('page');
      await driver.trigger('page', { action: 'page', imsi: ue.imsi, inWords: 'send something to the UE' });
      const rounds = bench.number('triggerWithinMs') / driver.withinMs;
      await ue.until('page', ['service-accepted', 'refused'], { rounds });
    }),
  judge: (seen: Seen) => {
    const pdus = seenPdus(seen.observations);
    const facts = factsIn(seen);
    const [page] = messagesOf(pdus, 'Paging', 'received');
    return {
      clauses: clausesOf({
        released: happened(facts, 'released', {
          step: 'sleep',
          otherwise: 'no UE CONTEXT RELEASE COMMAND came',
        }),
        paged: begun(seen, page, 'PAGING'),
        served:
          page === undefined
            ? unseen('the UE was not paged')
            : happened(facts, 'service-accepted', { otherwise: 'the UE was not served' }),
      }),
    };
  },
};
