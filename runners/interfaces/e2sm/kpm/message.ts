import { unreadable } from '../exact.ts';
import type { E2sm_Kpm$IndicationMessage, E2sm_Kpm$Records, E2sm_Kpm$Report } from '../gen/kpm.js';
import {
  readConditions,
  readMeasurement,
  readMeasurements,
  writeConditions,
  writeMeasurement,
  writeMeasurements,
} from './measurement-lists.ts';
import { KPM_PARTS } from './parts.ts';
import type { KpmMessage, KpmValue, MatchedMeasurement, Report, ValueRecord } from './types.ts';

type Formats = E2sm_Kpm$IndicationMessage['indicationMessage-formats'];
type Format2 = Extract<
  Formats,
  { readonly 'indicationMessage-Format2': unknown }
>['indicationMessage-Format2'];
type Matched = Format2['measCondUEidList'][number];
type Periods = NonNullable<Matched['matchingUEidPerGP']>;

/** @throws PerError PER_INVALID with path and bit, also for a format that came later */
export function decodeMessage(bytes: Uint8Array): KpmMessage {
  const formats = KPM_PARTS.indicationMessage.decode(bytes)['indicationMessage-formats'];
  if ('indicationMessage-Format1' in formats)
    return { format: 1, report: readReport(formats['indicationMessage-Format1']) };
  if ('indicationMessage-Format2' in formats) {
    const { measData, measCondUEidList, granulPeriod } = formats['indicationMessage-Format2'];
    return {
      format: 2,
      records: readRecords(measData),
      measurements: measCondUEidList.map(readMatched),
      ...(granulPeriod === undefined ? {} : { granularityMs: granulPeriod }),
    };
  }
  if ('indicationMessage-Format3' in formats) {
    const { ueMeasReportList } = formats['indicationMessage-Format3'];
    const reports = ueMeasReportList.map(({ ueID, measReport }) => ({
      ue: ueID,
      report: readReport(measReport),
    }));
    return { format: 3, reports };
  }
  throw unreadable('indicationMessage-formats', 'a format that is not known here');
}

/** @throws PerError PER_VALUE_INVALID with the path */
export function encodeMessage(message: KpmMessage): Uint8Array {
  return KPM_PARTS.indicationMessage.encode({ 'indicationMessage-formats': writeFormat(message) });
}

function writeFormat(message: KpmMessage): Formats {
  switch (message.format) {
    case 1:
      return { 'indicationMessage-Format1': writeReport(message.report) };
    case 2:
      return {
        'indicationMessage-Format2': {
          measData: writeRecords(message.records),
          measCondUEidList: message.measurements.map(writeMatched),
          ...(message.granularityMs === undefined ? {} : { granulPeriod: message.granularityMs }),
        },
      };
    case 3: {
      const list = message.reports.map(({ ue, report }) => ({ ueID: ue, measReport: writeReport(report) }));
      return { 'indicationMessage-Format3': { ueMeasReportList: list } };
    }
  }
}

function readReport({ measData, measInfoList, granulPeriod }: E2sm_Kpm$Report): Report {
  return {
    records: readRecords(measData),
    ...(measInfoList === undefined ? {} : { measurements: readMeasurements(measInfoList) }),
    ...(granulPeriod === undefined ? {} : { granularityMs: granulPeriod }),
  };
}

function writeReport({ records, measurements, granularityMs }: Report): E2sm_Kpm$Report {
  return {
    measData: writeRecords(records),
    ...(measurements === undefined ? {} : { measInfoList: writeMeasurements(measurements) }),
    ...(granularityMs === undefined ? {} : { granulPeriod: granularityMs }),
  };
}

function readRecords(records: E2sm_Kpm$Records): readonly ValueRecord[] {
  return records.map(({ measRecord, incompleteFlag }) => ({
    values: measRecord.map(readValue),
    incomplete: incompleteFlag === 'true',
  }));
}

function readValue(value: E2sm_Kpm$Records[number]['measRecord'][number]): KpmValue {
  if ('...' in value) throw unreadable('measRecord', 'a kind of value that is not known here');
  return value;
}

function writeRecords(records: readonly ValueRecord[]): E2sm_Kpm$Records {
  return records.map(({ values, incomplete }) => ({
    measRecord: values,
    ...(incomplete ? { incompleteFlag: 'true' } : {}),
  }));
}

function readMatched({
  measType,
  matchingCond,
  matchingUEidList,
  matchingUEidPerGP,
}: Matched): MatchedMeasurement {
  return {
    measurement: readMeasurement(measType),
    conditions: readConditions(matchingCond),
    ...(matchingUEidList === undefined ? {} : { ues: matchingUEidList.map(({ ueID }) => ueID) }),
    ...(matchingUEidPerGP === undefined ? {} : { uesByPeriod: matchingUEidPerGP.map(readPeriod) }),
  };
}

function readPeriod({ matchedPerGP }: Periods[number]): MatchedMeasurement['ues'] & object {
  if ('oneOrMoreUEmatched' in matchedPerGP) return matchedPerGP.oneOrMoreUEmatched.map(({ ueID }) => ueID);
  if ('noUEmatched' in matchedPerGP) return [];
  throw unreadable('matchedPerGP', 'neither UEs nor none');
}

function writeMatched({ measurement, conditions, ues, uesByPeriod }: MatchedMeasurement): Matched {
  return {
    measType: writeMeasurement(measurement),
    matchingCond: writeConditions(conditions),
    ...(ues === undefined ? {} : { matchingUEidList: ues.map((ueID) => ({ ueID })) }),
    ...(uesByPeriod === undefined ? {} : { matchingUEidPerGP: uesByPeriod.map(writePeriod) }),
  };
}

function writePeriod(ues: NonNullable<MatchedMeasurement['ues']>): Periods[number] {
  if (ues.length === 0) return { matchedPerGP: { noUEmatched: 'true' } };
  return { matchedPerGP: { oneOrMoreUEmatched: ues.map((ueID) => ({ ueID })) } };
}
