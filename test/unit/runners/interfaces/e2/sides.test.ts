import { describe, expect, it } from 'vitest';
import { outgoing } from '../../../../../runners/interfaces/e2/answers.ts';
import { unwrapItems, wrapItems } from '../../../../../runners/interfaces/e2/messages.ts';
import {
  A_REQUEST_ID,
  anIndication,
  aRanFunction,
  aSubscriptionRequest,
} from '../../../../support/e2/messages.ts';
import { aNode, aRic, aRicWithNode, aSetUpNode, told } from '../../../../support/e2/sides.ts';

const SUBSCRIBE = outgoing('RICsubscriptionRequest', aSubscriptionRequest());

describe('set-up', () => {
  it('shows the RIC what the node is, and the node that it is accepted', () => {
    const [node, ric] = [aNode(), aRic()];
    expect([node.link, ric.link]).toEqual(['down', 'down']);
    const [answer] = told(ric, outgoing('E2setupRequest', node.setUpRequest()));
    node.setUpEnded(answer?.name === 'E2setupResponse');
    expect([node.link, ric.link]).toEqual(['up', 'up']);
    expect(answer).toMatchObject({
      name: 'E2setupResponse',
      ies: {
        TransactionID: 1,
        RANfunctionsAccepted: [{ value: { ranFunctionID: 2, ranFunctionRevision: 1 } }],
      },
    });
    expect(ric.node?.functions.get(2)).toEqual(aRanFunction());
  });

  it('does not accept function 0, and none that the RIC does not want', () => {
    const functions = [aRanFunction({ ranFunctionID: 0 }), aRanFunction()];
    const [answer] = told(aRic(), outgoing('E2setupRequest', aNode({ functions }).setUpRequest()));
    expect(answer?.ies).toMatchObject({
      RANfunctionsAccepted: [{ value: { ranFunctionID: 2 } }],
      RANfunctionsRejected: [
        { value: { ranFunctionID: 0, cause: { ricService: 'ran-function-not-supported' } } },
      ],
    });
  });

  it('is refused with the time to wait', () => {
    const refusal = { Cause: { misc: 'om-intervention' }, TimeToWait: 'v5s' } as const;
    const ric = aRic({ admitNode: () => refusal });
    expect(told(ric, outgoing('E2setupRequest', aNode().setUpRequest()))).toEqual([
      { name: 'E2setupFailure', ies: { TransactionID: 1, ...refusal } },
    ]);
    expect([ric.link, ric.node]).toEqual(['down', null]);
  });

  it('of a node that is up begins anew, without what there was', () => {
    const ric = aRicWithNode();
    ric.subscribed(A_REQUEST_ID, 2);
    told(
      ric,
      outgoing('E2setupRequest', aNode({ functions: [aRanFunction({ ranFunctionID: 9 })] }).setUpRequest()),
    );
    expect([...(ric.node?.functions.keys() ?? [])]).toEqual([9]);
    expect(ric.subscriptions).toEqual([]);
    const node = aSetUpNode();
    told(node, SUBSCRIBE);
    node.setUpRequest();
    expect([node.link, node.subscriptions.kept.size]).toEqual(['settingUp', 0]);
  });

  it('comes before everything else, and each end takes only what is meant for it', () => {
    const cause = { Cause: { protocol: 'message-not-compatible-with-receiver-state' } };
    expect(told(aNode(), SUBSCRIBE)).toMatchObject([{ name: 'RICsubscriptionFailure', ies: cause }]);
    expect(told(aRic(), outgoing('RICindication', anIndication()))).toMatchObject([
      { name: 'ErrorIndication', ies: { ...cause, RICrequestID: A_REQUEST_ID } },
    ]);
    expect(told(aRicWithNode(), SUBSCRIBE)).toMatchObject([{ name: 'RICsubscriptionFailure', ies: cause }]);
    expect(told(aSetUpNode(), outgoing('RICindication', anIndication()))).toMatchObject([
      { name: 'ErrorIndication', ies: cause },
    ]);
    expect(told(aNode(), outgoing('ErrorIndication', {}))).toEqual([]);
    expect(told(aRic(), outgoing('ErrorIndication', {}))).toEqual([]);
  });
});

