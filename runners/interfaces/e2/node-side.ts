import { errorIndication, failure, outgoing, type Outgoing } from './answers.ts';
import type { GlobalNodeId } from './identity.ts';
import { E2_LINK_MOVES, type E2Link, type E2LinkEvent } from './link.ts';
import { unwrapItems, wrapItems } from './messages.ts';
import { ADMIT_ALL, type Admission, NodeSubscriptions, type Subscription } from './node-subscriptions.ts';
import type { AcceptedMessage, AnyAccepted, Cause, Ies, Item } from './types.ts';
import { advance } from '../../../src/kernel/machine.ts';

export type RanFunction = Item<'RANfunction-Item'>;
export type Component = Item<'E2nodeComponentConfigAddition-Item'>;

/** What a node did with a control or a query of one of its functions. */
export type Deed =
  { readonly outcome?: Uint8Array } | { readonly cause: Cause; readonly outcome?: Uint8Array };

export interface NodeSideOptions {
  readonly identity: GlobalNodeId;
  readonly functions: readonly RanFunction[];
  readonly components: readonly Component[];
  /** Which subscriptions it takes; default: all. */
  readonly admission?: Admission;
  /** Default: `action-not-supported`. */
  readonly control?: (request: AcceptedMessage<'RICcontrolRequest'>) => Deed;
  /** Default: `invalid-information-request`. */
  readonly query?: (request: AcceptedMessage<'RICQueryRequest'>) => Deed;
  readonly newTransactionId: () => number;
}

/** The E2 node: what it is, what it keeps, and what it answers. Knows no association and no time. */
export class NodeSide {
  readonly subscriptions: NodeSubscriptions;
  readonly #options: NodeSideOptions;
  readonly #functions: Map<number, RanFunction>;
  readonly #serials = new Map<string, number>();
  #link: E2Link = { state: 'down' };

  constructor(options: NodeSideOptions) {
    this.#options = options;
    this.#functions = new Map(options.functions.map((each) => [each.ranFunctionID, each]));
    this.subscriptions = new NodeSubscriptions(options.admission ?? ADMIT_ALL, (id) =>
      this.#functions.has(id),
    );
  }

  get link(): E2Link['state'] {
    return this.#link.state;
  }

