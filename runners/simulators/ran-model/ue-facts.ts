import { cellText, sliceText, type UeId, ueOfCuUp, ueOfDu, ueOfGnb } from '../../interfaces/e2sm/identity.ts';
import { chosen } from '../../interfaces/e2sm/exact.ts';
import { findCell, stateAt } from './model.ts';
import type { RanModel } from './types.ts';
import { cqi, isConnected, rsrpDbm } from './world.ts';

/** What conditions of KPM ask about a UE. */
export interface UeFacts {
  readonly ue: number;
  readonly cell: string;
  readonly slice: string;
  readonly fiveQi: number;
  readonly rsrpDbm: number;
  readonly cqi: number;
  /** Whether a bit rate is guaranteed to it. */
  readonly gbr: boolean;
}

/** The UEs that are connected at a time. */
export function connectedUes(model: RanModel, atMs: number): readonly UeFacts[] {
  const { cellOf, limitsOf } = stateAt(model, atMs);
  return model.config.ues.flatMap((ue) => {
    const cell = findCell(model, cellOf.get(ue.ue) ?? '');
    if (cell === undefined || !isConnected(model.config, ue, atMs)) return [];
    return {
      ue: ue.ue,
      cell: cellText(cell.cell),
      slice: sliceText(ue.slice),
      fiveQi: ue.fiveQi,
      rsrpDbm: Math.round(rsrpDbm(ue, cell, atMs)),
      cqi: cqi(ue, cell, atMs),
      gbr: limitsOf.get(ue.ue)?.guaranteedDlKbitS !== undefined,
    };
  });
}

export const NODE_KINDS = ['gnb', 'o-cu-cp', 'o-cu-up', 'o-du'] as const;
export type NodeKind = (typeof NODE_KINDS)[number];

/** A UE as one kind of node knows it. */
export function ueIdFor(kind: NodeKind, ue: number, plmn: string): UeId {
  if (kind === 'o-du') return ueOfDu(ue);
  if (kind === 'o-cu-up') return ueOfCuUp(ue);
  const amf = { region: 1, set: 1, pointer: 1 };
  return ueOfGnb({ amfUeNgapId: ue, plmn, amf, ...(kind === 'o-cu-cp' ? { f1apIds: [ue] } : {}) });
}

const NUMBERS: Readonly<Record<string, string>> = {
  'gNB-UEID': 'amf-UE-NGAP-ID',
  'gNB-DU-UEID': 'gNB-CU-UE-F1AP-ID',
  'gNB-CU-UP-UEID': 'gNB-CU-CP-UE-E1AP-ID',
};

/** The number of the UE that is meant; `null` for a kind that no node here uses. */
export function ueNumber(ue: UeId): number | null {
  const [kind, members] = chosen(ue);
  const entries = typeof members === 'object' && members !== null ? Object.entries(members) : [];
  const number: unknown = entries.find(([name]) => name === NUMBERS[kind])?.[1];
  return typeof number === 'number' ? number : null;
}
