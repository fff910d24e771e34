import { outgoing, type Outgoing } from '../../interfaces/e2/answers.ts';
import type { PduEntry } from '../../interfaces/e2/journal.ts';
import { unwrapItems } from '../../interfaces/e2/messages.ts';
import { nodeName } from '../../interfaces/e2/node-name.ts';
import { E2Peer } from '../../interfaces/e2/peer.ts';
import type { AnyMessage } from '../../interfaces/e2/types.ts';
import type { SctpAssociation } from '../../interfaces/sctp/types.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import type { Behaviour } from './behaviour.ts';
import {
  answerConfigurationUpdate,
  answerServiceUpdate,
  answerSetup,
  refuseEarly,
} from './global-procedures.ts';
import type { Indication } from './indications.ts';
import { type NodeRecord, requestKey } from './node-record.ts';

/** The near-RT RIC, as far as a session needs it. */
export interface SessionOwner {
  readonly behaviour: Behaviour;
  /** The node of that name, which may be a new one. */
  node(name: string): NodeRecord;
  known(name: string): NodeRecord | undefined;
  forget(node: NodeRecord): void;
  isUp(session: Session): void;
  indicated(indication: Indication, node: NodeRecord, session: Session): void;
  log(event: string, session: Session, detail: string): void;
}

/** One association with an E2 node. */
export class Session {
  readonly peer: E2Peer;
  readonly #ric: SessionOwner;
  readonly #behaviour: Behaviour;
  /** Of the node, once it has set up. */
  node: NodeRecord | undefined;
  #isDeaf = false;

  constructor(ric: SessionOwner, association: SctpAssociation) {
    this.#ric = ric;
    this.#behaviour = ric.behaviour;
    this.peer = new E2Peer({
      association,
      ppid: this.#behaviour.ppid,
      handle: (message, entry) => this.#answer(message, entry),
      answerFaults: (entry, standard) => this.#answerToFaults(entry, standard),
      limits: { entries: 1_000, bytes: 4 * 1024 * 1024 },
    });
  }

  get address(): string {
    return this.peer.association.peer.host;
  }

  #answer(message: AnyMessage, entry: PduEntry): readonly Outgoing[] {
    if (!this.#hears(entry)) return [];
    const right = this.#rightAnswer(message, entry);
    return this.#behaviour.answers(right, message, this);
  }

  #hears({ decoded }: PduEntry): boolean {
    this.#isDeaf ||= !this.#behaviour.hears(decoded);
    return !this.#isDeaf;
  }

  #answerToFaults(entry: PduEntry, standard: Outgoing | null): Outgoing | null {
    if (!this.#hears(entry)) return null;
    const { envelope } = entry.decoded;
    this.#ric.log(
      'message-refused',
      this,
      `${envelope?.kind ?? 'unreadable'} ${envelope?.code ?? ''}`.trim(),
    );
    const take = (message: AnyMessage): Outgoing | null => this.#answer(message, entry)[0] ?? null;
    return this.#behaviour.faults(standard, { entry, session: this, take });
  }

  #rightAnswer(message: AnyMessage, entry: PduEntry): readonly Outgoing[] {
    if (message.name === 'ErrorIndication') return [];
    if (message.name === 'E2setupRequest') return [this.#setUp(message)];
    const { node } = this;
    if (node === undefined) return this.#early(message, entry);
    switch (message.name) {
      case 'ResetRequest':
        if (!this.#behaviour.keepsSubscriptions) node.subscriptions.clear();
        return [outgoing('ResetResponse', { TransactionID: message.ies.TransactionID ?? 0 })];
      case 'RICserviceUpdate':
        return [answerServiceUpdate(message, node)];
      case 'E2nodeConfigurationUpdate':
        return [answerConfigurationUpdate(message, node)];
      case 'E2RemovalRequest':
        this.#ric.forget(node);
        this.node = undefined;
        return [outgoing('E2RemovalResponse', { TransactionID: message.ies.TransactionID ?? 0 })];
      case 'RICindication':
        this.#ric.indicated(message.ies, node, this);
        return [];
      case 'RICsubscriptionDeleteRequired':
        return this.#deletionsFor(message, node);
      case 'RICsubscriptionModificationRequired': {
        const { RICrequestID, RANfunctionID } = message.ies;
        if (RICrequestID === undefined || RANfunctionID === undefined) return [];
        return [outgoing('RICsubscriptionModificationConfirm', { RICrequestID, RANfunctionID })];
      }
      default:
        // Requests that only a RIC sends.
        return [refuseEarly(message, entry)];
    }
  }

  #setUp(message: Extract<AnyMessage, { readonly name: 'E2setupRequest' }>): Outgoing {
    const id = message.ies['GlobalE2node-ID'];
    const node = this.#ric.node(id === undefined ? 'nobody' : nodeName(id));
    this.node = node;
    const response = answerSetup(message, node);
    // What an application does comes after the answer is out.
    setImmediate(() => this.#ric.isUp(this));
    return response;
  }

  /** A further association of a node that is known begins with its configuration. */
  #early(message: AnyMessage, entry: PduEntry): readonly Outgoing[] {
    if (message.name === 'E2nodeConfigurationUpdate') {
      const id = message.ies['GlobalE2node-ID'];
      const known = id === undefined ? undefined : this.#ric.known(nodeName(id));
      if (known !== undefined) {
        this.node = known;
        return [answerConfigurationUpdate(message, known)];
      }
    }
    if (message.name === 'RICindication') return [];
    return [refuseEarly(message, entry)];
  }

  #deletionsFor(
    { ies }: Extract<AnyMessage, { readonly name: 'RICsubscriptionDeleteRequired' }>,
    { subscriptions }: NodeRecord,
  ): readonly Outgoing[] {
    const items = unwrapItems('RICsubscription-withCause-Item', ies.RICsubscriptionToBeRemoved);
    const known = items.filter(({ ricRequestID }) => subscriptions.has(requestKey(ricRequestID)));
    for (const { ricRequestID } of known) subscriptions.delete(requestKey(ricRequestID));
    return known.map(({ ricRequestID, ranFunctionID }) =>
      outgoing('RICsubscriptionDeleteRequest', { RICrequestID: ricRequestID, RANfunctionID: ranFunctionID }),
    );
  }

  /** Sends, unless the association has ended meanwhile. */
  async send(message: Outgoing): Promise<void> {
    try {
      await this.peer.send(message);
    } catch (error) {
      if (!(error instanceof HarnessError && error.code === 'SCTP_ENDED')) throw error;
    }
  }
}
