import { decodePlmn, encodePlmn } from '../../interfaces/nas/identity.ts';
import { outgoing } from '../../interfaces/ngap/codec.ts';
import type { Ies, Outgoing } from '../../interfaces/ngap/types.ts';
import { guamiOf, nodeNameOf, sliceIn, valueOf, wireSlice } from '../../interfaces/ngap/values.ts';
import type { SNssai } from '../../interfaces/nas/values.ts';
import type { AmfBehaviour } from './behaviour.ts';
import type { AmfSettings } from './settings.ts';

/** A node as it presents itself. */
export interface NodeRecord {
  /** As in `nodeNameOf`. */
  readonly name: string;
  readonly id: Ies<'NGSetupRequest'>['GlobalRANNodeID'];
  areas: readonly Area[];
}

export interface Area {
  readonly tac: number;
  readonly plmns: readonly { readonly plmn: string; readonly slices: readonly SNssai[] }[];
}

export function areasIn(list: Ies<'NGSetupRequest'>['SupportedTAList']): readonly Area[] {
  return list.map(({ tAC, broadcastPLMNList }) => ({
    tac: valueOf(tAC),
    plmns: broadcastPLMNList.map(({ pLMNIdentity, tAISliceSupportList }) => ({
      plmn: decodePlmn(pLMNIdentity) ?? '',
      slices: tAISliceSupportList.map((item) => sliceIn(item['s-NSSAI'])),
    })),
  }));
}

export interface Judging {
  readonly settings: AmfSettings;
  readonly behaviour: Pick<AmfBehaviour, 'checksPlmn'>;
}

/** Why a node cannot be served; `null` when it can. @see TS 38.413 clause 8.7.1.3 */
export function refusalOf(
  areas: readonly Area[],
  { settings, behaviour }: Judging,
): Ies<'NGSetupFailure'>['Cause'] | null {
  const isServed = areas.some(({ plmns }) => plmns.some(({ plmn }) => plmn === settings.plmn));
  return isServed || !behaviour.checksPlmn ? null : { misc: 'unknown-PLMN-or-SNPN' };
}

export function nodeIn({ GlobalRANNodeID, SupportedTAList }: Setup): NodeRecord | null {
  if (GlobalRANNodeID === undefined || SupportedTAList === undefined) return null;
  return { name: nodeNameOf(GlobalRANNodeID), id: GlobalRANNodeID, areas: areasIn(SupportedTAList) };
}
type Setup = Partial<Ies<'NGSetupRequest'>>;

export function setupResponse(settings: AmfSettings): Outgoing {
  return outgoing('NGSetupResponse', { AMFName: settings.name, ...servedBy(settings) });
}

/** What an AMF says of itself. */
export function servedBy({
  plmn,
  amfId,
  capacity,
  slices,
}: AmfSettings): Pick<Ies<'NGSetupResponse'>, 'ServedGUAMIList' | 'RelativeAMFCapacity' | 'PLMNSupportList'> {
  return {
    ServedGUAMIList: [{ gUAMI: guamiOf(plmn, amfId) }],
    RelativeAMFCapacity: capacity,
    PLMNSupportList: [
      {
        pLMNIdentity: encodePlmn(plmn),
        sliceSupportList: slices.map((slice) => ({ 's-NSSAI': wireSlice(slice) })),
      },
    ],
  };
}
