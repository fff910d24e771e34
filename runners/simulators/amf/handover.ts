import type { OutcomeIn } from '../../interfaces/ap/peer.ts';
import { outgoing } from '../../interfaces/ngap/codec.ts';
import { tunnelEndIn } from '../../interfaces/ngap/transfers.ts';
import type { Ies, NgapShape } from '../../interfaces/ngap/types.ts';
import type { AmfCore, AmfUe, Connection, HandoverDesk, NodeLink } from './core.ts';
import {
  type Allocated,
  type Asking,
  type Cause,
  handoverCommand,
  handoverRequest,
  preparationFailure,
  sessionsIn,
  targetIn,
  type Wanted,
} from './handover-messages.ts';

type UeIds = Partial<Ies<'HandoverCancel'>>;
type Answer = OutcomeIn<NgapShape, 'HandoverRequest'>;

/** What a target holds for a UE that comes. */
interface Allocation {
  readonly ranUeId: number;
  readonly admitted: Allocated['PDUSessionResourceAdmittedList'];
  /** Until when the UE has to be there. */
  readonly guard: NodeJS.Timeout;
}

/** A handover that goes on. */
interface Going {
  readonly ue: AmfUe;
  /** Where the UE is connected; `null` once that node has no context of it any more. */
  source: Connection | null;
  readonly target: NodeLink;
  /** At the target. */
  readonly amfUeId: number;
  /** `null` as long as the target has not answered. */
  allocation: Allocation | null;
  /** Why it is not wanted any more, where the target has not answered yet. */
  dropped: Cause | null;
}

const IN_TARGET = { radioNetwork: 'ho-failure-in-target-5GC-ngran-node-or-target-system' } as const;
const CANCELLED = { radioNetwork: 'handover-cancelled' } as const;
const DESIRABLE = { radioNetwork: 'handover-desirable-for-radio-reason' } as const;

/**
 * Handovers over N2, from one node to another. Whatever becomes of one, neither node keeps a context that nobody needs.
 * @see TS 38.413 clauses 8.4.1 to 8.4.3, 8.4.5 to 8.4.7; TS 23.502 clause 4.9.1.3
 */
export class Handovers implements HandoverDesk {
  readonly #amf: AmfCore;
  readonly #going = new Set<Going>();

  constructor(amf: AmfCore) {
    this.#amf = amf;
  }

  required(ue: AmfUe, ies: Wanted): void {
    const { connection: source } = ue;
    if (source === null) return;
    const prepared = this.#prepare(ue, source, ies);
    if ('radioNetwork' in prepared) {
      source.link.post(preparationFailure(idsOf(source), prepared));
      return;
    }
    const { going, asking } = prepared;
    this.#going.add(going);
    going.target.ask('HandoverRequest', handoverRequest(this.#amf, asking), (answer, outcome) => {
      if (answer === null) this.#refused(going, outcome);
      else this.#allocated(going, ies, answer);
    });
  }

