import { outgoing, type Outgoing } from '../../interfaces/e2/answers.ts';
import { unwrapItems, wrapItems } from '../../interfaces/e2/messages.ts';
import type { AnyMessage } from '../../interfaces/e2/types.ts';

/** How the E2 node of the tester takes what the product asks of it; absent: it does what is asked. */
export interface NodeManners {
  readonly subscription?: 'refuse' | 'ignore';
  readonly control?: 'refuse';
}

/** What an E2 node answers. Updates of connections and queries of services are for the procedure. */
export function answerAsNode(message: AnyMessage, manners: NodeManners): readonly Outgoing[] {
  switch (message.name) {
    case 'RICsubscriptionRequest':
      return subscribed(message, manners);
    case 'RICsubscriptionDeleteRequest': {
      const { RICrequestID, RANfunctionID } = message.ies;
      if (RICrequestID === undefined || RANfunctionID === undefined) return [];
      return [outgoing('RICsubscriptionDeleteResponse', { RICrequestID, RANfunctionID })];
    }
    case 'RICcontrolRequest':
      return controlled(message, manners);
    case 'RICQueryRequest': {
      const { RICrequestID, RANfunctionID } = message.ies;
      if (RICrequestID === undefined || RANfunctionID === undefined) return [];
      const Cause = { ricRequest: 'requested-information-unavailable' } as const;
      return [outgoing('RICQueryFailure', { RICrequestID, RANfunctionID, Cause })];
    }
    case 'ResetRequest':
      return [outgoing('ResetResponse', { TransactionID: message.ies.TransactionID ?? 0 })];
    case 'E2RemovalRequest':
      return [outgoing('E2RemovalResponse', { TransactionID: message.ies.TransactionID ?? 0 })];
    default:
      return [];
  }
}

function subscribed(
  { ies }: Extract<AnyMessage, { readonly name: 'RICsubscriptionRequest' }>,
  { subscription }: NodeManners,
): readonly Outgoing[] {
  const { RICrequestID, RANfunctionID, RICsubscriptionDetails } = ies;
  if (RICrequestID === undefined || RANfunctionID === undefined || subscription === 'ignore') return [];
  if (subscription === 'refuse') {
    const Cause = { ricRequest: 'function-resource-limit' } as const;
    return [outgoing('RICsubscriptionFailure', { RICrequestID, RANfunctionID, Cause })];
  }
  const actions = unwrapItems(
    'RICaction-ToBeSetup-Item',
    RICsubscriptionDetails?.['ricAction-ToBeSetup-List'],
  );
  const admitted = actions.map(({ ricActionID }) => ({ ricActionID }));
  return [
    outgoing('RICsubscriptionResponse', {
      ...{ RICrequestID, RANfunctionID },
      'RICactions-Admitted': wrapItems('RICaction-Admitted-Item', admitted),
    }),
  ];
}

function controlled(
  { ies }: Extract<AnyMessage, { readonly name: 'RICcontrolRequest' }>,
  { control }: NodeManners,
): readonly Outgoing[] {
  const { RICrequestID, RANfunctionID, RICcontrolAckRequest } = ies;
  if (RICrequestID === undefined || RANfunctionID === undefined) return [];
  if (control === 'refuse') {
    const Cause = { ricRequest: 'control-failed-to-execute' } as const;
    return [outgoing('RICcontrolFailure', { RICrequestID, RANfunctionID, Cause })];
  }
  return RICcontrolAckRequest === 'noAck'
    ? []
    : [outgoing('RICcontrolAcknowledge', { RICrequestID, RANfunctionID })];
}
