import { randomBytes } from 'node:crypto';
import type { HomePrivateKey } from '../../interfaces/aka/suci.ts';
import { ApPeer, type EntryIn, type Waiting } from '../../interfaces/ap/peer.ts';
import { encodePlmn, type MobileIdentity } from '../../interfaces/nas/identity.ts';
import { outgoing, PROTOCOL } from '../../interfaces/ngap/codec.ts';
import type { Ies, NgapShape } from '../../interfaces/ngap/types.ts';
import { octetsOf, wireSTmsi } from '../../interfaces/ngap/values.ts';
import type { SctpAssociation } from '../../interfaces/sctp/types.ts';
import type { AmfBehaviour } from './behaviour.ts';
import type { AmfCore, AmfUe, HandoverDesk, NodeLink, OpenPeer, PeerOptions } from './core.ts';
import { GnbLink } from './gnb-link.ts';
import { Handovers } from './handover.ts';
import { senderOf } from './nas.ts';
import { goesBy } from './nas-naming.ts';
import type { Network, NetworkFact, Subscriber } from './nas-types.ts';
import type { NodeRecord } from './node-procedures.ts';
import type { AmfSettings } from './settings.ts';
import { UeContext } from './ue-context.ts';
import type { Upf } from './upf.ts';

export interface AmfDeps {
  readonly settings: AmfSettings;
  readonly behaviour: AmfBehaviour;
  readonly subscribers: readonly Subscriber[];
  /** With which they may conceal who they are. */
  readonly homeKeys: readonly HomePrivateKey[];
  readonly upf: Upf;
  readonly signal: AbortSignal;
  /** A line for people. */
  readonly say: (text: string) => void;
  /** Hears of every message on every association. */
  readonly heard?: (link: NodeLink, entry: EntryIn<NgapShape>) => void;
  readonly told?: (ue: AmfUe, fact: NetworkFact) => void;
  /** Who sees to handovers over N2; default: an AMF that has both nodes. */
  readonly handovers?: ((amf: AmfCore) => HandoverDesk) | undefined;
  /** How the peer of an association is made; default: one that only speaks. */
  readonly openPeer?: OpenPeer;
}

const JOURNAL = { entries: 2_000, bytes: 4 * 1024 * 1024 };

type Initial = Partial<Ies<'InitialUEMessage'>>;

/** An AMF: its nodes, its UEs, and, standing in for the rest of a core, their sessions. */
export class Amf implements AmfCore {
  readonly deps: AmfDeps;
  readonly network: Network;
  readonly handovers: HandoverDesk;
  readonly #links = new Set<GnbLink>();
  readonly #ues = new Set<AmfUe>();
  #lastUeId = 0;

