import { wrapItems } from '../../../runners/interfaces/e2/messages.ts';
import type { Ies, Item } from '../../../runners/interfaces/e2/types.ts';

export const PLMN = Uint8Array.of(0x00, 0xf1, 0x10);

export function aGlobalRicId(number = 1): Ies<'E2setupResponse'>['GlobalRIC-ID'] {
  const bits = Uint8Array.of(number >> 12, (number >> 4) & 0xff, (number & 0xf) << 4);
  return { 'pLMN-Identity': PLMN, 'ric-ID': { bits, length: 20 } };
}

export function aGlobalNodeId(number = 1): Ies<'E2setupRequest'>['GlobalE2node-ID'] {
  const bits = Uint8Array.of(0, 0, (number >> 3) & 0xff, (number & 7) << 5);
  return { gNB: { 'global-gNB-ID': { 'plmn-id': PLMN, 'gnb-id': { 'gnb-ID': { bits, length: 29 } } } } };
}

export function aRanFunction(changes: Partial<Item<'RANfunction-Item'>> = {}): Item<'RANfunction-Item'> {
  return {
    ranFunctionID: 2,
    ranFunctionDefinition: Uint8Array.of(1, 2, 3),
    ranFunctionRevision: 1,
    ranFunctionOID: '1.3.6.1.4.1.53148.1.2.2.2',
    ...changes,
  };
}

export const AN_NG_COMPONENT = {
  e2nodeComponentInterfaceType: 'ng',
  e2nodeComponentID: { e2nodeComponentInterfaceTypeNG: { 'amf-name': 'amf-1' } },
} as const;

export function aSetupRequest(changes: Partial<Ies<'E2setupRequest'>> = {}): Ies<'E2setupRequest'> {
  const configuration = {
    e2nodeComponentRequestPart: Uint8Array.of(1),
    e2nodeComponentResponsePart: Uint8Array.of(2),
  };
  return {
    TransactionID: 1,
    'GlobalE2node-ID': aGlobalNodeId(),
    RANfunctionsAdded: wrapItems('RANfunction-Item', [aRanFunction()]),
    E2nodeComponentConfigAddition: wrapItems('E2nodeComponentConfigAddition-Item', [
      { ...AN_NG_COMPONENT, e2nodeComponentConfiguration: configuration },
    ]),
    ...changes,
  };
}

export const A_REQUEST_ID = { ricRequestorID: 7, ricInstanceID: 1 };

export function aSubscriptionRequest(
  changes: Partial<Ies<'RICsubscriptionRequest'>> = {},
): Ies<'RICsubscriptionRequest'> {
  const action = { ricActionID: 1, ricActionType: 'report' as const, ricActionDefinition: Uint8Array.of(9) };
  return {
    RICrequestID: A_REQUEST_ID,
    RANfunctionID: 2,
    RICsubscriptionDetails: {
      ricEventTriggerDefinition: Uint8Array.of(8),
      'ricAction-ToBeSetup-List': wrapItems('RICaction-ToBeSetup-Item', [action]),
    },
    ...changes,
  };
}

export function anIndication(changes: Partial<Ies<'RICindication'>> = {}): Ies<'RICindication'> {
  return {
    RICrequestID: A_REQUEST_ID,
    RANfunctionID: 2,
    RICactionID: 1,
    RICindicationSN: 1,
    RICindicationType: 'report',
    RICindicationHeader: Uint8Array.of(1),
    RICindicationMessage: Uint8Array.of(2),
    ...changes,
  };
}

export function aControlRequest(changes: Partial<Ies<'RICcontrolRequest'>> = {}): Ies<'RICcontrolRequest'> {
  return {
    RICrequestID: A_REQUEST_ID,
    RANfunctionID: 2,
    RICcontrolHeader: Uint8Array.of(1),
    RICcontrolMessage: Uint8Array.of(2),
    ...changes,
  };
}
