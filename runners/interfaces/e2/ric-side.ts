import { outgoing, type Outgoing } from './answers.ts';
import type { GlobalNodeId, GlobalRicId } from './identity.ts';
import { E2_LINK_MOVES, type E2Link, type E2LinkEvent } from './link.ts';
import { unwrapItems, wrapItems } from './messages.ts';
import { outOfPlace, type RanFunction } from './node-side.ts';
import { subscriptionKey } from './node-subscriptions.ts';
import type { AcceptedMessage, AnyAccepted, Cause, Ies, Item } from './types.ts';
import { advance } from '../../../src/kernel/machine.ts';

type RequestId = Ies<'RICsubscriptionRequest'>['RICrequestID'];
type Refusal = Pick<Ies<'E2setupFailure'>, 'Cause' | 'TimeToWait' | 'TNLinformation'>;
type ComponentKey = Item<'E2nodeComponentConfigRemoval-Item'>;

export interface RicSideOptions {
  readonly identity: GlobalRicId;
  /** Whether a node may come at all; `null` lets it in. */
  readonly admitNode?: (request: AcceptedMessage<'E2setupRequest'>) => Refusal | null;
  /** Why a function is not accepted; default: only the identifier 0 is not, for it is none. */
  readonly admitFunction?: (ranFunction: RanFunction) => Cause | null;
}

/** What a RIC knows of its node. */
export interface KnownNode {
  readonly identity: GlobalNodeId;
  readonly functions: ReadonlyMap<number, RanFunction>;
}

/** The near-RT RIC towards one E2 node: what it knows of it, and what it answers. Knows no association and no time. */
export class RicSide {
  readonly #options: RicSideOptions;
  readonly #functions = new Map<number, RanFunction>();
  readonly #subscriptions = new Map<string, { readonly requestId: RequestId; readonly functionId: number }>();
  #identity: GlobalNodeId | null = null;
  #link: E2Link = { state: 'down' };

  constructor(options: RicSideOptions) {
    this.#options = options;
  }

  get link(): E2Link['state'] {
    return this.#link.state;
  }

  /** `null` until one has been let in. */
  get node(): KnownNode | null {
    return this.#identity === null ? null : { identity: this.#identity, functions: this.#functions };
  }

  /** Subscriptions that the node has taken. */
  get subscriptions(): readonly { readonly requestId: RequestId; readonly functionId: number }[] {
    return [...this.#subscriptions.values()];
  }

  subscribed(requestId: RequestId, functionId: number): void {
    this.#subscriptions.set(subscriptionKey(requestId), { requestId, functionId });
  }

  unsubscribed(requestId: RequestId): void {
    this.#subscriptions.delete(subscriptionKey(requestId));
  }

  /** A RIC Service Query with what was accepted so far. */
  serviceQuery(TransactionID: number): Ies<'RICserviceQuery'> {
    const accepted = [...this.#functions.values()].map(({ ranFunctionID, ranFunctionRevision }) => ({
      ranFunctionID,
      ranFunctionRevision,
    }));
    return {
      TransactionID,
      ...(accepted.length === 0 ? {} : { RANfunctionsAccepted: wrapItems('RANfunctionID-Item', accepted) }),
    };
  }

  /** What the RIC answers to a message that the rules of the protocol let through. */
  handle(message: AnyAccepted): readonly Outgoing[] {
    if (message.name === 'ErrorIndication') return [];
    if (message.name === 'E2setupRequest') return [this.#setUp(message)];
    if (this.#link.state !== 'up') return outOfPlace(message);
    switch (message.name) {
      case 'RICindication':
        return [];
      case 'RICserviceUpdate':
        return [this.#updateFunctions(message)];
      case 'E2nodeConfigurationUpdate':
        return [outgoing('E2nodeConfigurationUpdateAcknowledge', configurationAnswer(message))];
      case 'RICsubscriptionDeleteRequired':
        return this.#deleteRequired(message);
      case 'RICsubscriptionModificationRequired':
        return [outgoing('RICsubscriptionModificationConfirm', confirmation(message))];
      case 'ResetRequest':
        this.#move('reset');
        this.#subscriptions.clear();
        return [outgoing('ResetResponse', { TransactionID: message.ies.TransactionID })];
      case 'E2RemovalRequest':
        this.#move('removed');
        this.#subscriptions.clear();
        return [outgoing('E2RemovalResponse', { TransactionID: message.ies.TransactionID })];
      default:
        return outOfPlace(message);
    }
  }

  /** 8.3.1: also of a node that is there already, which then begins anew. */
  #setUp(message: AcceptedMessage<'E2setupRequest'>): Outgoing {
    const { TransactionID, RANfunctionsAdded, E2nodeComponentConfigAddition } = message.ies;
    this.#move('asked');
    this.#functions.clear();
    this.#subscriptions.clear();
    this.#identity = null;
    const refusal = this.#options.admitNode?.(message) ?? null;
    this.#move(refusal === null ? 'accepted' : 'refused');
    if (refusal !== null) return outgoing('E2setupFailure', { TransactionID, ...refusal });
    this.#identity = message.ies['GlobalE2node-ID'];
    const lists = this.#accept(unwrapItems('RANfunction-Item', RANfunctionsAdded));
    const components = unwrapItems('E2nodeComponentConfigAddition-Item', E2nodeComponentConfigAddition);
    return outgoing('E2setupResponse', {
      TransactionID,
      'GlobalRIC-ID': this.#options.identity,
      ...lists,
      E2nodeComponentConfigAdditionAck: wrapItems('E2nodeComponentConfigAdditionAck-Item', done(components)),
    });
  }

  #updateFunctions({ ies }: AcceptedMessage<'RICserviceUpdate'>): Outgoing {
    for (const { ranFunctionID } of unwrapItems('RANfunctionID-Item', ies.RANfunctionsDeleted))
      this.#functions.delete(ranFunctionID);
    const changed = [ies.RANfunctionsAdded, ies.RANfunctionsModified].flatMap((each) =>
      unwrapItems('RANfunction-Item', each),
    );
    const { TransactionID } = ies;
    return outgoing('RICserviceUpdateAcknowledge', { TransactionID, ...this.#accept(changed) });
  }

  #accept(
    offered: readonly RanFunction[],
  ): Pick<Ies<'E2setupResponse'>, 'RANfunctionsAccepted' | 'RANfunctionsRejected'> {
    const { admitFunction = refuseZero } = this.#options;
    const answered = offered.map((each) => ({ each, cause: admitFunction(each) }));
    const accepted = answered.flatMap(({ each, cause }) => (cause === null ? [each] : []));
    const rejected = answered.flatMap(({ each: { ranFunctionID }, cause }) =>
      cause === null ? [] : [{ ranFunctionID, cause }],
    );
    for (const each of accepted) this.#functions.set(each.ranFunctionID, each);
    return functionLists({ accepted, rejected });
  }

  /** 8.2.2A: the node asks to be asked. */
  #deleteRequired({ ies }: AcceptedMessage<'RICsubscriptionDeleteRequired'>): readonly Outgoing[] {
    return unwrapItems('RICsubscription-withCause-Item', ies.RICsubscriptionToBeRemoved)
      .filter(({ ricRequestID }) => this.#subscriptions.has(subscriptionKey(ricRequestID)))
      .map(({ ricRequestID: RICrequestID, ranFunctionID: RANfunctionID }) =>
        outgoing('RICsubscriptionDeleteRequest', { RICrequestID, RANfunctionID }),
      );
  }

  #move(type: E2LinkEvent['type']): void {
    this.#link = advance(E2_LINK_MOVES, this.#link, { type });
  }
}

