import { describe, expect, it } from 'vitest';
import { outgoing } from '../../../../../runners/interfaces/e2/answers.ts';
import { wrapItems } from '../../../../../runners/interfaces/e2/messages.ts';
import { A_REQUEST_ID, aControlRequest, aSubscriptionRequest } from '../../../../support/e2/messages.ts';
import { aSetUpNode, told } from '../../../../support/e2/sides.ts';

const subscribe = (changes = {}) => outgoing('RICsubscriptionRequest', aSubscriptionRequest(changes));
const unsubscribe = (changes = {}) =>
  outgoing('RICsubscriptionDeleteRequest', { RICrequestID: A_REQUEST_ID, RANfunctionID: 2, ...changes });
const withActions = (...ids: readonly number[]) => ({
  ricEventTriggerDefinition: Uint8Array.of(1),
  'ricAction-ToBeSetup-List': wrapItems(
    'RICaction-ToBeSetup-Item',
    ids.map((ricActionID) => ({ ricActionID, ricActionType: 'report' as const })),
  ),
});

describe('subscriptions of a node', () => {
  it('are kept until they are deleted', () => {
    const node = aSetUpNode();
    expect(told(node, subscribe())).toMatchObject([
      {
        name: 'RICsubscriptionResponse',
        ies: { RICrequestID: A_REQUEST_ID, 'RICactions-Admitted': [{ value: { ricActionID: 1 } }] },
      },
    ]);
    expect(node.subscriptions.kept.get('7.1')).toMatchObject({ functionId: 2, requestId: A_REQUEST_ID });
    expect(told(node, unsubscribe())).toMatchObject([{ name: 'RICsubscriptionDeleteResponse' }]);
    expect(node.subscriptions.kept.size).toBe(0);
  });

  it.each([
    ['to a function that is not there', subscribe({ RANfunctionID: 3 }), 'ran-function-id-invalid'],
    ['with an identifier that is in use', subscribe(), 'duplicate-ric-request-id'],
  ])('are refused %s', (_what, request, ricRequest) => {
    const node = aSetUpNode();
    told(node, subscribe());
    expect(told(node, request)).toMatchObject([
      { name: 'RICsubscriptionFailure', ies: { Cause: { ricRequest } } },
    ]);
  });

  it.each([
    [
      'of a request that nobody made',
      { RICrequestID: { ricRequestorID: 1, ricInstanceID: 1 } },
      'request-id-unknown',
    ],
    ['of a function that is not there', { RANfunctionID: 3 }, 'ran-function-id-invalid'],
  ])('are not deleted by the name %s', (_what, changes, ricRequest) => {
    const node = aSetUpNode();
    told(node, subscribe());
    expect(told(node, unsubscribe(changes))).toMatchObject([
      { name: 'RICsubscriptionDeleteFailure', ies: { Cause: { ricRequest } } },
    ]);
    expect(node.subscriptions.kept.size).toBe(1);
  });

  it('admit some actions and say why not the others; without any there is none', () => {
    const node = aSetUpNode({
      admission: {
        eventTrigger: () => null,
        action: (_id, { ricActionID }) => (ricActionID === 2 ? { ricRequest: 'action-not-supported' } : null),
      },
    });
    expect(told(node, subscribe({ RICsubscriptionDetails: withActions(1, 2, 1) }))).toMatchObject([
      {
        ies: {
          'RICactions-Admitted': [{ value: { ricActionID: 1 } }],
          'RICactions-NotAdmitted': [
            { value: { ricActionID: 2, cause: { ricRequest: 'action-not-supported' } } },
            { value: { ricActionID: 1, cause: { ricRequest: 'duplicate-action' } } },
          ],
        },
      },
    ]);
    const other = { RICrequestID: { ricRequestorID: 1, ricInstanceID: 2 } };
    expect(told(node, subscribe({ ...other, RICsubscriptionDetails: withActions(2) }))).toMatchObject([
      { name: 'RICsubscriptionFailure', ies: { Cause: { ricRequest: 'action-not-supported' } } },
    ]);
  });

  it('are modified action by action', () => {
    const node = aSetUpNode();
    told(node, subscribe({ RICsubscriptionDetails: withActions(1, 2) }));
    const id = (ricActionID: number) => ({ ricActionID });
    const added = {
      ricActionType: 'policy',
      ricActionDefinition: Uint8Array.of(1),
      ricActionExecutionOrder: 1,
    } as const;
    const request = outgoing('RICsubscriptionModificationRequest', {
      RICrequestID: A_REQUEST_ID,
      RANfunctionID: 2,
      'RICactionsToBeRemovedForModification-List': wrapItems('RICaction-ToBeRemovedForModification-Item', [
        id(1),
        id(8),
      ]),
      'RICactionsToBeModifiedForModification-List': wrapItems('RICaction-ToBeModifiedForModification-Item', [
        { ...id(2), ricActionDefinition: Uint8Array.of(5) },
        id(9),
      ]),
      'RICactionsToBeAddedForModification-List': wrapItems('RICaction-ToBeAddedForModification-Item', [
        { ...id(3), ...added },
        { ...id(2), ...added },
      ]),
    });
    expect(told(node, request)).toMatchObject([
      {
        name: 'RICsubscriptionModificationResponse',
        ies: {
          'RICactionsRemovedForModification-List': [{ value: id(1) }],
          'RICactionsFailedToBeRemovedForModification-List': [{ value: id(8) }],
          'RICactionsModifiedForModification-List': [{ value: id(2) }],
          'RICactionsFailedToBeModifiedForModification-List': [{ value: id(9) }],
          'RICactionsAddedForModification-List': [{ value: id(3) }],
          'RICactionsFailedToBeAddedForModification-List': [{ value: id(2) }],
        },
      },
    ]);
    const kept = node.subscriptions.kept.get('7.1');
    expect([...(kept?.actions.keys() ?? [])]).toEqual([2, 3]);
    expect(kept?.actions.get(2)?.ricActionDefinition).toEqual(Uint8Array.of(5));
  });

  it('send indications that are numbered one after the other', () => {
    const node = aSetUpNode();
    told(node, subscribe());
    const kept = node.subscriptions.kept.get('7.1')!;
    const report = {
      RICactionID: 1,
      RICindicationHeader: new Uint8Array(),
      RICindicationMessage: new Uint8Array(),
    };
    const serials = [0, 1, 2].map(
      () => (node.indication(kept, report).ies as { RICindicationSN?: number }).RICindicationSN,
    );
    expect(serials).toEqual([0, 1, 2]);
  });

  it('are gone after a reset, a removal, and with their function', () => {
    const cause = { Cause: { misc: 'unspecified' } } as const;
    for (const [request, state] of [
      [outgoing('ResetRequest', { TransactionID: 9, ...cause }), 'up'],
      [outgoing('E2RemovalRequest', { TransactionID: 9 }), 'removed'],
    ] as const) {
      const node = aSetUpNode();
      told(node, subscribe());
      expect(told(node, request)).toMatchObject([{ ies: { TransactionID: 9 } }]);
      expect([node.link, node.subscriptions.kept.size]).toEqual([state, 0]);
    }
    const node = aSetUpNode();
    told(node, subscribe());
    expect(node.updateRequest({ deleted: [2, 77] })).toMatchObject({
      RANfunctionsDeleted: [{ value: { ranFunctionID: 2, ranFunctionRevision: 1 } }],
    });
    expect(node.subscriptions.kept.size).toBe(0);
  });
});

