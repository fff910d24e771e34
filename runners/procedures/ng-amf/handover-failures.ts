import type { Outgoing } from '../../interfaces/ngap/types.ts';
import { handoverRequired } from '../../simulators/gnb/handover-source.ts';
import { answeredWith, clausesOf, type Found, unseen, wellFormed, withCause } from '../ap/judging.ts';
import { RESPONSE_TIME } from '../ap/parameters.ts';
import { messagesOf, type SeenPdu, seenPdus } from '../ng/seen-messages.ts';
import { factsIn, happened } from '../ng/ue-facts.ts';
import { Blocked, type Procedure, type Seen } from '../procedure.ts';
import { driveAmf } from './amf-driver.ts';
import { idsIn, releasedAt } from './handover-judging.ts';
import { placeOf, prepare, readyToMove, watch } from './handover-tester.ts';

// Handovers that come to nothing: the UE stays where it is, and nobody keeps what nobody needs.

const PARAMETERS = { responseTimeMs: RESPONSE_TIME };
const [PREPARATION, CANCEL, LEAVING] = ['preparation', 'cancel', 'leaving'] as const;
const [TARGET_LOST, SOURCE_LOST] = ['target-lost', 'source-lost'] as const;
const FAILURE = 'HandoverPreparationFailure';

/** TS 38.413 8.4.1.3, 8.4.2.3: the target has no room. */
export const handoverRefused: Procedure = {
  id: 'ng.amf.handover-refused',
  parameters: PARAMETERS,
  clauses: ['told', 'served', 'well-formed'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const moving = await readyToMove(driver);
      moving.target.behave({ handedOver: 'refuses' });
      await prepare(moving, PREPARATION);
      await moving.ue.deregister(LEAVING);
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    return {
      clauses: clausesOf({
        told: refusalTold(pdus, PREPARATION),
        served: stillServed(seen),
        'well-formed': wellFormed(pdus),
      }),
    };
  },
};

/** The source was told; where the product had nothing to ask, `none`. */
function refusalTold(pdus: readonly SeenPdu[], step: string): Found {
  const required = messagesOf(pdus, 'HandoverRequired', 'sent').find((pdu) => pdu.step === step);
  return answeredWith(pdus, required, [FAILURE]);
}

function stillServed(seen: Seen): Found {
  const otherwise = 'the UE was not served any more';
  return happened(factsIn(seen), 'deregistered', { step: LEAVING, otherwise });
}

const ANOTHER_NODE = 0x7f_ff_ff;
/** What may be said of a node that there is none of. */
const NO_TARGET = [
  'radioNetwork unknown-targetID',
  'radioNetwork ho-target-not-allowed',
  'radioNetwork ho-failure-in-target-5GC-ngran-node-or-target-system',
];

/** TS 38.413 8.4.1.3: the target is nobody whom the AMF has. */
export const handoverToNobody: Procedure = {
  id: 'ng.amf.handover-unknown-target',
  parameters: PARAMETERS,
  clauses: ['told', 'cause', 'served'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const moving = await readyToMove(driver);
      const { gnb, cell } = placeOf(moving.target);
      await prepare(moving, PREPARATION, { gnb: { ...gnb, id: ANOTHER_NODE }, cell });
      await moving.ue.deregister(LEAVING);
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const [failure] = messagesOf(pdus, FAILURE, 'received');
    return {
      clauses: clausesOf({
        told: refusalTold(pdus, PREPARATION),
        cause:
          failure === undefined
            ? unseen('nothing was told')
            : withCause(failure, failure.message.ies.Cause, NO_TARGET),
        served: stillServed(seen),
      }),
    };
  },
};

/** TS 38.413 8.4.5: the source thinks better of a handover that is prepared. */
export const handoverCancelled: Procedure = {
  id: 'ng.amf.handover-cancel',
  parameters: PARAMETERS,
  clauses: ['acknowledged', 'released', 'served', 'well-formed'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const { source, target, ue } = await readyToMove(driver);
      const ies = handoverRequired(source.gnb, ue.ran, placeOf(target));
      const { ids } = ue.ran;
      if (ies === null || ids === null) throw Blocked.precondition('the UE has no session in its node');
      source.enter(PREPARATION);
      target.enter(PREPARATION);
      const waiting = { ...source.waiting, withinMs: source.waiting.withinMs * 2 };
      const { kind } = await source.link.request(PREPARATION, { name: 'HandoverRequired', ies }, waiting);
      if (kind !== 'successful') return;
      const atTarget = watch(target);
      target.enter(CANCEL);
      const cancel = { ...ids, Cause: { radioNetwork: 'handover-cancelled' } } as const;
      await source.link.request(CANCEL, { name: 'HandoverCancel', ies: cancel }, source.waiting);
      await atTarget('UEContextReleaseCommand');
      await ue.deregister(LEAVING);
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const cancel = messagesOf(pdus, 'HandoverCancel', 'sent')[0];
    return {
      clauses: clausesOf({
        acknowledged: answeredWith(pdus, cancel, ['HandoverCancelAcknowledge']),
        released: cancel === undefined ? unseen('nothing was cancelled') : freedAt(pdus, 'gnb-2', CANCEL),
        served: cancel === undefined ? unseen('nothing was cancelled') : stillServed(seen),
        'well-formed': wellFormed(pdus),
      }),
    };
  },
};

/** What a node had ready for the UE is released. */
function freedAt(pdus: readonly SeenPdu[], association: string, step: string): Found {
  const own = pdus.filter((pdu) => pdu.association === association);
  const ids = idsIn(own, 'HandoverRequestAcknowledge');
  return ids === null ? unseen('nothing was allocated') : releasedAt(pdus, { association, step, ids });
}

/** One of the two nodes goes while the handover is prepared: the other one is told. */
export const handoverNodeLost: Procedure = {
  id: 'ng.amf.handover-node-lost',
  parameters: PARAMETERS,
  clauses: ['source-told', 'target-released'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const moving = await readyToMove(driver);
      const { source, target, ue } = moving;
      target.behave({ handedOver: 'silent' });
      const asked = watch(target);
      const toNobody = prepare(moving, TARGET_LOST);
      if ((await asked('HandoverRequest')) !== null) await target.link.abort(TARGET_LOST);
      await toNobody;
      const other = await driver.ready('setup-3', 3);
      const held: Outgoing[] = [];
      other.behave({ sends: keepingBack(held) });
      const askedToo = watch(other);
      const fromNobody = prepare({ source, target: other, ue }, SOURCE_LOST);
      if ((await askedToo('HandoverRequest')) !== null) await source.link.abort(SOURCE_LOST);
      for (const each of held) await other.link.send(SOURCE_LOST, each);
      await askedToo('UEContextReleaseCommand');
      await fromNobody;
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    return {
      clauses: clausesOf({
        'source-told': refusalTold(pdus, TARGET_LOST),
        'target-released': freedAt(pdus, 'gnb-3', SOURCE_LOST),
      }),
    };
  },
};

/** An acknowledgement goes out when the source has gone. */
function keepingBack(held: Outgoing[]): (message: Outgoing) => readonly Outgoing[] {
  return (message) => {
    if (message.name !== 'HandoverRequestAcknowledge') return [message];
    held.push(message);
    return [];
  };
}
