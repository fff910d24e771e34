import { KeyChain } from '../../interfaces/aka/key-chain.ts';
import { MM_CAUSE } from '../../interfaces/nas/causes.ts';
import { decodeNas, EPD } from '../../interfaces/nas/codec.ts';
import { readProtected } from '../../interfaces/nas/protection.ts';
import type { AnyNasMessage, DecodedNas, NasName } from '../../interfaces/nas/types.ts';
import { authenticate, takeSecurityMode } from './authentication.ts';
import { forget, newMemory, type UeMemory } from './memory.ts';
import {
  configurationUpdated,
  deregister,
  deregisteredByNetwork,
  deregistrationAccepted,
  identify,
  refused,
  register,
  registrationAccepted,
  type RegistrationKind,
  requestService,
  serviceAccepted,
  unanswered,
} from './registration.ts';
import { send, tell } from './sending.ts';
import { establish, release, sessionUnanswered, takeTransport, type WantedSession } from './sessions.ts';
import {
  RIGHT_UE,
  type UeAction,
  type UeBehaviour,
  type UeProfile,
  type UeSession,
  type UeState,
  type UeTimer,
} from './types.ts';

/** What may come without security, as long as the connection has none. @see TS 24.501 clause 4.4.4.2 */
const PLAIN: readonly NasName[] = [
  'IdentityRequest',
  'AuthenticationRequest',
  'AuthenticationResult',
  'AuthenticationReject',
  'RegistrationReject',
  'DeregistrationAccept',
  'ServiceReject',
  // Nothing can be secured yet.
  'MobilityStatus',
];

/**
 * NAS of a UE, whoever carries it: what it wants and what comes go in, what has to be done comes out. Nothing is sent and no time passes here.
 * @see TS 24.501 clauses 4.4, 5, 6
 */
export class Ue {
  readonly #memory: UeMemory;

  constructor(profile: UeProfile, behaviour: Partial<UeBehaviour> = {}) {
    this.#memory = newMemory(profile, { ...RIGHT_UE, ...behaviour });
  }

  get state(): UeState {
    return this.#memory.state;
  }

  get isConnected(): boolean {
    return this.#memory.isConnected;
  }

