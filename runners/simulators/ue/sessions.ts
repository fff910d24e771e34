import { SM_CAUSE } from '../../interfaces/nas/causes.ts';
import { decodeNas, encodeSession } from '../../interfaces/nas/codec.ts';
import { defaultFlowIn } from '../../interfaces/nas/qos.ts';
import type { AnyNasMessage, Ies, SessionHead } from '../../interfaces/nas/types.ts';
import { decodePduAddress, encodeDnn, encodeSNssai, type SNssai } from '../../interfaces/nas/values.ts';
import type { UeMemory } from './memory.ts';
import { send, tell } from './sending.ts';
import type { UeAction, UeSession } from './types.ts';

const N1_SM = 1;
const REQUEST = { initial: 1, existing: 2 } as const;
const IPV4 = 1;
const SSC_MODE_1 = 1;
/** Both ways: the full data rate. @see TS 24.501 clause 9.11.4.7 */
const FULL_RATE = Uint8Array.of(0xff, 0xff);
const MAX_TRANSACTION = 254;
const T3580_MS = 16_000;
const T3582_MS = 16_000;

export interface WantedSession {
  /** 1 to 15. */
  readonly id: number;
  readonly dnn?: string;
  readonly slice?: SNssai;
}

/** @see TS 24.501 clause 6.4.1.2 */
export function establish(ue: UeMemory, { id, dnn, slice }: WantedSession): readonly UeAction[] {
  const session: UeSession = {
    ...{ id, state: 'asked', transaction: nextTransaction(ue) },
    ...(dnn === undefined ? {} : { dnn }),
    ...(slice === undefined ? {} : { slice }),
  };
  ue.sessions.set(id, session);
  const ies = { integrityProtectedRate: FULL_RATE, pduSessionType: IPV4, sscMode: SSC_MODE_1 };
  return [
    transport(ue, session, {
      payloadContainer: encodeSession('PduSessionEstablishmentRequest', headOf(session), ies),
      requestType: REQUEST.initial,
      ...(slice === undefined ? {} : { sNssai: encodeSNssai(slice) }),
      ...(dnn === undefined ? {} : { dnn: encodeDnn(dnn) }),
    }),
    { do: 'start', timer: `T3580 ${id}`, ms: T3580_MS },
  ];
}

/** @see TS 24.501 clause 6.4.3.2 */
export function release(ue: UeMemory, id: number): readonly UeAction[] {
  const known = ue.sessions.get(id);
  if (known === undefined) return [];
  const session: UeSession = { ...known, state: 'releasing', transaction: nextTransaction(ue) };
  ue.sessions.set(id, session);
  const payloadContainer = encodeSession('PduSessionReleaseRequest', headOf(session), {
    cause: Uint8Array.of(SM_CAUSE.regularDeactivation),
  });
  return [transport(ue, session, { payloadContainer }), { do: 'start', timer: `T3582 ${id}`, ms: T3582_MS }];
}

function nextTransaction(ue: UeMemory): number {
  ue.lastTransaction = (ue.lastTransaction % MAX_TRANSACTION) + 1;
  return ue.lastTransaction;
}

function headOf({ id, transaction }: Pick<UeSession, 'id' | 'transaction'>): SessionHead {
  return { pduSessionId: id, transaction };
}

type Transported = Pick<Ies<'UplinkNasTransport'>, 'payloadContainer' | 'requestType' | 'sNssai' | 'dnn'>;

function transport(ue: UeMemory, { id }: Pick<UeSession, 'id'>, transported: Transported): UeAction {
  const about = { payloadContainerType: N1_SM, pduSessionId: Uint8Array.of(id) };
  return send(ue, 'UplinkNasTransport', { ...about, ...transported });
}

/** What came in a DL NAS TRANSPORT. */
export function takeTransport(
  ue: UeMemory,
  { payloadContainerType, payloadContainer, pduSessionId, cause }: Partial<Ies<'DownlinkNasTransport'>>,
): readonly UeAction[] {
  if (payloadContainerType !== N1_SM || payloadContainer === undefined) return [];
  const { message } = decodeNas(payloadContainer);
  // What the UE sent has come back: nobody could be found to take it. @see TS 24.501 clause 5.4.5.3.1
  if (cause !== undefined) return sessionRefused(ue, pduSessionId?.[0] ?? 0, cause[0] ?? 0);
  if (message === null || message.session === null)
    return [tell({ fact: 'discarded', message: message?.name ?? null, why: 'not of session management' })];
  return takeSessionMessage(ue, message, message.session);
}

