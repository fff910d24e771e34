import { KeyChain, type NextHop } from '../../interfaces/aka/key-chain.ts';
import { outgoing } from '../../interfaces/ngap/codec.ts';
import {
  flowItem,
  responseEndIn,
  setupTransfer,
  transportInformation,
  type SetupIes,
} from '../../interfaces/ngap/transfers.ts';
import type { Ies, Outgoing } from '../../interfaces/ngap/types.ts';
import { guamiOf, wireCapabilities, wireSlice } from '../../interfaces/ngap/values.ts';
import { NetworkNas } from './nas.ts';
import type { NetworkAction, NetworkFact, NetworkSession, NetworkTimer, Wait } from './nas-types.ts';
import type { AmfCore, AmfUe, Connection } from './core.ts';
import type { UpfSession } from './upf.ts';

type Cause = Ies<'UEContextReleaseCommand'>['Cause'];

const AMBR = { uEAggregateMaximumBitRateDL: 1e9, uEAggregateMaximumBitRateUL: 1e9 } as const;
const BEST_EFFORT_5QI = 9;
const WHY = {
  normal: { nas: 'normal-release' },
  deregistered: { nas: 'deregister' },
  'authentication-failed': { nas: 'authentication-failure' },
  unanswered: { nas: 'unspecified' },
} as const satisfies Record<string, Cause>;

/** A UE as the AMF knows it, connected or not. */
export class UeContext implements AmfUe {
  readonly nas: NetworkNas;
  readonly #core: AmfCore;
  readonly #users = new Map<number, UpfSession>();
  connection: Connection | null = null;
  /** From the K_gNB on that its node was given. */
  #chain: KeyChain | null = null;
  readonly facts: NetworkFact[] = [];
  readonly #timers = new Map<NetworkTimer, { readonly of: Wait; readonly runs: NodeJS.Timeout }>();

  constructor(core: AmfCore) {
    this.#core = core;
    this.nas = new NetworkNas(core.network);
  }

  get imsi(): string | null {
    return this.nas.ue.subscriber?.imsi ?? null;
  }

  get userPlanes(): ReadonlyMap<number, UpfSession> {
    return this.#users;
  }

  transferOf(id: number, beside: Partial<SetupIes> = {}): ReturnType<typeof setupTransfer> | null {
    const user = this.#users.get(id);
    return user === undefined ? null : transferFor(user, beside);
  }

  take(nas: Uint8Array): void {
    this.perform(this.nas.receive(nas));
  }

  perform(actions: readonly NetworkAction[]): void {
    for (const action of actions) this.#perform(action);
    this.#closeForgotten();
    this.#keepTime();
  }

  stop(): void {
    this.nas.ue.waits.clear();
    this.#keepTime();
  }

  moved(to: Connection): void {
    this.connection = to;
  }

  nextHop(): NextHop | null {
    return this.#chain === null ? null : this.#core.behaviour.nextHop(this.#chain);
  }

  /** Its node has no context of it any more; what was up below is down. */
  disconnected(): void {
    this.connection = null;
    for (const user of this.#users.values()) user.down = null;
    this.nas.disconnected();
    this.#keepTime();
  }

  release(cause: Cause): void {
    this.#core.handovers.abandon(this, cause);
    const { connection } = this;
    if (connection === null) return;
    const { link, amfUeId, ranUeId } = connection;
    const pair = { 'aMF-UE-NGAP-ID': amfUeId, 'rAN-UE-NGAP-ID': ranUeId };
    this.#core.forgetConnection(this);
    link.ask('UEContextReleaseCommand', { 'UE-NGAP-IDs': { 'uE-NGAP-ID-pair': pair }, Cause: cause });
  }

  #perform(action: NetworkAction): void {
    switch (action.do) {
      case 'tell':
        this.#hear(action.fact);
        return;
      case 'send':
        this.#down(action.nas);
        return;
      case 'set-up-context':
        this.#setUpContext(action);
        return;
      case 'set-up-session':
        this.#setUpSession(action);
        return;
      case 'release-session':
        this.#releaseSession(action);
        return;
      case 'page':
        this.#core.postPages(this);
        return;
      case 'release':
        this.release(WHY[action.why]);
        if (action.why === 'deregistered') this.#core.deregistered(this);
    }
  }

  /** A timer runs for each answer that is outstanding, and for nothing else. */
  #keepTime(): void {
    const { waits } = this.nas.ue;
    for (const [timer, { of, runs }] of this.#timers) {
      if (waits.get(timer) === of) continue;
      clearTimeout(runs);
      this.#timers.delete(timer);
    }
    for (const [timer, of] of waits) if (!this.#timers.has(timer)) this.#start(timer, of);
  }

