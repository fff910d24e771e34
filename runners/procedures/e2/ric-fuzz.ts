import type { E2apShape } from '../../interfaces/e2/types.ts';
import type { Procedure } from '../procedure.ts';
import { RESPONSE_TIME, TRIGGER_WITHIN } from '../ap/parameters.ts';
import { fuzz, FUZZING, type FuzzPort, type FuzzSession } from '../ap/fuzz/campaign.ts';
import { type FuzzState, type FuzzTemplate, templatesOn } from '../ap/fuzz/inputs.ts';
import { FUZZ_CLAUSES, judgeFuzz } from '../ap/fuzz/judging.ts';
import { E2 } from '../ap/interfaces/e2.ts';
import { freeTransaction, resetAnswered } from './fuzz-probe.ts';
import { anUpdate } from './ric-errors.ts';
import { driveRic, type RicDriver, type TesterNode } from './ric-driver.ts';
import { preparationOf } from './ric-hook.ts';
import { alive } from './ric-judging.ts';
import { subscription } from './ric-subscription.ts';
import { seenPdus } from './seen-messages.ts';
import { kpmFunction, kpmIndication, kpmOf, OFFERED, setupRequest, testerNodeId } from './tester-node.ts';
import { wrapItems } from '../../interfaces/e2/messages.ts';

const template = templatesOn(E2);

const REQUEST = { ricRequestorID: 1, ricInstanceID: 1 } as const;

/** WG11 7.4: mutated messages of an E2 node, before and after the setup and while there is a subscription. */
export const ricFuzz: Procedure = {
  id: 'e2.ric.fuzz',
  parameters: { responseTimeMs: RESPONSE_TIME, triggerWithinMs: TRIGGER_WITHIN, ...FUZZING },
  clauses: FUZZ_CLAUSES,
  drive: (bench, { signal }) =>
    driveRic(bench, { signal }, async (driver) => {
      const first = await driver.ready();
      await first.link.close();
      const templates = ricTemplates(driver);
      await fuzz(portOf(driver), {
        spoken: E2,
        templates,
        seed: bench.number('seed'),
        spared: ['E2RemovalRequest'],
      });
      const last = await driver.tryConnect('again', 1, 'after-all');
      if ((await last?.setUp('again'))?.kind === 'successful') await last?.probe();
    }),
  judge: ({ observations }) => judgeFuzz(observations, alive(seenPdus(observations))),
};

/** Subscriptions are made by the product: where nothing but a person has it do that, that state is left out. */
function portOf(driver: RicDriver): FuzzPort<E2apShape> {
  const { bench, signal, product } = driver;
  const { kind } = preparationOf(product);
  const canSubscribe = kind === 'hook' || kind === 'automatic';
  let count = 0;
  return {
    ...{ bench, signal },
    states: ['before-setup', 'after-setup', ...(canSubscribe ? (['subscribed'] as const) : [])],
    async enter(state) {
      count += 1;
      const node = await driver.tryConnect('fuzz', 1, `fuzz-${count}`);
      if (node === null) return null;
      node.link.observes = false;
      if (state === 'before-setup') return sessionOf(node, state);
      const { kind: outcome } = await node.setUp('fuzz');
      if (outcome !== 'successful') {
        await node.link.close();
        return null;
      }
      const isOpen = state === 'subscribed' && (await subscription(driver, node)) !== undefined;
      return sessionOf(node, isOpen ? 'subscribed' : 'after-setup');
    },
  };
}

function sessionOf(node: TesterNode, state: FuzzState): FuzzSession<E2apShape> {
  const { link, waiting } = node;
  return {
    ...{ state, link },
    async probe() {
      if (state !== 'before-setup') return resetAnswered(link, waiting);
      const ies = setupRequest(freeTransaction(link), node.presentation);
      const { kind } = await link.request('fuzz', { name: 'E2setupRequest', ies }, waiting);
      return kind !== 'silent' && kind !== 'ended';
    },
  };
}

/** Messages that an E2 node may send, by the states in which it may. */
function ricTemplates({ product }: Pick<RicDriver, 'product'>): readonly FuzzTemplate[] {
  const later: readonly FuzzState[] = ['after-setup', 'subscribed'];
  const node = testerNodeId(product, 1);
  const functions = wrapItems('RANfunction-Item', [kpmFunction()]);
  const measured = { kpm: kpmOf(product), measurements: OFFERED.map(({ name }) => name), atMs: 0 };
  const about = { request: REQUEST, functionId: kpmFunction().ranFunctionID, actionId: 1, number: 1 };
  const removed = { ricRequestID: REQUEST, ranFunctionID: about.functionId };
  return [
    template('E2setupRequest', ['before-setup'], setupRequest(1, { node })),
    template('E2nodeConfigurationUpdate', later, anUpdate(2)),
    template('RICserviceUpdate', later, { TransactionID: 3, RANfunctionsModified: functions }),
    template('ResetRequest', later, { TransactionID: 4, Cause: { misc: 'unspecified' } }),
    template('ErrorIndication', later, { TransactionID: 5, Cause: { protocol: 'semantic-error' } }),
    template('RICindication', ['subscribed'], kpmIndication({ ...measured, ...about })),
    template('RICsubscriptionDeleteRequired', ['subscribed'], {
      RICsubscriptionToBeRemoved: wrapItems('RICsubscription-withCause-Item', [
        { ...removed, cause: { misc: 'unspecified' } },
      ]),
    }),
  ];
}
