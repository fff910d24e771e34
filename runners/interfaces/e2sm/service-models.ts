import type { Exact } from './exact.ts';
import { KPM_PARTS } from './kpm/parts.ts';
import type { KpmVersion } from './kpm/types.ts';
import { RC_PARTS } from './rc/parts.ts';

/** Where octets of a service model stand in E2AP. */
export const MODEL_PARTS = [
  'definition',
  'eventTrigger',
  'actionDefinition',
  'indicationHeader',
  'indicationMessage',
  'callProcess',
  'controlHeader',
  'controlMessage',
  'controlOutcome',
] as const;
export type ModelPart = (typeof MODEL_PARTS)[number];

/** Trees as they stand in evidence: values of ASN.1 (`per/values.ts`). */
export type PartCodec = Pick<Exact<unknown>, 'decode' | 'look' | 'described'>;

/** What a RAN function speaks; of those that are not known here, octets are kept as they are (`parts` is empty). */
export interface ServiceModel {
  readonly oid: string;
  /** `E2SM-KPM`; the number itself where it is not known. */
  readonly name: string;
  /** How RAN functions call it; absent where it is not known. */
  readonly shortName?: string;
  /** As far as the number tells it. */
  readonly version: string;
  readonly parts: Readonly<Partial<Record<ModelPart, PartCodec>>>;
}

const { indicationHeaderV2, indicationHeaderV3, ...kpmCommon } = KPM_PARTS;
const KPM_CODECS = {
  v2: { ...kpmCommon, indicationHeader: indicationHeaderV2 },
  v3: { ...kpmCommon, indicationHeader: indicationHeaderV3 },
} as const satisfies Record<KpmVersion, ServiceModel['parts']>;

const ORAN = '1.3.6.1.4.1.53148.1';
const KPM_NAMES = { name: 'E2SM-KPM', shortName: 'ORAN-E2SM-KPM' };

/**
 * The numbers in use. Products of KPM v03.00 call themselves by the number of version 2 or of version 3, so `…1.2.2.2` does not tell the
 * version: see {@link kpmModel}. v1 is another model with the same name.
 */
const MODELS: readonly ServiceModel[] = [
  { oid: `${ORAN}.1.2.2`, ...KPM_NAMES, version: 'v1', parts: {} },
  { oid: `${ORAN}.2.2.2`, ...KPM_NAMES, version: 'v2 or later', parts: KPM_CODECS.v3 },
  { oid: `${ORAN}.3.2.2`, ...KPM_NAMES, version: 'v3', parts: KPM_CODECS.v3 },
  { oid: `${ORAN}.1.2.3`, name: 'E2SM-RC', shortName: 'ORAN-E2SM-RC', version: 'v1', parts: RC_PARTS },
  { oid: `${ORAN}.1.2.1`, name: 'E2SM-NI', shortName: 'ORAN-E2SM-NI', version: 'v1', parts: {} },
  { oid: `${ORAN}.1.2.4`, name: 'E2SM-CCC', shortName: 'ORAN-E2SM-CCC', version: 'v1', parts: {} },
];

export const SERVICE_MODEL_OIDS = {
  kpm: `${ORAN}.2.2.2`,
  kpmV3: `${ORAN}.3.2.2`,
  rc: `${ORAN}.1.2.3`,
} as const;

/** The service model with a number; one that is not known passes everything through. */
export function serviceModel(oid: string): ServiceModel {
  return MODELS.find((model) => model.oid === oid) ?? { oid, name: oid, version: '', parts: {} };
}

/** KPM in the version that was agreed or declared, under the number that the RAN function gave. */
export function kpmModel(oid: string, version: KpmVersion): ServiceModel {
  return { oid, ...KPM_NAMES, version, parts: KPM_CODECS[version] };
}

/** The version that a declaration such as `v3.00`, `V02.03` or `3` means; `null` for v1 and for what is no version. */
export function kpmVersionOf(declared: string): KpmVersion | null {
  const major = Number(/^v?0*(\d{1,3})(?:\.|$)/iu.exec(declared)?.[1] ?? 0);
  if (major < 2) return null;
  return major === 2 ? 'v2' : 'v3';
}