  #start(timer: NetworkTimer, of: Wait): void {
    const { nasTimerMs, sessionTimerMs } = this.#core.settings;
    const ms = timer.startsWith('T3592') ? sessionTimerMs : nasTimerMs;
    const runs = setTimeout(() => this.perform(this.nas.expired(timer)), ms);
    // It keeps no process up.
    this.#timers.set(timer, { of, runs: runs.unref() });
  }

  #hear(fact: NetworkFact): void {
    this.facts.push(fact);
    if (fact.fact === 'authenticated') this.#core.authenticated(this);
    this.#core.told(this, fact);
  }

  get #ids(): Ids | null {
    const { connection } = this;
    return connection === null
      ? null
      : { 'AMF-UE-NGAP-ID': connection.amfUeId, 'RAN-UE-NGAP-ID': connection.ranUeId };
  }

  #post(make: (ids: Ids) => Outgoing): void {
    const ids = this.#ids;
    if (ids !== null) this.connection?.link.post(make(ids));
  }

  #down(nas: Uint8Array): void {
    this.#post((ids) => outgoing('DownlinkNASTransport', { ...ids, 'NAS-PDU': nas }));
  }

  #setUpContext({ nas, kgnb, sessions }: Extract<NetworkAction, { readonly do: 'set-up-context' }>): void {
    const { connection } = this;
    const ids = this.#ids;
    if (connection === null || ids === null) return;
    if (connection.isSetUp) {
      this.#down(nas);
      return;
    }
    const { network, settings } = this.#core;
    const items = sessions.map((session) => this.#setupItem(session));
    connection.isSetUp = true;
    const kamf = this.nas.ue.context?.parts.kamf;
    this.#chain = kamf === undefined ? null : new KeyChain(kamf, kgnb);
    connection.link.ask(
      'InitialContextSetupRequest',
      {
        ...ids,
        ...(items.length === 0 ? {} : { UEAggregateMaximumBitRate: AMBR }),
        GUAMI: guamiOf(network.plmn, network.amfId),
        ...(items.length === 0 ? {} : { PDUSessionResourceSetupListCxtReq: items }),
        AllowedNSSAI: settings.slices.map((slice) => ({ 's-NSSAI': wireSlice(slice) })),
        UESecurityCapabilities: wireCapabilities(this.nas.ue.capability),
        SecurityKey: { bits: kgnb, length: 256 },
        'NAS-PDU': nas,
      },
      (message) => this.#contextAnswered(message),
    );
  }

  #contextAnswered(message: Ies<'InitialContextSetupResponse'> | null): void {
    if (message === null) {
      this.release({ radioNetwork: 'unspecified' });
      return;
    }
    const { PDUSessionResourceSetupListCxtRes: done = [] } = message;
    for (const item of done) this.#joined(item.pDUSessionID, item.pDUSessionResourceSetupResponseTransfer);
  }

  #setupItem(session: NetworkSession): CxtItem {
    return {
      pDUSessionID: session.id,
      's-NSSAI': wireSlice(session.slice),
      pDUSessionResourceSetupRequestTransfer: transferFor(this.#userPlane(session.id)),
    };
  }

  #userPlane(id: number): UpfSession {
    const user = this.#users.get(id) ?? this.#core.upf.session();
    this.#users.set(id, user);
    return user;
  }

  #setUpSession({ session, accept }: Extract<NetworkAction, { readonly do: 'set-up-session' }>): void {
    const ids = this.#ids;
    if (ids === null) return;
    this.#dropUserPlane(session.id);
    const user = this.#userPlane(session.id);
    const nas = accept(user.address, user.qfi);
    const item = {
      pDUSessionID: session.id,
      'pDUSessionNAS-PDU': nas,
      's-NSSAI': wireSlice(session.slice),
      pDUSessionResourceSetupRequestTransfer: transferFor(user),
    };
    this.connection?.link.ask(
      'PDUSessionResourceSetupRequest',
      { ...ids, PDUSessionResourceSetupListSUReq: [item], UEAggregateMaximumBitRate: AMBR },
      (message) => {
        const done = message?.PDUSessionResourceSetupListSURes?.find(
          ({ pDUSessionID }) => pDUSessionID === session.id,
        );
        if (done === undefined) this.nas.sessionSetUp(session.id, false);
        else this.#joined(session.id, done.pDUSessionResourceSetupResponseTransfer);
        this.#closeForgotten();
      },
    );
  }

  #joined(id: number, transfer: Parameters<typeof responseEndIn>[0]): void {
    const user = this.#users.get(id);
    if (user === undefined) return;
    user.down = responseEndIn(transfer);
    this.nas.sessionSetUp(id, user.down !== null);
  }

  #releaseSession({ id, nas }: Extract<NetworkAction, { readonly do: 'release-session' }>): void {
    const ids = this.#ids;
    if (ids === null) return;
    const transfer = { cause: WHY.normal };
    this.connection?.link.ask('PDUSessionResourceReleaseCommand', {
      ...ids,
      'NAS-PDU': nas,
      PDUSessionResourceToReleaseListRelCmd: [
        { pDUSessionID: id, pDUSessionResourceReleaseCommandTransfer: transfer },
      ],
    });
    this.#dropUserPlane(id);
  }

  #dropUserPlane(id: number): void {
    const user = this.#users.get(id);
    if (user === undefined) return;
    this.#users.delete(id);
    this.#core.upf.close(user);
  }

  /** Sessions that are no more have no user plane. */
  #closeForgotten(): void {
    for (const id of [...this.#users.keys()]) if (!this.nas.ue.sessions.has(id)) this.#dropUserPlane(id);
  }
}

interface Ids {
  readonly 'AMF-UE-NGAP-ID': number;
  readonly 'RAN-UE-NGAP-ID': number;
}
type CxtItem = NonNullable<Ies<'InitialContextSetupRequest'>['PDUSessionResourceSetupListCxtReq']>[number];

/** What a node is told of the user plane of a session. */
export function transferFor(
  { end, qfi }: Pick<UpfSession, 'end' | 'qfi'>,
  beside: Partial<SetupIes> = {},
): ReturnType<typeof setupTransfer> {
  return setupTransfer({
    ...beside,
    PDUSessionAggregateMaximumBitRate: {
      ...{ pDUSessionAggregateMaximumBitRateDL: 1e9, pDUSessionAggregateMaximumBitRateUL: 1e9 },
    },
    'UL-NGU-UP-TNLInformation': transportInformation(end),
    PDUSessionType: 'ipv4',
    QosFlowSetupRequestList: [flowItem({ qfi, fiveQi: BEST_EFFORT_5QI })],
  });
}
