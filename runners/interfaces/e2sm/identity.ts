import { badValue } from '../per/error.ts';
import { bitsOf, numberOfBits, plmnOctets, plmnText } from '../ap/values.ts';
import { chosen, unreadable } from './exact.ts';
import type { E2sm_Common$Cgi, E2sm_Common$NrCgi, E2sm_Common$Slice, E2sm_Common$Ue } from './gen/common.js';

/** A UE as an E2 node knows it; which alternative it is depends on the kind of the node. */
export type UeId = E2sm_Common$Ue;

export interface CellId {
  readonly kind: 'nr' | 'eutra';
  /** As {@link plmnText} writes it. */
  readonly plmn: string;
  /** 36 bits of an NR cell, 28 of an E-UTRA cell. */
  readonly id: number;
}

export interface Slice {
  /** 0 to 255. */
  readonly sst: number;
  /** 24 bits; absent where the slice has no differentiator. */
  readonly sd?: number;
}

const CELL_BITS = { nr: 36, eutra: 28 } as const;

export function cgiOf({ kind, plmn, id }: CellId): E2sm_Common$Cgi {
  const pLMNIdentity = plmnOctets(plmn);
  const bits = bitsOf(id, CELL_BITS[kind]);
  return kind === 'nr'
    ? { 'nR-CGI': { pLMNIdentity, nRCellIdentity: bits } }
    : { 'eUTRA-CGI': { pLMNIdentity, eUTRACellIdentity: bits } };
}

/** @throws PerError PER_INVALID for a kind of cell that came later */
export function cellOf(cgi: E2sm_Common$Cgi): CellId {
  if ('nR-CGI' in cgi) return nrCellOf(cgi['nR-CGI']);
  if (!('eUTRA-CGI' in cgi)) throw unreadable('cellGlobalID', 'a kind of cell that is not known here');
  const { pLMNIdentity, eUTRACellIdentity } = cgi['eUTRA-CGI'];
  return { kind: 'eutra', plmn: plmnText(pLMNIdentity), id: numberOfBits(eUTRACellIdentity) };
}

export function nrCellOf({ pLMNIdentity, nRCellIdentity }: E2sm_Common$NrCgi): CellId {
  return { kind: 'nr', plmn: plmnText(pLMNIdentity), id: numberOfBits(nRCellIdentity) };
}

/** `00101/00000a001`: the PLMN and the identity in hexadecimal. */
export function cellText({ kind, plmn, id }: CellId): string {
  return `${plmn}/${id.toString(16).padStart(CELL_BITS[kind] / 4, '0')}`;
}

export function snssaiOf({ sst, sd }: Slice): E2sm_Common$Slice {
  if (!Number.isInteger(sst) || sst < 0 || sst > 255) throw badValue('an SST is 0 to 255');
  return { sST: Uint8Array.of(sst), ...(sd === undefined ? {} : { sD: bitsOf(sd, 24).bits }) };
}

export function sliceOf({ sST, sD }: E2sm_Common$Slice): Slice {
  return { sst: sST[0] ?? 0, ...(sD === undefined ? {} : { sd: numberOfBits({ bits: sD, length: 24 }) }) };
}

/** `1`, or `1-00000a` with a differentiator. */
export function sliceText({ sst, sd }: Slice): string {
  return sd === undefined ? String(sst) : `${String(sst)}-${sd.toString(16).padStart(6, '0')}`;
}

export interface GnbUe {
  readonly amfUeNgapId: number;
  readonly plmn: string;
  readonly amf: { readonly region: number; readonly set: number; readonly pointer: number };
  /** One for each F1 connection of a gNB whose CU and DU are apart. */
  readonly f1apIds?: readonly number[];
}

/** As a gNB or its O-CU-CP knows a UE. */
export function ueOfGnb({ amfUeNgapId, plmn, amf, f1apIds = [] }: GnbUe): UeId {
  const guami = {
    pLMNIdentity: plmnOctets(plmn),
    aMFRegionID: bitsOf(amf.region, 8),
    aMFSetID: bitsOf(amf.set, 10),
    aMFPointer: bitsOf(amf.pointer, 6),
  };
  const list = f1apIds.map((id) => ({ 'gNB-CU-UE-F1AP-ID': id }));
  return {
    'gNB-UEID': {
      'amf-UE-NGAP-ID': amfUeNgapId,
      guami,
      ...(list.length === 0 ? {} : { 'gNB-CU-UE-F1AP-ID-List': list }),
    },
  };
}

/** As an O-DU knows a UE. */
export function ueOfDu(f1apId: number): UeId {
  return { 'gNB-DU-UEID': { 'gNB-CU-UE-F1AP-ID': f1apId } };
}

/** As an O-CU-UP knows a UE. */
export function ueOfCuUp(e1apId: number): UeId {
  return { 'gNB-CU-UP-UEID': { 'gNB-CU-CP-UE-E1AP-ID': e1apId } };
}

/** `gNB-DU-UEID 17`: the kind and its first number, which is one of an application protocol and no subscriber identity. */
export function ueText(ue: UeId): string {
  const [kind, members] = chosen(ue);
  const numbers = typeof members === 'object' && members !== null ? Object.entries(members) : [];
  const first = numbers.find(([, value]) => typeof value === 'number' || typeof value === 'bigint');
  return first === undefined ? kind : `${kind} ${String(first[1])}`;
}
