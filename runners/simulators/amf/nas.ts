import { MM_CAUSE, SM_CAUSE } from '../../interfaces/nas/causes.ts';
import { decodeNas, encodeMobility } from '../../interfaces/nas/codec.ts';
import { decodeIdentity, type MobileIdentity } from '../../interfaces/nas/identity.ts';
import { readProtected } from '../../interfaces/nas/protection.ts';
import type { AnyNasMessage, DecodedNas, Ies, NasName } from '../../interfaces/nas/types.ts';
import { encodeNetworkName } from '../../interfaces/nas/values.ts';
import {
  challengeFailed,
  forgetSessions,
  identified,
  modeCompleted,
  modeRejected,
  newNetworkUe,
  registrationAsked,
  responded,
} from './nas-access.ts';
import { cameAs, renamed } from './nas-naming.ts';
import { secure, send, tell } from './nas-sending.ts';
import { release, takeTransport } from './nas-sessions.ts';
import type { Network, NetworkAction, NetworkSession, NetworkTimer, NetworkUe } from './nas-types.ts';
import { abandon, answered, ask, expired } from './nas-waiting.ts';

/** What may come without security, as long as the connection has none. @see TS 24.501 clause 4.4.4.3 */
const PLAIN: readonly NasName[] = [
  'RegistrationRequest',
  'IdentityResponse',
  'AuthenticationResponse',
  'AuthenticationFailure',
  'SecurityModeReject',
  'DeregistrationRequest',
  'DeregistrationAccept',
  'MobilityStatus',
];

const SWITCH_OFF = 0x8;
const RE_REGISTRATION_REQUIRED = 0x4;
const ACCESS_3GPP = 1;
const ACKNOWLEDGE = 0x1;

/** Whom the first message of a connection says it is from; `null` where that cannot be read. */
export function senderOf(bytes: Uint8Array): MobileIdentity | null {
  const head = readProtected(bytes);
  const { message } = decodeNas(head?.protection === 'integrity' ? head.contents : bytes);
  if (message?.name === 'ServiceRequest') return identityIn(message.ies.sTmsi);
  if (message?.name === 'RegistrationRequest' || message?.name === 'DeregistrationRequest')
    return identityIn(message.ies.mobileIdentity);
  return null;
}

function identityIn(octets: Uint8Array | undefined): MobileIdentity | null {
  return octets === undefined ? null : decodeIdentity(octets);
}

/**
 * NAS of the network with one UE, whoever carries it: what comes goes in, what has to be done comes out.
 * @see TS 24.501 clauses 4.4, 5, 6
 */
export class NetworkNas {
  readonly ue: NetworkUe;

  constructor(network: Network) {
    this.ue = newNetworkUe(network);
  }

  /** There is a new connection: it has no security yet. */
  connected(): void {
    this.ue.isSecured = false;
    this.ue.waits.clear();
  }

  /** There is no connection any more: nothing that was said can be answered. */
  disconnected(): void {
    const { sessions, waits } = this.ue;
    waits.clear();
    for (const { id, state } of sessions.values()) if (state === 'releasing') sessions.delete(id);
  }

  /** An answer has not come in time. */
  expired(timer: NetworkTimer): readonly NetworkAction[] {
    return expired(this.ue, timer);
  }

  get sessionsUp(): readonly NetworkSession[] {
    return [...this.ue.sessions.values()].filter(({ state }) => state === 'up');
  }

  /** The user plane of a session is there, or is not to be had. */
  sessionSetUp(id: number, isDone: boolean): void {
    const session = this.ue.sessions.get(id);
    if (session === undefined) return;
    if (isDone) this.ue.sessions.set(id, { ...session, state: 'up' });
    else this.ue.sessions.delete(id);
  }

  /** Because something has come for its sessions. @see TS 24.501 clause 5.6.2.2.1 */
  page(): readonly NetworkAction[] {
    this.ue.waitingFor = new Set(this.sessionsUp.map(({ id }) => id));
    return ask(this.ue, 'T3513', { again: () => [{ do: 'page' }], giveUp: () => [] });
  }

  /** By the network: the UE confirms. */
  releaseSession(id: number): readonly NetworkAction[] {
    return release(this.ue, { pduSessionId: id }, SM_CAUSE.regularDeactivation);
  }

