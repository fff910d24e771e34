import { pause } from '../../../src/kernel/deadline.ts';
import type { PduEntry } from '../../interfaces/e2/journal.ts';
import { wrapItems } from '../../interfaces/e2/messages.ts';
import type { E2apShape, Ies } from '../../interfaces/e2/types.ts';
import type { E2Link } from '../e2/link.ts';
import { fuzz, FUZZING, type FuzzPort, type FuzzSession } from '../ap/fuzz/campaign.ts';
import { type FuzzState, type FuzzTemplate, templatesOn } from '../ap/fuzz/inputs.ts';
import { FUZZ_CLAUSES, judgeFuzz } from '../ap/fuzz/judging.ts';
import { E2 } from '../ap/interfaces/e2.ts';
import { resetAnswered } from '../e2/fuzz-probe.ts';
import { seenPdus } from '../e2/seen-messages.ts';
import { Blocked, type Procedure } from '../procedure.ts';
import { alive } from './alive.ts';
import { actionFor, REQUEST_ID, mustHaveKpm, subscriptionRequest } from './kpm.ts';
import { driveNode, isSetup, mustSetUp, type NodeDriver, type Presented } from './node.ts';
import { BASIC } from './parameters.ts';
import { acceptanceOf } from './ric.ts';

const template = templatesOn(E2);

const POLL_MS = 5;
/** Long enough a period that what is reported does not get in the way. */
const PERIOD_MS = 1_000;
const MOST_ASSOCIATIONS = 1_000_000;
/** By these a sound node leaves, goes elsewhere or waits as long as it is told. */
const SPARED = ['E2RemovalRequest', 'E2setupFailure', 'E2connectionUpdate'] as const;

/** WG11 7.4: mutated messages of a near-RT RIC, before and after the setup and while there is a subscription. */
export const nodeFuzz: Procedure = {
  id: 'e2.node.fuzz',
  parameters: { ...BASIC, ...FUZZING },
  clauses: FUZZ_CLAUSES,
  drive: (bench, { signal }) =>
    driveNode(bench, { signal, mostAssociations: MOST_ASSOCIATIONS }, async (driver) => {
      const presented = await mustSetUp(driver);
      const messages = messagesFor(driver, presented);
      await presented.link.close();
      const port = portOf(driver, messages.subscription);
      const seed = bench.number('seed');
      await fuzz(port, { spoken: E2, templates: messages.templates, seed, spared: SPARED });
      const last = await port.enter('after-setup');
      if (last === null) return;
      last.link.observes = true;
      await alive.drive(driver, last.link, 'alive');
    }),
  judge: ({ observations }) => judgeFuzz(observations, alive.judge(seenPdus(observations), 'alive')),
};

interface Messages {
  readonly templates: readonly FuzzTemplate[];
  readonly subscription: Ies<'RICsubscriptionRequest'>;
}

/** Messages that a near-RT RIC may send, by the states in which it may. */
function messagesFor({ product, ric }: NodeDriver, presented: Presented): Messages {
  const kpm = mustHaveKpm(presented);
  const action = actionFor(product, kpm, 1);
  const subscription = subscriptionRequest({ functionId: kpm.id, action, periodMs: PERIOD_MS });
  const later: readonly FuzzState[] = ['after-setup', 'subscribed'];
  const reference = { RICrequestID: REQUEST_ID, RANfunctionID: kpm.id };
  const known = wrapItems('RANfunctionID-Item', [{ ranFunctionID: kpm.id, ranFunctionRevision: 1 }]);
  const acceptance = acceptanceOf(presentedIn(presented.link), ric.plmn);
  const templates = [
    template('E2setupResponse', ['before-setup'], acceptance),
    template('RICserviceQuery', later, { TransactionID: 2, RANfunctionsAccepted: known }),
    template('ResetRequest', later, { TransactionID: 3, Cause: { misc: 'unspecified' } }),
    template('ErrorIndication', later, { ...reference, Cause: { protocol: 'semantic-error' } }),
    template('RICsubscriptionRequest', later, subscription),
    template('RICcontrolRequest', later, {
      ...reference,
      RICcontrolHeader: Uint8Array.of(0),
      RICcontrolMessage: Uint8Array.of(0),
    }),
    template('RICsubscriptionDeleteRequest', ['subscribed'], reference),
  ];
  return { templates, subscription };
}

function presentedIn(link: E2Link): Ies<'E2setupRequest'> {
  const request = requestIn(link);
  if (request === undefined) throw Blocked.precondition('the product has not set E2 up');
  return request.decoded.message?.ies as unknown as Ies<'E2setupRequest'>;
}

function requestIn({ peer }: E2Link): PduEntry | undefined {
  return peer.journal.entries.find((entry) => isSetup(entry) && entry.comprehension?.action === 'accept');
}

function portOf(driver: NodeDriver, subscription: Ies<'RICsubscriptionRequest'>): FuzzPort<E2apShape> {
  const { bench, signal, ric, waiting } = driver;
  return {
    ...{ bench, signal },
    states: ['before-setup', 'after-setup', 'subscribed'],
    async enter(state) {
      ric.answerSetup = (request) => (state === 'before-setup' ? [] : [ric.acceptance(request)]);
      const link = await nextSetup(driver);
      if (link === null) return null;
      link.observes = false;
      if (state !== 'subscribed') return sessionOf(driver, link, state);
      const request = { name: 'RICsubscriptionRequest', ies: subscription } as const;
      const { kind } = await link.request('fuzz', request, waiting);
      const isOpen = kind === 'successful' || kind === 'unacceptable';
      return sessionOf(driver, link, isOpen ? 'subscribed' : 'after-setup');
    },
  };
}

/** The next association of the product on which it presents itself; null when none comes in time. */
async function nextSetup(driver: NodeDriver): Promise<E2Link | null> {
  const { bench, door, signal } = driver;
  const from = door.links.length;
  if (!(await connected(driver))) return null;
  for (const end = performance.now() + bench.number('connectWithinMs'); performance.now() < end;) {
    const link = door.links.slice(from).find((each) => requestIn(each) !== undefined);
    if (link !== undefined) return link;
    await pause(POLL_MS, { signal });
  }
  return null;
}

/** False when the hook of the product does not do it, as when it has died with it. */
async function connected({ connect }: NodeDriver): Promise<boolean> {
  try {
    await connect();
    return true;
  } catch (error) {
    if (error instanceof Blocked) return false;
    throw error;
  }
}

function sessionOf(driver: NodeDriver, link: E2Link, state: FuzzState): FuzzSession<E2apShape> {
  const { ric, waiting } = driver;
  return {
    ...{ state, link },
    async probe() {
      if (state !== 'before-setup') return resetAnswered(link, waiting);
      ric.answerSetup = (request) => [ric.acceptance(request)];
      await link.send('fuzz', ric.acceptance(presentedIn(link)));
      // A mutated answer to its setup may have been refused: then an error is an answer, too.
      return resetAnswered(
        link,
        waiting,
        ({ name, ies }, transaction) =>
          name === 'ErrorIndication' && [undefined, transaction].includes(transactionIn(ies)),
      );
    },
  };
}

function transactionIn({
  TransactionID,
}: {
  readonly TransactionID?: number | bigint | undefined;
}): number | undefined {
  return TransactionID === undefined ? undefined : Number(TransactionID);
}
