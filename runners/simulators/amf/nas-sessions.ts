import { MM_CAUSE, SM_CAUSE } from '../../interfaces/nas/causes.ts';
import { decodeNas, encodeMobility, encodeSession } from '../../interfaces/nas/codec.ts';
import { encodeDefaultRule, encodeSessionAmbr } from '../../interfaces/nas/qos.ts';
import type { Ies, SessionHead } from '../../interfaces/nas/types.ts';
import {
  decodeDnn,
  decodeSNssai,
  encodeDnn,
  encodePduAddress,
  encodeSNssai,
} from '../../interfaces/nas/values.ts';
import { isSame } from './nas-access.ts';
import { secure, send, tell } from './nas-sending.ts';
import type { NetworkAction, NetworkSession, NetworkUe } from './nas-types.ts';
import { answered, waitFor } from './nas-waiting.ts';

const N1_SM = 1;
const IPV4 = 1;
const IPV6 = 2;
const IPV4V6 = 3;
const SSC_MODE_1 = 1;
const ONLY_IPV4 = 50;
const NO_TRANSACTION = 0;
const AMBR = { downMbit: 1_000, upMbit: 1_000 } as const;

/** What came in an UL NAS TRANSPORT. @see TS 24.501 clause 5.4.5.2.3 */
export function takeTransport(
  ue: NetworkUe,
  transported: Partial<Ies<'UplinkNasTransport'>>,
): readonly NetworkAction[] {
  const { payloadContainerType, payloadContainer } = transported;
  if (payloadContainerType !== N1_SM || payloadContainer === undefined) return [];
  const { message } = decodeNas(payloadContainer);
  if (message === null || message.session === null) return [];
  const head = message.session;
  switch (message.name) {
    case 'PduSessionEstablishmentRequest':
      return asked(ue, { head, transported, type: message.ies.pduSessionType ?? IPV4 });
    case 'PduSessionReleaseRequest':
      return release(ue, head, SM_CAUSE.regularDeactivation);
    case 'PduSessionReleaseComplete':
      return released(ue, head);
    case 'SessionStatus':
      return message.ies.cause?.[0] === SM_CAUSE.sessionDoesNotExist ? released(ue, head) : [];
    case 'PduSessionModificationRequest':
      return [
        toUe(
          ue,
          head,
          encodeSession('PduSessionModificationReject', head, { cause: causeOf(SM_CAUSE.messageUnknown) }),
        ),
      ];
    default:
      return [];
  }
}

interface Asked {
  readonly head: SessionHead;
  readonly transported: Partial<Ies<'UplinkNasTransport'>>;
  readonly type: number;
}

/** @see TS 24.501 clauses 6.4.1.3, 6.4.1.4 */
function asked(ue: NetworkUe, { head, transported, type }: Asked): readonly NetworkAction[] {
  const { subscriber } = ue;
  const slice =
    transported.sNssai === undefined
      ? subscriber?.slices[0]
      : (decodeSNssai(transported.sNssai) ?? undefined);
  const dnn = transported.dnn === undefined ? subscriber?.dnns[0] : decodeDnn(transported.dnn);
  const isKnown =
    slice !== undefined &&
    dnn !== undefined &&
    subscriber !== null &&
    subscriber.slices.some((each) => isSame(each, slice)) &&
    subscriber.dnns.includes(dnn);
  if (!isKnown) return returned(ue, head, transported.payloadContainer);
  if (type !== IPV4 && type !== IPV4V6) {
    const cause = causeOf(type === IPV6 ? ONLY_IPV4 : SM_CAUSE.unknownSessionType);
    return [
      toUe(ue, head, encodeSession('PduSessionEstablishmentReject', head, { cause })),
      tell({ fact: 'session-refused', id: head.pduSessionId }),
    ];
  }
  const session: NetworkSession = {
    ...{ id: head.pduSessionId, transaction: head.transaction, dnn, slice, state: 'wanted' },
  };
  answered(ue, `T3592 ${session.id}`);
  ue.sessions.set(session.id, session);
  const accept = (address: string, qfi: number): Uint8Array =>
    acceptance(ue, session, { address, qfi, isNarrowed: type === IPV4V6 });
  return [tell({ fact: 'session-asked', id: session.id }), { do: 'set-up-session', session, accept }];
}

