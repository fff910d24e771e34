import { gtpTunnel, sliceIn, type Tunnel, tunnelOf } from '../../interfaces/ap/tunnel.ts';
import type { E1Session, E1SessionSetUp } from '../../interfaces/e1ap/bearers.ts';
import type { DrbForUe } from '../../interfaces/rrc/network-side.ts';
import type { UeSession } from './ue.ts';
import type { Algorithm } from '../../interfaces/nas-security/types.ts';
import { RULES as NG_RULES } from '../../interfaces/ngap/codec.ts';
import type { Ies as NgIes } from '../../interfaces/ngap/types.ts';

export type SetupItem = NgIes<'PDUSessionResourceSetupRequest'>['PDUSessionResourceSetupListSUReq'][number];

/** A session that the core network wants, with what came with it for the UE. */
export interface WantedSession {
  readonly e1: E1Session;
  readonly nas: Uint8Array | null;
}

export const SN_BITS = 18;

/** Bits from the highest: the algorithms 1, 2 and 3. AES first. @see TS 38.413 clause 9.3.1.86 */
export function bestOf([first = 0]: Uint8Array): Algorithm | null {
  const found = ([2, 1, 3] as const).find((algorithm) => (first & (0x80 >> (algorithm - 1))) !== 0);
  return found ?? null;
}

export function wantedIn(items: readonly SetupItem[]): readonly WantedSession[] {
  return items.flatMap((item) => {
    const transfer = item.pDUSessionResourceSetupRequestTransfer;
    if (transfer instanceof Uint8Array) return [];
    const set = NG_RULES.unwrapElements(
      'PDUSessionResourceSetupRequestTransfer-IEs',
      transfer.protocolIEs,
    ) as {
      readonly 'UL-NGU-UP-TNLInformation'?: object;
      readonly QosFlowSetupRequestList?: readonly QosFlow[];
      readonly SecurityIndication?: { readonly integrityProtectionIndication: string };
    };
    const uplink = tunnelOf(set['UL-NGU-UP-TNLInformation']);
    if (uplink === null) return [];
    const flows = (set.QosFlowSetupRequestList ?? []).map(flowOf);
    const indication = set.SecurityIndication?.integrityProtectionIndication ?? 'not-needed';
    const e1 = {
      ...{ id: item.pDUSessionID, slice: sliceIn(item['s-NSSAI']), uplink },
      isIntegrityProtected: indication !== 'not-needed',
      drbs: [{ drb: item.pDUSessionID, snBits: SN_BITS, flows }] as const,
    };
    return [{ e1, nas: item['pDUSessionNAS-PDU'] ?? null }];
  });
}

interface QosFlow {
  readonly qosFlowIdentifier: number;
  readonly qosFlowLevelQosParameters: { readonly qosCharacteristics?: object };
}

function flowOf({ qosFlowIdentifier: qfi, qosFlowLevelQosParameters: level }: QosFlow) {
  const { nonDynamic5QI } = (level.qosCharacteristics ?? {}) as {
    readonly nonDynamic5QI?: { readonly fiveQI: number };
  };
  return { qfi, fiveQi: nonDynamic5QI?.fiveQI ?? 9 };
}

type CxtItem = NonNullable<NgIes<'InitialContextSetupRequest'>['PDUSessionResourceSetupListCxtReq']>[number];

export function asSetupItem({ 'nAS-PDU': nas, ...item }: CxtItem): SetupItem {
  return { ...item, ...(nas === undefined ? {} : { 'pDUSessionNAS-PDU': nas }) };
}

export function responseTransfer(downlink: Tunnel, qfis: readonly number[]) {
  return {
    dLQosFlowPerTNLInformation: {
      uPTransportLayerInformation: { gTPTunnel: gtpTunnel(downlink) },
      associatedQosFlowList: qfis.map((qosFlowIdentifier) => ({ qosFlowIdentifier })),
    },
  };
}

/** A session that the gNB-CU-UP has opened. */
export interface OpenedSession {
  readonly ue: UeSession;
  readonly wanted: WantedSession;
}

export function openedSessions(
  opened: readonly E1SessionSetUp[],
  wanted: readonly WantedSession[],
): readonly OpenedSession[] {
  return opened.flatMap(({ id, downlink, uplinks }): readonly OpenedSession[] => {
    const session = wanted.find((each) => each.e1.id === id);
    const [bearer] = session?.e1.drbs ?? [];
    const uplink = bearer === undefined ? undefined : uplinks.get(bearer.drb);
    if (session === undefined || bearer === undefined || uplink === undefined) return [];
    const { drb, flows } = bearer;
    const qfis = flows.map(({ qfi }) => qfi);
    const atDu = { drb, slice: session.e1.slice, flows, uplink, snBits: SN_BITS } as const;
    return [{ ue: { id, downlink, drb, qfis, atDu }, wanted: session }];
  });
}

export function drbForUe({ ue: { drb, id, qfis }, wanted: { e1 } }: OpenedSession): DrbForUe {
  const { isIntegrityProtected } = e1;
  return { ...{ drb, session: id, qfis, isIntegrityProtected }, snBits: SN_BITS };
}
