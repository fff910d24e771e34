import { outgoing } from '../../interfaces/e2/answers.ts';
import { unwrapItems, wrapItems } from '../../interfaces/e2/messages.ts';
import type { Ies, Item, MessageName } from '../../interfaces/e2/types.ts';
import type { Procedure } from '../procedure.ts';
import {
  answeredWith,
  broken,
  clausesOf,
  type Found,
  holds,
  shown,
  unseen,
  wellFormed,
} from '../ap/judging.ts';
import { RESPONSE_TIME, TRIGGER_WITHIN } from '../ap/parameters.ts';
import { driveRic, type RicDriver, type TesterNode } from './ric-driver.ts';
import { needsTrigger } from './ric-hook.ts';
import { alive, begun, firstAfter, requested, sameTransaction } from './ric-judging.ts';
import { sentIn } from '../ap/seen-messages.ts';
import { seenPdus, type SeenMessage, type SeenPdu } from './seen-messages.ts';
import { FIRST_COMPONENT, kpmFunction, SECOND_COMPONENT, rcFunction } from './tester-node.ts';

const UPDATED = 'RICserviceUpdateAcknowledge';
const CONFIGURED = 'E2nodeConfigurationUpdateAcknowledge';
/** Beside those of the setup. */
const ADDED_FUNCTION = 4;

