import { err, ok, type Result } from '../../../src/kernel/result.ts';
import { type Codecs, make } from './gen/rrc.js';
import { schema } from './gen/rrc-schema.js';
import { bitsOf, numberOfBits } from '../ap/values.ts';
import { PerError } from '../per/error.ts';
import { decodeValue } from '../per/interpret-decode.ts';
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

/** Whose a cell is, as its SIB1 says. */
export interface CellOwner {
  readonly plmn: string;
  /** 24 bits; `null`: it does not say. */
  readonly tac: number | null;
  readonly cellIdentity: bigint;
}

/** What a SIB1 says of whose cell it is, by its first PLMN; a word on what is wrong with it. */
export function readSib1(octets: Uint8Array): Result<readonly CellOwner[], string> {
  const type = { kind: 'reference', name: 'NR-RRC.SIB1-Beginning', recursive: false } as const;
  try {
    // Behind what we have words for, the rest of a real one is left over: no fault.
    const { value } = decodeValue(octets, { schema, variant: 'unaligned', type, mode: 'lenient' });
    const { cellAccessRelatedInfo } = value as Sib1Beginning;
    return ok(cellAccessRelatedInfo['plmn-IdentityInfoList'].flatMap(ownersIn));
  } catch (error) {
    if (!(error instanceof PerError)) throw error;
    return err(error.message);
  }
}

type Sib1Beginning = Pick<ReturnType<Codecs['NR-RRC.SIB1-Beginning']['decode']>, 'cellAccessRelatedInfo'>;
type IdentityInfo = Sib1Beginning['cellAccessRelatedInfo']['plmn-IdentityInfoList'][number];

function ownersIn(info: IdentityInfo): readonly CellOwner[] {
  const tac = info.trackingAreaCode === undefined ? null : numberOfBits(info.trackingAreaCode);
  const cellIdentity = BigInt(numberOfBits(info.cellIdentity));
  let mcc: readonly number[] = [];
  return info['plmn-IdentityList'].map((identity) => {
    // A PLMN without MCC has that of the one before it.
    mcc = identity.mcc ?? mcc;
    return { plmn: [...mcc, ...identity.mnc].join(''), tac, cellIdentity };
  });
}

/** What a MIB says of the spacing of SIB1's subcarriers, or a word on what is wrong with it. */
export function readMib(octets: Uint8Array): Result<{ readonly isBarred: boolean }, string> {
  return readStrictly(() => ({ isBarred: CODECS['NR-RRC.MIB'].decode(octets).cellBarred === 'barred' }));
}

/** NR-ARFCNs of the SSBs that can be measured; a word on what is wrong with it. */
export function readMeasurementTiming(octets: Uint8Array): Result<readonly number[], string> {
  return readStrictly(() => {
    const { criticalExtensions } = CODECS['NR-RRC.MeasurementTimingConfiguration'].decode(octets);
    if (!('c1' in criticalExtensions) || !('measTimingConf' in criticalExtensions.c1)) return [];
    const { measTiming = [] } = criticalExtensions.c1.measTimingConf;
    return measTiming.flatMap(({ frequencyAndTiming: each }) =>
      each === undefined ? [] : [each.carrierFreq],
    );
  });
}

function readStrictly<T>(read: () => T): Result<T, string> {
  try {
    return ok(read());
  } catch (error) {
    if (!(error instanceof PerError)) throw error;
    return err(error.message);
  }
}

function mibOf({ subcarrierSpacing }: BroadcastCell): Uint8Array {
  return CODECS['NR-RRC.MIB'].encode({
    systemFrameNumber: bitsOf(0, 6),
    subCarrierSpacingCommon: subcarrierSpacing === 'kHz15' ? 'scs15or60' : 'scs30or120',
    'ssb-SubcarrierOffset': 0,
    'dmrs-TypeA-Position': 'pos2',
    'pdcch-ConfigSIB1': { controlResourceSetZero: 2, searchSpaceZero: 0 },
    cellBarred: 'notBarred',
    intraFreqReselection: 'allowed',
    spare: bitsOf(0, 1),
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
          trackingAreaCode: bitsOf(tac, 24),
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
