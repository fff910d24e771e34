import { bitsOf, numberOfBits, plmnOctets, plmnText } from '../ap/values.ts';
import { type SliceId, snssaiOf } from '../ap/tunnel.ts';
import type { BitString } from '../per/values.ts';
import { systemInformation } from '../rrc/system-information.ts';
import { unwrapItems, wrapElements } from './codec.ts';
import type { AllItems, Ies } from './types.ts';

/** A cell of a gNB-DU, in TDD. */
export interface F1Cell {
  readonly plmn: string;
  /** 24 bits. */
  readonly tac: number;
  /** 36 bits. */
  readonly identity: number;
  /** Physical cell identity, 0 to 1007. */
  readonly pci: number;
  /** NR-ARFCN of its carrier, which is also that of its SSB. */
  readonly arfcn: number;
  readonly band: number;
  readonly slices?: readonly SliceId[];
}

type ServedCell = AllItems['GNB-DU-Served-Cells-Item'];
export type Nrcgi = ServedCell['served-Cell-Information']['nRCGI'];

export function nrcgiOf({ plmn, identity }: Pick<F1Cell, 'plmn' | 'identity'>): Nrcgi {
  return { 'pLMN-Identity': plmnOctets(plmn), nRCellIdentity: bitsOf(identity, 36) };
}

/** `00101/000001001`: a name for people, and to compare by. */
export function cellName(nrcgi: {
  readonly 'pLMN-Identity': Uint8Array;
  readonly nRCellIdentity: BitString;
}): string {
  const identity = numberOfBits(nrcgi.nRCellIdentity).toString(16).padStart(9, '0');
  return `${plmnText(nrcgi['pLMN-Identity'])}/${identity}`;
}

/** 20 MHz with subcarriers of 30 kHz. */
const BANDWIDTH = { nRSCS: 'scs30', nRNRB: 'nrb51' } as const;

/** What F1 set-up says of a cell, with the system information that it sends. @see TS 38.473 clauses 9.3.1.10, 9.3.1.18 */
export function servedCell(cell: F1Cell): ServedCell {
  const { plmn, tac, identity, pci, arfcn, band, slices = [] } = cell;
  const { mib, sib1, measurementTiming } = systemInformation({
    ...{ plmn, tac, cellIdentity: BigInt(identity), subcarrierSpacing: 'kHz30', ssbArfcn: arfcn },
  });
  const support = slices.map((slice) => ({ sNSSAI: snssaiOf(slice) }));
  return {
    'served-Cell-Information': {
      nRCGI: nrcgiOf(cell),
      nRPCI: pci,
      'fiveGS-TAC': Uint8Array.of(tac >> 16, (tac >> 8) & 0xff, tac & 0xff),
      servedPLMNs: [
        {
          'pLMN-Identity': plmnOctets(plmn),
          ...(support.length === 0
            ? {}
            : { 'iE-Extensions': wrapElements('ServedPLMNs-ItemExtIEs', { TAISliceSupportList: support }) }),
        },
      ],
      'nR-Mode-Info': {
        tDD: {
          nRFreqInfo: {
            nRARFCN: arfcn,
            freqBandListNr: [{ freqBandIndicatorNr: band, supportedSULBandList: [] }],
          },
          'transmission-Bandwidth': BANDWIDTH,
        },
      },
      measurementTimingConfiguration: measurementTiming,
    },
    'gNB-DU-System-Information': { 'mIB-message': mib, 'sIB1-message': sib1 },
  };
}

/** What a gNB-DU says of one of its cells. */
export interface SeenCell {
  readonly name: string;
  readonly plmns: readonly string[];
  readonly tac: number | null;
  readonly pci: number;
  readonly arfcn: number | null;
  readonly systemInformation: { readonly mib: Uint8Array; readonly sib1: Uint8Array } | null;
  readonly measurementTiming: Uint8Array;
  readonly nrcgi: Nrcgi;
}

export function servedCells(request: Partial<Ies<'F1SetupRequest'>>): readonly SeenCell[] {
  const items = unwrapItems('GNB-DU-Served-Cells-Item', request['gNB-DU-Served-Cells-List']);
  return items.map(seenCell);
}

export function seenCell(item: Omit<ServedCell, 'iE-Extensions'>): SeenCell {
  const { 'served-Cell-Information': about, 'gNB-DU-System-Information': system } = item;
  const { nRCGI, nRPCI, servedPLMNs, measurementTimingConfiguration: measurementTiming } = about;
  const tac = about['fiveGS-TAC'];
  return {
    name: cellName(nRCGI),
    plmns: servedPLMNs.map((each) => plmnText(each['pLMN-Identity'])),
    tac: tac === undefined ? null : ((tac[0] ?? 0) << 16) | ((tac[1] ?? 0) << 8) | (tac[2] ?? 0),
    pci: nRPCI,
    arfcn: arfcnIn(about['nR-Mode-Info']),
    systemInformation:
      system === undefined ? null : { mib: system['mIB-message'], sib1: system['sIB1-message'] },
    measurementTiming,
    nrcgi: nRCGI,
  };
}

function arfcnIn(mode: ServedCell['served-Cell-Information']['nR-Mode-Info']): number | null {
  if ('tDD' in mode) return mode.tDD.nRFreqInfo.nRARFCN;
  return 'fDD' in mode ? mode.fDD['dL-NRFreqInfo'].nRARFCN : null;
}
