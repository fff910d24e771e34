import { outgoing } from '../../interfaces/e2/answers.ts';
import { wrapItems } from '../../interfaces/e2/messages.ts';
import type { Procedure, Seen } from '../procedure.ts';
import { broken, clausesOf, type Found, holds, shown, unseen, wellFormed } from '../ap/judging.ts';
import { RESPONSE_TIME, SETTLE, TRIGGER_WITHIN } from '../ap/parameters.ts';
import { readWanted, report, type WantedReport, wantedIn } from './reporting.ts';
import { driveRic, type RicDriver, type TesterNode } from './ric-driver.ts';
import { needsTrigger, preparationOf } from './ric-hook.ts';
import { askHook } from '../hook.ts';
import { alive, begun, countIn, reportOn, requested } from './ric-judging.ts';
import { messagesOf, seenPdus, type SeenPdu } from './seen-messages.ts';
import { KPM_FUNCTION, OFFERED, testerNodeName } from './tester-node.ts';

const REQUEST = 'RICsubscriptionRequest';
const DELETION = 'RICsubscriptionDeleteRequest';
/** Products that subscribe of themselves do so as soon as the node has set up. */
const STEPS = ['subscribe', 'setup'] as const;
const SUBSCRIBE = {
  step: 'subscribe',
  action: 'subscribe',
  inWords: 'subscribe to KPM style 1 of the E2 node',
};

/** Has the product subscribe to KPM; undefined when it did not, or not in a way that can be read. */
export async function subscription(
  driver: RicDriver,
  node: TesterNode,
  from?: number,
): Promise<WantedReport | undefined> {
  const since = await driver.trigger(node, SUBSCRIBE);
  const withinMs = driver.bench.number('triggerWithinMs');
  const isAutomatic = preparationOf(driver.product).kind === 'automatic';
  return wantedIn(await node.awaits(REQUEST, { from: isAutomatic ? 0 : (from ?? since), withinMs }));
}

