import type { KeyChain, NextHop } from '../../interfaces/aka/key-chain.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { pause } from '../../../src/kernel/deadline.ts';
import { outgoing } from '../../interfaces/ngap/codec.ts';
import { responseTransfer, type SetupIes, setupIesIn, tunnelEndIn } from '../../interfaces/ngap/transfers.ts';
import type { Ies } from '../../interfaces/ngap/types.ts';
import { locationOf, numberIn, wireSTmsi } from '../../interfaces/ngap/values.ts';
import { Ue } from '../ue/ue.ts';
import type { UeAction, UeBehaviour, UeProfile, UeTimer } from '../ue/types.ts';
import type { GnbCore, RanFact } from './core.ts';
import { cellOf } from './settings.ts';
import type { RanSession } from './user-plane.ts';

type Ids = Pick<Ies<'UplinkNASTransport'>, 'AMF-UE-NGAP-ID' | 'RAN-UE-NGAP-ID'>;
type ContextRequest = Partial<Ies<'InitialContextSetupRequest'>>;
type SetupItem = Ies<'PDUSessionResourceSetupRequest'>['PDUSessionResourceSetupListSUReq'][number];
type Cause = Ies<'InitialContextSetupFailure'>['Cause'];
interface Failed {
  readonly id: number;
  readonly cause: Cause;
}

const NO_COMMON = 'encryption-and-or-integrity-protection-algorithms-not-supported';
const POLL_MS = 5;

/** What of a session that the AMF wants came to be. */
export interface SetUp {
  readonly done: readonly RanSession[];
  readonly failed: readonly Failed[];
}

/** A UE in the cell of a gNB: its NAS goes over NGAP, its packets over N3. */
export class RanUe {
  readonly ue: Ue;
  readonly profile: UeProfile;
  /** What has happened to it, with the time on the monotonic clock, in ms. */
  readonly facts: { readonly atMs: number; readonly fact: RanFact }[] = [];
  #gnb: GnbCore;
  readonly #timers = new Map<UeTimer, NodeJS.Timeout>();
  readonly sessions = new Map<number, RanSession>();
  /** While it is connected. */
  ranUeId: number | null = null;
  amfUeId: number | null = null;
  /** Of a context without its UE: of one that has left, or is to come from another node. */
  readonly isGuest: boolean;
  /** Of one that is to come: what the node was given to derive its keys of. */
  comesWith: NextHop | null = null;
  /** The UE's own way along the next hops, and the count of the one in use. */
  #chain: KeyChain | null = null;
  #nccInUse = 0;
  /** Octets of the NAS messages that went up, in their order. */
  readonly sent: Uint8Array[] = [];

  constructor(
    gnb: GnbCore,
    profile: UeProfile,
    { isGuest = false, ...behaviour }: Partial<UeBehaviour> & { readonly isGuest?: boolean } = {},
  ) {
    this.#gnb = gnb;
    this.isGuest = isGuest;
    this.profile = profile;
    this.ue = new Ue(profile, behaviour);
  }

  get ids(): Ids | null {
    const { ranUeId, amfUeId } = this;
    return ranUeId === null || amfUeId === null
      ? null
      : { 'AMF-UE-NGAP-ID': amfUeId, 'RAN-UE-NGAP-ID': ranUeId };
  }

  get imsi(): string {
    return `${this.profile.plmn}${this.profile.msin}`;
  }

  run(actions: readonly UeAction[]): void {
    for (const action of actions) this.#do(action);
  }

  tell(fact: RanFact): void {
    this.facts.push({ atMs: performance.now(), fact });
    this.#gnb.told(this, fact);
  }

  /** The first fact from `from` on that fits; null when there is none in time. @throws the reason of the signal */
  async waitFor(
    fits: (fact: RanFact) => boolean,
    {
      withinMs,
      signal,
      from = 0,
    }: { readonly withinMs: number; readonly signal: AbortSignal; readonly from?: number },
  ): Promise<RanFact | null> {
    for (const end = performance.now() + withinMs; ;) {
      signal.throwIfAborted();
      const found = this.facts.slice(from).find(({ fact }) => fits(fact));
      if (found !== undefined) return found.fact;
      if (performance.now() >= end) return null;
      await pause(POLL_MS, { signal });
    }
  }

