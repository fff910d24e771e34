import { outgoing } from '../../interfaces/ngap/codec.ts';
import { sourceToTarget } from '../../interfaces/ngap/containers.ts';
import type { Ies, Outgoing } from '../../interfaces/ngap/types.ts';
import { gnbId, locationOf } from '../../interfaces/ngap/values.ts';
import { handoverPreparation } from '../../interfaces/rrc/handover-messages.ts';
import { changes, keepsBack, sends } from '../ng-wire.ts';
import type { GnbBehaviour } from './behaviour.ts';

type TargetId = Ies<'HandoverRequired'>['TargetID'];

/** A gNB, and a cell, that nobody wants a UE to go to. */
const ELSEWHERE = { plmn: '99999', id: 1 } as const;

/** What a gNB may do wrong when UEs are handed over. */
export const GNB_HANDOVER_DEFECTS = {
  'handover-not-begun': {
    says: 'does not ask for a handover that is due',
    change: keepsBack('HandoverRequired'),
  },
  'handover-elsewhere': {
    says: 'asks for a handover to another gNB than the one that has the cell',
    change: changes('HandoverRequired', ({ TargetID }) => ({ TargetID: elsewhere(TargetID) })),
  },
  'container-of-another-cell': {
    says: 'hands the target of a handover a container for a cell of another one',
    change: changes('HandoverRequired', () => ({
      'SourceToTarget-TransparentContainer': sourceToTarget({
        ...{ rrc: handoverPreparation(), from: ELSEWHERE, to: ELSEWHERE, stayedS: 0, sessions: [] },
      }),
    })),
  },
  'status-transfer-missing': {
    says: 'lets a UE go without telling the state of its bearers',
    change: keepsBack('UplinkRANStatusTransfer'),
  },
  'handover-never-cancelled': {
    says: 'waits for ever for the answer to a handover that it asked for',
    change: () => ({ cancels: false }),
  },
  'refused-handover-drops-ue': {
    says: 'lets a UE fall whose handover was refused',
    change: () => ({ keepsRefused: false }),
  },
  'unknown-slice-admitted': {
    says: 'admits sessions that are handed over to it in a slice that it does not have',
    change: () => ({ checksSlices: false }),
  },
  'command-garbled': {
    says: 'hands the source of a handover a container that nobody can read',
    change: changes('HandoverRequestAcknowledge', () => ({
      'TargetToSource-TransparentContainer': Uint8Array.of(0xff),
    })),
  },
  'strange-cell-admitted': {
    says: 'admits UEs that are handed over to a cell that it does not have',
    change: () => ({ checksCell: false }),
  },
  'refusal-unsaid': {
    says: 'does not say that it has no room for a UE that is handed over to it',
    change: keepsBack('HandoverFailure'),
  },
  'forwarding-nowhere': {
    says: 'accepts what the source would send on, and names no tunnel for it',
    change: changes('HandoverRequestAcknowledge', ({ PDUSessionResourceAdmittedList: list }) => ({
      PDUSessionResourceAdmittedList: list.map((item) => ({
        ...item,
        handoverRequestAcknowledgeTransfer: withoutForwarding(item.handoverRequestAcknowledgeTransfer),
      })),
    })),
  },
  'arrival-untold': {
    says: 'does not tell the AMF that a UE has arrived',
    change: keepsBack('HandoverNotify'),
  },
  'arrival-foretold': {
    says: 'says that a UE has arrived as soon as there is room for it',
    change: sends((message) =>
      message.name === 'HandoverRequestAcknowledge' ? [message, arrivalOf(message.ies)] : [message],
    ),
  },
  'arrival-misnamed': {
    says: 'tells the AMF of the arrival of a UE under an identifier that it has not told',
    change: changes('HandoverNotify', ({ 'RAN-UE-NGAP-ID': id }) => ({ 'RAN-UE-NGAP-ID': id + 1 })),
  },
  'arrived-ue-unserved': {
    says: 'passes no packets to and from UEs that have come from another gNB',
    change: () => ({ servesArrived: false }),
  },
  'gone-ue-kept': {
    says: 'confirms the release of a UE that has left, or does not come, and keeps its context',
    change: () => ({ forgetsGone: false }),
  },
} as const satisfies Record<
  string,
  { readonly says: string; readonly change: (before: GnbBehaviour) => Partial<GnbBehaviour> }
>;

function elsewhere(target: TargetId): TargetId {
  if (!('targetRANNodeID' in target)) return target;
  const globalRANNodeID = gnbId(ELSEWHERE.plmn, { id: ELSEWHERE.id, bits: 24 });
  return { targetRANNodeID: { ...target.targetRANNodeID, globalRANNodeID } };
}

function arrivalOf({
  'AMF-UE-NGAP-ID': amf,
  'RAN-UE-NGAP-ID': ran,
}: Ies<'HandoverRequestAcknowledge'>): Outgoing {
  const ids = { 'AMF-UE-NGAP-ID': amf, 'RAN-UE-NGAP-ID': ran };
  return outgoing('HandoverNotify', {
    ...ids,
    UserLocationInformation: locationOf({ ...ELSEWHERE, tac: 1 }),
  });
}

type Transfer =
  Ies<'HandoverRequestAcknowledge'>['PDUSessionResourceAdmittedList'][number]['handoverRequestAcknowledgeTransfer'];

function withoutForwarding(transfer: Transfer): Transfer {
  if (transfer instanceof Uint8Array) return transfer;
  const { 'dLForwardingUP-TNLInformation': _end, ...rest } = transfer;
  return rest;
}