describe('services and configuration', () => {
  it('tell the RIC what it does not know yet, when it asks', () => {
    const functions = [aRanFunction({ ranFunctionRevision: 2 }), aRanFunction({ ranFunctionID: 3 })];
    const node = aSetUpNode({ functions });
    const ric = aRicWithNode();
    const [update] = told(node, outgoing('RICserviceQuery', ric.serviceQuery(5)));
    expect(update).toMatchObject({
      name: 'RICserviceUpdate',
      ies: {
        RANfunctionsAdded: [{ value: { ranFunctionID: 3 } }],
        RANfunctionsModified: [{ value: { ranFunctionID: 2, ranFunctionRevision: 2 } }],
      },
    });
    expect(told(ric, update!)).toMatchObject([
      { name: 'RICserviceUpdateAcknowledge', ies: { RANfunctionsAccepted: { length: 2 } } },
    ]);
    expect(told(node, outgoing('RICserviceQuery', ric.serviceQuery(6)))).toEqual([
      { name: 'RICserviceUpdate', ies: { TransactionID: 3 } },
    ]);
  });

  it('are acknowledged component by component', () => {
    const component = {
      e2nodeComponentInterfaceType: 'f1',
      e2nodeComponentID: { e2nodeComponentInterfaceTypeF1: { 'gNB-DU-ID': 7 } },
    } as const;
    const update = outgoing('E2nodeConfigurationUpdate', {
      TransactionID: 4,
      E2nodeComponentConfigRemoval: wrapItems('E2nodeComponentConfigRemoval-Item', [component]),
    });
    const [answer] = told(aRicWithNode(), update);
    if (answer?.name !== 'E2nodeConfigurationUpdateAcknowledge') throw new Error('another answer');
    expect(
      unwrapItems('E2nodeComponentConfigRemovalAck-Item', answer.ies.E2nodeComponentConfigRemovalAck),
    ).toEqual([{ ...component, e2nodeComponentConfigurationAck: { updateOutcome: 'success' } }]);
  });

  it('a node has one association: others are not set up', () => {
    const bits = { bits: Uint8Array.of(192, 0, 2, 1), length: 32 };
    const added = wrapItems('E2connectionUpdate-Item', [
      { tnlInformation: { tnlAddress: bits }, tnlUsage: 'ric-service' },
    ]);
    const update = outgoing('E2connectionUpdate', { TransactionID: 4, E2connectionUpdateAdd: added });
    expect(told(aSetUpNode(), update)).toMatchObject([
      { ies: { E2connectionSetupFailed: [{ value: { tnlInformation: { tnlAddress: bits } } }] } },
    ]);
  });
});

describe('what a node wants of the RIC', () => {
  it('subscriptions deleted that there are', () => {
    const ric = aRicWithNode();
    ric.subscribed(A_REQUEST_ID, 2);
    const item = (ricInstanceID: number) => ({
      ricRequestID: { ...A_REQUEST_ID, ricInstanceID },
      ranFunctionID: 2,
      cause: { misc: 'unspecified' } as const,
    });
    const required = wrapItems('RICsubscription-withCause-Item', [item(1), item(2)]);
    const message = outgoing('RICsubscriptionDeleteRequired', { RICsubscriptionToBeRemoved: required });
    expect(told(ric, message)).toEqual([
      { name: 'RICsubscriptionDeleteRequest', ies: { RICrequestID: A_REQUEST_ID, RANfunctionID: 2 } },
    ]);
  });

  it('subscriptions modified', () => {
    const message = outgoing('RICsubscriptionModificationRequired', {
      RICrequestID: A_REQUEST_ID,
      RANfunctionID: 2,
      'RICactionsRequiredToBeModified-List': wrapItems('RICaction-RequiredToBeModified-Item', [
        { ricActionID: 1, ricTimeToWait: 'w1s' },
      ]),
      'RICactionsRequiredToBeRemoved-List': wrapItems('RICaction-RequiredToBeRemoved-Item', [
        { ricActionID: 2, cause: { misc: 'unspecified' } },
      ]),
    });
    expect(told(aRicWithNode(), message)).toMatchObject([
      {
        name: 'RICsubscriptionModificationConfirm',
        ies: {
          'RICactionsConfirmedForModification-List': [{ value: { ricActionID: 1 } }],
          'RICactionsConfirmedForRemoval-List': [{ value: { ricActionID: 2 } }],
        },
      },
    ]);
  });
});
