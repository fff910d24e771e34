import type { SctpAssociation } from '../../interfaces/sctp/types.ts';
import { tacOctets, type XnGnb } from '../../interfaces/xnap/node.ts';
import type { Ies } from '../../interfaces/xnap/types.ts';
import type { AmfLink } from './amf.ts';
import type { Has } from './defects.ts';
import type { Neighbour } from './neighbours.ts';
import type { OnXn, TheGnb } from './ports.ts';
import { Session } from './session.ts';
import { gnbOf, type XnGnbSettings } from './settings.ts';
import { Contexts, smallUes } from './ues.ts';

export interface GnbDeps {
  readonly settings: XnGnbSettings;
  readonly has: Has;
  readonly say: (text: string) => void;
}

/** A gNB: its associations with others, its UEs, and its AMF. */
export class Gnb implements TheGnb {
  readonly settings: XnGnbSettings;
  readonly has: Has;
  readonly say: (text: string) => void;
  readonly node: XnGnb;
  readonly contexts: Contexts;
  readonly sessions = new Set<Session>();
  pages = { count: 0, cells: 0 };
  amf: AmfLink | null = null;

  constructor({ settings, has, say }: GnbDeps) {
    this.settings = settings;
    this.has = has;
    this.say = say;
    this.node = gnbOf(settings);
    this.contexts = new Contexts(smallUes(settings, this.node.cells));
  }

  /** Takes an association of another node, or refuses it when there are too many. */
  admit(association: SctpAssociation): void {
    if (this.sessions.size >= this.settings.maxAssociations && !this.has('associations-unlimited')) {
      association.abort('too many associations');
      return;
    }
    this.open(association);
  }

  open(association: SctpAssociation): Session {
    const session = new Session(this, association);
    this.sessions.add(session);
    const gone = (): void => {
      this.sessions.delete(session);
      this.contexts.removeAllOf(session);
    };
    session.peer.ended.then(gone, (error: unknown) => {
      gone();
      this.say(`a session broke: ${String(error)}`);
    });
    return session;
  }

  paged(cells: number): void {
    this.pages = { count: this.pages.count + 1, cells };
  }

  forget(session: OnXn): void {
    session.isRemoved = true;
    session.neighbour = null;
    this.contexts.removeAllOf(session);
  }

  get upSession(): Session | undefined {
    return [...this.sessions].findLast(({ neighbour }) => neighbour !== null);
  }

  /** With the defect `reconnect-refused`: a neighbour cannot be there twice. */
  objectionToReturn(session: OnXn, { name }: Neighbour): string | null {
    return this.has('reconnect-refused') && this.#formerOf(session, name) !== undefined
      ? `${name} is there already`
      : null;
  }

  replaceFormer(session: OnXn, { name }: Neighbour): void {
    this.contexts.removeAllOf(session);
    const former = this.#formerOf(session, name);
    if (former === undefined) return;
    this.contexts.removeAllOf(former);
    former.peer.association.abort('set up on another association');
  }

  #formerOf(session: OnXn, name: string): Session | undefined {
    return [...this.sessions].find((each) => each !== session && each.neighbour?.name === name);
  }

  shown<Shown extends Pick<Ies<'XnSetupRequest'>, 'TAISupport-list'>>(ies: Shown): Shown {
    if (!this.has('tai-list-incoherent')) return ies;
    const elsewhere = tacOctets((this.settings.tac + 1) % 2 ** 24);
    return { ...ies, 'TAISupport-list': ies['TAISupport-list'].map((item) => ({ ...item, tac: elsewhere })) };
  }
}
