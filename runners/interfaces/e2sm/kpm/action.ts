import { plain, unreadable } from '../exact.ts';
import type { E2sm_Kpm$ActionDefinition } from '../gen/kpm.js';
import { cellOf, cgiOf } from '../identity.ts';
import {
  joined,
  readConditions,
  readMeasurement,
  readSubscription,
  writeConditions,
  writeMeasurement,
  writeSubscription,
} from './measurement-lists.ts';
import { KPM_PARTS } from './parts.ts';
import type { KpmAction } from './types.ts';

type Formats = E2sm_Kpm$ActionDefinition['actionDefinition-formats'];
type Format3 = Extract<Formats, { readonly 'actionDefinition-Format3': unknown }>['actionDefinition-Format3'];
type Action<N extends number> = Extract<KpmAction, { readonly format: N }>;

/** @throws PerError PER_INVALID with path and bit, also for a format that came later */
export function decodeAction(bytes: Uint8Array): KpmAction {
  const read = KPM_PARTS.actionDefinition.decode(bytes);
  const style = plain(read['ric-Style-Type'], 'ric-Style-Type');
  const formats = read['actionDefinition-formats'];
  if ('actionDefinition-Format1' in formats)
    return { style, format: 1, subscription: readSubscription(formats['actionDefinition-Format1']) };
  if ('actionDefinition-Format2' in formats) {
    const { ueID, subscriptInfo } = formats['actionDefinition-Format2'];
    return { style, format: 2, ue: ueID, subscription: readSubscription(subscriptInfo) };
  }
  if ('actionDefinition-Format3' in formats) return readFormat3(style, formats['actionDefinition-Format3']);
  if ('actionDefinition-Format4' in formats) {
    const { matchingUeCondList, subscriptionInfo } = formats['actionDefinition-Format4'];
    const conditions = matchingUeCondList.map(({ testCondInfo, logicalOR }) => ({
      test: testCondInfo,
      or: logicalOR === 'true',
    }));
    return { style, format: 4, conditions, subscription: readSubscription(subscriptionInfo) };
  }
  if ('actionDefinition-Format5' in formats) {
    const { matchingUEidList, subscriptionInfo } = formats['actionDefinition-Format5'];
    const ues = matchingUEidList.map(({ ueID }) => ueID);
    return { style, format: 5, ues, subscription: readSubscription(subscriptionInfo) };
  }
  throw unreadable('actionDefinition-formats', 'a format that is not known here');
}

/** @throws PerError PER_VALUE_INVALID with the path */
export function encodeAction(action: KpmAction): Uint8Array {
  return KPM_PARTS.actionDefinition.encode({
    'ric-Style-Type': action.style,
    'actionDefinition-formats': writeFormat(action),
  });
}

function readFormat3(style: number, { measCondList, granulPeriod, cellGlobalID }: Format3): Action<3> {
  const measurements = measCondList.map(({ measType, matchingCond, binRangeDef }) => ({
    measurement: readMeasurement(measType),
    conditions: readConditions(matchingCond),
    ...(binRangeDef === undefined ? {} : { bins: binRangeDef }),
  }));
  const cell = cellGlobalID === undefined ? {} : { cell: cellOf(cellGlobalID) };
  return { style, format: 3, measurements, granularityMs: granulPeriod, ...cell };
}

function writeFormat(action: KpmAction): Formats {
  switch (action.format) {
    case 1:
      return { 'actionDefinition-Format1': writeSubscription(action.subscription) };
    case 2:
      return {
        'actionDefinition-Format2': {
          ueID: action.ue,
          subscriptInfo: writeSubscription(action.subscription),
        },
      };
    case 3:
      return { 'actionDefinition-Format3': writeFormat3(action) };
    case 4:
      return {
        'actionDefinition-Format4': {
          matchingUeCondList: action.conditions.map(({ test, or }) => ({
            testCondInfo: test,
            ...joined(or),
          })),
          subscriptionInfo: writeSubscription(action.subscription),
        },
      };
    case 5:
      return {
        'actionDefinition-Format5': {
          matchingUEidList: action.ues.map((ueID) => ({ ueID })),
          subscriptionInfo: writeSubscription(action.subscription),
        },
      };
  }
}

function writeFormat3({ measurements, granularityMs, cell }: Action<3>): Format3 {
  return {
    measCondList: measurements.map(({ measurement, conditions, bins }) => ({
      measType: writeMeasurement(measurement),
      matchingCond: writeConditions(conditions),
      ...(bins === undefined ? {} : { binRangeDef: bins }),
    })),
    granulPeriod: granularityMs,
    ...(cell === undefined ? {} : { cellGlobalID: cgiOf(cell) }),
  };
}
