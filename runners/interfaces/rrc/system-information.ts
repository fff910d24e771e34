import { make } from './gen/rrc.js';
import * as runtime from '../per/runtime.ts';

/** A cell as its system information shows it. */
export interface BroadcastCell {
  /** Five or six digits. */
  readonly plmn: string;
  /** 24 bits. */
  readonly tac: number;
  /** 36 bits. */
  readonly cellIdentity: bigint;
  readonly subcarrierSpacing: 'kHz15' | 'kHz30';
  /** NR-ARFCN of the SSB. */
  readonly ssbArfcn: number;
}

/** What a gNB-DU tells its gNB-CU of a cell in F1 Setup, each as octets of RRC. @see TS 38.473 clauses 9.3.1.10, 9.3.1.18 */
export interface SystemInformation {
  readonly mib: Uint8Array;
  readonly sib1: Uint8Array;
  readonly measurementTiming: Uint8Array;
}

const CODECS = make(runtime);

/** @throws PerError PER_VALUE_INVALID for numbers beyond their bits @see TS 38.331 clauses 6.2.2, 11.2.2 */
export function systemInformation(cell: BroadcastCell): SystemInformation {
  return { mib: mibOf(cell), sib1: sib1Of(cell), measurementTiming: timingOf(cell) };
}

function mibOf({ subcarrierSpacing }: BroadcastCell): Uint8Array {
  return CODECS['NR-RRC.MIB'].encode({
    systemFrameNumber: bitsOf(0n, 6),
    subCarrierSpacingCommon: subcarrierSpacing === 'kHz15' ? 'scs15or60' : 'scs30or120',
    'ssb-SubcarrierOffset': 0,
    'dmrs-TypeA-Position': 'pos2',
    'pdcch-ConfigSIB1': { controlResourceSetZero: 2, searchSpaceZero: 0 },
    cellBarred: 'notBarred',
    intraFreqReselection: 'allowed',
    spare: bitsOf(0n, 1),
  });
}

function sib1Of({ plmn, tac, cellIdentity }: BroadcastCell): Uint8Array {
  const digits = Array.from(plmn, Number);
  const identity = { mcc: digits.slice(0, 3), mnc: digits.slice(3) };
  return CODECS['NR-RRC.SIB1'].encode({
    cellSelectionInfo: { 'q-RxLevMin': -70, 'q-QualMin': -20 },
    cellAccessRelatedInfo: {
      'plmn-IdentityInfoList': [
        {
          'plmn-IdentityList': [identity],
          trackingAreaCode: bitsOf(BigInt(tac), 24),
          cellIdentity: bitsOf(cellIdentity, 36),
          cellReservedForOperatorUse: 'notReserved',
        },
      ],
    },
    'ue-TimersAndConstants': {
      ...{ t300: 'ms1000', t301: 'ms1000', t310: 'ms1000', n310: 'n10' },
      ...{ t311: 'ms3000', n311: 'n1', t319: 'ms1000' },
    },
  });
}

function timingOf({ ssbArfcn, subcarrierSpacing }: BroadcastCell): Uint8Array {
  const timing = {
    carrierFreq: ssbArfcn,
    ssbSubcarrierSpacing: subcarrierSpacing,
    'ssb-MeasurementTimingConfiguration': { periodicityAndOffset: { sf20: 0 }, duration: 'sf5' },
  } as const;
  const contents = { measTiming: [{ frequencyAndTiming: timing }] };
  return CODECS['NR-RRC.MeasurementTimingConfiguration'].encode({
    criticalExtensions: { c1: { measTimingConf: contents } },
  });
}

/** A number as so many bits, the highest first. */
function bitsOf(value: bigint, length: number): { bits: Uint8Array; length: number } {
  const octets = Math.ceil(length / 8);
  const shifted = BigInt.asUintN(length, value) << BigInt(octets * 8 - length);
  const bits = Uint8Array.from({ length: octets }, (_, at) =>
    Number((shifted >> BigInt(8 * (octets - 1 - at))) & 0xffn),
  );
  return { bits, length };
}
