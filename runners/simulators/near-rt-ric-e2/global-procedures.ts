import { errorIndication, failure, outgoing, type Outgoing } from '../../interfaces/e2/answers.ts';
import type { PduEntry } from '../../interfaces/e2/journal.ts';
import { unwrapItems, wrapItems } from '../../interfaces/e2/messages.ts';
import { type FunctionLists, functionLists } from '../../interfaces/e2/ric-side.ts';
import type { AnyMessage, Cause, Ies, Item } from '../../interfaces/e2/types.ts';
import { serviceModel } from '../../interfaces/e2sm/service-models.ts';
import { componentKey, type Component, type NodeRecord, type RanFunction } from './node-record.ts';

type Message<Name extends AnyMessage['name']> = Extract<AnyMessage, { readonly name: Name }>;

const RIC_ID: Ies<'E2setupResponse'>['GlobalRIC-ID'] = {
  'pLMN-Identity': Uint8Array.of(0x00, 0xf1, 0x10),
  'ric-ID': { bits: Uint8Array.of(0x00, 0x01, 0x00), length: 20 },
};

const NOT_SUPPORTED: Cause = { ricService: 'ran-function-not-supported' };

/** 8.3.1: what the node offers replaces all that was known of it. */
export function answerSetup({ ies }: Message<'E2setupRequest'>, node: NodeRecord): Outgoing {
  node.functions.clear();
  node.components.clear();
  node.subscriptions.clear();
  const offered = unwrapItems('RANfunction-Item', ies.RANfunctionsAdded);
  const lists = judgeFunctions(offered, isSupported);
  for (const each of lists.accepted) node.functions.set(each.ranFunctionID, each);
  const components = unwrapItems('E2nodeComponentConfigAddition-Item', ies.E2nodeComponentConfigAddition);
  for (const each of components) node.components.set(componentKey(each), each);
  return outgoing('E2setupResponse', {
    TransactionID: ies.TransactionID ?? 0,
    'GlobalRIC-ID': RIC_ID,
    ...functionLists(lists),
    E2nodeComponentConfigAdditionAck: wrapItems(
      'E2nodeComponentConfigAdditionAck-Item',
      components.map((each) => acknowledged(each, true)),
    ),
  });
}

/** RIC Service Update by the node: functions come, change and go; with them go their subscriptions. */
export function answerServiceUpdate({ ies }: Message<'RICserviceUpdate'>, node: NodeRecord): Outgoing {
  const added = judgeFunctions(unwrapItems('RANfunction-Item', ies.RANfunctionsAdded), isSupported);
  const modified = judgeFunctions(unwrapItems('RANfunction-Item', ies.RANfunctionsModified), (each) =>
    node.functions.has(each.ranFunctionID),
  );
  const accepted = [...added.accepted, ...modified.accepted];
  for (const each of accepted) node.functions.set(each.ranFunctionID, each);
  for (const { ranFunctionID } of unwrapItems('RANfunctionID-Item', ies.RANfunctionsDeleted)) {
    node.functions.delete(ranFunctionID);
    for (const [key, { functionId }] of node.subscriptions)
      if (functionId === ranFunctionID) node.subscriptions.delete(key);
  }
  return outgoing('RICserviceUpdateAcknowledge', {
    TransactionID: ies.TransactionID ?? 0,
    ...functionLists({ accepted, rejected: [...added.rejected, ...modified.rejected] }),
  });
}

/** E2 Node Configuration Update: what is not known cannot be updated or removed. */
export function answerConfigurationUpdate(
  { ies }: Message<'E2nodeConfigurationUpdate'>,
  { components }: NodeRecord,
): Outgoing {
  const added = unwrapItems('E2nodeComponentConfigAddition-Item', ies.E2nodeComponentConfigAddition);
  for (const each of added) components.set(componentKey(each), each);
  const updated = unwrapItems('E2nodeComponentConfigUpdate-Item', ies.E2nodeComponentConfigUpdate);
  const removed = unwrapItems('E2nodeComponentConfigRemoval-Item', ies.E2nodeComponentConfigRemoval);
  const updatedAck = updated.map((each) => acknowledged(each, components.has(componentKey(each))));
  const removedAck = removed.map((each) => acknowledged(each, components.delete(componentKey(each))));
  const addedAck = added.map((each) => acknowledged(each, true));
  return outgoing('E2nodeConfigurationUpdateAcknowledge', {
    TransactionID: ies.TransactionID ?? 0,
    ...(addedAck.length === 0
      ? {}
      : { E2nodeComponentConfigAdditionAck: wrapItems('E2nodeComponentConfigAdditionAck-Item', addedAck) }),
    ...(updatedAck.length === 0
      ? {}
      : { E2nodeComponentConfigUpdateAck: wrapItems('E2nodeComponentConfigUpdateAck-Item', updatedAck) }),
    ...(removedAck.length === 0
      ? {}
      : { E2nodeComponentConfigRemovalAck: wrapItems('E2nodeComponentConfigRemovalAck-Item', removedAck) }),
  });
}

/** A node that has not set up can do nothing else. */
export function refuseEarly(message: AnyMessage, entry: PduEntry): Outgoing {
  const cause = 'message-not-compatible-with-receiver-state';
  return failure(message, { protocol: cause }) ?? errorIndication(entry.decoded, cause);
}

/** Whatever is offered stands in one of the lists, once. */
function judgeFunctions(
  offered: readonly RanFunction[],
  accepts: (offer: RanFunction) => boolean,
): FunctionLists {
  const first = offered.filter(
    (each, index) => offered.findIndex(({ ranFunctionID }) => ranFunctionID === each.ranFunctionID) === index,
  );
  return {
    accepted: first.filter(accepts),
    rejected: first
      .filter((each) => !accepts(each))
      .map(({ ranFunctionID }) => ({ ranFunctionID, cause: NOT_SUPPORTED })),
  };
}

/** Identifiers of functions begin at 1, and only models that we have words for are of use to our application. */
function isSupported({ ranFunctionID, ranFunctionOID }: RanFunction): boolean {
  return ranFunctionID > 0 && Object.keys(serviceModel(ranFunctionOID).parts).length > 0;
}

function acknowledged(
  { e2nodeComponentInterfaceType, e2nodeComponentID }: Component,
  isDone: boolean,
): Item<'E2nodeComponentConfigAdditionAck-Item'> {
  const e2nodeComponentConfigurationAck = isDone
    ? ({ updateOutcome: 'success' } as const)
    : ({ updateOutcome: 'failure', failureCause: { e2Node: 'e2node-component-unknown' } } as const);
  return { e2nodeComponentInterfaceType, e2nodeComponentID, e2nodeComponentConfigurationAck };
}
