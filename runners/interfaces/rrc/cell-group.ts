import { make } from './gen/rrc.js';
import { err, ok, type Result } from '../../../src/kernel/result.ts';
import { PerError } from '../per/error.ts';
import * as runtime from '../per/runtime.ts';

const CODECS = make(runtime);

/** A radio bearer, by its kind and number. */
export type RadioBearer = { readonly srb: number } | { readonly drb: number };

/** Times and numbers of RLC as their place in the lists of TS 38.331 clause 6.3.2. */
const RETRANSMIT_AFTER_45_MS = 8;
const NO_POLL_PDU = 23;
const NO_POLL_BYTE = 43;
const REASSEMBLE_WITHIN_35_MS = 7;
const STATUS_AT_ONCE = 0;
/** Logical channels 1 to 3 are those of SRBs. */
const FIRST_OF_DRBS = 3;

/** What a gNB-DU decides of a UE, as octets: a bearer of RLC in acknowledged mode for each radio bearer. @see TS 38.331 clause 6.3.2 */
export function cellGroupConfig(bearers: readonly RadioBearer[]): Uint8Array {
  return CODECS['NR-RRC.CellGroupConfig'].encode({
    cellGroupId: 0,
    ...(bearers.length === 0 ? {} : { 'rlc-BearerToAddModList': bearers.map(rlcBearer) }),
  });
}

/** Where a UE is to go: the cell, and what it is called there. */
export interface NewCell {
  readonly pci: number;
  /** C-RNTI. */
  readonly rnti: number;
}

/** As {@link cellGroupConfig}, for a UE that comes from another cell. @see TS 38.331 clause 5.3.5.5.2 */
export function handoverCellGroup(bearers: readonly RadioBearer[], { pci, rnti }: NewCell): Uint8Array {
  return CODECS['NR-RRC.HandoverCellGroup'].encode({
    cellGroupId: 0,
    ...(bearers.length === 0 ? {} : { 'rlc-BearerToAddModList': bearers.map(rlcBearer) }),
    spCellConfig: {
      reconfigurationWithSync: {
        spCellConfigCommon: { physCellId: pci, 'dmrs-TypeA-Position': 'pos2', 'ss-PBCH-BlockPower': 0 },
        ...{ 'newUE-Identity': rnti, t304: 'ms1000' },
      },
    },
  });
}

/** Where a cell group sends the UE; null: it stays where it is; `unreadable`: that is told in words that we do not have. */
export function newCellIn(octets: Uint8Array): NewCell | null | 'unreadable' {
  try {
    const { spCellConfig } = CODECS['NR-RRC.HandoverCellGroup'].decode(octets);
    const sync = spCellConfig?.reconfigurationWithSync;
    const pci = sync?.spCellConfigCommon?.physCellId;
    return sync === undefined || pci === undefined ? null : { pci, rnti: sync['newUE-Identity'] };
  } catch (error) {
    if (!(error instanceof PerError)) throw error;
    return 'unreadable';
  }
}

/** The bearers in a cell group; what else is in there is not looked at. */
export function bearersIn(octets: Uint8Array): Result<readonly RadioBearer[], string> {
  try {
    const { 'rlc-BearerToAddModList': list = [] } = CODECS['NR-RRC.CellGroupConfig'].decode(octets);
    return ok(
      list.flatMap(({ servedRadioBearer: served }): readonly RadioBearer[] => {
        if (served === undefined) return [];
        return 'srb-Identity' in served
          ? [{ srb: served['srb-Identity'] }]
          : [{ drb: served['drb-Identity'] }];
      }),
    );
  } catch (error) {
    if (!(error instanceof PerError)) throw error;
    return err(error.message);
  }
}

function rlcBearer(bearer: RadioBearer) {
  const isSignalling = 'srb' in bearer;
  return {
    logicalChannelIdentity: isSignalling ? bearer.srb : FIRST_OF_DRBS + bearer.drb,
    servedRadioBearer: isSignalling ? { 'srb-Identity': bearer.srb } : { 'drb-Identity': bearer.drb },
    'rlc-Config': { am: acknowledged(isSignalling ? 'size12' : 'size18') },
    'mac-LogicalChannelConfig': {
      'ul-SpecificParameters': {
        priority: isSignalling ? bearer.srb : 8,
        prioritisedBitRate: isSignalling ? ('infinity' as const) : ('kBps8' as const),
        bucketSizeDuration: 'ms100' as const,
        logicalChannelGroup: isSignalling ? 0 : 1,
        'logicalChannelSR-Mask': false,
        'logicalChannelSR-DelayTimerApplied': false,
      },
    },
  };
}

function acknowledged(length: 'size12' | 'size18') {
  return {
    'ul-AM-RLC': {
      'sn-FieldLength': length,
      't-PollRetransmit': RETRANSMIT_AFTER_45_MS,
      pollPDU: NO_POLL_PDU,
      pollByte: NO_POLL_BYTE,
      maxRetxThreshold: 't32' as const,
    },
    'dl-AM-RLC': {
      'sn-FieldLength': length,
      't-Reassembly': REASSEMBLE_WITHIN_35_MS,
      't-StatusProhibit': STATUS_AT_ONCE,
    },
  };
}
