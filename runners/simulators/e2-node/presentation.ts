import { wrapItems } from '../../interfaces/e2/messages.ts';
import type { Ies, Item } from '../../interfaces/e2/types.ts';
import { bitsOf, plmnOctets } from '../../interfaces/ap/values.ts';
import { encodeDefinition, reportStylesFor } from '../../interfaces/e2sm/kpm/definition.ts';
import { KPM_REPORT_STYLES, KPM_TRIGGER_STYLES } from '../../interfaces/e2sm/kpm/styles.ts';
import { controlStylesFor, encodeRcDefinition } from '../../interfaces/e2sm/rc/definition.ts';
import type { RcControl } from '../../interfaces/e2sm/rc/styles.ts';
import { SERVICE_MODEL_OIDS } from '../../interfaces/e2sm/service-models.ts';
import { offered } from '../ran-model/kpm-offer.ts';
import { f1Setup, ngSetup } from './component-messages.ts';
import type { Has } from './defects.ts';
import { type E2NodeKind, type E2NodeSettings, kpmVersion } from './settings.ts';

/** Which controls each kind of node has something to do with. */
export const CONTROLS_OF = {
  gnb: ['drbQos', 'sliceQuota', 'handover'],
  'o-cu-cp': ['drbQos', 'handover'],
  'o-du': ['sliceQuota'],
} as const satisfies Record<E2NodeKind, readonly RcControl[]>;

export const REVISION = 1;

export interface RanFunction {
  readonly model: 'kpm' | 'rc';
  readonly id: number;
  readonly oid: string;
  readonly definition: Uint8Array;
}

/** What the node can do for a RIC: KPM with all styles, and RC with the controls of its kind. */
export function ranFunctions(settings: E2NodeSettings, has: Has): readonly RanFunction[] {
  const kpm = {
    shortName: 'ORAN-E2SM-KPM',
    oid: kpmVersion(settings) === 'v2' ? SERVICE_MODEL_OIDS.kpm : SERVICE_MODEL_OIDS.kpmV3,
    description: 'measurements of cells and UEs',
  };
  const rc = { shortName: 'ORAN-E2SM-RC', oid: SERVICE_MODEL_OIDS.rc, description: 'control of the RAN' };
  return [
    {
      model: 'kpm',
      id: has('function-id-zero') ? 0 : 2,
      oid: kpm.oid,
      definition: encodeDefinition({
        name: kpm,
        triggerStyles: KPM_TRIGGER_STYLES,
        reportStyles: reportStylesFor(
          KPM_REPORT_STYLES.map(({ style }) => style),
          offered(settings.kind),
        ),
      }),
    },
    {
      model: 'rc',
      id: 3,
      oid: rc.oid,
      definition: encodeRcDefinition({
        name: rc,
        controlStyles: controlStylesFor(CONTROLS_OF[settings.kind]),
        others: {},
      }),
    },
  ];
}

export function functionItem(
  { id, oid, definition }: RanFunction,
  revision: number,
): Item<'RANfunction-Item'> {
  return {
    ranFunctionID: id,
    ranFunctionDefinition: definition,
    ranFunctionRevision: revision,
    ranFunctionOID: oid,
  };
}

/** @see O-RAN.WG3.E2AP clause 9.2.6: an O-DU adds the identity of its gNB-DU */
export function globalNodeId({ kind, plmn, gnb }: E2NodeSettings): Ies<'E2setupRequest'>['GlobalE2node-ID'] {
  return {
    gNB: {
      'global-gNB-ID': { 'plmn-id': plmnOctets(plmn), 'gnb-id': { 'gnb-ID': bitsOf(gnb, 22) } },
      ...(kind === 'o-du' ? { 'gNB-DU-ID': 1 } : {}),
    },
  };
}

export type Component = Item<'E2nodeComponentConfigAddition-Item'>;

/** The interfaces towards others, as the kind of node has them, with the messages that set them up. */
export function components({ kind, plmn }: E2NodeSettings): readonly Component[] {
  const ng = ngSetup(plmn);
  const f1 = f1Setup();
  const towardsAmf: Component = {
    e2nodeComponentInterfaceType: 'ng',
    e2nodeComponentID: { e2nodeComponentInterfaceTypeNG: { 'amf-name': 'AMF' } },
    e2nodeComponentConfiguration: partsOf(ng),
  };
  const f1Component: Component = {
    e2nodeComponentInterfaceType: 'f1',
    e2nodeComponentID: { e2nodeComponentInterfaceTypeF1: { 'gNB-DU-ID': 1 } },
    e2nodeComponentConfiguration: partsOf(f1),
  };
  return { gnb: [towardsAmf], 'o-cu-cp': [towardsAmf, f1Component], 'o-du': [f1Component] }[kind];
}

function partsOf({
  request,
  response,
}: ReturnType<typeof f1Setup>): Component['e2nodeComponentConfiguration'] {
  return { e2nodeComponentRequestPart: request, e2nodeComponentResponsePart: response };
}

/** E2 SETUP REQUEST. @see O-RAN.WG3.E2AP clause 8.3.1 */
export function setupRequest(
  settings: E2NodeSettings,
  functions: readonly RanFunction[],
  transactionId: number,
): Ies<'E2setupRequest'> {
  return {
    TransactionID: transactionId,
    'GlobalE2node-ID': globalNodeId(settings),
    RANfunctionsAdded: wrapItems(
      'RANfunction-Item',
      functions.map((each) => functionItem(each, REVISION)),
    ),
    E2nodeComponentConfigAddition: wrapItems('E2nodeComponentConfigAddition-Item', components(settings)),
  };
}