/** E2TS 5.2.1.4.1 to 5.2.1.4.3: a RAN function is modified, one is added, one is deleted. */
export const serviceUpdate: Procedure = {
  id: 'e2.ric.service-update',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['modified', 'added', 'deleted', 'transaction', 'alive'],
  drive: (bench, { signal }) =>
    driveRic(bench, { signal }, async (driver) => {
      const node = await driver.ready();
      const functions = (item: Item<'RANfunction-Item'>) => wrapItems('RANfunction-Item', [item]);
      await updateService(node, 'modified', { RANfunctionsModified: functions(kpmFunction(undefined, 2)) });
      await updateService(node, 'added', { RANfunctionsAdded: functions(rcFunction(ADDED_FUNCTION)) });
      const gone = [{ ranFunctionID: ADDED_FUNCTION, ranFunctionRevision: 1 }];
      await updateService(node, 'deleted', { RANfunctionsDeleted: wrapItems('RANfunctionID-Item', gone) });
      await node.probe();
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    return {
      clauses: clausesOf({
        modified: functionTaken(pdus, 'modified', kpmFunction().ranFunctionID),
        added: functionTaken(pdus, 'added', ADDED_FUNCTION),
        deleted: acknowledged(pdus, 'deleted', UPDATED),
        transaction: sameTransactions(pdus, ['modified', 'added', 'deleted'], UPDATED),
        alive: alive(pdus),
      }),
    };
  },
};

function updateService(
  node: TesterNode,
  step: string,
  change: Omit<Ies<'RICserviceUpdate'>, 'TransactionID'>,
): Promise<unknown> {
  const ies = { TransactionID: node.transactionId, ...change };
  return node.link.request(step, { name: 'RICserviceUpdate', ies }, node.waiting);
}

/** E2TS 5.2.1.5.1 to 5.2.1.5.3: a component of the node is added, updated and removed. */
export const configurationUpdate: Procedure = {
  id: 'e2.ric.configuration-update',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['added', 'updated', 'removed', 'transaction', 'alive'],
  drive: (bench, { signal }) =>
    driveRic(bench, { signal }, async (driver) => {
      const node = await driver.ready();
      await configure(node, 'added', {
        E2nodeComponentConfigAddition: wrapItems('E2nodeComponentConfigAddition-Item', [SECOND_COMPONENT]),
      });
      await configure(node, 'updated', {
        E2nodeComponentConfigUpdate: wrapItems('E2nodeComponentConfigUpdate-Item', [FIRST_COMPONENT]),
      });
      const { e2nodeComponentInterfaceType, e2nodeComponentID } = SECOND_COMPONENT;
      const removed = [{ e2nodeComponentInterfaceType, e2nodeComponentID }];
      await configure(node, 'removed', {
        E2nodeComponentConfigRemoval: wrapItems('E2nodeComponentConfigRemoval-Item', removed),
      });
      await node.probe();
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    return {
      clauses: clausesOf({
        added: componentTaken(pdus, 'added'),
        updated: componentTaken(pdus, 'updated'),
        removed: componentTaken(pdus, 'removed'),
        transaction: sameTransactions(pdus, ['added', 'updated', 'removed'], CONFIGURED),
        alive: alive(pdus),
      }),
    };
  },
};

function configure(
  node: TesterNode,
  step: string,
  change: Omit<Ies<'E2nodeConfigurationUpdate'>, 'TransactionID'>,
): Promise<unknown> {
  const ies = { TransactionID: node.transactionId, ...change };
  return node.link.request(step, { name: 'E2nodeConfigurationUpdate', ies }, node.waiting);
}

/** E2TS 5.2.1.6.1: the near-RT RIC has the node open another association, to the same place. */
export const connectionUpdate: Procedure = {
  id: 'e2.ric.connection-update',
  parameters: { responseTimeMs: RESPONSE_TIME, triggerWithinMs: TRIGGER_WITHIN },
  clauses: ['requested', 'well-formed', 'new-association', 'alive'],
  drive: (bench, { signal }) =>
    driveRic(bench, { signal }, async (driver) => {
      needsTrigger(driver.product, 'connectionUpdate');
      const node = await driver.ready();
      const { host, port } = driver.endPoint;
      const from = await driver.trigger(node, {
        ...{ step: 'trigger', action: 'connectionUpdate', more: { address: host, port } },
        inWords: `send an E2 CONNECTION UPDATE that adds ${host} port ${port}`,
      });
      const asked = await node.awaits('E2connectionUpdate', {
        from,
        withinMs: bench.number('triggerWithinMs'),
      });
      if (asked?.name === 'E2connectionUpdate') await addAssociation(driver, node, asked.ies);
      await node.probe();
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    return {
      clauses: clausesOf({
        requested: requested({ seen, pdus }, 'E2connectionUpdate', ['trigger']),
        'well-formed': wellFormed(begun(pdus, 'E2connectionUpdate', ['trigger'])),
        'new-association': acknowledged(pdus, 'new-association', CONFIGURED),
        alive: alive(pdus),
      }),
    };
  },
};

async function addAssociation(
  driver: RicDriver,
  node: TesterNode,
  { TransactionID = 0, E2connectionUpdateAdd }: Partial<Ies<'E2connectionUpdate'>>,
): Promise<void> {
  const second = await driver.connect('new-association', 1, 'e2-node-second');
  const added = unwrapItems('E2connectionUpdate-Item', E2connectionUpdateAdd);
  const E2connectionSetup = wrapItems('E2connectionUpdate-Item', added);
  await node.link.send(
    'acknowledged',
    outgoing('E2connectionUpdateAcknowledge', { TransactionID, E2connectionSetup }),
  );
  await configure(second, 'new-association', { 'GlobalE2node-ID': second.presentation.node });
}

function acknowledged(pdus: readonly SeenPdu[], step: string, name: MessageName): Found {
  const request = sentIn(pdus, step);
  const found = firstAfter(pdus, request, name);
  return found === undefined ? answeredWith(pdus, request, [name]) : holds(name, found.n);
}

function sameTransactions(pdus: readonly SeenPdu[], steps: readonly string[], name: MessageName): Found {
  const found = steps.map((step) => sameTransaction(pdus, sentIn(pdus, step), [name]));
  return (
    found.find(({ verdict }) => verdict === 'fail') ??
    found.find(({ verdict }) => verdict === 'none') ??
    found[0] ??
    unseen('no request was sent')
  );
}

/** The function stands among those that were accepted. */
function functionTaken(pdus: readonly SeenPdu[], step: string, id: number): Found {
  const acknowledge = firstAfter(pdus, sentIn(pdus, step), UPDATED);
  if (acknowledge === undefined) return acknowledged(pdus, step, UPDATED);
  const { RANfunctionsAccepted } = acknowledge.message.ies;
  const accepted = unwrapItems('RANfunctionID-Item', RANfunctionsAccepted).map(
    ({ ranFunctionID }) => ranFunctionID,
  );
  return accepted.includes(id)
    ? holds(`RAN function ${id} was accepted`, acknowledge.n)
    : broken(`RAN function ${id} is not among those accepted; octets: ${shown(acknowledge)}`, acknowledge.n);
}

/** The component of that step was dealt with, and with success. */
function componentTaken(pdus: readonly SeenPdu[], step: 'added' | 'updated' | 'removed'): Found {
  const acknowledge = firstAfter(pdus, sentIn(pdus, step), CONFIGURED);
  if (acknowledge === undefined) return acknowledged(pdus, step, CONFIGURED);
  const outcomes = outcomesIn(acknowledge, step);
  const what = outcomes.length === 0 ? 'no component is acknowledged' : `outcome ${outcomes.join(', ')}`;
  return outcomes.length === 1 && outcomes[0] === 'success'
    ? holds(what, acknowledge.n)
    : broken(`${what}; octets: ${shown(acknowledge)}`, acknowledge.n);
}

function outcomesIn(
  { message: { ies } }: SeenMessage<'E2nodeConfigurationUpdateAcknowledge'>,
  step: 'added' | 'updated' | 'removed',
): readonly string[] {
  const lists = {
    added: unwrapItems('E2nodeComponentConfigAdditionAck-Item', ies.E2nodeComponentConfigAdditionAck),
    updated: unwrapItems('E2nodeComponentConfigUpdateAck-Item', ies.E2nodeComponentConfigUpdateAck),
    removed: unwrapItems('E2nodeComponentConfigRemovalAck-Item', ies.E2nodeComponentConfigRemovalAck),
  };
  return lists[step].map(({ e2nodeComponentConfigurationAck: ack }) => ack.updateOutcome);
}