  /** What a target is asked, or why none is. */
  #prepare(
    ue: AmfUe,
    source: Connection,
    ies: Wanted,
  ): { readonly going: Going; readonly asking: Asking } | Extract<Cause, { radioNetwork: unknown }> {
    if (this.#of(ue) !== undefined) return { radioNetwork: 'interaction-with-other-procedure' };
    const target = targetIn(ies, this.#amf.links);
    if (target === undefined) return { radioNetwork: 'unknown-targetID' };
    const sessions = sessionsIn(ue, ies);
    if (sessions.length === 0) return { radioNetwork: 'unknown-PDU-session-ID' };
    const container = ies['SourceToTarget-TransparentContainer'];
    const nextHop = ue.nextHop();
    if (container === undefined || nextHop === null) return { radioNetwork: 'unspecified' };
    const amfUeId = this.#amf.newUeId();
    const { capability } = ue.nas.ue;
    const going: Going = { ...{ ue, source, target, amfUeId, allocation: null, dropped: null } };
    const cause = ies.Cause ?? DESIRABLE;
    return { going, asking: { capability, amfUeId, sessions, nextHop, container, cause } };
  }

  #refused(going: Going, outcome: Answer): void {
    this.#going.delete(going);
    const isKnown = outcome.kind === 'unsuccessful' || outcome.kind === 'ended';
    // It may have allocated all the same. @see TS 38.413 clause 8.3.3.2
    if (!isKnown) this.#releaseAt(going.target, { 'aMF-UE-NGAP-ID': going.amfUeId }, IN_TARGET);
    const { source, dropped } = going;
    if (source === null || dropped !== null) return;
    const said = outcome.kind === 'unsuccessful' ? outcome.message.ies : {};
    source.link.post(preparationFailure(idsOf(source), IN_TARGET, said));
  }

  #allocated(going: Going, ies: Wanted, answer: Allocated): void {
    const { 'RAN-UE-NGAP-ID': ranUeId, PDUSessionResourceAdmittedList: admitted } = answer;
    const guard = setTimeout(
      () => this.#end(going, { radioNetwork: 'tngrelocoverall-expiry' }),
      this.#amf.settings.handoverWithinMs,
    ).unref();
    going.allocation = { ranUeId, admitted, guard };
    if (going.dropped !== null) this.#end(going, going.dropped);
    else if (going.source !== null) going.source.link.post(handoverCommand(idsOf(going.source), ies, answer));
  }

  statusTold(ue: AmfUe, ies: Partial<Ies<'UplinkRANStatusTransfer'>>): void {
    const going = this.#of(ue);
    const container = ies['RANStatusTransfer-TransparentContainer'];
    if (going?.allocation === undefined || going.allocation === null || container === undefined) return;
    const { target, amfUeId, allocation } = going;
    target.post(
      outgoing('DownlinkRANStatusTransfer', {
        ...{ 'AMF-UE-NGAP-ID': amfUeId, 'RAN-UE-NGAP-ID': allocation.ranUeId },
        'RANStatusTransfer-TransparentContainer': container,
      }),
    );
  }

  /** The UE has arrived: from now on it is there, and the node that it came from forgets it. */
  notified(target: NodeLink, ids: UeIds): boolean {
    const going = this.#at(target, ids);
    if (going?.allocation === undefined || going.allocation === null) return false;
    const { ue, source, amfUeId, allocation } = going;
    this.#forget(going);
    ue.moved({ link: target, amfUeId, ranUeId: allocation.ranUeId, isSetUp: true });
    for (const [id, user] of ue.userPlanes) {
      const item = allocation.admitted.find(({ pDUSessionID }) => pDUSessionID === id);
      const transfer = item?.handoverRequestAcknowledgeTransfer ?? new Uint8Array();
      const isRead = !(transfer instanceof Uint8Array);
      this.#amf.upf.switchPath(user, isRead ? tunnelEndIn(transfer['dL-NGU-UP-TNLInformation']) : null);
    }
    if (source === null) return true;
    const pair = { 'aMF-UE-NGAP-ID': source.amfUeId, 'rAN-UE-NGAP-ID': source.ranUeId };
    this.#releaseAt(source.link, { 'uE-NGAP-ID-pair': pair }, { radioNetwork: 'successful-handover' });
    return true;
  }

  cancelled(ue: AmfUe): void {
    const { connection } = ue;
    if (connection === null) return;
    this.abandon(ue, CANCELLED);
    connection.link.post(outgoing('HandoverCancelAcknowledge', idsOf(connection)));
  }

  releaseAsked(target: NodeLink, ids: UeIds): boolean {
    const going = this.#at(target, ids);
    if (going?.allocation === undefined || going.allocation === null) return false;
    this.#end(going, ids.Cause ?? { radioNetwork: 'unspecified' });
    return true;
  }

  abandon(ue: AmfUe, cause: Cause): void {
    const going = this.#of(ue);
    if (going === undefined) return;
    if (going.allocation === null) going.dropped = cause;
    else this.#end(going, cause);
  }

  /** Where the UE was commanded to go it may still arrive. */
  sourceGone(ue: AmfUe): void {
    const going = this.#of(ue);
    if (going === undefined) return;
    going.source = null;
    if (going.allocation === null) going.dropped = CANCELLED;
  }

  targetGone(target: NodeLink): void {
    for (const going of [...this.#going])
      if (going.target === target && going.allocation !== null) this.#forget(going);
  }

  #of(ue: AmfUe): Going | undefined {
    return [...this.#going].find((each) => each.ue === ue && each.dropped === null);
  }

  #at(target: NodeLink, { 'AMF-UE-NGAP-ID': amfUeId, 'RAN-UE-NGAP-ID': ranUeId }: UeIds): Going | undefined {
    return [...this.#going].find(
      (each) => each.target === target && each.amfUeId === amfUeId && each.allocation?.ranUeId === ranUeId,
    );
  }

  /** What the target has allocated is not needed any more. */
  #end(going: Going, cause: Cause): void {
    this.#forget(going);
    const { target, amfUeId, allocation } = going;
    if (allocation === null) return;
    const pair = { 'aMF-UE-NGAP-ID': amfUeId, 'rAN-UE-NGAP-ID': allocation.ranUeId };
    this.#releaseAt(target, { 'uE-NGAP-ID-pair': pair }, cause);
  }

  #forget(going: Going): void {
    clearTimeout(going.allocation?.guard);
    this.#going.delete(going);
  }

  #releaseAt(link: NodeLink, ids: Ies<'UEContextReleaseCommand'>['UE-NGAP-IDs'], cause: Cause): void {
    link.ask('UEContextReleaseCommand', { 'UE-NGAP-IDs': ids, Cause: cause });
  }
}

function idsOf({ amfUeId, ranUeId }: Connection): {
  readonly 'AMF-UE-NGAP-ID': number;
  readonly 'RAN-UE-NGAP-ID': number;
} {
  return { 'AMF-UE-NGAP-ID': amfUeId, 'RAN-UE-NGAP-ID': ranUeId };
}
