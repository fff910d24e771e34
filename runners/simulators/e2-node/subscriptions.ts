import { KPM } from '../../interfaces/e2sm/kpm/kpm.ts';
import type { KpmAction } from '../../interfaces/e2sm/kpm/types.ts';
import { PerError } from '../../interfaces/per/error.ts';
import { outgoing, type Outgoing } from '../../interfaces/e2/answers.ts';
import { unwrapItems, wrapItems } from '../../interfaces/e2/messages.ts';
import type { Cause, Ies, Item } from '../../interfaces/e2/types.ts';

export type RequestId = Ies<'RICsubscriptionRequest'>['RICrequestID'];
type Request = Ies<'RICsubscriptionRequest'>;
type Modification = Ies<'RICsubscriptionModificationRequest'>;

/** An action that reports. */
export interface Reporting {
  readonly id: number;
  readonly action: KpmAction;
}

export interface Subscription {
  readonly requestId: RequestId;
  readonly functionId: number;
  readonly periodMs: number;
  readonly actions: readonly Reporting[];
}

/** What a request to subscribe comes to: the answer and, when something was admitted, the subscription. */
export interface Decision {
  readonly answer: Outgoing;
  readonly subscription: Subscription | null;
}

export const NO_SUCH_FUNCTION: Cause = { ricRequest: 'ran-function-id-invalid' };
const NOT_SUPPORTED: Cause = { ricRequest: 'action-not-supported' };
/** The lists of admitted actions hold up to 16; more are not to be had at all. */
const MAX_PERIOD_MS = 3_600_000;

/** @see O-RAN.WG3.E2AP clause 8.2.1 */
export function decideSubscription(
  request: Request,
  { open, can }: { readonly open: ReadonlyMap<string, Subscription>; readonly can: Can },
): Decision {
  const { RICrequestID, RANfunctionID, RICsubscriptionDetails: details } = request;
  const refuse = (cause: Cause): Decision => ({
    answer: outgoing('RICsubscriptionFailure', { RICrequestID, RANfunctionID, Cause: cause }),
    subscription: null,
  });
  if (open.has(keyOf(RICrequestID))) return refuse({ ricRequest: 'duplicate-ric-request-id' });
  const periodMs = readPeriod(details.ricEventTriggerDefinition);
  if (periodMs === null) return refuse({ ricRequest: 'eventTriggerNotSupported' });
  const wanted = unwrapItems('RICaction-ToBeSetup-Item', details['ricAction-ToBeSetup-List']);
  const [actions, refused] = admit(wanted, periodMs, can);
  if (actions.length === 0) return refuse(NOT_SUPPORTED);
  return {
    answer: outgoing('RICsubscriptionResponse', {
      RICrequestID,
      RANfunctionID,
      'RICactions-Admitted': wrapItems(
        'RICaction-Admitted-Item',
        actions.map(({ id }) => ({ ricActionID: id })),
      ),
      ...(refused.length === 0
        ? {}
        : {
            'RICactions-NotAdmitted': wrapItems(
              'RICaction-NotAdmitted-Item',
              refused.map((ricActionID) => ({ ricActionID, cause: NOT_SUPPORTED })),
            ),
          }),
    }),
    subscription: { requestId: RICrequestID, functionId: RANfunctionID, periodMs, actions },
  };
}

/** Which actions can be had, and the ids of the others. */
function admit(
  wanted: readonly Item<'RICaction-ToBeSetup-Item'>[],
  periodMs: number,
  can: Can,
): readonly [readonly Reporting[], readonly number[]] {
  const actions: Reporting[] = [];
  const refused: number[] = [];
  for (const { ricActionID: id, ricActionType, ricActionDefinition } of wanted) {
    const action = ricActionType === 'report' ? readAction(ricActionDefinition, periodMs, can) : null;
    const isTwice = actions.some((other) => other.id === id);
    if (action === null || isTwice) refused.push(id);
    else actions.push({ id, action });
  }
  return [actions, refused];
}

/** Whether the node can do an action in such a period. */
export type Can = (action: KpmAction, periodMs: number) => boolean;

/** Null for what cannot be read or done. */
function readAction(definition: Uint8Array | undefined, periodMs: number, can: Can): KpmAction | null {
  const action = definition === undefined ? null : readOrNull(() => KPM.v3.action.decode(definition));
  return action !== null && can(action, periodMs) ? action : null;
}

function readPeriod(trigger: Uint8Array): number | null {
  const periodMs = readOrNull(() => KPM.v3.periodMs.decode(trigger));
  return periodMs !== null && periodMs >= 10 && periodMs <= MAX_PERIOD_MS ? periodMs : null;
}

