import { failure, outgoing, type Outgoing } from './answers.ts';
import { unwrapItems, wrapItems } from './messages.ts';
import type { AcceptedMessage, Cause, Ies, Item, ItemName } from './types.ts';

type RequestId = Ies<'RICsubscriptionRequest'>['RICrequestID'];
export type ActionToSetUp = Item<'RICaction-ToBeSetup-Item'>;
type ModificationAnswer = Ies<'RICsubscriptionModificationResponse'>;

/** A subscription that an E2 node keeps. */
export interface Subscription {
  readonly key: string;
  readonly requestId: RequestId;
  readonly functionId: number;
  readonly eventTrigger: Uint8Array;
  readonly actions: ReadonlyMap<number, ActionToSetUp>;
}

/** Why a node does not take an action or an event trigger; `null` when it does. */
export interface Admission {
  readonly eventTrigger: (functionId: number, definition: Uint8Array) => Cause | null;
  readonly action: (functionId: number, action: ActionToSetUp) => Cause | null;
}

export const ADMIT_ALL: Admission = { eventTrigger: () => null, action: () => null };

const UNKNOWN_FUNCTION: Cause = { ricRequest: 'ran-function-id-invalid' };
const UNKNOWN_REQUEST: Cause = { ricRequest: 'request-id-unknown' };

/**
 * The subscriptions of an E2 node, and what it answers to requests about them.
 *
 * @see O-RAN.WG3.E2AP clauses 8.2.1, 8.2.2 and RIC Subscription Modification
 */
export class NodeSubscriptions {
  readonly #kept = new Map<string, Subscription>();
  readonly #admission: Admission;
  readonly #knowsFunction: (id: number) => boolean;

  constructor(admission: Admission, knowsFunction: (id: number) => boolean) {
    this.#admission = admission;
    this.#knowsFunction = knowsFunction;
  }

  get kept(): ReadonlyMap<string, Subscription> {
    return this.#kept;
  }

  /** After a reset, a new set-up or a removal there are none. */
  clear(): void {
    this.#kept.clear();
  }