  /** By the network. @see TS 24.501 clause 5.5.2.3.1 */
  deregister(isToComeBack: boolean): readonly NetworkAction[] {
    abandon(this.ue);
    this.ue.state = 'deregistering';
    const deregistrationType = ACCESS_3GPP | (isToComeBack ? RE_REGISTRATION_REQUIRED : 0);
    return ask(this.ue, 'T3522', {
      again: () => [send(this.ue, 'NetworkDeregistrationRequest', { deregistrationType })],
      giveUp: () => this.#gone(),
    });
  }

  /** With another temporary identity. @see TS 24.501 clause 5.4.4.2 */
  updateConfiguration(): readonly NetworkAction[] {
    const ies = { updateIndication: ACKNOWLEDGE, guti: renamed(this.ue) };
    return ask(this.ue, 'T3555', {
      again: () => [send(this.ue, 'ConfigurationUpdateCommand', ies)],
      giveUp: () => [],
    });
  }

  /** Octets from the UE. Never throws. */
  receive(bytes: Uint8Array): readonly NetworkAction[] {
    const head = readProtected(bytes);
    if (head === null) return this.#takePlain(decodeNas(bytes));
    const { ue } = this;
    const { checksIntegrity, acceptsReplays } = ue.network.behaviour;
    const first = ue.context?.open(bytes) ?? null;
    const again = first?.isAuthentic === false && acceptsReplays ? ue.context?.openAgain(bytes) : null;
    const opened = again?.isAuthentic === true ? again : first;
    if (opened !== null && (opened.isAuthentic || !checksIntegrity)) {
      if (head.protection !== 'integrity') ue.isSecured = true;
      return this.#take(decodeNas(opened.plain), opened.count);
    }
    // Its keys are not known: what can be read without them is as good as what came without. @see TS 24.501 clause 4.4.4.3
    const readable = head.protection === 'integrity' ? decodeNas(head.contents) : null;
    if (readable?.message === undefined || readable.message === null || ue.isSecured)
      return [discarded(null, 'integrity check failed, or replayed')];
    if (readable.message.name === 'ServiceRequest') return this.#refuseService();
    ue.wantsRepetition = true;
    return this.#takePlain(readable);
  }

