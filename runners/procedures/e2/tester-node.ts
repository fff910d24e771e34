import type { Equipment } from '../../../src/domain/equipment.ts';
import { wrapItems } from '../../interfaces/e2/messages.ts';
import { type GlobalNodeId, nodeName } from '../../interfaces/e2/node-name.ts';
import type { Ies, Item } from '../../interfaces/e2/types.ts';
import { bitsOf, plmnOctets } from '../../interfaces/ap/values.ts';
import { reportStylesFor } from '../../interfaces/e2sm/kpm/definition.ts';
import { KPM } from '../../interfaces/e2sm/kpm/kpm.ts';
import { KPM_TRIGGER_STYLES } from '../../interfaces/e2sm/kpm/styles.ts';
import { ntpTimeStamp } from '../../interfaces/e2sm/kpm/time-stamp.ts';
import type { KpmVersion } from '../../interfaces/e2sm/kpm/types.ts';
import { controlStylesFor, encodeRcDefinition } from '../../interfaces/e2sm/rc/definition.ts';
import { kpmVersionOf, SERVICE_MODEL_OIDS } from '../../interfaces/e2sm/service-models.ts';

/** The E2 node that the tester plays: what it says of itself and what it measures. */

export type RanFunction = Item<'RANfunction-Item'>;
export type Component = Item<'E2nodeComponentConfigAddition-Item'>;

export const KPM_FUNCTION = 2;
export const RC_FUNCTION = 3;
/** A service model that nobody has. */
export const UNKNOWN_MODEL_OID = '1.3.6.1.4.1.53148.1.9.9.99';

/** What it measures, with the value that it reports. */
export const OFFERED = [
  { name: 'RRU.PrbTotDl', value: 42 },
  { name: 'RRC.ConnMean', value: 7 },
] as const;
/** No cell uses so many percent of its PRBs. */
export const IMPOSSIBLE_VALUE = 4_000;

const DEFAULT_PLMN = '00101';
const GNB_ID_BITS = 29;

/** Number 1 is the first node of a case. */
export function testerNodeId({ ixit }: Pick<Equipment, 'ixit'>, number: number): GlobalNodeId {
  const plmn = ixit['plmn'];
  const octets = plmnOctets(typeof plmn === 'string' ? plmn : DEFAULT_PLMN);
  const id = { 'gnb-ID': bitsOf(number, GNB_ID_BITS) };
  return { gNB: { 'global-gNB-ID': { 'plmn-id': octets, 'gnb-id': id } } };
}

export function testerNodeName(product: Pick<Equipment, 'ixit'>, number: number): string {
  return nodeName(testerNodeId(product, number));
}

/** As the product claims it; version 3 where it claims nothing that says. */
export function kpmOf({ ics }: Pick<Equipment, 'ics'>): KpmVersion {
  const claimed = ics['e2.kpm'];
  return (typeof claimed === 'string' ? kpmVersionOf(claimed) : null) ?? 'v3';
}

export function kpmFunction(ranFunctionID = KPM_FUNCTION, ranFunctionRevision = 1): RanFunction {
  const oid = SERVICE_MODEL_OIDS.kpm;
  const ranFunctionDefinition = KPM.v3.definition.encode({
    name: { shortName: 'ORAN-E2SM-KPM', oid, description: 'KPM of the tester' },
    triggerStyles: [...KPM_TRIGGER_STYLES],
    reportStyles: reportStylesFor(
      [1],
      OFFERED.map(({ name }) => ({ name })),
    ),
  });
  return { ranFunctionID, ranFunctionDefinition, ranFunctionRevision, ranFunctionOID: oid };
}

export function rcFunction(ranFunctionID = RC_FUNCTION): RanFunction {
  const oid = SERVICE_MODEL_OIDS.rc;
  const ranFunctionDefinition = encodeRcDefinition({
    name: { shortName: 'ORAN-E2SM-RC', oid, description: 'RC of the tester' },
    controlStyles: controlStylesFor(['sliceQuota', 'drbQos', 'handover']),
    others: {},
  });
  return { ranFunctionID, ranFunctionDefinition, ranFunctionRevision: 1, ranFunctionOID: oid };
}

export function strangeFunction(ranFunctionID: number): RanFunction {
  const ranFunctionDefinition = Uint8Array.of(0x30);
  return { ranFunctionID, ranFunctionDefinition, ranFunctionRevision: 1, ranFunctionOID: UNKNOWN_MODEL_OID };
}

/** An NG interface to an AMF of that name. What the AMF said is not looked into by a RIC that is tested here. */
export function ngComponent(amfName: string): Component {
  return {
    e2nodeComponentInterfaceType: 'ng',
    e2nodeComponentID: { e2nodeComponentInterfaceTypeNG: { 'amf-name': amfName } },
    e2nodeComponentConfiguration: {
      e2nodeComponentRequestPart: Uint8Array.of(0, 21),
      e2nodeComponentResponsePart: Uint8Array.of(32, 21),
    },
  };
}

export const FIRST_COMPONENT = ngComponent('amf-1');
export const SECOND_COMPONENT = ngComponent('amf-2');

export interface Presentation {
  readonly node: GlobalNodeId;
  readonly functions?: readonly RanFunction[];
}

export function setupRequest(
  TransactionID: number,
  { node, functions = [kpmFunction(), rcFunction()] }: Presentation,
): Ies<'E2setupRequest'> {
  return {
    TransactionID,
    'GlobalE2node-ID': node,
    RANfunctionsAdded: wrapItems('RANfunction-Item', functions),
    E2nodeComponentConfigAddition: wrapItems('E2nodeComponentConfigAddition-Item', [FIRST_COMPONENT]),
  };
}

export type RequestId = Ies<'RICindication'>['RICrequestID'];

export interface Reported {
  readonly request: RequestId;
  readonly functionId: number;
  readonly actionId: number;
  readonly number: number;
  readonly kpm: KpmVersion;
  readonly measurements: readonly string[];
  readonly atMs: number;
  /** In place of what it measures. */
  readonly value?: number;
}

/** An indication of KPM style 1, by the measurements that were asked for. */
export function kpmIndication(reported: Reported): Ies<'RICindication'> {
  const { request, functionId, actionId, number, kpm, measurements, atMs, value } = reported;
  const model = KPM[kpm];
  const values = measurements.map((name) => ({ integer: value ?? valueOf(name) }));
  return {
    RICrequestID: request,
    RANfunctionID: functionId,
    RICactionID: actionId,
    RICindicationSN: number % 65_536,
    RICindicationType: 'report',
    RICindicationHeader: model.header.encode({ timeStamp: ntpTimeStamp(atMs, model.timeStampOctets) }),
    RICindicationMessage: model.message.encode({
      format: 1,
      report: { records: [{ values, incomplete: false }] },
    }),
  };
}

function valueOf(name: string): number {
  return OFFERED.find((each) => each.name === name)?.value ?? 0;
}
