import type { UeConnection } from '../../interfaces/ap/resets.ts';
import { RESETS } from '../../interfaces/e1ap/resets.ts';
import { E1 } from '../ap/interfaces/e1.ts';
import { broken, clausesOf, type Found, holds, unseen, wellFormed } from '../ap/judging.ts';
import { orderProduct } from '../ap/orders.ts';
import { SETTLE } from '../ap/parameters.ts';
import { acknowledgedReset, requestedReset, type ResetKind, resetKinds } from '../ap/resets.ts';
import { seenOn, type SeenPdu } from '../ap/seen-messages.ts';
import { Blocked, type Procedure } from '../procedure.ts';
import { type AttachedUe, establish, mustRegister, openFlow, type UeFlow } from './ue-flow.ts';
import { BASIC, type CuCpWorld, driveCuCp } from './world.ts';

const { seenPdus, messagesOf } = seenOn(E1);
const KEY = 'e1.prepare';
type Pdus = ReturnType<typeof seenPdus>;

/** TS 37.483 8.2.1: the bearer contexts that are reset are gone, the others live on, and more can come. */
export const E1_RESETS: readonly Procedure[] = resetKinds('e1.cu-cp').map(resetProcedure);

function resetProcedure({ id, by, isPartial }: ResetKind): Procedure {
  const first = by === 'tester' ? 'acknowledged' : 'requested';
  return {
    ...{ id, parameters: { ...BASIC, settleMs: SETTLE } },
    clauses: [first, 'gone', ...(isPartial ? ['kept'] : []), 'again', 'well-formed'],
    drive: (bench, { signal }) =>
      driveCuCp(bench, { signal, key: KEY }, async (world) => {
        const flow = await openFlow(world);
        const ue = await mustHaveSession(world, flow);
        const other = isPartial ? await mustHaveSession(world, flow) : null;
        const from = flow.amf.next;
        await (by === 'tester' ? reset : orderReset)(world, flow, isPartial);
        // Without its bearers the product may let the UE go by itself; otherwise it is told to.
        const asked = await flow.amf.awaits('UEContextReleaseRequest', from, bench.number('settleMs'));
        flow.up.link.enter('release');
        if (asked === null) await flow.amf.release('release', ue.ids);
        flow.up.link.enter('kept');
        if (other !== null) await flow.amf.release('kept', other.ids);
        flow.up.link.enter('again');
        await establish(flow, await mustRegister(world, flow), 'again');
      }),
    judge: ({ observations }) => {
      const pdus = seenPdus(observations);
      const [context = null, other = null] = contextsIn(pdus);
      const wanted = isPartial ? context : null;
      const found = (by === 'tester' ? acknowledgedReset : requestedReset)({ pdus, resets: RESETS, wanted });
      return {
        clauses: clausesOf({
          [first]: found,
          gone: gone(pdus, context),
          ...(isPartial ? { kept: kept(pdus, other) } : {}),
          again: again(pdus),
          'well-formed': wellFormed(pdus),
        }),
      };
    },
  };
}

/** A UE with a bearer context at the tester. @throws Blocked */
async function mustHaveSession(world: CuCpWorld, flow: UeFlow): Promise<AttachedUe> {
  const before = flow.up.contexts.length;
  const attached = await mustRegister(world, flow);
  flow.up.link.enter('session');
  if ((await establish(flow, attached, 'session')) && flow.up.contexts.length > before) return attached;
  throw Blocked.precondition('the UE did not come to the bearer context that the case begins with');
}

async function reset({ waiting }: CuCpWorld, { up }: UeFlow, isPartial: boolean): Promise<void> {
  const connections = isPartial ? up.contexts.slice(0, 1) : undefined;
  const ies = RESETS.request(up.link.peer.newTransactionId(), connections);
  await up.link.request('reset', { name: 'Reset', ies }, waiting);
}

async function orderReset(
  { bench, product, signal }: CuCpWorld,
  { up: { link, contexts } }: UeFlow,
  isPartial: boolean,
): Promise<void> {
  const from = link.next;
  link.enter('reset');
  const [context] = contexts;
  const order = { action: 'e1Reset', ...(isPartial && context ? { ues: [context.upper] } : {}) };
  const what = `the E1 connection of the UE with gNB-CU-CP UE E1AP ID ${context?.upper ?? 'none'}`;
  const inWords = `reset ${isPartial ? what : 'E1'}`;
  await orderProduct({ bench, product, key: KEY, signal }, { step: 'reset', order, inWords });
  const withinMs = bench.number('triggerWithinMs');
  await link.waitFor(({ decoded }) => decoded.message?.name === 'Reset', { signal, withinMs, from });
}

/** Those of the UEs of the case, in the order in which they came. */
function contextsIn(pdus: Pdus): readonly UeConnection[] {
  return messagesOf(pdus, 'BearerContextSetupResponse', 'sent').map(({ message: { ies } }) => ({
    upper: ies['gNB-CU-CP-UE-E1AP-ID'],
    lower: ies['gNB-CU-UP-UE-E1AP-ID'],
  }));
}

/** What the product said of a bearer context since the reset. */
function saidOf(pdus: Pdus, context: UeConnection | null): readonly SeenPdu[] | null {
  const start = pdus.find(({ decoded }) => decoded.message?.name === 'Reset');
  if (context === null || start === undefined) return null;
  return pdus.filter(({ n, direction, decoded }) => {
    const ies = (decoded.message?.ies ?? {}) as Readonly<Record<string, unknown>>;
    return direction === 'received' && n > start.n && ies['gNB-CU-UP-UE-E1AP-ID'] === context.lower;
  });
}

function gone(pdus: Pdus, context: UeConnection | null): Found {
  const said = saidOf(pdus, context);
  if (said === null) return unseen('nothing was reset');
  const [first] = said;
  return first === undefined
    ? holds('nothing more was said of the bearer context')
    : broken(`${first.decoded.message?.name ?? 'a message'} for a bearer context that was reset`, first.n);
}

/** It is released when its UE goes, and not before. */
function kept(pdus: Pdus, context: UeConnection | null): Found {
  const said = saidOf(pdus, context);
  if (said === null) return unseen('nothing was reset');
  const release = said.find(({ decoded }) => decoded.message?.name === 'BearerContextReleaseCommand');
  if (release === undefined)
    return broken('no BEARER CONTEXT RELEASE COMMAND came when the UE that was not reset went');
  return release.step === 'kept'
    ? holds('BEARER CONTEXT RELEASE COMMAND when the UE went', release.n)
    : broken('the bearer context that was not reset is released, too', release.n);
}

function again(pdus: Pdus): Found {
  if (!pdus.some(({ decoded }) => decoded.message?.name === 'Reset')) return unseen('nothing was reset');
  const came = messagesOf(pdus, 'BearerContextSetupRequest', 'received').find(({ step }) => step === 'again');
  return came === undefined
    ? broken('no bearer context came for another UE')
    : holds('BEARER CONTEXT SETUP REQUEST', came.n);
}
