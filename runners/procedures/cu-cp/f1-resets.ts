import { RESETS } from '../../interfaces/f1ap/resets.ts';
import { F1 } from '../ap/interfaces/f1.ts';
import { NG } from '../ap/interfaces/ng.ts';
import { broken, clausesOf, type Found, holds, unseen, wellFormed } from '../ap/judging.ts';
import { orderProduct } from '../ap/orders.ts';
import { acknowledgedReset, requestedReset, type ResetKind, resetKinds } from '../ap/resets.ts';
import { seenOn } from '../ap/seen-messages.ts';
import type { Procedure, Seen } from '../procedure.ts';
import { heardOf } from './f1-ue.ts';
import {
  attach,
  type AttachedUe,
  exchangeNas,
  mustRegisterAs,
  openFlow,
  type UeFlow,
  WHO,
  whoIs,
} from './ue-flow.ts';
import { BASIC, type CuCpWorld, driveCuCp } from './world.ts';

const [f1, ng] = [seenOn(F1), seenOn(NG)];
const KEY = 'f1.prepare';

/** TS 38.473 8.2.1: what is reset is gone on both sides, everything else lives on, and others can come. */
export const F1_RESETS: readonly Procedure[] = resetKinds('f1.cu').map(resetProcedure);

function resetProcedure({ id, by, isPartial }: ResetKind): Procedure {
  const first = by === 'tester' ? 'acknowledged' : 'requested';
  const clauses = [first, 'released', ...(isPartial ? ['kept'] : []), 'again', 'well-formed'];
  return {
    ...{ id, parameters: BASIC, clauses },
    drive: (bench, { signal }) =>
      driveCuCp(bench, { signal, key: KEY }, async (world) => {
        const flow = await openFlow(world);
        const gone = await mustRegisterAs('reset', world, flow);
        const other = isPartial ? await mustRegisterAs('other', world, flow) : null;
        const from = flow.amf.next;
        if (by === 'tester') await reset(world, flow, isPartial ? gone : null);
        else await orderReset(world, flow, isPartial ? gone : null);
        await flow.amf.awaits('UEContextReleaseRequest', from);
        if (other !== null) await exchangeNas(world, flow, { attached: other, step: 'kept' });
        await attach(world, flow, { step: 'again' });
      }),
    judge: (seen) => {
      const pdus = f1.seenPdus(seen.observations);
      const who = isPartial ? whoIs('reset', seen) : null;
      const wanted = who === null ? null : { upper: who.cu, lower: who.du };
      const found = (by === 'tester' ? acknowledgedReset : requestedReset)({ pdus, resets: RESETS, wanted });
      return {
        clauses: clausesOf({
          [first]: found,
          released: released(seen),
          ...(isPartial ? { kept: kept(seen) } : {}),
          again: again(seen),
          'well-formed': wellFormed(pdus),
        }),
      };
    },
  };
}

async function reset({ waiting }: CuCpWorld, { du }: UeFlow, only: AttachedUe | null): Promise<void> {
  const { link } = du;
  const connections = only === null ? undefined : [{ upper: only.ue.cuId ?? 0, lower: only.ue.duId }];
  du.forget(connections);
  const ies = RESETS.request(link.peer.newTransactionId(), connections);
  await link.request('reset', { name: 'Reset', ies }, waiting);
}

async function orderReset(
  { bench, product, signal }: CuCpWorld,
  { du }: UeFlow,
  only: AttachedUe | null,
): Promise<void> {
  const from = du.link.next;
  du.enter('reset');
  const order = { action: 'reset', ...(only === null ? {} : { ues: [only.ue.duId] }) };
  const what = only === null ? 'F1' : `the F1 connection of the UE with gNB-DU UE F1AP ID ${only.ue.duId}`;
  await orderProduct(
    { bench, product, key: KEY, signal },
    { step: 'reset', order, inWords: `reset ${what}` },
  );
  const withinMs = bench.number('triggerWithinMs');
  await du.link.waitFor(({ decoded }) => decoded.message?.name === 'Reset', { signal, withinMs, from });
}

/** What came to the core network of that UE since all of them were there, and before the end of the case took all UEs with it. */
function askedFor(name: string, seen: Seen): readonly number[] | null {
  const who = whoIs(name, seen);
  const start = seen.observations.findLast(({ kind }) => kind === WHO);
  if (who === null || start === undefined) return null;
  const pdus = f1.seenPdus(seen.observations);
  const last = pdus.find(({ step, direction }) => step === 'again' && direction === 'sent');
  return ng
    .messagesOf(ng.seenPdus(seen.observations), 'UEContextReleaseRequest', 'received')
    .filter(({ n, message }) => n > start.n && n < (last?.n ?? Infinity) && isOf(message.ies, who))
    .map(({ n }) => n);
}

function isOf(
  ies: { readonly 'RAN-UE-NGAP-ID'?: number | bigint | undefined },
  who: { readonly ran: number },
): boolean {
  return Number(ies['RAN-UE-NGAP-ID']) === who.ran;
}

function released(seen: Seen): Found {
  const asked = askedFor('reset', seen);
  if (asked === null) return unseen('nothing was reset');
  return asked.length === 0
    ? broken('the core network was not asked to release the UE')
    : holds('UE CONTEXT RELEASE REQUEST', ...asked);
}

/** The other UE has its context, and NAS goes both ways. */
function kept(seen: Seen): Found {
  const [who, asked] = [whoIs('other', seen), askedFor('other', seen)];
  const pdus = f1.seenPdus(seen.observations);
  const start = pdus.find(({ step }) => step === 'kept');
  if (who === null || asked === null || start === undefined) return unseen('the case did not get there');
  if (asked.length > 0) return broken('the UE that was not reset is released, too', ...asked);
  const up = ng
    .messagesOf(ng.seenPdus(seen.observations), 'UplinkNASTransport', 'received')
    .find(({ n, message }) => n > start.n && isOf(message.ies, who));
  if (up === undefined) return broken('NAS of the UE that was not reset did not come to the AMF', start.n);
  const down = heardOf(seen.observations, 'dlInformationTransfer').find(
    ({ n, data }) => n > start.n && data['ue'] === who.du,
  );
  return down === undefined
    ? broken('NAS of the AMF did not come to the UE that was not reset', start.n)
    : holds('NAS went both ways', up.n, down.n);
}

function again(seen: Seen): Found {
  const pdus = f1.seenPdus(seen.observations);
  const start = pdus.find(({ step, direction }) => step === 'again' && direction === 'sent');
  if (start === undefined) return unseen('the case did not get there');
  const came = ng
    .messagesOf(ng.seenPdus(seen.observations), 'InitialUEMessage', 'received')
    .find(({ n }) => n > start.n);
  return came === undefined
    ? broken('no other UE came through', start.n)
    : holds('INITIAL UE MESSAGE', start.n, came.n);
}