function refuseZero({ ranFunctionID }: RanFunction): Cause | null {
  return ranFunctionID === 0 ? { ricService: 'ran-function-not-supported' } : null;
}

function done(components: readonly ComponentKey[]): readonly Item<'E2nodeComponentConfigAdditionAck-Item'>[] {
  return components.map(({ e2nodeComponentInterfaceType, e2nodeComponentID }) => ({
    e2nodeComponentInterfaceType,
    e2nodeComponentID,
    e2nodeComponentConfigurationAck: { updateOutcome: 'success' },
  }));
}

function configurationAnswer({
  ies,
}: AcceptedMessage<'E2nodeConfigurationUpdate'>): Ies<'E2nodeConfigurationUpdateAcknowledge'> {
  const added = done(unwrapItems('E2nodeComponentConfigAddition-Item', ies.E2nodeComponentConfigAddition));
  const updated = done(unwrapItems('E2nodeComponentConfigUpdate-Item', ies.E2nodeComponentConfigUpdate));
  const removed = done(unwrapItems('E2nodeComponentConfigRemoval-Item', ies.E2nodeComponentConfigRemoval));
  return {
    TransactionID: ies.TransactionID,
    ...(added.length === 0
      ? {}
      : { E2nodeComponentConfigAdditionAck: wrapItems('E2nodeComponentConfigAdditionAck-Item', added) }),
    ...(updated.length === 0
      ? {}
      : { E2nodeComponentConfigUpdateAck: wrapItems('E2nodeComponentConfigUpdateAck-Item', updated) }),
    ...(removed.length === 0
      ? {}
      : { E2nodeComponentConfigRemovalAck: wrapItems('E2nodeComponentConfigRemovalAck-Item', removed) }),
  };
}

function confirmation({
  ies,
}: AcceptedMessage<'RICsubscriptionModificationRequired'>): Ies<'RICsubscriptionModificationConfirm'> {
  const { RICrequestID, RANfunctionID } = ies;
  const modified = unwrapItems(
    'RICaction-RequiredToBeModified-Item',
    ies['RICactionsRequiredToBeModified-List'],
  );
  const removed = unwrapItems(
    'RICaction-RequiredToBeRemoved-Item',
    ies['RICactionsRequiredToBeRemoved-List'],
  );
  const ids = (items: readonly { readonly ricActionID: number }[]) =>
    items.map(({ ricActionID }) => ({ ricActionID }));
  return {
    RICrequestID,
    RANfunctionID,
    ...(modified.length === 0
      ? {}
      : {
          'RICactionsConfirmedForModification-List': wrapItems(
            'RICaction-ConfirmedForModification-Item',
            ids(modified),
          ),
        }),
    ...(removed.length === 0
      ? {}
      : {
          'RICactionsConfirmedForRemoval-List': wrapItems('RICaction-ConfirmedForRemoval-Item', ids(removed)),
        }),
  };
}

export interface FunctionLists {
  readonly accepted: readonly RanFunction[];
  readonly rejected: readonly Item<'RANfunctionIEcause-Item'>[];
}

/** What an answer says of the functions that were offered; an empty list is left out. */
export function functionLists({
  accepted,
  rejected,
}: FunctionLists): Pick<Ies<'E2setupResponse'>, 'RANfunctionsAccepted' | 'RANfunctionsRejected'> {
  const ids = accepted.map(({ ranFunctionID, ranFunctionRevision }) => ({
    ranFunctionID,
    ranFunctionRevision,
  }));
  return {
    ...(ids.length === 0 ? {} : { RANfunctionsAccepted: wrapItems('RANfunctionID-Item', ids) }),
    ...(rejected.length === 0
      ? {}
      : { RANfunctionsRejected: wrapItems('RANfunctionIEcause-Item', rejected) }),
  };
}