function takeSessionMessage(ue: UeMemory, message: AnyNasMessage, head: SessionHead): readonly UeAction[] {
  const session = ue.sessions.get(head.pduSessionId);
  if (session === undefined) return status(ue, head, SM_CAUSE.sessionDoesNotExist);
  switch (message.name) {
    case 'PduSessionEstablishmentAccept':
      return established(ue, session, message.ies);
    case 'PduSessionEstablishmentReject':
      return sessionRefused(ue, session.id, message.ies.cause?.[0] ?? 0);
    case 'PduSessionModificationCommand':
      return modified(ue, session, { head, ies: message.ies });
    case 'PduSessionReleaseCommand':
      return released(ue, session, { head, cause: message.ies.cause?.[0] ?? 0 });
    case 'PduSessionReleaseReject':
      return [{ do: 'stop', timer: `T3582 ${session.id}` }];
    case 'PduSessionModificationReject':
    case 'SessionStatus':
      return [];
    default:
      return status(ue, head, SM_CAUSE.messageUnknown);
  }
}

function established(
  ue: UeMemory,
  session: UeSession,
  { pduAddress, qosRules }: Partial<Ies<'PduSessionEstablishmentAccept'>>,
): readonly UeAction[] {
  const address = pduAddress === undefined ? null : decodePduAddress(pduAddress);
  const qfi = qosRules === undefined ? null : defaultFlowIn(qosRules);
  const up: UeSession = {
    ...{ ...session, state: 'up' },
    ...(address === null ? {} : { address }),
    ...(qfi === null ? {} : { qfi }),
  };
  ue.sessions.set(session.id, up);
  return [{ do: 'stop', timer: `T3580 ${session.id}` }, tell({ fact: 'session-up', session: up })];
}

function sessionRefused(ue: UeMemory, id: number, cause: number): readonly UeAction[] {
  ue.sessions.delete(id);
  return [{ do: 'stop', timer: `T3580 ${id}` }, tell({ fact: 'session-refused', id, cause })];
}

function modified(
  ue: UeMemory,
  session: UeSession,
  { head, ies }: { readonly head: SessionHead; readonly ies: Partial<Ies<'PduSessionModificationCommand'>> },
): readonly UeAction[] {
  const qfi = ies.qosRules === undefined ? null : defaultFlowIn(ies.qosRules);
  const changed: UeSession = { ...session, ...(qfi === null ? {} : { qfi }) };
  ue.sessions.set(session.id, changed);
  const payloadContainer = encodeSession('PduSessionModificationComplete', head, {});
  return [transport(ue, session, { payloadContainer }), tell({ fact: 'session-changed', session: changed })];
}

function released(
  ue: UeMemory,
  session: UeSession,
  { head, cause }: { readonly head: SessionHead; readonly cause: number },
): readonly UeAction[] {
  ue.sessions.delete(session.id);
  const payloadContainer = encodeSession('PduSessionReleaseComplete', head, {});
  return [
    { do: 'stop', timer: `T3582 ${session.id}` },
    transport(ue, session, { payloadContainer }),
    tell({ fact: 'session-down', id: session.id, cause }),
  ];
}

function status(ue: UeMemory, head: SessionHead, cause: number): readonly UeAction[] {
  const payloadContainer = encodeSession('SessionStatus', head, { cause: Uint8Array.of(cause) });
  return [transport(ue, { id: head.pduSessionId }, { payloadContainer })];
}

/** The network has said nothing. @see TS 24.501 clauses 6.4.1.6 a, 6.4.3.5 a */
export function sessionUnanswered(
  ue: UeMemory,
  timer: `T3580 ${number}` | `T3582 ${number}`,
): readonly UeAction[] {
  const [name, number] = timer.split(' ');
  const id = Number(number);
  const state = ue.sessions.get(id)?.state;
  if (state !== (name === 'T3580' ? 'asked' : 'releasing')) return [];
  ue.sessions.delete(id);
  return [tell({ fact: 'timed-out', timer })];
}
