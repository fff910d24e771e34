import type { ApPeer, OutcomeIn } from '../../interfaces/ap/peer.ts';
import type { IesIn, RequestIn } from '../../interfaces/ap/types.ts';
import type { XnGnb } from '../../interfaces/xnap/node.ts';
import type { Ies, Outgoing, XnapShape } from '../../interfaces/xnap/types.ts';
import type { AmfLink } from './amf.ts';
import type { Has } from './defects.ts';
import type { Neighbour } from './neighbours.ts';
import type { XnGnbSettings } from './settings.ts';
import type { Contexts } from './ues.ts';

/** One association with another node, as procedures see it. */
export interface OnXn {
  readonly peer: ApPeer<XnapShape>;
  /** Who is at the other end, once Xn is set up. */
  neighbour: Neighbour | null;
  /** Xn was removed: there is no coming back. */
  isRemoved: boolean;
  /** Sends what nobody waits for an answer to. */
  say(message: Outgoing): void;
  ask<Name extends RequestIn<XnapShape>>(
    name: Name,
    ies: IesIn<XnapShape, Name>,
    timeoutMs?: number,
  ): Promise<OutcomeIn<XnapShape, Name>>;
}

/** The gNB, as procedures see it. */
export interface TheGnb {
  readonly settings: XnGnbSettings;
  readonly has: Has;
  readonly say: (text: string) => void;
  readonly node: XnGnb;
  readonly contexts: Contexts;
  /** How often others asked us to page, and in how many cells the last time. */
  readonly pages: { readonly count: number; readonly cells: number };
  readonly sessions: ReadonlySet<OnXn>;
  amf: AmfLink | null;
  /** A session on which Xn is set up; undefined when there is none. */
  readonly upSession: OnXn | undefined;
  /** A neighbour looks for a UE in so many cells of ours. */
  paged(cells: number): void;
  /** Xn with that neighbour is over. */
  forget(session: OnXn): void;
  /** Why a neighbour that is there already must not come again; null when it may. */
  objectionToReturn(session: OnXn, neighbour: Neighbour): string | null;
  /** Whoever sets up again has lost what there was. @see 3GPP TS 38.423 clause 8.4.1.2 */
  replaceFormer(session: OnXn, neighbour: Neighbour): void;
  /** How this node shows its tracking areas. */
  shown<Shown extends Pick<Ies<'XnSetupRequest'>, 'TAISupport-list'>>(ies: Shown): Shown;
}