  /** Of functions that are no longer there. */
  dropFunction(id: number): void {
    for (const { key, functionId } of this.#kept.values()) if (functionId === id) this.#kept.delete(key);
  }

  /** 8.2.1 */
  subscribe(message: AcceptedMessage<'RICsubscriptionRequest'>): readonly Outgoing[] {
    const {
      RICrequestID: requestId,
      RANfunctionID: functionId,
      RICsubscriptionDetails: details,
    } = message.ies;
    const key = subscriptionKey(requestId);
    const refuse = (cause: Cause) => refusal(message, cause);
    if (!this.#knowsFunction(functionId)) return refuse(UNKNOWN_FUNCTION);
    if (this.#kept.has(key)) return refuse({ ricRequest: 'duplicate-ric-request-id' });
    const eventTrigger = details.ricEventTriggerDefinition;
    const wrong = this.#admission.eventTrigger(functionId, eventTrigger);
    if (wrong !== null) return refuse(wrong);
    const asked = unwrapItems('RICaction-ToBeSetup-Item', details['ricAction-ToBeSetup-List']);
    const { done, notDone } = this.#admit(functionId, asked, new Set());
    if (done.length === 0) return refuse(notDone[0]?.cause ?? { ricRequest: 'action-not-supported' });
    const actions = new Map(done.map((action) => [action.ricActionID, action]));
    this.#kept.set(key, { key, requestId, functionId, eventTrigger, actions });
    return [
      outgoing('RICsubscriptionResponse', {
        RICrequestID: requestId,
        RANfunctionID: functionId,
        'RICactions-Admitted': wrapItems(
          'RICaction-Admitted-Item',
          done.map(({ ricActionID }) => ({ ricActionID })),
        ),
        ...(notDone.length === 0
          ? {}
          : { 'RICactions-NotAdmitted': wrapItems('RICaction-NotAdmitted-Item', notDone) }),
      }),
    ];
  }

  /** 8.2.2 */
  unsubscribe(message: AcceptedMessage<'RICsubscriptionDeleteRequest'>): readonly Outgoing[] {
    const { RICrequestID, RANfunctionID } = message.ies;
    const found = this.#find(RICrequestID, RANfunctionID);
    if ('cause' in found) return refusal(message, found.cause);
    this.#kept.delete(found.key);
    return [outgoing('RICsubscriptionDeleteResponse', { RICrequestID, RANfunctionID })];
  }

  modify(message: AcceptedMessage<'RICsubscriptionModificationRequest'>): readonly Outgoing[] {
    const { ies } = message;
    const found = this.#find(ies.RICrequestID, ies.RANfunctionID);
    if ('cause' in found) return refusal(message, found.cause);
    const eventTrigger = ies.RICeventTriggerDefinitionToBeModified ?? found.eventTrigger;
    const wrong = this.#admission.eventTrigger(found.functionId, eventTrigger);
    if (wrong !== null) return refusal(message, wrong);
    const actions = new Map(found.actions);
    const answer = {
      ...removeActions(actions, ies),
      ...this.#changeActions(found.functionId, actions, ies),
      ...this.#addActions(found.functionId, actions, ies),
    };
    this.#kept.set(found.key, { ...found, eventTrigger, actions });
    const { RICrequestID, RANfunctionID } = ies;
    return [outgoing('RICsubscriptionModificationResponse', { RICrequestID, RANfunctionID, ...answer })];
  }

  #find(requestId: RequestId, functionId: number): Subscription | { readonly cause: Cause } {
    if (!this.#knowsFunction(functionId)) return { cause: UNKNOWN_FUNCTION };
    const found = this.#kept.get(subscriptionKey(requestId));
    if (found === undefined) return { cause: UNKNOWN_REQUEST };
    return found.functionId === functionId ? found : { cause: UNKNOWN_FUNCTION };
  }

  /** An identifier of an action is good once. */
  #admit(functionId: number, asked: readonly ActionToSetUp[], taken: ReadonlySet<number>) {
    const used = new Set(taken);
    const done: ActionToSetUp[] = [];
    const notDone: Item<'RICaction-NotAdmitted-Item'>[] = [];
    for (const action of asked) {
      const { ricActionID } = action;
      const cause: Cause | null = used.has(ricActionID)
        ? { ricRequest: 'duplicate-action' }
        : this.#admission.action(functionId, action);
      if (cause === null) done.push(action);
      else notDone.push({ ricActionID, cause });
      used.add(ricActionID);
    }
    return { done, notDone };
  }

  #changeActions(
    functionId: number,
    actions: Map<number, ActionToSetUp>,
    ies: AcceptedMessage<'RICsubscriptionModificationRequest'>['ies'],
  ): Partial<ModificationAnswer> {
    const asked = unwrapItems(
      'RICaction-ToBeModifiedForModification-Item',
      ies['RICactionsToBeModifiedForModification-List'],
    );
    const causes = asked.map((change) => {
      const before = actions.get(change.ricActionID);
      if (before === undefined) return { ricRequest: 'action-not-supported' } as const;
      const after = { ...before, ...change };
      const cause = this.#admission.action(functionId, after);
      if (cause === null) actions.set(change.ricActionID, after);
      return cause;
    });
    const { done, notDone } = sorted(asked, causes);
    return {
      ...list('RICactionsModifiedForModification-List', 'RICaction-ModifiedForModification-Item', done),
      ...list(
        'RICactionsFailedToBeModifiedForModification-List',
        'RICaction-FailedToBeModifiedForModification-Item',
        notDone,
      ),
    };
  }

  #addActions(
    functionId: number,
    actions: Map<number, ActionToSetUp>,
    ies: AcceptedMessage<'RICsubscriptionModificationRequest'>['ies'],
  ): Partial<ModificationAnswer> {
    const asked = unwrapItems(
      'RICaction-ToBeAddedForModification-Item',
      ies['RICactionsToBeAddedForModification-List'],
    );
    const { done, notDone } = this.#admit(functionId, asked, new Set(actions.keys()));
    for (const action of done) actions.set(action.ricActionID, action);
    const added = done.map(({ ricActionID }) => ({ ricActionID }));
    return {
      ...list('RICactionsAddedForModification-List', 'RICaction-AddedForModification-Item', added),
      ...list(
        'RICactionsFailedToBeAddedForModification-List',
        'RICaction-FailedToBeAddedForModification-Item',
        notDone,
      ),
    };
  }
}

export function subscriptionKey({ ricRequestorID, ricInstanceID }: RequestId): string {
  return `${ricRequestorID}.${ricInstanceID}`;
}

function removeActions(
  actions: Map<number, ActionToSetUp>,
  ies: AcceptedMessage<'RICsubscriptionModificationRequest'>['ies'],
): Partial<ModificationAnswer> {
  const asked = unwrapItems(
    'RICaction-ToBeRemovedForModification-Item',
    ies['RICactionsToBeRemovedForModification-List'],
  );
  const causes = asked.map(({ ricActionID }) =>
    actions.delete(ricActionID) ? null : ({ ricRequest: 'action-not-supported' } as const),
  );
  const { done, notDone } = sorted(asked, causes);
  return {
    ...list('RICactionsRemovedForModification-List', 'RICaction-RemovedForModification-Item', done),
    ...list(
      'RICactionsFailedToBeRemovedForModification-List',
      'RICaction-FailedToBeRemovedForModification-Item',
      notDone,
    ),
  };
}

function sorted(asked: readonly { readonly ricActionID: number }[], causes: readonly (Cause | null)[]) {
  const answered = asked.map(({ ricActionID }, index) => ({ ricActionID, cause: causes[index] ?? null }));
  return {
    done: answered.flatMap(({ ricActionID, cause }) => (cause === null ? [{ ricActionID }] : [])),
    notDone: answered.flatMap(({ ricActionID, cause }) => (cause === null ? [] : [{ ricActionID, cause }])),
  };
}

/** An element with a list, unless that would be empty. */
function list<Name extends ItemName>(
  element: keyof ModificationAnswer,
  item: Name,
  values: readonly Item<Name>[],
) {
  return values.length === 0 ? {} : { [element]: wrapItems(item, values) };
}

/** A request about a subscription always says enough for its failure. */
function refusal(message: Parameters<typeof failure>[0], cause: Cause): readonly Outgoing[] {
  const answer = failure(message, cause);
  return answer === null ? [] : [answer];
}