  get functions(): readonly RanFunction[] {
    return [...this.#functions.values()];
  }

  /** 8.3.1: what the node presents of itself; what both ends knew of each other before is void. */
  setUpRequest(): Ies<'E2setupRequest'> {
    this.#move('asked');
    this.#forget();
    return {
      TransactionID: this.#options.newTransactionId(),
      'GlobalE2node-ID': this.#options.identity,
      RANfunctionsAdded: wrapItems('RANfunction-Item', this.functions),
      E2nodeComponentConfigAddition: wrapItems(
        'E2nodeComponentConfigAddition-Item',
        this.#options.components,
      ),
    };
  }

  setUpEnded(accepted: boolean): void {
    this.#move(accepted ? 'accepted' : 'refused');
  }

  /** A RIC Service Update that says that functions have come, changed or gone. */
  updateRequest(change: {
    readonly added?: readonly RanFunction[];
    readonly modified?: readonly RanFunction[];
    readonly deleted?: readonly number[];
  }): Ies<'RICserviceUpdate'> {
    const { added = [], modified = [], deleted = [] } = change;
    const gone = deleted.flatMap((id) => this.#functions.get(id) ?? []);
    for (const each of [...added, ...modified]) this.#functions.set(each.ranFunctionID, each);
    for (const { ranFunctionID: id } of gone) {
      this.#functions.delete(id);
      this.subscriptions.dropFunction(id);
    }
    return serviceUpdate(this.#options.newTransactionId(), { added, modified, deleted: gone });
  }

  /** 8.2.3: the next indication of an action; sequence numbers count up by one and go round. */
  indication(
    { key, requestId, functionId }: Subscription,
    report: Pick<Ies<'RICindication'>, 'RICactionID' | 'RICindicationHeader' | 'RICindicationMessage'> &
      Partial<Ies<'RICindication'>>,
  ): Outgoing {
    const serial = this.#serials.get(key) ?? 0;
    this.#serials.set(key, (serial + 1) % 65_536);
    return outgoing('RICindication', {
      RICrequestID: requestId,
      RANfunctionID: functionId,
      RICindicationSN: serial,
      RICindicationType: 'report',
      ...report,
    });
  }

  /** What the node answers to a message that the rules of the protocol let through. */
  handle(message: AnyAccepted): readonly Outgoing[] {
    if (message.name === 'ErrorIndication') return [];
    if (this.#link.state !== 'up') return outOfPlace(message);
    switch (message.name) {
      case 'RICsubscriptionRequest':
        return this.subscriptions.subscribe(message);
      case 'RICsubscriptionDeleteRequest':
        return this.subscriptions.unsubscribe(message);
      case 'RICsubscriptionModificationRequest':
        return this.subscriptions.modify(message);
      case 'RICcontrolRequest':
        return this.#control(message);
      case 'RICQueryRequest':
        return this.#query(message);
      case 'RICserviceQuery':
        return [outgoing('RICserviceUpdate', this.#catchUp(message))];
      case 'E2connectionUpdate':
        return [outgoing('E2connectionUpdateAcknowledge', connectionAnswer(message))];
      case 'ResetRequest':
        this.#move('reset');
        this.#forget();
        return [outgoing('ResetResponse', { TransactionID: message.ies.TransactionID })];
      case 'E2RemovalRequest':
        this.#move('removed');
        this.#forget();
        return [outgoing('E2RemovalResponse', { TransactionID: message.ies.TransactionID })];
      default:
        return outOfPlace(message);
    }
  }

  #forget(): void {
    this.subscriptions.clear();
    this.#serials.clear();
  }

  #move(type: E2LinkEvent['type']): void {
    this.#link = advance(E2_LINK_MOVES, this.#link, { type });
  }

  /** 8.2.4: an acknowledgement goes out unless none is wanted, a failure always. */
  #control(message: AcceptedMessage<'RICcontrolRequest'>): readonly Outgoing[] {
    const { RICrequestID, RANfunctionID, RICcallProcessID, RICcontrolAckRequest } = message.ies;
    const { control = () => ({ cause: { ricRequest: 'action-not-supported' } }) } = this.#options;
    const about = {
      RICrequestID,
      RANfunctionID,
      ...(RICcallProcessID === undefined ? {} : { RICcallProcessID }),
    };
    const deed: Deed = this.#functions.has(RANfunctionID)
      ? control(message)
      : { cause: { ricRequest: 'ran-function-id-invalid' } };
    const outcome = deed.outcome === undefined ? {} : { RICcontrolOutcome: deed.outcome };
    if ('cause' in deed) return [outgoing('RICcontrolFailure', { ...about, Cause: deed.cause, ...outcome })];
    return RICcontrolAckRequest === 'noAck'
      ? []
      : [outgoing('RICcontrolAcknowledge', { ...about, ...outcome })];
  }

  #query(message: AcceptedMessage<'RICQueryRequest'>): readonly Outgoing[] {
    const { RICrequestID, RANfunctionID } = message.ies;
    const { query = () => ({ cause: { ricRequest: 'invalid-information-request' } }) } = this.#options;
    const deed: Deed = this.#functions.has(RANfunctionID)
      ? query(message)
      : { cause: { ricRequest: 'ran-function-id-invalid' } };
    const about = { RICrequestID, RANfunctionID };
    if ('cause' in deed) return [outgoing('RICQueryFailure', { ...about, Cause: deed.cause })];
    return [outgoing('RICQueryResponse', { ...about, RICqueryOutcome: deed.outcome ?? new Uint8Array() })];
  }

  /** What the RIC has to hear so that it knows the functions as they are. */
  #catchUp({ ies }: AcceptedMessage<'RICserviceQuery'>): Ies<'RICserviceUpdate'> {
    const known = new Map(
      unwrapItems('RANfunctionID-Item', ies.RANfunctionsAccepted).map((each) => [
        each.ranFunctionID,
        each.ranFunctionRevision,
      ]),
    );
    const own = this.functions;
    return serviceUpdate(this.#options.newTransactionId(), {
      added: own.filter(({ ranFunctionID }) => !known.has(ranFunctionID)),
      modified: own.filter(
        ({ ranFunctionID: id, ranFunctionRevision: revision }) => known.has(id) && known.get(id) !== revision,
      ),
      deleted: [...known].flatMap(([ranFunctionID, ranFunctionRevision]) =>
        this.#functions.has(ranFunctionID) ? [] : [{ ranFunctionID, ranFunctionRevision }],
      ),
    });
  }
}

function serviceUpdate(
  TransactionID: number,
  change: {
    readonly added: readonly RanFunction[];
    readonly modified: readonly RanFunction[];
    readonly deleted: readonly Item<'RANfunctionID-Item'>[];
  },
): Ies<'RICserviceUpdate'> {
  const { added, modified, deleted } = change;
  const ids = deleted.map(({ ranFunctionID, ranFunctionRevision }) => ({
    ranFunctionID,
    ranFunctionRevision,
  }));
  return {
    TransactionID,
    ...(added.length === 0 ? {} : { RANfunctionsAdded: wrapItems('RANfunction-Item', added) }),
    ...(modified.length === 0 ? {} : { RANfunctionsModified: wrapItems('RANfunction-Item', modified) }),
    ...(ids.length === 0 ? {} : { RANfunctionsDeleted: wrapItems('RANfunctionID-Item', ids) }),
  };
}

/** One association is what there is: further ones are not set up. */
function connectionAnswer({
  ies,
}: AcceptedMessage<'E2connectionUpdate'>): Ies<'E2connectionUpdateAcknowledge'> {
  const added = unwrapItems('E2connectionUpdate-Item', ies.E2connectionUpdateAdd);
  const failed = added.map(({ tnlInformation }) => ({
    tnlInformation,
    cause: { transport: 'transport-resource-unavailable' } as const,
  }));
  return {
    TransactionID: ies.TransactionID,
    ...(failed.length === 0
      ? {}
      : { E2connectionSetupFailed: wrapItems('E2connectionSetupFailed-Item', failed) }),
  };
}

/** 10.4: a message that this end does not take in this state. */
export function outOfPlace(message: AnyAccepted): readonly Outgoing[] {
  const cause = 'message-not-compatible-with-receiver-state';
  const refusal = failure(message, { protocol: cause });
  return [refusal ?? errorIndication({ envelope: null, message }, cause)];
}