  /** NAS from the network. */
  takeNas(nas: Uint8Array | undefined): void {
    if (nas !== undefined) this.run(this.ue.receive(nas));
  }

  /** @returns why it cannot be; `null` when the context is there */
  setUpContext({ SecurityKey, UESecurityCapabilities }: ContextRequest): Cause | null {
    const integrity = UESecurityCapabilities?.nRintegrityProtectionAlgorithms;
    if (this.#gnb.behaviour.checksAlgorithms && (integrity === undefined || numberIn(integrity) === 0)) {
      this.tell({ fact: 'context-refused', why: NO_COMMON });
      return { radioNetwork: NO_COMMON };
    }
    const { kgnb } = this.ue;
    const isSameKey = kgnb !== null && kgnb.every((octet, at) => octet === SecurityKey?.bits[at]);
    this.#chain = this.ue.keyChain();
    this.#nccInUse = 0;
    this.tell({ fact: 'context-set-up', isSameKey });
    // The UE does not follow a security mode command on the air that is made with another key.
    return isSameKey ? null : { radioNetwork: 'failure-in-radio-interface-procedure' };
  }

  /** @see TS 38.413 clause 8.2.1 */
  setUpSessions(
    items: readonly Pick<SetupItem, 'pDUSessionID' | 'pDUSessionResourceSetupRequestTransfer'>[],
  ): SetUp {
    const done: RanSession[] = [];
    const failed: Failed[] = [];
    for (const { pDUSessionID: id, pDUSessionResourceSetupRequestTransfer: transfer } of items) {
      const cause = this.#refusal(id, setupIesIn(transfer));
      if (cause !== null) failed.push({ id, cause });
      else done.push(this.#bearer(id, setupIesIn(transfer)));
    }
    return { done, failed };
  }

  #refusal(id: number, ies: Partial<SetupIes>): Cause | null {
    if (this.sessions.has(id) && this.#gnb.behaviour.refusesDuplicates)
      return { radioNetwork: 'multiple-PDU-session-ID-instances' };
    if (tunnelEndIn(ies['UL-NGU-UP-TNLInformation']) === null)
      return { transport: 'transport-resource-unavailable' };
    return ies.QosFlowSetupRequestList === undefined ? { protocol: 'semantic-error' } : null;
  }

  #bearer(id: number, ies: Partial<SetupIes>): RanSession {
    const flows = (ies.QosFlowSetupRequestList ?? []).map((flow) => Number(flow.qosFlowIdentifier));
    const up = tunnelEndIn(ies['UL-NGU-UP-TNLInformation']) ?? { host: '0.0.0.0', teid: 0 };
    this.dropSession(id);
    const session = this.#gnb.userPlane.session({ id, up, flows });
    this.sessions.set(id, session);
    if (!this.isGuest) this.attend(true);
    this.tell({ fact: 'bearer-up', id });
    return session;
  }

  dropSession(id: number): void {
    const session = this.sessions.get(id);
    if (session === undefined) return;
    this.#gnb.userPlane.close(session);
    this.sessions.delete(id);
    this.tell({ fact: 'bearer-down', id });
  }

  /** Whether somebody is there who answers what comes down. */
  attend(isThere: boolean): void {
    const { behaviour, userPlane } = this.#gnb;
    for (const session of this.sessions.values()) userPlane.attend(session, isThere && behaviour.forwards);
  }

  /** What its node has of it is another one's from now on; its NAS goes on. */
  handContextTo(other: RanUe): void {
    this.attend(!other.isGuest);
    other.ranUeId = this.ranUeId;
    other.amfUeId = this.amfUeId;
    for (const [id, session] of this.sessions) other.sessions.set(id, session);
    this.sessions.clear();
    this.ranUeId = null;
    this.amfUeId = null;
  }