describe('controls and queries of a node', () => {
  const acknowledged = { RICrequestID: A_REQUEST_ID, RANfunctionID: 2, RICcallProcessID: Uint8Array.of(4) };
  const control = (changes = {}) =>
    outgoing('RICcontrolRequest', aControlRequest({ RICcallProcessID: Uint8Array.of(4), ...changes }));

  it('are acknowledged with their outcome, unless nobody wants to hear of it', () => {
    const node = aSetUpNode({ control: () => ({ outcome: Uint8Array.of(6) }) });
    const ies = { ...acknowledged, RICcontrolOutcome: Uint8Array.of(6) };
    expect(told(node, control())).toEqual([{ name: 'RICcontrolAcknowledge', ies }]);
    expect(told(node, control({ RICcontrolAckRequest: 'noAck' }))).toEqual([]);
  });

  it('fail with a cause, also when nobody wants to hear of success', () => {
    const node = aSetUpNode({ control: () => ({ cause: { ricRequest: 'control-message-invalid' } }) });
    expect(told(node, control({ RICcontrolAckRequest: 'noAck' }))).toEqual([
      {
        name: 'RICcontrolFailure',
        ies: { ...acknowledged, Cause: { ricRequest: 'control-message-invalid' } },
      },
    ]);
    expect(told(node, control({ RANfunctionID: 9 }))).toMatchObject([
      { ies: { Cause: { ricRequest: 'ran-function-id-invalid' } } },
    ]);
  });

  it('are answered by functions that have something to say', () => {
    const request = outgoing('RICQueryRequest', {
      ...{ RICrequestID: A_REQUEST_ID, RANfunctionID: 2 },
      ...{ RICqueryHeader: Uint8Array.of(1), RICqueryDefinition: Uint8Array.of(2) },
    });
    const node = aSetUpNode({ query: () => ({ outcome: Uint8Array.of(3) }) });
    expect(told(node, request)).toMatchObject([
      { name: 'RICQueryResponse', ies: { RICqueryOutcome: Uint8Array.of(3) } },
    ]);
    expect(told(aSetUpNode(), request)).toMatchObject([
      { name: 'RICQueryFailure', ies: { Cause: { ricRequest: 'invalid-information-request' } } },
    ]);
  });
});
