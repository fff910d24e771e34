import { pause } from '../../../src/kernel/deadline.ts';
import { outgoing } from '../../interfaces/f1ap/codec.ts';
import { type SeenCell, servedCells } from '../../interfaces/f1ap/cells.ts';
import { readMeasurementTiming, readMib, readSib1 } from '../../interfaces/rrc/system-information.ts';
import { F1 } from '../ap/interfaces/f1.ts';
import {
  broken,
  clausesOf,
  type Found,
  holds,
  undecided,
  unseen,
  wellFormed,
  worstOf,
} from '../ap/judging.ts';
import { SETTLE } from '../ap/parameters.ts';
import { seenOn } from '../ap/seen-messages.ts';
import { alive } from '../ap/suite/judging.ts';
import { probe } from '../ap/suite/suite.ts';
import { Blocked, type Procedure, type Seen } from '../procedure.ts';
import { BASIC, driveDu } from './driver.ts';
import { DU_SUITE } from './suite.ts';

const { seenPdus, messagesOf } = seenOn(F1);

/** TS 38.473 8.2.3: the gNB-DU sets F1 up, with cells whose system information is real. */
export const duSetup: Procedure = {
  id: 'f1.du.setup',
  parameters: { ...BASIC, settleMs: SETTLE },
  clauses: ['requested', 'well-formed', 'coherent', 'system-information', 'measured', 'completed', 'alive'],
  drive: (bench, { signal }) =>
    driveDu(bench, { signal }, async (driver) => {
      const link = await driver.associate('setup');
      if (link === null) throw Blocked.precondition('the product did not connect');
      await driver.setUp(link, 'setup');
      await pause(bench.number('settleMs'), { signal });
      await probe(DU_SUITE, driver, { link });
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const [request, again] = messagesOf(pdus, 'F1SetupRequest', 'received');
    const cells = request === undefined ? [] : servedCells(request.message.ies);
    const n = request?.n ?? 0;
    return {
      clauses: clausesOf({
        requested:
          request === undefined ? broken('no F1 SETUP REQUEST came in time') : holds('F1 SETUP REQUEST', n),
        'well-formed': wellFormed(pdus),
        coherent: worstOf(
          cells.map((cell) => coherent(seen, cell, n)),
          'there is no cell',
        ),
        'system-information': worstOf(
          cells.map((cell) => systemInformation(cell, n)),
          'there is no cell',
        ),
        measured: worstOf(
          cells.map((cell) => measured(cell, n)),
          'there is no cell',
        ),
        completed:
          request === undefined
            ? unseen('there is no request')
            : again === undefined
              ? holds('the response was taken', n)
              : broken('it set F1 up again although it had been accepted', n, again.n),
        alive: alive(pdus),
      }),
    };
  },
};

/** What it says of a cell is what the equipment file says. */
function coherent({ subjects }: Seen, { name, plmns, tac }: SeenCell, n: number): Found {
  const { plmn, tac: wantedTac } = subjects[0]?.ixit ?? {};
  const what = `${name}: PLMN ${plmns.join(', ')}, TAC ${tac ?? 'none'}`;
  if (typeof plmn === 'string' && !plmns.includes(plmn)) return broken(`${what} instead of ${plmn}`, n);
  if (typeof wantedTac === 'number' && tac !== wantedTac) return broken(`${what} instead of ${wantedTac}`, n);
  return holds(what, n);
}

/** Its MIB and SIB1 can be read, and SIB1 says the same of the cell as F1 does. */
export function systemInformation(
  { name, systemInformation: system, tac, plmns }: SeenCell,
  n: number,
): Found {
  if (system === null) return broken(`${name}: no system information`, n);
  const [mib, sib1] = [readMib(system.mib), readSib1(system.sib1)];
  if (!mib.ok) return broken(`${name}: MIB: ${mib.error}`, n);
  if (!sib1.ok) return broken(`${name}: SIB1: ${sib1.error}`, n);
  const owners = sib1.value.map((each) => `${each.plmn}/${each.cellIdentity.toString(16).padStart(9, '0')}`);
  const what = `SIB1 says ${owners.join(', ')}, TAC ${sib1.value[0]?.tac ?? 'none'}`;
  const isSame =
    owners.includes(name) &&
    sib1.value.every((each) => plmns.includes(each.plmn) && (each.tac === null || each.tac === tac));
  return isSame ? holds(what, n) : broken(`${what}; F1 says ${name}, TAC ${tac ?? 'none'}`, n);
}

function measured({ name, measurementTiming, arfcn }: SeenCell, n: number): Found {
  const timing = readMeasurementTiming(measurementTiming);
  if (!timing.ok) return broken(`${name}: measurement timing configuration: ${timing.error}`, n);
  return holds(
    `${name}: SSB at ${timing.value.join(', ') || 'no frequency'}, carrier at ${arfcn ?? 'none'}`,
    n,
  );
}

const WAIT_S = 1;
/** What the clocks of two machines, and their turns, may differ. */
const EARLY_MS = 100;

/** TS 38.473 8.2.3.3: a refused gNB-DU waits as long as it is told. */
export const duSetupRefused: Procedure = {
  id: 'f1.du.setup-refused',
  parameters: BASIC,
  clauses: ['waited', 'again'],
  drive: (bench, { signal }) =>
    driveDu(bench, { signal }, async (driver) => {
      const { manners } = driver;
      const acceptance = manners.answerSetup;
      manners.answerSetup = ({ TransactionID = 0 }) => {
        manners.answerSetup = acceptance;
        return [
          outgoing('F1SetupFailure', { TransactionID, Cause: { misc: 'unspecified' }, TimeToWait: 'v1s' }),
        ];
      };
      const link = await driver.associate('setup');
      if (link === null) throw Blocked.precondition('the product did not connect');
      const withinMs = bench.number('connectWithinMs');
      const isRequest = ({ decoded }: { readonly decoded: { readonly message: { name: string } | null } }) =>
        decoded.message?.name === 'F1SetupRequest';
      const first = await link.waitFor(isRequest, { withinMs, signal, from: 0 });
      if (first === null) throw Blocked.precondition('the product did not set F1 up');
      await link.waitFor(isRequest, { withinMs, signal, from: first.n + 1 });
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    const [failure] = messagesOf(pdus, 'F1SetupFailure', 'sent');
    const [, again] = messagesOf(pdus, 'F1SetupRequest', 'received');
    if (failure === undefined || again === undefined) {
      const found =
        failure === undefined
          ? unseen('nothing was refused')
          : undecided('it did not come again in time', failure.n);
      return { clauses: clausesOf({ waited: found, again: found }) };
    }
    const tookMs = Math.round((again.t - failure.t) * 1_000);
    const what = `it came again after ${tookMs} ms; told were ${WAIT_S} s`;
    const isEarly = tookMs < WAIT_S * 1_000 - EARLY_MS;
    return {
      clauses: clausesOf({
        waited: isEarly ? broken(what, failure.n, again.n) : holds(what, failure.n, again.n),
        again: holds(what, again.n),
      }),
    };
  },
};
