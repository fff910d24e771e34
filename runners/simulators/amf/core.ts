import type { NextHop } from '../../interfaces/aka/key-chain.ts';
import type { ApPeer, ApPeerOptions, EntryIn, OutcomeIn, Waiting } from '../../interfaces/ap/peer.ts';
import type { IesIn, RequestIn, SuccessIn } from '../../interfaces/ap/types.ts';
import type { SetupIes, setupTransfer } from '../../interfaces/ngap/transfers.ts';
import type { Ies, NgapShape, Outgoing } from '../../interfaces/ngap/types.ts';
import type { SctpAssociation } from '../../interfaces/sctp/types.ts';
import type { AmfBehaviour } from './behaviour.ts';
import type { NetworkNas } from './nas.ts';
import type { Network, NetworkAction, NetworkFact } from './nas-types.ts';
import type { NodeRecord } from './node-procedures.ts';
import type { AmfSettings } from './settings.ts';
import type { Upf, UpfSession } from './upf.ts';

/** The parts of an AMF, as they know each other. */

export type PeerOptions = Pick<ApPeerOptions<NgapShape>, 'handle' | 'answerFaults' | 'ppid' | 'told'>;
export type OpenPeer = (association: SctpAssociation, options: PeerOptions) => ApPeer<NgapShape>;

/** An association with a node of the RAN. */
export interface NodeLink {
  readonly peer: ApPeer<NgapShape>;
  /** Once it has set up. */
  readonly node: NodeRecord | null;
  /** Sends, unless the association has ended meanwhile. */
  post(message: Outgoing): void;
  /** Sends a request; `then` hears of what came of it: the answer is `null` when that was no success. */
  ask<Name extends RequestIn<NgapShape>>(
    name: Name,
    ies: IesIn<NgapShape, Name>,
    then?: (
      answer: IesIn<NgapShape, SuccessIn<NgapShape, Name>> | null,
      outcome: OutcomeIn<NgapShape, Name>,
    ) => void,
  ): void;
}

/** Where a UE is connected: the pair of identifiers on the association of its node. */
export interface Connection {
  readonly link: NodeLink;
  readonly amfUeId: number;
  readonly ranUeId: number;
  /** Whether its node has a context of it. */
  isSetUp: boolean;
}

/** A UE as the AMF knows it, connected or not. */
export interface AmfUe {
  readonly nas: NetworkNas;
  readonly imsi: string | null;
  /** What has happened to it. */
  readonly facts: readonly NetworkFact[];
  /** The user plane of its sessions, by their numbers. */
  readonly userPlanes: ReadonlyMap<number, UpfSession>;
  connection: Connection | null;
  /** NAS of the UE has come. */
  take(nas: Uint8Array): void;
  perform(actions: readonly NetworkAction[]): void;
  /** It has left its node for another one. */
  moved(to: Connection): void;
  /** A fresh next hop for the node that it goes to; `null` when it has no security on the air. */
  nextHop(): NextHop | null;
  /** No answer of it is waited for any more. */
  stop(): void;
  /** Its node has no context of it any more. */
  disconnected(): void;
  /** Has its node forget it. */
  release(cause: Ies<'UEContextReleaseCommand'>['Cause']): void;
  /** What a node is told of the user plane of a session, and beside it; `null` of one that has none. */
  transferOf(id: number, beside?: Partial<SetupIes>): ReturnType<typeof setupTransfer> | null;
}

/** What becomes of handovers over N2. Identifiers at a target are told to it; false says that there are none like that. */
export interface HandoverDesk {
  required(ue: AmfUe, ies: Partial<Ies<'HandoverRequired'>>): void;
  statusTold(ue: AmfUe, ies: Partial<Ies<'UplinkRANStatusTransfer'>>): void;
  cancelled(ue: AmfUe): void;
  notified(target: NodeLink, ies: Partial<Ies<'HandoverNotify'>>): boolean;
  /** By the target of a UE that has not arrived. */
  releaseAsked(target: NodeLink, ies: Partial<Ies<'UEContextReleaseRequest'>>): boolean;
  /** The UE goes nowhere. */
  abandon(ue: AmfUe, cause: Ies<'UEContextReleaseCommand'>['Cause']): void;
  /** The node that the UE leaves has no context of it any more. */
  sourceGone(ue: AmfUe): void;
  targetGone(target: NodeLink): void;
}

export interface AmfCore {
  readonly network: Network;
  readonly settings: AmfSettings;
  readonly behaviour: AmfBehaviour;
  readonly upf: Upf;
  readonly links: readonly NodeLink[];
  readonly ues: readonly AmfUe[];
  readonly handovers: HandoverDesk;
  readonly say: (text: string) => void;
  /** Something of ours went wrong where nobody waits for it. */
  readonly broke: (error: unknown) => void;
  waiting(): Waiting;
  newUeId(): number;
  openPeer: OpenPeer;
  uesOf(link: NodeLink): readonly AmfUe[];
  forgetUesOf(link: NodeLink): void;
  /** A node that is connected already has come again because its old association is dead: nobody has noticed yet. */
  mayBe(node: NodeRecord, link: NodeLink): boolean;
  nodeUp(link: NodeLink): void;
  heard(link: NodeLink, entry: EntryIn<NgapShape>): void;
  /** The first message of a UE. */
  arrived(link: NodeLink, ies: Partial<Ies<'InitialUEMessage'>>): void;
  /** It is known now who that is: other records of the same subscriber are out of date. */
  authenticated(ue: AmfUe): void;
  deregistered(ue: AmfUe): void;
  forgetConnection(ue: AmfUe): void;
  /** To every node, under each name that the UE may go by. */
  postPages(ue: AmfUe): void;
  told(ue: AmfUe, fact: NetworkFact): void;
}
