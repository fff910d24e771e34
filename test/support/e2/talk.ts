import { encodeElements, encodeMessage, elementsFor } from '../../../runners/interfaces/e2/codec.ts';
import { wrapItems } from '../../../runners/interfaces/e2/messages.ts';
import { KPM } from '../../../runners/interfaces/e2sm/kpm/kpm.ts';
import type { KpmVersion } from '../../../runners/interfaces/e2sm/kpm/types.ts';
import { aHeader, SAMPLE_ACTIONS, SAMPLE_DEFINITION, SAMPLE_MESSAGES } from '../kpm-samples.ts';
import {
  A_REQUEST_ID,
  aGlobalRicId,
  anIndication,
  aRanFunction,
  aSetupRequest,
  aSubscriptionRequest,
} from './messages.ts';

/** One message of a talk on E2: from the node, or from the RIC. */
export interface E2Saying {
  readonly by: 'node' | 'ric';
  readonly bytes: Uint8Array;
}

/** A setup, a subscription to KPM and an indication, and last a message that leaves the rules of the encoding. */
export function anE2Talk(version: KpmVersion = 'v3'): readonly E2Saying[] {
  const kpm = KPM[version];
  const [action] = SAMPLE_ACTIONS;
  const [report] = SAMPLE_MESSAGES;
  if (action === undefined || report === undefined) throw new Error('there are samples');
  const definition = aRanFunction({ ranFunctionDefinition: kpm.definition.encode(SAMPLE_DEFINITION) });
  const wanted = {
    ricActionID: 1,
    ricActionType: 'report',
    ricActionDefinition: kpm.action.encode(action),
  } as const;
  const details = {
    ricEventTriggerDefinition: kpm.periodMs.encode(1_000),
    'ricAction-ToBeSetup-List': wrapItems('RICaction-ToBeSetup-Item', [wanted]),
  };
  const indication = anIndication({
    RICindicationHeader: kpm.header.encode(aHeader(kpm.timeStampOctets)),
    RICindicationMessage: kpm.message.encode(report),
  });
  const setup = aSetupRequest({ RANfunctionsAdded: wrapItems('RANfunction-Item', [definition]) });
  const response = {
    TransactionID: 1,
    'GlobalRIC-ID': aGlobalRicId(),
    E2nodeComponentConfigAdditionAck: [],
  };
  const broken = {
    id: 29,
    criticality: 'reject',
    value: { '...': Uint8Array.of(0xff, 0xff, 0xff) },
  } as const;
  const admitted = wrapItems('RICaction-Admitted-Item', [{ ricActionID: 1 }]);
  return [
    { by: 'node', bytes: encodeMessage('E2setupRequest', setup) },
    {
      by: 'ric',
      bytes: encodeElements('E2setupResponse', elementsFor('E2setupResponse', response).slice(0, 2)),
    },
    {
      by: 'ric',
      bytes: encodeMessage(
        'RICsubscriptionRequest',
        aSubscriptionRequest({ RICsubscriptionDetails: details }),
      ),
    },
    {
      by: 'node',
      bytes: encodeMessage('RICsubscriptionResponse', {
        ...{ RICrequestID: A_REQUEST_ID, RANfunctionID: 2 },
        'RICactions-Admitted': admitted,
      }),
    },
    { by: 'node', bytes: encodeMessage('RICindication', indication) },
    { by: 'node', bytes: encodeElements('RICsubscriptionDeleteRequest', [broken]) },
  ];
}
