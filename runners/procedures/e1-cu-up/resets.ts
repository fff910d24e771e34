import type { UeConnection } from '../../interfaces/ap/resets.ts';
import { RESETS } from '../../interfaces/e1ap/resets.ts';
import { E1 } from '../ap/interfaces/e1.ts';
import { clausesOf, type Found, wellFormed, worstOf } from '../ap/judging.ts';
import { acknowledgedReset, requestedReset, type ResetKind, resetKinds } from '../ap/resets.ts';
import { seenOn, type SeenPdu } from '../ap/seen-messages.ts';
import { answeredIn, refusedIn } from '../ap/suite/judging.ts';
import type { Procedure, Seen } from '../procedure.ts';
import { allArrived, nothingArrives } from '../user-plane/judging.ts';
import { PACKETS, SILENCE, withContext, type WithContext } from './bearers.ts';
import { CU_CP_UE, TesterContext } from './context.ts';
import { BASIC } from './driver.ts';

const { seenPdus, messagesOf } = seenOn(E1);
const TRIGGER = 'connectWithinMs';
const [OTHER_UE, NEXT_UE] = [CU_CP_UE + 1, CU_CP_UE + 2] as const;

/** TS 37.483 8.2.1: what is reset carries nothing any more, everything else does, and others can come. */
export const CU_UP_RESETS: readonly Procedure[] = resetKinds('e1.cu-up').map(resetProcedure);

function resetProcedure({ id, by, isPartial }: ResetKind): Procedure {
  const first = by === 'tester' ? 'acknowledged' : 'requested';
  return {
    ...{ id, parameters: { ...BASIC, silenceMs: SILENCE, packets: PACKETS } },
    clauses: [first, 'gone', 'silent', ...(isPartial ? ['kept'] : []), 'again', 'well-formed'],
    drive: (bench, { signal }) =>
      withContext(bench, { signal }, async (about) => {
        const { context, driver, link } = about;
        const { userPlane } = context;
        await context.mustBeUp();
        const other = isPartial ? new TesterContext(driver, { link, userPlane, cuCpUe: OTHER_UE }) : null;
        await other?.mustBeUp();
        await (by === 'tester' ? reset : orderReset)(about, isPartial);
        await context.modify('afterwards');
        const packets = bench.number('packets');
        await context.exchange('data', { packets, withinMs: bench.number('silenceMs') });
        await other?.exchange('kept', { packets, withinMs: bench.number('responseTimeMs') });
        const next = new TesterContext(driver, { link, userPlane, cuCpUe: NEXT_UE });
        await next.setUp('again');
      }),
    judge: ({ observations }) => {
      const pdus = seenPdus(observations);
      const wanted = isPartial ? firstUe(pdus) : null;
      const found = (by === 'tester' ? acknowledgedReset : requestedReset)({ pdus, resets: RESETS, wanted });
      return {
        clauses: clausesOf({
          [first]: found,
          gone: gone(pdus),
          silent: nothingArrives(observations, 'data', 'downlink'),
          ...(isPartial ? { kept: kept({ observations }) } : {}),
          again: answeredIn(pdus, 'again', ['BearerContextSetupResponse']),
          'well-formed': wellFormed(pdus),
        }),
      };
    },
  };
}

async function reset({ context, driver, link }: WithContext, isPartial: boolean): Promise<void> {
  const connections = isPartial ? [{ upper: context.cuCpUe, lower: context.cuUpUe }] : undefined;
  const ies = RESETS.request(link.peer.newTransactionId(), connections);
  await link.request('reset', { name: 'Reset', ies }, driver.waiting);
}

async function orderReset({ context, driver, link }: WithContext, isPartial: boolean): Promise<void> {
  const from = link.next;
  link.enter('reset');
  const { cuCpUe } = context;
  const order = { action: 'reset', ...(isPartial ? { ues: [cuCpUe] } : {}) };
  const what = isPartial ? `the E1 connection of the UE with gNB-CU-CP UE E1AP ID ${cuCpUe}` : 'E1';
  await driver.order({ step: 'reset', order, inWords: `reset ${what}` });
  await link.waitFor(({ decoded }) => decoded.message?.name === 'Reset', {
    ...{ signal: driver.signal, withinMs: driver.bench.number(TRIGGER), from },
  });
}

function firstUe(pdus: ReturnType<typeof seenPdus>): UeConnection | null {
  const [response] = messagesOf(pdus, 'BearerContextSetupResponse', 'received');
  if (response === undefined) return null;
  const { 'gNB-CU-CP-UE-E1AP-ID': upper, 'gNB-CU-UP-UE-E1AP-ID': lower } = response.message.ies;
  return { upper, lower };
}

/** The context that was reset is not known any more. */
function gone(pdus: readonly SeenPdu[]): Found {
  const refused = refusedIn(pdus, 'afterwards', []);
  return refused.verdict === 'pass'
    ? { ...refused, saw: `UE ${CU_CP_UE} is not known: ${refused.saw}` }
    : refused;
}

/** Packets of the other UE travel both ways. */
function kept({ observations }: Pick<Seen, 'observations'>): Found {
  return worstOf([allArrived(observations, 'kept', 'downlink'), allArrived(observations, 'kept', 'uplink')]);
}
