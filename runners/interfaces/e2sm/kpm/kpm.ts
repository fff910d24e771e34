import { unreadable } from '../exact.ts';
import type { E2sm_Kpm$IndicationHeaderV3 } from '../gen/kpm.js';
import { decodeAction, encodeAction } from './action.ts';
import { decodeDefinition, encodeDefinition } from './definition.ts';
import { decodeMessage, encodeMessage } from './message.ts';
import { KPM_PARTS } from './parts.ts';
import type { KpmAction, KpmDefinition, KpmHeader, KpmMessage, KpmVersion } from './types.ts';

/** Between octets and what they mean. Both throw PerError alone: PER_INVALID, PER_VALUE_INVALID. */
export interface Reading<T> {
  readonly decode: (bytes: Uint8Array) => T;
  readonly encode: (value: T) => Uint8Array;
}

/** E2SM-KPM in one version. */
export interface Kpm {
  readonly version: KpmVersion;
  readonly timeStampOctets: 4 | 8;
  readonly definition: Reading<KpmDefinition>;
  /** The reporting period, 1 to 2^32 - 1 ms. */
  readonly periodMs: Reading<number>;
  readonly action: Reading<KpmAction>;
  readonly header: Reading<KpmHeader>;
  readonly message: Reading<KpmMessage>;
}

const COMMON = {
  definition: { decode: decodeDefinition, encode: encodeDefinition },
  periodMs: { decode: decodePeriod, encode: encodePeriod },
  action: { decode: decodeAction, encode: encodeAction },
  message: { decode: decodeMessage, encode: encodeMessage },
};

/** One that both versions agree on; only the header tells them apart. */
export const KPM = {
  v2: { version: 'v2', timeStampOctets: 4, ...COMMON, header: headerOf(KPM_PARTS.indicationHeaderV2) },
  v3: { version: 'v3', timeStampOctets: 8, ...COMMON, header: headerOf(KPM_PARTS.indicationHeaderV3) },
} as const satisfies Record<KpmVersion, Kpm>;

function decodePeriod(bytes: Uint8Array): number {
  const formats = KPM_PARTS.eventTrigger.decode(bytes)['eventDefinition-formats'];
  if ('eventDefinition-Format1' in formats) return formats['eventDefinition-Format1'].reportingPeriod;
  throw unreadable('eventDefinition-formats', 'a format that is not known here');
}

function encodePeriod(periodMs: number): Uint8Array {
  const format = { reportingPeriod: periodMs };
  return KPM_PARTS.eventTrigger.encode({ 'eventDefinition-formats': { 'eventDefinition-Format1': format } });
}

/** In types of TypeScript the two headers are the same: the length of octets is none of them. */
function headerOf(part: Reading<E2sm_Kpm$IndicationHeaderV3>): Reading<KpmHeader> {
  return {
    decode: (bytes) => {
      const formats = part.decode(bytes)['indicationHeader-formats'];
      if (!('indicationHeader-Format1' in formats))
        throw unreadable('indicationHeader-formats', 'a format that is not known here');
      const { colletStartTime, fileFormatversion, senderName, senderType, vendorName } =
        formats['indicationHeader-Format1'];
      return {
        timeStamp: colletStartTime,
        ...(fileFormatversion === undefined ? {} : { fileFormat: fileFormatversion }),
        ...(senderName === undefined ? {} : { senderName }),
        ...(senderType === undefined ? {} : { senderType }),
        ...(vendorName === undefined ? {} : { vendorName }),
      };
    },
    encode: ({ timeStamp, fileFormat, ...sender }) => {
      const format = { colletStartTime: timeStamp, fileFormatversion: fileFormat, ...sender };
      return part.encode({ 'indicationHeader-formats': { 'indicationHeader-Format1': format } });
    },
  };
}