  constructor(deps: AmfDeps) {
    const { settings, subscribers, homeKeys, behaviour, signal } = deps;
    this.deps = deps;
    signal.addEventListener('abort', () => this.#ues.forEach((ue) => ue.stop()), { once: true });
    this.handovers = deps.handovers?.(this) ?? new Handovers(this);
    this.network = {
      ...settings,
      subscribers: new Map(subscribers.map((each) => [each.imsi, each])),
      homeKeys,
      behaviour: behaviour.nas,
      newTmsi: () => Uint8Array.from(randomBytes(4)),
      newRand: () => Uint8Array.from(randomBytes(16)),
    };
  }

  get settings(): AmfSettings {
    return this.deps.settings;
  }

  get behaviour(): AmfBehaviour {
    return this.deps.behaviour;
  }

  get upf(): Upf {
    return this.deps.upf;
  }

  get links(): readonly GnbLink[] {
    return [...this.#links];
  }

  get ues(): readonly AmfUe[] {
    return [...this.#ues];
  }

  get say(): AmfDeps['say'] {
    return this.deps.say;
  }

  readonly broke = (error: unknown): void => {
    if (!this.deps.signal.aborted) this.deps.say(`something broke: ${String(error)}`);
  };

  waiting(): Waiting {
    return { signal: this.deps.signal, timeoutMs: this.settings.answerWithinMs };
  }

  /** Takes an association, or refuses it when there are too many. */
  admit(association: SctpAssociation): GnbLink | null {
    if (this.#links.size >= this.settings.maxAssociations) {
      association.abort('too many associations');
      return null;
    }
    const link = new GnbLink(this, association);
    this.#links.add(link);
    link.peer.ended.then(() => this.#lost(link), this.broke);
    return link;
  }

  #lost(link: GnbLink): void {
    this.forgetUesOf(link);
    this.handovers.targetGone(link);
    this.#links.delete(link);
  }

  mayBe({ name }: NodeRecord, link: NodeLink): boolean {
    const old = this.links.find((each) => each !== link && each.node?.name === name);
    if (old === undefined) return true;
    if (!this.behaviour.replacesDead) return false;
    old.peer.association.abort('the node has connected again');
    this.#lost(old);
    return true;
  }

  nodeUp({ node }: NodeLink): void {
    this.deps.say(`NG setup by ${node?.name ?? 'nobody'}`);
  }

  heard(link: NodeLink, entry: EntryIn<NgapShape>): void {
    this.deps.heard?.(link, entry);
  }

  told(ue: AmfUe, fact: NetworkFact): void {
    this.deps.told?.(ue, fact);
  }

  openPeer(association: SctpAssociation, options: PeerOptions): ApPeer<NgapShape> {
    const { openPeer } = this.deps;
    return (
      openPeer?.(association, options) ?? new ApPeer(PROTOCOL, { association, limits: JOURNAL, ...options })
    );
  }

  uesOf(link: NodeLink): readonly AmfUe[] {
    return this.ues.filter(({ connection }) => connection?.link === link);
  }

  forgetUesOf(link: NodeLink): void {
    for (const ue of this.uesOf(link)) this.forgetConnection(ue);
  }

  newUeId(): number {
    this.#lastUeId += 1;
    return this.#lastUeId;
  }

  /** The first message of a UE: of one that is known by its temporary identity, or of a new one. */
  arrived(link: NodeLink, { 'RAN-UE-NGAP-ID': ranUeId, 'NAS-PDU': nas }: Initial): void {
    if (ranUeId === undefined || nas === undefined) return;
    const ue = this.#known(senderOf(nas)) ?? this.#new();
    ue.release({ radioNetwork: 'release-due-to-5gc-generated-reason' });
    ue.connection = { link, ranUeId, amfUeId: this.newUeId(), isSetUp: false };
    ue.nas.connected();
    ue.take(nas);
  }

  #new(): AmfUe {
    const ue = new UeContext(this);
    this.#ues.add(ue);
    return ue;
  }

  #known(identity: MobileIdentity | null): AmfUe | undefined {
    if (identity?.kind !== 'guti' && identity?.kind !== 'sTmsi') return undefined;
    return this.ues.find(({ nas: { ue } }) => goesBy(ue, identity.tmsi));
  }

  authenticated(ue: AmfUe): void {
    for (const other of this.ues) {
      if (other === ue || other.imsi !== ue.imsi) continue;
      other.release({ nas: 'normal-release' });
      other.stop();
      this.#ues.delete(other);
    }
  }

  /** Its security context stays: the UE comes back with it. */
  deregistered(ue: AmfUe): void {
    if (ue.nas.ue.tmsi === null) this.#ues.delete(ue);
  }

  forgetConnection(ue: AmfUe): void {
    this.handovers.sourceGone(ue);
    ue.disconnected();
    if (ue.nas.ue.tmsi === null) this.#ues.delete(ue);
  }

  /** Pages a UE where it may be. False when it has no temporary identity, or is connected. */
  page(ue: AmfUe): boolean {
    if (ue.nas.ue.tmsi === null || ue.connection !== null) return false;
    ue.perform(ue.nas.page());
    return true;
  }

  postPages({ nas: { ue } }: AmfUe): void {
    if (!this.behaviour.pages) return;
    const { plmn, amfId, tacs } = this.network;
    for (const tmsi of [ue.tmsi, ue.formerTmsi]) {
      if (tmsi === null) continue;
      const page = outgoing('Paging', {
        UEPagingIdentity: { 'fiveG-S-TMSI': wireSTmsi({ ...amfId, tmsi }) },
        TAIListForPaging: tacs.map((tac) => ({
          tAI: { pLMNIdentity: encodePlmn(plmn), tAC: octetsOf(tac) },
        })),
      });
      for (const link of this.#links) if (link.node !== null) link.post(page);
    }
  }
}