  /** It is in the cell of another node, which had this ready for it. @see TS 33.501 clause 6.9.2.3.4 */
  arrivesAt(gnb: GnbCore, ready: RanUe): void {
    this.#gnb.remove(this);
    this.#gnb = gnb;
    ready.handContextTo(this);
    const given = ready.comesWith;
    const own = given === null ? undefined : this.#chain?.advanceTo(given.ncc);
    if (given === null || own === undefined) return;
    const isSameKey = own.key.every((octet, at) => octet === given.key[at]);
    const isFresh = given.ncc !== this.#nccInUse;
    this.#nccInUse = given.ncc;
    this.tell({ fact: 'handed-over', ncc: given.ncc, isSameKey, isFresh });
  }

  /** The context is gone, with its bearers. */
  released(): void {
    for (const id of [...this.sessions.keys()]) this.dropSession(id);
    if (this.ranUeId === null) return;
    this.ranUeId = null;
    this.amfUeId = null;
    this.ue.connectionReleased();
    this.tell({ fact: 'released' });
  }

  /** Milliseconds until a ping from its address has come back; `null` when it has not, or there is no such session. */
  async ping(
    id: number,
    {
      to,
      withinMs,
      signal,
    }: { readonly to: string; readonly withinMs: number; readonly signal: AbortSignal },
  ): Promise<number | null> {
    const session = this.sessions.get(id);
    const from = this.ue.sessions.find((each) => each.id === id)?.address;
    if (session === undefined || from === undefined || !this.#gnb.behaviour.forwards) return null;
    return this.#gnb.userPlane.ping(session, { from, to, withinMs, signal });
  }

  /** Milliseconds until the user plane of a session has answered an echo request. @throws HarnessError DEADLINE, or GTPU_UNREACHABLE without a session */
  echo(id: number, limit: { readonly withinMs: number; readonly signal: AbortSignal }): Promise<number> {
    const session = this.sessions.get(id);
    if (session === undefined) throw new HarnessError('GTPU_UNREACHABLE', 'there is no such session');
    return this.#gnb.userPlane.echo(session, limit);
  }

  /** No timer runs any more. */
  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #do(action: UeAction): void {
    switch (action.do) {
      case 'tell':
        this.tell(action.fact);
        return;
      case 'start':
        this.#stopTimer(action.timer);
        this.#timers.set(
          action.timer,
          setTimeout(() => this.run(this.ue.expired(action.timer)), action.ms),
        );
        return;
      case 'stop':
        this.#stopTimer(action.timer);
        return;
      case 'send':
        this.sent.push(action.nas);
        this.#up(action);
    }
  }

  #stopTimer(timer: UeTimer): void {
    clearTimeout(this.#timers.get(timer));
    this.#timers.delete(timer);
  }

  #up({ nas, initial }: Extract<UeAction, { readonly do: 'send' }>): void {
    const location = locationOf(cellOf(this.#gnb.settings));
    if (initial === undefined) {
      const { ids } = this;
      if (ids === null) return;
      this.#gnb.post(
        outgoing('UplinkNASTransport', { ...ids, 'NAS-PDU': nas, UserLocationInformation: location }),
      );
      return;
    }
    this.ranUeId = this.#gnb.newUeId();
    this.amfUeId = null;
    this.tell({ fact: 'connected' });
    this.#gnb.post(
      outgoing('InitialUEMessage', {
        ...{ 'RAN-UE-NGAP-ID': this.ranUeId, 'NAS-PDU': nas, UserLocationInformation: location },
        RRCEstablishmentCause: initial.cause,
        ...(initial.sTmsi === null ? {} : { 'FiveG-S-TMSI': wireSTmsi(initial.sTmsi) }),
        UEContextRequest: 'requested',
      }),
    );
  }
}

export function responseItem({ id, down, flows }: RanSession): {
  readonly pDUSessionID: number;
  readonly pDUSessionResourceSetupResponseTransfer: ReturnType<typeof responseTransfer>;
} {
  return { pDUSessionID: id, pDUSessionResourceSetupResponseTransfer: responseTransfer(down, flows) };
}

export function failedItem({ id, cause }: Failed): {
  readonly pDUSessionID: number;
  readonly pDUSessionResourceSetupUnsuccessfulTransfer: { readonly cause: Cause };
} {
  return { pDUSessionID: id, pDUSessionResourceSetupUnsuccessfulTransfer: { cause } };
}
