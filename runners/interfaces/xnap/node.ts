import { bitsOf, numberOfBits, plmnOctets, plmnText } from '../ap/values.ts';
import type { Slice } from '../e2sm/identity.ts';
import { systemInformation } from '../rrc/system-information.ts';
import type { Ies } from './types.ts';

/** A cell of 5G as its node shows it to others: TDD. */
export interface NrCell {
  readonly plmn: string;
  /** 36 bits. */
  readonly id: number;
  /** 0 to 1007. */
  readonly pci: number;
  /** 24 bits. */
  readonly tac: number;
}

/** A gNB as it shows itself to others. */
export interface XnGnb {
  readonly plmn: string;
  /** 32 bits; the first ones of the identities of its cells. */
  readonly id: number;
  readonly slices: readonly Slice[];
  /** 8 bits. */
  readonly amfRegion: number;
  readonly cells: readonly NrCell[];
}

export type GlobalNodeId = Ies<'XnSetupRequest'>['GlobalNG-RAN-node-ID'];
export type ServedCells = NonNullable<Ies<'XnSetupRequest'>['List-of-served-cells-NR']>;
export type ServedCell = ServedCells[number]['served-cell-info-NR'];
export type NrCgi = ServedCell['cellID'];

const GNB_BITS = 32;
const CELL_BITS = 36;
/** Cells that a gNB of 32 bits can have. */
export const MOST_CELLS = 2 ** (CELL_BITS - GNB_BITS);
/** Band 78 at 3,500.01 MHz, 20 MHz wide. */
const CARRIER = { arfcn: 633_334, band: 78, scs: 'scs30', blocks: 'nrb51' } as const;

/** The cell with that number, from 0, of a gNB. */
export function cellOfGnb(
  { plmn, id, tac }: { readonly plmn: string; readonly id: number; readonly tac: number },
  index: number,
): NrCell {
  return { plmn, tac, id: id * MOST_CELLS + index, pci: (id * MOST_CELLS + index) % 1_008 };
}

/** @see 3GPP TS 38.423 clause 9.1.3.1 */
export function setupRequest(gnb: XnGnb): Ies<'XnSetupRequest'> {
  return {
    'GlobalNG-RAN-node-ID': globalNodeId(gnb),
    'TAISupport-list': taiSupport(gnb),
    'AMF-Region-Information': amfRegions(gnb),
    'List-of-served-cells-NR': servedCells(gnb),
  };
}

/** @see clause 9.1.3.2 */
export function setupResponse(gnb: XnGnb): Ies<'XnSetupResponse'> {
  return {
    'GlobalNG-RAN-node-ID': globalNodeId(gnb),
    'TAISupport-list': taiSupport(gnb),
    'List-of-served-cells-NR': servedCells(gnb),
    'AMF-Region-Information': amfRegions(gnb),
  };
}

export function globalNodeId({ plmn, id }: Pick<XnGnb, 'plmn' | 'id'>): GlobalNodeId {
  return { gNB: { 'plmn-id': plmnOctets(plmn), 'gnb-id': { 'gnb-ID': bitsOf(id, GNB_BITS) } } };
}

/** Such as `gNB 00101 1`. */
export function nodeText(id: GlobalNodeId): string {
  if ('gNB' in id) {
    const { 'plmn-id': plmn, 'gnb-id': number } = id.gNB;
    return `gNB ${plmnText(plmn)} ${'gnb-ID' in number ? numberOfBits(number['gnb-ID']) : 'unknown'}`;
  }
  if (!('ng-eNB' in id)) return 'a kind of node that came later';
  const { 'plmn-id': plmn, 'enb-id': number } = id['ng-eNB'];
  const bits = Object.values(number as Readonly<Record<string, unknown>>)[0] as Parameters<
    typeof numberOfBits
  >[0];
  return `ng-eNB ${plmnText(plmn)} ${numberOfBits(bits)}`;
}

export function cgiOf({ plmn, id }: Pick<NrCell, 'plmn' | 'id'>): NrCgi {
  return { 'plmn-id': plmnOctets(plmn), 'nr-CI': bitsOf(id, CELL_BITS) };
}

/** Such as `00101/000000010`. */
export function cgiText({ 'plmn-id': plmn, 'nr-CI': id }: NrCgi): string {
  return `${plmnText(plmn)}/${numberOfBits(id)
    .toString(16)
    .padStart(CELL_BITS / 4, '0')}`;
}

/** Each tracking area of the cells once. */
function taiSupport({ plmn, slices, cells }: XnGnb): Ies<'XnSetupRequest'>['TAISupport-list'] {
  const supported = {
    'plmn-id': plmnOctets(plmn),
    'tAISliceSupport-List': slices.map(sliceOctets),
  };
  return [...new Set(cells.map(({ tac }) => tac))].map((tac) => ({
    tac: tacOctets(tac),
    broadcastPLMNs: [supported],
  }));
}

function amfRegions({ plmn, amfRegion }: XnGnb): Ies<'XnSetupRequest'>['AMF-Region-Information'] {
  return [{ 'plmn-ID': plmnOctets(plmn), 'amf-region-id': bitsOf(amfRegion, 8) }];
}

export function servedCells({ cells }: Pick<XnGnb, 'cells'>): ServedCells {
  return cells.map((cell) => ({ 'served-cell-info-NR': servedCell(cell) }));
}

export function servedCell(cell: NrCell): ServedCell {
  const { plmn, pci, tac, id } = cell;
  const { arfcn, band, scs, blocks } = CARRIER;
  const broadcast = { plmn, tac, cellIdentity: BigInt(id), subcarrierSpacing: 'kHz30' } as const;
  return {
    nrPCI: pci,
    cellID: cgiOf(cell),
    tac: tacOctets(tac),
    broadcastPLMN: [plmnOctets(plmn)],
    nrModeInfo: {
      tdd: {
        nrFrequencyInfo: { nrARFCN: arfcn, 'frequencyBand-List': [{ 'nr-frequency-band': band }] },
        nrTransmissonBandwidth: { nRSCS: scs, nRNRB: blocks },
      },
    },
    measurementTimingConfiguration: systemInformation({ ...broadcast, ssbArfcn: arfcn }).measurementTiming,
    connectivitySupport: { 'eNDC-Support': 'not-supported' },
  };
}

export function tacOctets(tac: number): Uint8Array {
  return bitsOf(tac, 24).bits;
}

export function sliceOctets({ sst, sd }: Slice): {
  readonly sst: Uint8Array;
  readonly sd?: Uint8Array;
} {
  return { sst: Uint8Array.of(sst), ...(sd === undefined ? {} : { sd: bitsOf(sd, 24).bits }) };
}
