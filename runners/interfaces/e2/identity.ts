import type { Ies } from './types.ts';
import { bitsOf, numberOfBits, plmnOctets, plmnText } from '../ap/values.ts';
import { type BitString, isBitString, isObject } from '../per/values.ts';

export type GlobalRicId = Ies<'E2setupResponse'>['GlobalRIC-ID'];
export type GlobalNodeId = Ies<'E2setupRequest'>['GlobalE2node-ID'];

/** @throws PerError PER_VALUE_INVALID when the number needs more than 20 bits or the PLMN is none */
export function globalRicId({ plmn, id }: { readonly plmn: string; readonly id: number }): GlobalRicId {
  return { 'pLMN-Identity': plmnOctets(plmn), 'ric-ID': bitsOf(id, 20) };
}

/** An E2 node of NR, or the part of it that speaks. */
export interface NodeIdentity {
  readonly kind: 'gNB' | 'en-gNB';
  readonly plmn: string;
  readonly id: number;
  /** 22 to 32; default 29. */
  readonly bits?: number;
  readonly cuUpId?: number;
  readonly duId?: number;
}

/** @throws PerError PER_VALUE_INVALID when the number needs more bits or the PLMN is none */
export function globalNodeId({ kind, plmn, id, bits = 29, cuUpId, duId }: NodeIdentity): GlobalNodeId {
  const plmnId = plmnOctets(plmn);
  const number = bitsOf(id, bits);
  if (kind === 'gNB') {
    const parts = {
      ...(cuUpId === undefined ? {} : { 'gNB-CU-UP-ID': cuUpId }),
      ...(duId === undefined ? {} : { 'gNB-DU-ID': duId }),
    };
    return { gNB: { 'global-gNB-ID': { 'plmn-id': plmnId, 'gnb-id': { 'gnb-ID': number } }, ...parts } };
  }
  const parts = {
    ...(cuUpId === undefined ? {} : { 'en-gNB-CU-UP-ID': cuUpId }),
    ...(duId === undefined ? {} : { 'en-gNB-DU-ID': duId }),
  };
  return {
    'en-gNB': { 'global-en-gNB-ID': { 'pLMN-Identity': plmnId, 'gNB-ID': { 'gNB-ID': number } }, ...parts },
  };
}

/** `ric 00101/abcde` */
export function ricText(id: GlobalRicId): string {
  return `ric ${plmnText(id['pLMN-Identity'])}/${numberOfBits(id['ric-ID']).toString(16)}`;
}

/** `gNB 00101/19b du 3`: kind, PLMN, number in hexadecimal, and the part of the node. `unknown` for a kind that came later. */
export function nodeText(id: GlobalNodeId): string {
  if ('gNB' in id) {
    const { 'global-gNB-ID': global, 'gNB-CU-UP-ID': cuUp, 'gNB-DU-ID': du } = id.gNB;
    return `gNB ${numbered(global['plmn-id'], global['gnb-id'])}${partText(cuUp, du)}`;
  }
  if ('en-gNB' in id) {
    const { 'global-en-gNB-ID': global, 'en-gNB-CU-UP-ID': cuUp, 'en-gNB-DU-ID': du } = id['en-gNB'];
    return `en-gNB ${numbered(global['pLMN-Identity'], global['gNB-ID'])}${partText(cuUp, du)}`;
  }
  if ('ng-eNB' in id) {
    const { 'global-ng-eNB-ID': global, 'ngENB-DU-ID': du } = id['ng-eNB'];
    return `ng-eNB ${numbered(global['plmn-id'], global['enb-id'])}${partText(undefined, du)}`;
  }
  if ('eNB' in id) {
    const { 'global-eNB-ID': global } = id.eNB;
    return `eNB ${numbered(global['pLMN-Identity'], global['eNB-ID'])}`;
  }
  return 'unknown';
}

function numbered(plmn: Uint8Array, choice: object): string {
  const bits: unknown = Object.values(choice).find((value) => value !== undefined);
  return `${plmnText(plmn)}/${isNumber(bits) ? numberOfBits(bits).toString(16) : '?'}`;
}

function isNumber(value: unknown): value is BitString {
  return isObject(value) && isBitString(value);
}

function partText(cuUp: number | bigint | undefined, du: number | bigint | undefined): string {
  return `${cuUp === undefined ? '' : ` cu-up ${cuUp}`}${du === undefined ? '' : ` du ${du}`}`;
}