/** E2TS 5.2.3.1.1, 5.2.3.2.1: the product subscribes to KPM style 1 and takes what is reported. */
export const subscribed: Procedure = {
  id: 'e2.ric.subscription',
  parameters: {
    responseTimeMs: RESPONSE_TIME,
    triggerWithinMs: TRIGGER_WITHIN,
    settleMs: SETTLE,
    periods: { type: 'number', unit: 'count', about: 'how many indications are sent' },
    periodMs: { type: 'number', unit: 'ms', about: 'how often a hook is told to have it reported' },
  },
  clauses: ['requested', 'well-formed', 'function', 'definitions', 'undisturbed', 'processed'],
  drive: (bench, { signal }) =>
    driveRic(bench, { signal }, async (driver) => {
      needsTrigger(driver.product, 'subscribe');
      const node = await driver.ready();
      const wanted = await subscription(driver, node);
      if (wanted === undefined) return;
      const everyMs = Math.min(wanted.periodMs, bench.number('periodMs'));
      const burst = { count: bench.number('periods'), everyMs };
      await report({ node, product: driver.product, wanted, step: 'report' }, burst, { signal });
      await node.settle(bench.number('settleMs'));
      await askWhatWasProcessed(driver, 'processed');
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const requests = begun(pdus, REQUEST, STEPS);
    return {
      clauses: clausesOf({
        requested: requested({ seen, pdus }, REQUEST, STEPS),
        'well-formed': wellFormed(pdus),
        function: functionKnown(requests),
        definitions: definitions(requests),
        undisturbed: undisturbed(pdus),
        processed: processed(seen, requests.length > 0),
      }),
    };
  },
};

export async function askWhatWasProcessed(
  { bench, product, signal }: RicDriver,
  step: string,
): Promise<void> {
  const preparation = preparationOf(product);
  if (preparation.kind === 'hook')
    await askHook({ bench, url: preparation.url, step }, { action: 'report' }, { signal });
}

type Requests = ReturnType<typeof begun<'RICsubscriptionRequest'>>;

function functionKnown([request]: Requests): Found {
  if (request === undefined) return unseen('there is no request');
  const id = request.message.ies.RANfunctionID;
  return id === KPM_FUNCTION
    ? holds(`RAN function ${id}`, request.n)
    : broken(`RAN function ${id ?? 'none'} does not measure; octets: ${shown(request)}`, request.n);
}

/** Trigger and action are of E2SM-KPM, and only ask for what was offered. */
function definitions([request]: Requests): Found {
  if (request === undefined) return unseen('there is no request');
  const wanted = readWanted(request.message.ies);
  if (typeof wanted === 'string') return broken(`${wanted}; octets: ${shown(request)}`, request.n);
  const { measurements, periodMs } = wanted;
  const strange = measurements.find((name) => !OFFERED.some((each) => each.name === name));
  return strange === undefined
    ? holds(`${measurements.join(', ')} every ${periodMs} ms`, request.n)
    : broken(`${strange} was not offered; octets: ${shown(request)}`, request.n);
}

/** Reports by the subscription make nobody complain, and end nothing. */
function undisturbed(pdus: readonly SeenPdu[]): Found {
  const sent = messagesOf(pdus, 'RICindication', 'sent');
  const [first] = sent;
  if (first === undefined) return unseen('nothing was reported');
  const after = pdus.filter(({ n, direction }) => n > first.n && direction === 'received');
  const complaint = after.find(
    ({ decoded: { message } }) => message?.name === 'ErrorIndication' || message?.name === DELETION,
  );
  return complaint === undefined
    ? holds(`${sent.length} indications were taken`, first.n)
    : broken(`octets: ${shown(complaint)}`, complaint.n);
}

/** By what the product reports: as many indications as there were, and the values that they held. */
function processed(seen: Seen, hasSubscribed: boolean): Found {
  const [product] = seen.subjects;
  const told = product === undefined ? undefined : reportOn(seen, 'processed', testerNodeName(product, 1));
  if (told === undefined || !hasSubscribed) return unseen('the product does not report what it processed');
  const count = countIn(told.node['processed']);
  const wanted = seen.number('periods');
  const what = `${count} of ${wanted} indications were processed`;
  return count >= wanted ? holds(what, told.n) : broken(what, told.n);
}

/** A node that refuses the subscription is not asked for it again and again. */
export const subscriptionRefused: Procedure = {
  id: 'e2.ric.subscription-refused',
  parameters: {
    responseTimeMs: RESPONSE_TIME,
    triggerWithinMs: TRIGGER_WITHIN,
    watchMs: { type: 'number', unit: 'ms', about: 'how long the tester counts further requests' },
    maxRequests: {
      type: 'number',
      unit: 'count',
      about: 'how often it may ask in that time, the first one included',
    },
  },
  clauses: ['requested', 'patience', 'alive'],
  drive: (bench, { signal }) =>
    driveRic(bench, { signal }, async (driver) => {
      needsTrigger(driver.product, 'subscribe');
      const node = await driver.connect('setup');
      node.manners = { subscription: 'refuse' };
      await node.setUp('setup');
      if ((await subscription(driver, node)) !== undefined) await node.settle(bench.number('watchMs'));
      node.manners = {};
      await node.probe();
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const requests = begun(pdus, REQUEST, STEPS);
    const max = seen.number('maxRequests');
    const what = `${requests.length} request(s), at most ${max} are patient`;
    const [last] = requests.slice(-1);
    return {
      clauses: clausesOf({
        requested: requested({ seen, pdus }, REQUEST, STEPS),
        patience:
          last === undefined
            ? unseen('there is no request')
            : requests.length <= max
              ? holds(what, last.n)
              : broken(`${what}; octets of the last: ${shown(last)}`, ...requests.map(({ n }) => n)),
        alive: alive(pdus),
      }),
    };
  },
};

/** E2TS 5.2.2.2.1: a subscription is deleted by those who made it. */
export const deletion: Procedure = {
  id: 'e2.ric.subscription-delete',
  parameters: { responseTimeMs: RESPONSE_TIME, triggerWithinMs: TRIGGER_WITHIN },
  clauses: ['requested', 'same-request', 'alive'],
  drive: (bench, { signal }) =>
    driveRic(bench, { signal }, async (driver) => {
      needsTrigger(driver.product, 'deleteSubscriptions');
      const node = await driver.ready();
      if ((await subscription(driver, node)) === undefined) return;
      const from = await driver.trigger(node, {
        ...{ step: 'delete', action: 'deleteSubscriptions' },
        inWords: 'delete its subscription at the E2 node',
      });
      await node.awaits(DELETION, { from, withinMs: bench.number('triggerWithinMs') });
      await node.probe();
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    return {
      clauses: clausesOf({
        requested: requested({ seen, pdus }, DELETION, ['delete']),
        'same-request': sameRequest(pdus, 'delete'),
        alive: alive(pdus),
      }),
    };
  },
};

/** E2TS 5.2.2.3.1: the node wants a subscription to be deleted. */
export const deletionRequired: Procedure = {
  id: 'e2.ric.subscription-delete-required',
  parameters: { responseTimeMs: RESPONSE_TIME, triggerWithinMs: TRIGGER_WITHIN },
  clauses: ['requested', 'same-request', 'alive'],
  drive: (bench, { signal }) =>
    driveRic(bench, { signal }, async (driver) => {
      needsTrigger(driver.product, 'subscribe');
      const node = await driver.ready();
      const wanted = await subscription(driver, node);
      if (wanted === undefined) return;
      const from = node.link.next;
      const item = {
        ...{ ricRequestID: wanted.request, ranFunctionID: wanted.functionId },
        cause: { ricRequest: 'function-resource-limit' } as const,
      };
      const list = wrapItems('RICsubscription-withCause-Item', [item]);
      await node.link.send(
        'required',
        outgoing('RICsubscriptionDeleteRequired', { RICsubscriptionToBeRemoved: list }),
      );
      await node.awaits(DELETION, { from });
      await node.probe();
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const [required] = messagesOf(pdus, 'RICsubscriptionDeleteRequired', 'sent');
    const [request] = begun(pdus, DELETION, ['required']);
    return {
      clauses: clausesOf({
        requested:
          required === undefined
            ? unseen('there was no subscription that could have been deleted')
            : request === undefined
              ? broken('no deletion was asked for in time', required.n)
              : holds(DELETION, request.n),
        'same-request': sameRequest(pdus, 'required'),
        alive: alive(pdus),
      }),
    };
  },
};

function sameRequest(pdus: readonly SeenPdu[], step: string): Found {
  const [request] = begun(pdus, DELETION, [step]);
  const known = begun(pdus, REQUEST, STEPS);
  if (request === undefined) return unseen('there is no request');
  const { RICrequestID: id, RANfunctionID } = request.message.ies;
  const fits = known.some(
    ({ message: { ies } }) =>
      ies.RICrequestID?.ricRequestorID === id?.ricRequestorID &&
      ies.RICrequestID?.ricInstanceID === id?.ricInstanceID &&
      ies.RANfunctionID === RANfunctionID,
  );
  return fits
    ? holds('the subscription that there was', request.n)
    : broken(`another one than there was; octets: ${shown(request)}`, request.n);
}
