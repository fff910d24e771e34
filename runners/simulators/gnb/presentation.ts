import { encodePlmn } from '../../interfaces/nas/identity.ts';
import type { Ies } from '../../interfaces/ngap/types.ts';
import { gnbId, octetsOf, wireSlice } from '../../interfaces/ngap/values.ts';
import type { GnbSettings } from './settings.ts';

export function setupRequest(settings: GnbSettings): Ies<'NGSetupRequest'> {
  const { plmn, id, idBits: bits, name } = settings;
  return {
    GlobalRANNodeID: gnbId(plmn, { id, bits }),
    RANNodeName: name,
    SupportedTAList: supportedAreas(settings),
    DefaultPagingDRX: 'v128',
  };
}

export function supportedAreas({ plmn, tac, slices }: GnbSettings): Ies<'NGSetupRequest'>['SupportedTAList'] {
  const tAISliceSupportList = slices.map((slice) => ({ 's-NSSAI': wireSlice(slice) }));
  return [
    {
      tAC: octetsOf(tac),
      broadcastPLMNList: [{ pLMNIdentity: encodePlmn(plmn), tAISliceSupportList }],
    },
  ];
}
