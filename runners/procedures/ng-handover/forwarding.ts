import type { Measurement } from '../../../src/domain/case-record.ts';
import { isJsonObject } from '../../../src/kernel/json.ts';
import { sourceToTargetIn } from '../../interfaces/ngap/containers.ts';
import { tunnelEndIn } from '../../interfaces/ngap/transfers.ts';
import type { Ies } from '../../interfaces/ngap/types.ts';
import { broken, holds, unseen } from '../ap/judging.ts';
import type { Finding } from '../ap-pair/findings.ts';
import { messagesOf } from '../ng/seen-messages.ts';
import { SESSION } from '../ng-gnb/handover-required.ts';
import { acknowledgeIn, of, type SeenPair } from './findings.ts';
import { PROBE } from './pair.ts';

// Whether what comes down for a UE on its way is sent on is a matter between source and target: one proposes, the other may accept.
// That it then comes is no rule of NGAP, and no message shows who has lost it: it is measured.

type Transfer = Exclude<
  Ies<'HandoverRequestAcknowledge'>['PDUSessionResourceAdmittedList'][number]['handoverRequestAcknowledgeTransfer'],
  Uint8Array
>;

/** The target accepts what was proposed, and says where it is to go. @see TS 38.413 clauses 8.4.2.2, 9.3.4.11 */
export function forwardingRight(pair: SeenPair): Finding {
  const acknowledge = acknowledgeIn(pair);
  const transfer = transferIn(pair);
  if (acknowledge === undefined || transfer === null) return unseen('nothing was allocated');
  const accepted = acceptedIn(transfer);
  const strange = accepted.filter((flow) => !proposedIn(pair).includes(flow));
  const { n } = acknowledge;
  if (strange.length > 0)
    return of(pair, 'target', broken(`flows ${strange.join(', ')} are accepted that nobody has proposed`, n));
  if (accepted.length > 0 && !hasEnd(transfer))
    return of(pair, 'target', broken('flows are accepted, and no tunnel is named for them', n));
  return of(
    pair,
    'target',
    holds(
      accepted.length === 0 ? 'nothing is to be sent on' : `flows ${accepted.join(', ')} are to be sent on`,
      n,
    ),
  );
}

function transferIn(pair: SeenPair): Transfer | null {
  const list = acknowledgeIn(pair)?.message.ies.PDUSessionResourceAdmittedList ?? [];
  const transfer = list.find(
    ({ pDUSessionID }) => pDUSessionID === SESSION,
  )?.handoverRequestAcknowledgeTransfer;
  return transfer === undefined || transfer instanceof Uint8Array ? null : transfer;
}

function acceptedIn({ qosFlowSetupResponseList }: Transfer): readonly number[] {
  return qosFlowSetupResponseList
    .filter(({ dataForwardingAccepted }) => dataForwardingAccepted !== undefined)
    .map(({ qosFlowIdentifier }) => Number(qosFlowIdentifier));
}

/** A tunnel for the session, or such for its bearers. */
function hasEnd({ 'dLForwardingUP-TNLInformation': end, dataForwardingResponseDRBList: bearers }: Transfer) {
  const ends = [end, ...(bearers ?? []).map((bearer) => bearer['dLForwardingUP-TNLInformation'])];
  return ends.some((each) => tunnelEndIn(each) !== null);
}

function proposedIn({ source }: SeenPair): readonly number[] {
  const [required] = messagesOf(source, 'HandoverRequired', 'received');
  const octets = required?.message.ies['SourceToTarget-TransparentContainer'];
  const container = octets === undefined ? null : sourceToTargetIn(octets);
  const session = container?.pDUSessionResourceInformationList?.find(
    ({ pDUSessionID }) => pDUSessionID === SESSION,
  );
  return (session?.qosFlowInformationList ?? [])
    .filter(({ dLForwarding }) => dLForwarding !== undefined)
    .map(({ qosFlowIdentifier }) => Number(qosFlowIdentifier));
}

/** Of one packet that came down while the UE was nowhere. */
export function lost({ seen }: SeenPair): readonly Measurement[] {
  const probe = seen.observations.find(({ kind }) => kind === PROBE)?.data;
  if (probe === undefined || !isJsonObject(probe)) return [];
  return [{ name: 'lostPackets', value: probe['isAnswered'] === true ? 0 : 1, unit: 'count' }];
}

export function forwardingRemarks(pair: SeenPair): readonly string[] {
  const [measured] = lost(pair);
  const [command] = messagesOf(pair.source, 'HandoverCommand', 'sent');
  const transfer = command?.message.ies.PDUSessionResourceHandoverList?.find(
    ({ pDUSessionID }) => pDUSessionID === SESSION,
  )?.handoverCommandTransfer;
  const isAgreed =
    transfer !== undefined &&
    !(transfer instanceof Uint8Array) &&
    (transfer.qosFlowToBeForwardedList ?? []).length > 0;
  return isAgreed && measured?.value === 1
    ? ['forwarding: source and target had agreed on it, and the packet that came down on the way is lost']
    : [];
}