export function readOrNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof PerError) return null;
    throw error;
  }
}

/** @see O-RAN.WG3.E2AP clause 8.2.6 (RIC Subscription Modification) */
export function decideModification(
  request: Modification,
  { before, can }: { readonly before: Subscription; readonly can: Can },
): Decision {
  const { RICrequestID, RANfunctionID } = request;
  const trigger = request.RICeventTriggerDefinitionToBeModified;
  const periodMs = trigger === undefined ? before.periodMs : readPeriod(trigger);
  if (periodMs === null) {
    const cause: Cause = { ricRequest: 'eventTriggerNotSupported' };
    const answer = outgoing('RICsubscriptionModificationFailure', {
      RICrequestID,
      RANfunctionID,
      Cause: cause,
    });
    return { answer, subscription: before };
  }
  const changes = changesOf(request, { before: { ...before, periodMs }, can });
  return {
    answer: outgoing('RICsubscriptionModificationResponse', {
      RICrequestID,
      RANfunctionID,
      ...changes.lists,
    }),
    subscription: { ...before, periodMs, actions: changes.actions },
  };
}

type Lists = Omit<Ies<'RICsubscriptionModificationResponse'>, 'RICrequestID' | 'RANfunctionID'>;

function changesOf(
  request: Modification,
  { before, can }: { readonly before: Subscription; readonly can: Can },
): { readonly actions: readonly Reporting[]; readonly lists: Lists } {
  const removals = unwrapItems(
    'RICaction-ToBeRemovedForModification-Item',
    request['RICactionsToBeRemovedForModification-List'],
  ).map(({ ricActionID }) => ricActionID);
  const [removed, notRemoved] = parted(removals, (id) => before.actions.some((each) => each.id === id));
  const left = before.actions.filter(({ id }) => !removed.includes(id));
  const modifications = unwrapItems(
    'RICaction-ToBeModifiedForModification-Item',
    request['RICactionsToBeModifiedForModification-List'],
  ).flatMap(({ ricActionID: id, ricActionDefinition: definition }) => {
    const old = left.find((each) => each.id === id);
    const action = definition === undefined ? old?.action : readAction(definition, before.periodMs, can);
    return [{ id, action: old === undefined ? null : (action ?? null) }];
  });
  const additions = unwrapItems(
    'RICaction-ToBeAddedForModification-Item',
    request['RICactionsToBeAddedForModification-List'],
  ).map(({ ricActionID: id, ricActionType, ricActionDefinition }) => {
    const isThere = left.some((each) => each.id === id);
    const isNew = ricActionType === 'report' && !isThere;
    return { id, action: isNew ? readAction(ricActionDefinition, before.periodMs, can) : null };
  });
  const changed = [...modifications, ...additions].flatMap(({ id, action }): readonly Reporting[] =>
    action === null ? [] : [{ id, action }],
  );
  return {
    actions: [...left.filter(({ id }) => !changed.some((each) => each.id === id)), ...changed],
    lists: {
      ...listed('Removed', removed),
      ...listed('FailedToBeRemoved', notRemoved),
      ...listed('Modified', idsOf(modifications, true)),
      ...listed('FailedToBeModified', idsOf(modifications, false)),
      ...listed('Added', idsOf(additions, true)),
      ...listed('FailedToBeAdded', idsOf(additions, false)),
    },
  };
}

function idsOf(
  changes: readonly { readonly id: number; readonly action: KpmAction | null }[],
  done: boolean,
): readonly number[] {
  return changes.filter(({ action }) => (action !== null) === done).map(({ id }) => id);
}

function parted(ids: readonly number[], fits: (id: number) => boolean): readonly [number[], number[]] {
  return [ids.filter(fits), ids.filter((id) => !fits(id))];
}

type Change =
  'Removed' | 'Modified' | 'Added' | 'FailedToBeRemoved' | 'FailedToBeModified' | 'FailedToBeAdded';

function listed(change: Change, ids: readonly number[]): Lists {
  if (ids.length === 0) return {};
  const items = ids.map((ricActionID) =>
    change.startsWith('Failed') ? { ricActionID, cause: NOT_SUPPORTED } : { ricActionID },
  );
  const list = wrapItems(
    `RICaction-${change}ForModification-Item`,
    items as readonly { ricActionID: number; cause: Cause }[],
  );
  return { [`RICactions${change}ForModification-List`]: list };
}

export function keyOf({ ricRequestorID, ricInstanceID }: RequestId): string {
  return `${ricRequestorID}.${ricInstanceID}`;
}