  get sessions(): readonly UeSession[] {
    return [...this.#memory.sessions.values()];
  }

  /** Its UE security capability as octets. */
  get capability(): Uint8Array {
    return this.#memory.capability;
  }

  /** What the network calls it in a page; `null` when it has no such name. */
  get sTmsi(): { readonly set: number; readonly pointer: number; readonly tmsi: Uint8Array } | null {
    const { guti } = this.#memory;
    return guti === null ? null : { set: guti.amf.set, pointer: guti.amf.pointer, tmsi: guti.tmsi };
  }

  /** K_gNB as it follows from what both ends know; `null` without security. @see TS 33.501 clause 6.8.1.2.2 */
  get kgnb(): Uint8Array | null {
    const { context, kgnbCount } = this.#memory;
    return context?.kgnb(kgnbCount) ?? null;
  }

  /** The chain of next hops from that K_gNB on; `null` without security. */
  keyChain(): KeyChain | null {
    const { context } = this.#memory;
    const { kgnb } = this;
    return context === null || kgnb === null ? null : new KeyChain(context.parts.kamf, kgnb);
  }

  register(kind: RegistrationKind = 'initial'): readonly UeAction[] {
    return register(this.#memory, kind);
  }

  /** Into a session; the UE is registered. */
  establishSession(wanted: WantedSession): readonly UeAction[] {
    return establish(this.#memory, wanted);
  }

  releaseSession(id: number): readonly UeAction[] {
    return release(this.#memory, id);
  }

  /** Its identity was paged. */
  paged(): readonly UeAction[] {
    const { state, isConnected } = this.#memory;
    return state === 'registered' && !isConnected ? requestService(this.#memory, 'mobileTerminated') : [];
  }

  /** It has something to send. */
  requestService(): readonly UeAction[] {
    return requestService(this.#memory, 'data');
  }

  deregister({ isSwitchedOff = false }: { readonly isSwitchedOff?: boolean } = {}): readonly UeAction[] {
    this.#memory.attempts = 0;
    return deregister(this.#memory, isSwitchedOff);
  }

  /** As if its USIM had seen challenges up to that one: the network has to resynchronise. */
  advanceSqn(sqn: bigint): void {
    this.#memory.usim.advance(sqn);
  }

  /** Identity, keys and sessions are gone, as after the removal of its battery; nobody is told. */
  forget(): void {
    forget(this.#memory);
    this.#memory.state = 'deregistered';
    this.connectionReleased();
  }

  /** The lower layer has no connection any more. */
  connectionReleased(): void {
    const memory = this.#memory;
    memory.isConnected = false;
    memory.isSecured = false;
    memory.authenticated = null;
    if (memory.state === 'registering') memory.state = 'deregistered';
    if (memory.state === 'requesting-service') memory.state = 'registered';
  }

  expired(timer: UeTimer): readonly UeAction[] {
    if (timer === 'T3510' || timer === 'T3517' || timer === 'T3521') return unanswered(this.#memory, timer);
    return sessionUnanswered(this.#memory, timer);
  }

  /** Octets from the network. Never throws. */
  receive(bytes: Uint8Array): readonly UeAction[] {
    const memory = this.#memory;
    const head = readProtected(bytes);
    if (head === null) return this.#takePlain(bytes);
    if (head.protection === 'newContextIntegrity') return takeSecurityMode(memory, bytes);
    const opened = memory.context?.open(bytes) ?? null;
    if (opened === null) return [discarded(null, 'there is no security context')];
    if (!opened.isAuthentic) return [discarded(null, 'integrity check failed, or replayed')];
    memory.isSecured = true;
    return this.#take(decodeNas(opened.plain));
  }

  #takePlain(bytes: Uint8Array): readonly UeAction[] {
    const decoded = decodeNas(bytes);
    const name = decoded.message?.name ?? null;
    if (this.#memory.isSecured) return [discarded(name, 'not protected')];
    if (name !== null && !PLAIN.includes(name)) return [discarded(name, 'not protected')];
    return this.#take(decoded);
  }

  #take({ message, faults, bytes }: DecodedNas): readonly UeAction[] {
    const [fault] = faults;
    // Too short to hold a message type: ignored. @see TS 24.501 clause 7.2.1
    if (message === null && (bytes[0] !== EPD.mobility || fault?.cause !== 'message-type-non-existent'))
      return [discarded(null, fault?.message ?? 'no message')];
    if (message === null) return [this.#status(MM_CAUSE.messageUnknown)];
    if (faults.some(({ cause }) => cause === 'invalid-mandatory-information'))
      return [discarded(message.name, fault?.message ?? ''), this.#status(MM_CAUSE.invalidMandatory)];
    return this.#handle(message);
  }

  #status(cause: number): UeAction {
    return send(this.#memory, 'MobilityStatus', { cause: Uint8Array.of(cause) });
  }

  #handle(message: AnyNasMessage): readonly UeAction[] {
    const memory = this.#memory;
    switch (message.name) {
      case 'AuthenticationRequest':
        return authenticate(memory, message.ies);
      case 'AuthenticationReject':
        return refused(memory, 'AuthenticationReject', MM_CAUSE.illegalUe);
      case 'IdentityRequest':
        return identify(memory, message.ies.identityType);
      case 'RegistrationAccept':
        return registrationAccepted(memory, message.ies);
      case 'RegistrationReject':
      case 'ServiceReject':
        return refused(memory, message.name, message.ies.cause?.[0] ?? 0);
      case 'ServiceAccept':
        return serviceAccepted(memory);
      case 'ConfigurationUpdateCommand':
        return configurationUpdated(memory, message.ies);
      case 'DeregistrationAccept':
        return deregistrationAccepted(memory);
      case 'NetworkDeregistrationRequest':
        return deregisteredByNetwork(memory, message.ies.deregistrationType ?? 0);
      case 'DownlinkNasTransport':
        return takeTransport(memory, message.ies);
      case 'Notification':
        return [send(memory, 'NotificationResponse', {})];
      case 'MobilityStatus':
        return [tell({ fact: 'status', cause: message.ies.cause?.[0] ?? 0 })];
      case 'AuthenticationResult':
        return [];
      default:
        return [this.#status(MM_CAUSE.messageNotCompatible)];
    }
  }
}

function discarded(message: NasName | null, why: string): UeAction {
  return tell({ fact: 'discarded', message, why });
}