  #takePlain(decoded: DecodedNas): readonly NetworkAction[] {
    const name = decoded.message?.name ?? null;
    if (this.ue.isSecured || (name !== null && !PLAIN.includes(name)))
      return [discarded(name, 'not protected')];
    return this.#take(decoded, null);
  }

  /** @param count of the message; `null` of one that was not secured */
  #take({ message, faults }: DecodedNas, count: number | null): readonly NetworkAction[] {
    const [fault] = faults;
    if (message === null)
      return fault?.cause === 'message-type-non-existent'
        ? [send(this.ue, 'MobilityStatus', { cause: Uint8Array.of(MM_CAUSE.messageUnknown) })]
        : [discarded(null, fault?.message ?? 'no message')];
    if (faults.some(({ cause }) => cause === 'invalid-mandatory-information'))
      return [send(this.ue, 'MobilityStatus', { cause: Uint8Array.of(MM_CAUSE.invalidMandatory) })];
    return this.#handle(message, count);
  }

  #handle(message: AnyNasMessage, count: number | null): readonly NetworkAction[] {
    const { ue } = this;
    switch (message.name) {
      case 'RegistrationRequest':
        return this.#registration(message.ies, count);
      case 'IdentityResponse':
        return ue.state === 'identifying' ? identified(ue, message.ies.mobileIdentity) : [];
      case 'AuthenticationResponse':
        return responded(ue, message.ies);
      case 'AuthenticationFailure':
        return challengeFailed(ue, message.ies);
      case 'SecurityModeComplete':
        return count === null ? [] : modeCompleted(ue, message.ies, count);
      case 'SecurityModeReject':
        return modeRejected(ue, message.ies.cause?.[0] ?? 0);
      case 'RegistrationComplete':
        return this.#completed();
      case 'UplinkNasTransport':
        return ue.state === 'registered' || ue.state === 'accepting' ? takeTransport(ue, message.ies) : [];
      case 'ServiceRequest':
        return this.#service(message.ies, count);
      case 'DeregistrationRequest':
        return this.#deregistration(message.ies.deregistrationType ?? 0, count !== null);
      case 'NetworkDeregistrationAccept':
        return answered(ue, 'T3522') ? this.#gone() : [];
      case 'ConfigurationUpdateComplete':
        if (answered(ue, 'T3555')) ue.formerTmsi = null;
        return [];
      case 'NotificationResponse':
      case 'MobilityStatus':
        return [];
      default:
        return [send(ue, 'MobilityStatus', { cause: Uint8Array.of(MM_CAUSE.messageNotCompatible) })];
    }
  }

  #registration(ies: Partial<Ies<'RegistrationRequest'>>, count: number | null): readonly NetworkAction[] {
    const { ue } = this;
    if (count === null || ue.context === null) return registrationAsked(ue, ies, false);
    ue.kgnbCount = count;
    const inside = ies.nasMessageContainer;
    const whole = inside === undefined ? null : decodeNas(ue.context.openContainer(inside, count)).message;
    return registrationAsked(ue, whole?.name === 'RegistrationRequest' ? whole.ies : ies, true);
  }

  #completed(): readonly NetworkAction[] {
    this.ue.formerTmsi = null;
    if (this.ue.state !== 'accepting') return [];
    answered(this.ue, 'T3550');
    this.ue.state = 'registered';
    const { networkName: name } = this.ue.network;
    const named =
      name === null
        ? []
        : [send(this.ue, 'ConfigurationUpdateCommand', { fullNetworkName: encodeNetworkName(name) })];
    return [tell({ fact: 'registered' }), ...named];
  }

  /** A UE that answers a page has nothing to send, and does not say which sessions it wants. @see TS 24.501 clause 5.6.1.4, TS 23.502 clause 4.2.3.3 */
  #service(ies: Partial<Ies<'ServiceRequest'>>, count: number | null): readonly NetworkAction[] {
    const { ue } = this;
    const { context } = ue;
    if (context === null || count === null || ue.subscriber === null) return this.#refuseService();
    ue.isSecured = true;
    cameAs(ue, ies.sTmsi);
    if (ue.state !== 'registered' && ue.state !== 'accepting')
      return this.#refuseService(MM_CAUSE.implicitlyDeregistered);
    ue.kgnbCount = count;
    const inside = ies.nasMessageContainer;
    const whole = inside === undefined ? null : decodeNas(context.openContainer(inside, count)).message;
    const { uplinkDataStatus, pduSessionStatus } = whole?.name === 'ServiceRequest' ? whole.ies : ies;
    this.#keepOnly(pduSessionStatus);
    const { waitingFor } = ue;
    const wanted = this.sessionsUp.filter(({ id }) => hasBit(uplinkDataStatus, id) || waitingFor.has(id));
    ue.waitingFor = new Set();
    const status = this.#sessionStatus();
    const nas = secure(ue, encodeMobility('ServiceAccept', { pduSessionStatus: status }));
    return [
      { do: 'set-up-context', nas, kgnb: context.kgnb(count), sessions: wanted },
      tell({ fact: 'serving' }),
    ];
  }

  /** What the UE has no more, the network has no more. */
  #keepOnly(status: Uint8Array | undefined): void {
    if (status === undefined) return;
    for (const { id } of this.sessionsUp) if (!hasBit(status, id)) this.ue.sessions.delete(id);
  }

  #sessionStatus(): Uint8Array {
    const bits = this.sessionsUp.reduce((sum, { id }) => sum | (1 << id), 0);
    return Uint8Array.of(bits & 0xff, bits >> 8);
  }

  /** @see TS 24.501 clause 5.6.1.5 */
  #refuseService(cause: number = MM_CAUSE.identityUnknown): readonly NetworkAction[] {
    return [
      send(this.ue, 'ServiceReject', { cause: Uint8Array.of(cause) }),
      tell({ fact: 'refused', cause }),
      { do: 'release', why: 'normal' },
    ];
  }

  /** @see TS 24.501 clause 5.5.2.2.3 */
  #deregistration(type: number, isAuthentic: boolean): readonly NetworkAction[] {
    this.ue.isSecured ||= isAuthentic;
    const accept = (type & SWITCH_OFF) === 0 ? [send(this.ue, 'DeregistrationAccept', {})] : [];
    return [...accept, ...this.#gone()];
  }

  #gone(): readonly NetworkAction[] {
    this.ue.state = 'deregistered';
    abandon(this.ue);
    forgetSessions(this.ue);
    return [tell({ fact: 'deregistered' }), { do: 'release', why: 'deregistered' }];
  }
}

function hasBit(status: Uint8Array | undefined, id: number): boolean {
  return (((status?.[id >> 3] ?? 0) >> (id & 7)) & 1) === 1;
}

function discarded(message: NasName | null, why: string): NetworkAction {
  return tell({ fact: 'discarded', message, why });
}
