import type { UeConnection } from '../../interfaces/ap/resets.ts';
import { RESETS } from '../../interfaces/f1ap/resets.ts';
import { F1 } from '../ap/interfaces/f1.ts';
import { broken, clausesOf, type Found, holds, unseen, wellFormed } from '../ap/judging.ts';
import { acknowledgedReset, requestedReset, type ResetKind, resetKinds } from '../ap/resets.ts';
import { seenOn } from '../ap/seen-messages.ts';
import { answeredIn, refusedIn } from '../ap/suite/judging.ts';
import type { Procedure } from '../procedure.ts';
import { BASIC, type DuDriver, driveDu, type F1Link } from './driver.ts';
import { connect, type Connected, modify, mustConnect } from './ue.ts';

const { seenPdus, messagesOf } = seenOn(F1);
type Pdus = ReturnType<typeof seenPdus>;

/** TS 38.473 8.2.1: what is reset is not known any more, everything else lives on, and others can come. */
export const DU_RESETS: readonly Procedure[] = resetKinds('f1.du').map(resetProcedure);

function resetProcedure({ id, by, isPartial }: ResetKind): Procedure {
  const first = by === 'tester' ? 'acknowledged' : 'requested';
  return {
    ...{ id, parameters: BASIC },
    clauses: [first, 'gone', ...(isPartial ? ['kept'] : []), 'again', 'well-formed'],
    drive: (bench, { signal }) =>
      driveDu(bench, { signal }, async (driver) => {
        const link = await driver.ready();
        const ue = await mustConnect(driver, link);
        const other = isPartial ? await mustConnect(driver, link) : null;
        await (by === 'tester' ? reset : orderReset)(driver, link, isPartial ? ue : null);
        await modify(driver, { link, ue, step: 'afterwards' });
        if (other !== null) await modify(driver, { link, ue: other, step: 'kept' });
        await connect(driver, link, 'again');
      }),
    judge: ({ observations }) => {
      const pdus = seenPdus(observations);
      const wanted = isPartial ? firstUe(pdus) : null;
      const found = (by === 'tester' ? acknowledgedReset : requestedReset)({ pdus, resets: RESETS, wanted });
      return {
        clauses: clausesOf({
          [first]: found,
          gone: refusedIn(pdus, 'afterwards', []),
          ...(isPartial ? { kept: answeredIn(pdus, 'kept', ['UEContextModificationResponse']) } : {}),
          again: again(pdus),
          'well-formed': wellFormed(pdus),
        }),
      };
    },
  };
}

async function reset({ waiting }: DuDriver, link: F1Link, only: Connected | null): Promise<void> {
  const connections = only === null ? undefined : [connectionOf(only)];
  const ies = RESETS.request(link.peer.newTransactionId(), connections);
  await link.request('reset', { name: 'Reset', ies }, waiting);
}

async function orderReset(driver: DuDriver, link: F1Link, only: Connected | null): Promise<void> {
  const from = link.next;
  link.enter('reset');
  const duId = only?.ids['gNB-DU-UE-F1AP-ID'];
  const order = { action: 'reset', ...(duId === undefined ? {} : { ues: [duId] }) };
  const what = duId === undefined ? 'F1' : `the F1 connection of the UE with gNB-DU UE F1AP ID ${duId}`;
  await driver.order({ step: 'reset', order, inWords: `reset ${what}` });
  const withinMs = driver.bench.number('triggerWithinMs');
  await link.waitFor(({ decoded }) => decoded.message?.name === 'Reset', {
    ...{ signal: driver.signal, withinMs, from },
  });
}

function connectionOf({ ids }: Connected): UeConnection {
  return { upper: ids['gNB-CU-UE-F1AP-ID'], lower: ids['gNB-DU-UE-F1AP-ID'] };
}

function firstUe(pdus: Pdus): UeConnection | null {
  const [first] = messagesOf(pdus, 'DLRRCMessageTransfer', 'sent');
  if (first === undefined) return null;
  const { 'gNB-CU-UE-F1AP-ID': upper, 'gNB-DU-UE-F1AP-ID': lower } = first.message.ies;
  return { upper, lower };
}

function again(pdus: Pdus): Found {
  if (!pdus.some(({ step }) => step === 'afterwards')) return unseen('the case did not get there');
  const came = messagesOf(pdus, 'InitialULRRCMessageTransfer', 'received').find(
    ({ step }) => step === 'again',
  );
  return came === undefined ? broken('no other UE came') : holds('INITIAL UL RRC MESSAGE TRANSFER', came.n);
}