interface Granted {
  readonly address: string;
  readonly qfi: number;
  /** It asked for IPv6 as well. */
  readonly isNarrowed: boolean;
}

function acceptance(
  ue: NetworkUe,
  { id, transaction, dnn, slice }: NetworkSession,
  { address, qfi, isNarrowed }: Granted,
): Uint8Array {
  const head = { pduSessionId: id, transaction };
  const payloadContainer = encodeSession('PduSessionEstablishmentAccept', head, {
    ...{ pduSessionType: IPV4, sscMode: SSC_MODE_1, qosRules: encodeDefaultRule(qfi) },
    ...(isNarrowed ? { cause: causeOf(ONLY_IPV4) } : {}),
    ...{ sessionAmbr: encodeSessionAmbr(AMBR), pduAddress: encodePduAddress(address) },
    ...{ sNssai: encodeSNssai(slice), dnn: encodeDnn(dnn) },
  });
  return secure(
    ue,
    encodeMobility('DownlinkNasTransport', {
      ...{ payloadContainerType: N1_SM, payloadContainer, pduSessionId: Uint8Array.of(id) },
    }),
  );
}

/** Nobody takes it: it goes back. @see TS 24.501 clause 5.4.5.3.1 case h */
function returned(
  ue: NetworkUe,
  { pduSessionId }: SessionHead,
  payloadContainer: Uint8Array | undefined,
): readonly NetworkAction[] {
  const back = send(ue, 'DownlinkNasTransport', {
    payloadContainerType: N1_SM,
    payloadContainer: payloadContainer ?? new Uint8Array(),
    pduSessionId: Uint8Array.of(pduSessionId),
    cause: causeOf(MM_CAUSE.dnnNotSupported),
  });
  return [back, tell({ fact: 'session-refused', id: pduSessionId })];
}

/** By the UE, or, with transaction 0, by the network. @see TS 24.501 clause 6.3.3 */
export function release(
  ue: NetworkUe,
  {
    pduSessionId: id,
    transaction = NO_TRANSACTION,
  }: Partial<SessionHead> & Pick<SessionHead, 'pduSessionId'>,
  cause: number,
): readonly NetworkAction[] {
  const session = ue.sessions.get(id);
  const head = { pduSessionId: id, transaction };
  if (session === undefined) {
    const reject = encodeSession('PduSessionReleaseReject', head, {
      cause: causeOf(SM_CAUSE.sessionDoesNotExist),
    });
    return transaction === NO_TRANSACTION ? [] : [toUe(ue, head, reject)];
  }
  ue.sessions.set(id, { ...session, transaction, state: 'releasing' });
  const command = encodeSession('PduSessionReleaseCommand', head, { cause: causeOf(cause) });
  const transport = encodeMobility('DownlinkNasTransport', {
    ...{ payloadContainerType: N1_SM, payloadContainer: command, pduSessionId: Uint8Array.of(id) },
  });
  waitFor(ue, `T3592 ${id}`, {
    again: () => [{ do: 'send', message: 'DownlinkNasTransport', nas: secure(ue, transport) }],
    giveUp: () => released(ue, head),
  });
  return [{ do: 'release-session', id, nas: secure(ue, transport) }];
}

function released(ue: NetworkUe, { pduSessionId: id }: SessionHead): readonly NetworkAction[] {
  answered(ue, `T3592 ${id}`);
  return ue.sessions.delete(id) ? [tell({ fact: 'session-down', id })] : [];
}

function toUe(ue: NetworkUe, { pduSessionId }: SessionHead, payloadContainer: Uint8Array): NetworkAction {
  return send(ue, 'DownlinkNasTransport', {
    ...{ payloadContainerType: N1_SM, payloadContainer, pduSessionId: Uint8Array.of(pduSessionId) },
  });
}

function causeOf(cause: number): Uint8Array {
  return Uint8Array.of(cause);
}
