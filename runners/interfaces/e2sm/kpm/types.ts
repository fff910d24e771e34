import type {
  E2sm_Kpm$BinRanges,
  E2sm_Kpm$Label,
  E2sm_Kpm$Subscription,
  E2sm_Kpm$TestCondition,
  E2sm_Kpm$Value,
} from '../gen/kpm.js';
import type { FunctionName } from '../function-name.ts';
import type { CellId, Slice, UeId } from '../identity.ts';

/**
 * v2 stands for v02.03, v3 for v03.00 and later; between them lies the length of the time stamp. v02.02 has other matching conditions
 * (actions of format 3, messages of format 2), which are not read here.
 */
export const KPM_VERSIONS = ['v2', 'v3'] as const;
export type KpmVersion = (typeof KPM_VERSIONS)[number];

/** @see O-RAN.WG3.E2SM-KPM clause 8.2.2.1 */
export interface KpmDefinition {
  readonly name: FunctionName;
  readonly triggerStyles: readonly TriggerStyle[];
  readonly reportStyles: readonly ReportStyle[];
}

export interface TriggerStyle {
  readonly style: number;
  readonly name: string;
  readonly format: number;
}

export interface ReportStyle {
  readonly style: number;
  readonly name: string;
  readonly actionFormat: number;
  readonly headerFormat: number;
  readonly messageFormat: number;
  readonly measurements: readonly OfferedMeasurement[];
}

export interface OfferedMeasurement {
  readonly name: string;
  readonly id?: number;
  /** Of a measurement that is a distribution. */
  readonly bins?: E2sm_Kpm$BinRanges;
}

/** A measurement by its name, or by the number that the function definition gave it. */
export type Measurement = { readonly name: string } | { readonly id: number };

/** What a value is of; members are named as in the standard. */
export type Label = Omit<E2sm_Kpm$Label, 'plmnID' | 'sliceID'> & {
  readonly plmnID?: string;
  readonly sliceID?: Slice;
};

export const NO_LABEL: Label = { noLabel: 'true' };

export interface WantedMeasurement {
  readonly measurement: Measurement;
  readonly labels: readonly Label[];
}

/** What is measured, and how long for each value. */
export interface Subscription {
  readonly measurements: readonly WantedMeasurement[];
  readonly granularityMs: number;
  readonly cell?: CellId;
  readonly bins?: E2sm_Kpm$Subscription['distMeasBinRangeInfo'];
}

/** As in the standard: `{ testType: { rSRP: 'true' }, testExpr: 'greaterthan', testValue: { valueInt: -90 } }`. */
export type TestCondition = E2sm_Kpm$TestCondition;

/** `or` joins it to the next one; without it, both must hold. */
export type Condition =
  { readonly label: Label; readonly or: boolean } | { readonly test: TestCondition; readonly or: boolean };

export interface ConditionalMeasurement {
  readonly measurement: Measurement;
  readonly conditions: readonly Condition[];
  readonly bins?: E2sm_Kpm$BinRanges;
}

export interface UeCondition {
  readonly test: TestCondition;
  readonly or: boolean;
}

/** Of each report style one format: of an E2 node, a UE, UEs by condition (measurement by measurement), by condition (UE by UE), UEs by name. */
export type KpmAction =
  | { readonly style: number; readonly format: 1; readonly subscription: Subscription }
  | {
      readonly style: number;
      readonly format: 2;
      readonly ue: UeId;
      readonly subscription: Subscription;
    }
  | {
      readonly style: number;
      readonly format: 3;
      readonly measurements: readonly ConditionalMeasurement[];
      readonly granularityMs: number;
      readonly cell?: CellId;
    }
  | {
      readonly style: number;
      readonly format: 4;
      readonly conditions: readonly UeCondition[];
      readonly subscription: Subscription;
    }
  | {
      readonly style: number;
      readonly format: 5;
      /** At least two. */
      readonly ues: readonly UeId[];
      readonly subscription: Subscription;
    };

export interface KpmHeader {
  /** Start of the collection, four octets in v2 and eight in v3: see `time-stamp.ts`. */
  readonly timeStamp: Uint8Array;
  readonly fileFormat?: string;
  readonly senderName?: string;
  readonly senderType?: string;
  readonly vendorName?: string;
}

/** `{ integer }`, `{ real }` or `{ noValue: null }`. */
export type KpmValue = Exclude<E2sm_Kpm$Value, { readonly '...': unknown }>;

/** The values of one granularity period, measurement by measurement and label by label. */
export interface ValueRecord {
  readonly values: readonly KpmValue[];
  /** The sender could not measure through the whole period. */
  readonly incomplete: boolean;
}

export interface Report {
  readonly records: readonly ValueRecord[];
  /** Absent where they are those of the action definition. */
  readonly measurements?: readonly WantedMeasurement[];
  readonly granularityMs?: number;
}

export interface MatchedMeasurement {
  readonly measurement: Measurement;
  readonly conditions: readonly Condition[];
  readonly ues?: readonly UeId[];
  /** Who matched in each granularity period. */
  readonly uesByPeriod?: readonly (readonly UeId[])[];
}

export type KpmMessage =
  | { readonly format: 1; readonly report: Report }
  | {
      readonly format: 2;
      readonly records: readonly ValueRecord[];
      readonly measurements: readonly MatchedMeasurement[];
      readonly granularityMs?: number;
    }
  | { readonly format: 3; readonly reports: readonly { readonly ue: UeId; readonly report: Report }[] };
