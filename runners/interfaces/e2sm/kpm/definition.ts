import { plain } from '../exact.ts';
import { readFunctionName, writeFunctionName } from '../function-name.ts';
import type { E2sm_Kpm$RanFunctionDefinition, E2sm_Kpm$ReportStyle } from '../gen/kpm.js';
import { KPM_PARTS } from './parts.ts';
import { KPM_REPORT_STYLES } from './styles.ts';
import type { KpmDefinition, OfferedMeasurement, ReportStyle, TriggerStyle } from './types.ts';

type Triggers = NonNullable<E2sm_Kpm$RanFunctionDefinition['ric-EventTriggerStyle-List']>;

/** @throws PerError PER_INVALID with path and bit */
export function decodeDefinition(bytes: Uint8Array): KpmDefinition {
  const read = KPM_PARTS.definition.decode(bytes);
  return {
    name: readFunctionName(read['ranFunction-Name']),
    triggerStyles: (read['ric-EventTriggerStyle-List'] ?? []).map(readTrigger),
    reportStyles: (read['ric-ReportStyle-List'] ?? []).map(readReport),
  };
}

/** @throws PerError PER_VALUE_INVALID with the path */
export function encodeDefinition({ name, triggerStyles, reportStyles }: KpmDefinition): Uint8Array {
  return KPM_PARTS.definition.encode({
    'ranFunction-Name': writeFunctionName(name),
    ...(triggerStyles.length === 0 ? {} : { 'ric-EventTriggerStyle-List': triggerStyles.map(writeTrigger) }),
    ...(reportStyles.length === 0 ? {} : { 'ric-ReportStyle-List': reportStyles.map(writeReport) }),
  });
}

/** Report styles of the standard, by their numbers, that all offer the same measurements. */
export function reportStylesFor(
  styles: readonly number[],
  measurements: readonly OfferedMeasurement[],
): readonly ReportStyle[] {
  return KPM_REPORT_STYLES.filter(({ style }) => styles.includes(style)).map((style) => ({
    ...style,
    measurements,
  }));
}

function readTrigger(item: Triggers[number]): TriggerStyle {
  return {
    style: plain(item['ric-EventTriggerStyle-Type'], 'ric-EventTriggerStyle-Type'),
    name: item['ric-EventTriggerStyle-Name'],
    format: plain(item['ric-EventTriggerFormat-Type'], 'ric-EventTriggerFormat-Type'),
  };
}

function writeTrigger({ style, name, format }: TriggerStyle): Triggers[number] {
  return {
    'ric-EventTriggerStyle-Type': style,
    'ric-EventTriggerStyle-Name': name,
    'ric-EventTriggerFormat-Type': format,
  };
}

function readReport(item: E2sm_Kpm$ReportStyle): ReportStyle {
  return {
    style: plain(item['ric-ReportStyle-Type'], 'ric-ReportStyle-Type'),
    name: item['ric-ReportStyle-Name'],
    actionFormat: plain(item['ric-ActionFormat-Type'], 'ric-ActionFormat-Type'),
    headerFormat: plain(item['ric-IndicationHeaderFormat-Type'], 'ric-IndicationHeaderFormat-Type'),
    messageFormat: plain(item['ric-IndicationMessageFormat-Type'], 'ric-IndicationMessageFormat-Type'),
    measurements: item['measInfo-Action-List'].map(({ measName, measID, binRangeDef }) => ({
      name: measName,
      ...(measID === undefined ? {} : { id: plain(measID, 'measID') }),
      ...(binRangeDef === undefined ? {} : { bins: binRangeDef }),
    })),
  };
}

function writeReport(style: ReportStyle): E2sm_Kpm$ReportStyle {
  return {
    'ric-ReportStyle-Type': style.style,
    'ric-ReportStyle-Name': style.name,
    'ric-ActionFormat-Type': style.actionFormat,
    'measInfo-Action-List': style.measurements.map(({ name, id, bins }) => ({
      measName: name,
      ...(id === undefined ? {} : { measID: id }),
      ...(bins === undefined ? {} : { binRangeDef: bins }),
    })),
    'ric-IndicationHeaderFormat-Type': style.headerFormat,
    'ric-IndicationMessageFormat-Type': style.messageFormat,
  };
}
