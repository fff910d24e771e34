import { plain, unreadable } from '../exact.ts';
import type {
  E2sm_Kpm$Conditions,
  E2sm_Kpm$Label,
  E2sm_Kpm$Measurement,
  E2sm_Kpm$Measurements,
  E2sm_Kpm$Subscription,
} from '../gen/kpm.js';
import { plmnOctets, plmnText } from '../../ap/values.ts';
import { cellOf, cgiOf, sliceOf, snssaiOf } from '../identity.ts';
import type { Condition, Label, Measurement, Subscription, WantedMeasurement } from './types.ts';

/** What action definitions and indication messages have in common, both ways. */

export function readMeasurement(measurement: E2sm_Kpm$Measurement): Measurement {
  if ('measName' in measurement) return { name: measurement.measName };
  if ('measID' in measurement) return { id: plain(measurement.measID, 'measType.measID') };
  throw unreadable('measType', 'neither a name nor a number');
}

export function writeMeasurement(measurement: Measurement): E2sm_Kpm$Measurement {
  return 'name' in measurement ? { measName: measurement.name } : { measID: measurement.id };
}

export function readLabel({ plmnID, sliceID, ...others }: E2sm_Kpm$Label): Label {
  return {
    ...others,
    ...(plmnID === undefined ? {} : { plmnID: plmnText(plmnID) }),
    ...(sliceID === undefined ? {} : { sliceID: sliceOf(sliceID) }),
  };
}

export function writeLabel({ plmnID, sliceID, ...others }: Label): E2sm_Kpm$Label {
  return {
    ...others,
    ...(plmnID === undefined ? {} : { plmnID: plmnOctets(plmnID) }),
    ...(sliceID === undefined ? {} : { sliceID: snssaiOf(sliceID) }),
  };
}

export function readMeasurements(list: E2sm_Kpm$Measurements): readonly WantedMeasurement[] {
  return list.map(({ measType, labelInfoList }) => ({
    measurement: readMeasurement(measType),
    labels: labelInfoList.map(({ measLabel }) => readLabel(measLabel)),
  }));
}

export function writeMeasurements(list: readonly WantedMeasurement[]): E2sm_Kpm$Measurements {
  return list.map(({ measurement, labels }) => ({
    measType: writeMeasurement(measurement),
    labelInfoList: labels.map((label) => ({ measLabel: writeLabel(label) })),
  }));
}

export function readConditions(list: E2sm_Kpm$Conditions): readonly Condition[] {
  return list.map(({ matchingCondChoice: choice, logicalOR }) => {
    const or = logicalOR === 'true';
    if ('measLabel' in choice) return { label: readLabel(choice.measLabel), or };
    if ('testCondInfo' in choice) return { test: choice.testCondInfo, or };
    throw unreadable('matchingCondChoice', 'neither a label nor a test');
  });
}

export function writeConditions(list: readonly Condition[]): E2sm_Kpm$Conditions {
  return list.map((condition) => ({
    matchingCondChoice:
      'label' in condition ? { measLabel: writeLabel(condition.label) } : { testCondInfo: condition.test },
    ...joined(condition.or),
  }));
}

/** The mark that joins a condition to the next one. */
export function joined(or: boolean): { logicalOR?: 'true' } {
  return or ? { logicalOR: 'true' } : {};
}

export function readSubscription(from: E2sm_Kpm$Subscription): Subscription {
  const { measInfoList, granulPeriod, cellGlobalID, distMeasBinRangeInfo } = from;
  return {
    measurements: readMeasurements(measInfoList),
    granularityMs: granulPeriod,
    ...(cellGlobalID === undefined ? {} : { cell: cellOf(cellGlobalID) }),
    ...(distMeasBinRangeInfo === undefined ? {} : { bins: distMeasBinRangeInfo }),
  };
}

export function writeSubscription(from: Subscription): E2sm_Kpm$Subscription {
  const { measurements, granularityMs, cell, bins } = from;
  return {
    measInfoList: writeMeasurements(measurements),
    granulPeriod: granularityMs,
    ...(cell === undefined ? {} : { cellGlobalID: cgiOf(cell) }),
    ...(bins === undefined ? {} : { distMeasBinRangeInfo: bins }),
  };
}
