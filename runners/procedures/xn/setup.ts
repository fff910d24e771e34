import { pause } from '../../../src/kernel/deadline.ts';
import { outgoing, XNAP_PPID } from '../../interfaces/xnap/codec.ts';
import { type NrCell, setupRequest, setupResponse } from '../../interfaces/xnap/node.ts';
import { numberOfBits, plmnText } from '../../interfaces/ap/values.ts';
import {
  answeredOnce,
  broken,
  clausesOf,
  type Found,
  holds,
  shown,
  undecided,
  unseen,
} from '../ap/judging.ts';
import { answerTo, openingOf, seenEvents } from '../ap/seen-messages.ts';
import { Blocked, type ParameterSpec, type Procedure, type Seen } from '../procedure.ts';
import { arrivalOf, cellsShown, driveXn, type XnDriver } from './driver.ts';
import { answered, judgeAreas, judgeCells, judgeIdentity, type ShownNode } from './judging.ts';
import { BASIC, CONNECT_WITHIN, SETTLED } from './parameters.ts';
import { messagesOf, seenPdus, type SeenPdu } from './seen-messages.ts';

const SETUP = 'setup';
const NOT_DONE = unseen('Xn was not set up');

/** O-RAN IOT 2.4.1.1: a neighbour sets Xn up, and every part of what the product shows is looked at. */
export const setup: Procedure = {
  id: 'xn.gnb.setup',
  parameters: SETTLED,
  clauses: ['answered', 'once', 'ppid', 'syntax', 'node-id', 'tai-list', 'cells', 'kept'],
  drive: (bench, { signal }) =>
    driveXn(bench, { signal }, async (driver) => {
      const link = await driver.associate(SETUP);
      if (link === null) throw Blocked.precondition('the product took no association');
      await driver.setUp(link, SETUP);
      await pause(bench.number('settleMs'), { signal });
      link.enter('settled');
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const request = openingOf(pdus, SETUP);
    const answer = request && answerTo(pdus, request);
    const [response] = messagesOf(pdus, 'XnSetupResponse', 'received').filter(({ n }) => n === answer?.n);
    return {
      clauses: clausesOf({
        answered: answered(pdus, SETUP, 'XnSetupResponse'),
        once: answeredOnce(pdus),
        ...(response === undefined ? nothingShown() : judgeShown(seen, response, response.message.ies)),
        kept: judgeKept(seen, response),
      }),
    };
  },
};

/** The product sets Xn up with a neighbour that it was told of. */
export const ownSetup: Procedure = {
  id: 'xn.gnb.own-setup',
  parameters: { ...SETTLED, connectWithinMs: CONNECT_WITHIN },
  clauses: ['requested', 'ppid', 'syntax', 'node-id', 'tai-list', 'cells', 'kept'],
  drive: (bench, { signal }) =>
    driveXn(bench, { signal }, async (driver) => {
      driver.manners = (message) =>
        message.name === 'XnSetupRequest' ? [outgoing('XnSetupResponse', setupResponse(driver.gnb))] : [];
      const link = await arrivalOf(driver, await driver.welcome());
      await pause(bench.number('settleMs'), { signal });
      link?.enter('settled');
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const [request] = messagesOf(pdus, 'XnSetupRequest', 'received');
    const why = `no XN SETUP REQUEST came within ${seen.number('connectWithinMs')} ms`;
    return {
      clauses: clausesOf({
        requested: request === undefined ? undecided(why) : holds('an XN SETUP REQUEST came', request.n),
        ...(request === undefined ? nothingShown() : judgeShown(seen, request, request.message.ies)),
        kept: judgeKept(seen, request),
      }),
    };
  },
};

function nothingShown(): Readonly<Record<string, Found>> {
  return Object.fromEntries(
    ['ppid', 'syntax', 'node-id', 'tai-list', 'cells'].map((id) => [id, NOT_DONE] as const),
  );
}

function judgeShown(seen: Seen, pdu: SeenPdu, ies: Partial<ShownNode>): Readonly<Record<string, Found>> {
  const [finding] = pdu.comprehension.findings;
  const { 'GlobalNG-RAN-node-ID': id, 'TAISupport-list': areas, 'List-of-served-cells-NR': cells } = ies;
  const whole =
    id === undefined || areas === undefined
      ? null
      : {
          'GlobalNG-RAN-node-ID': id,
          'TAISupport-list': areas,
          ...(cells === undefined ? {} : { 'List-of-served-cells-NR': cells }),
        };
  return {
    ppid:
      pdu.ppid === XNAP_PPID
        ? holds(`payload protocol identifier ${pdu.ppid}`, pdu.n)
        : broken(`payload protocol identifier ${pdu.ppid}; octets: ${shown(pdu)}`, pdu.n),
    syntax:
      finding === undefined
        ? holds('all that must be there is there', pdu.n)
        : broken(`${finding.text}; octets: ${shown(pdu)}`, pdu.n),
    'node-id': judgeIdentity(pdu, id, seen.subjects[0]?.ixit['plmn']),
    'tai-list': whole === null ? NOT_DONE : judgeAreas(pdu, whole),
    cells: whole === null ? NOT_DONE : judgeCells(pdu, whole),
  };
}

/** After the setup the association stays, and nothing is said against it. */
function judgeKept({ observations }: Seen, setUp: SeenPdu | undefined): Found {
  if (setUp === undefined) return NOT_DONE;
  const [error] = messagesOf(seenPdus(observations), 'ErrorIndication', 'received').filter(
    ({ n }) => n > setUp.n,
  );
  if (error !== undefined) return broken(`the product objects; octets: ${shown(error)}`, error.n);
  const lost = seenEvents(observations).find(
    ({ type, step, association }) =>
      step === SETUP && association === setUp.association && (type === 'lost' || type === 'closed'),
  );
  return lost === undefined
    ? holds('the association stays', setUp.n)
    : broken('the product ended the association', setUp.n, lost.n);
}

interface Refused {
  readonly id: string;
  readonly gnb: (driver: XnDriver, product: NrCell) => Parameters<typeof setupRequest>[0];
}

const REFUSED: readonly Refused[] = [
  {
    id: 'xn.gnb.setup-duplicate-cell',
    gnb: ({ gnb }, cell) => ({ ...gnb, cells: [...gnb.cells, cell] }),
  },
  {
    id: 'xn.gnb.setup-foreign-plmn',
    gnb: ({ gnb }) => {
      const plmn = gnb.plmn === '99999' ? '99998' : '99999';
      return { ...gnb, plmn, cells: gnb.cells.map((cell) => ({ ...cell, plmn })) };
    },
  },
];

const PROBE = 'look';

/** What a neighbour must not be: whoever serves our cells already, or has no PLMN of ours. */
export const refusedSetups: readonly Procedure[] = REFUSED.map(({ id, gnb }) => ({
  id,
  parameters: BASIC,
  clauses: ['refused', 'again'],
  drive: (bench, { signal }) =>
    driveXn(bench, { signal }, async (driver) => {
      const first = await driver.ready(PROBE);
      const [cell] = cellsShown(first);
      await first.close();
      if (cell === undefined) throw Blocked.precondition('the product shows no NR cell');
      const own = { plmn: plmnText(cell['plmn-id']), id: numberOfBits(cell['nr-CI']), pci: 1, tac: 1 };
      const link = await driver.associate('refused');
      if (link === null) throw Blocked.precondition('the product took no further association');
      const ies = setupRequest(gnb(driver, { ...own, tac: driver.gnb.cells[0]?.tac ?? 1 }));
      await link.request('refused', { name: 'XnSetupRequest', ies }, driver.waiting);
      await driver.ask(link, 'again');
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    return {
      clauses: clausesOf({
        refused: answered(pdus, 'refused', 'XnSetupFailure'),
        again: answered(pdus, 'again', 'XnSetupResponse'),
      }),
    };
  },
}));

/** The neighbour was gone without a word, and comes again: the product takes it. */
export const reconnect: Procedure = {
  id: 'xn.gnb.reconnect',
  parameters: BASIC,
  clauses: ['taken', 'answered'],
  drive: (bench, { signal }) =>
    driveXn(bench, { signal }, async (driver) => {
      await driver.ready('before');
      // To the product, the former association is there: nothing has ended it.
      const again = await driver.associate('again');
      if (again !== null) await driver.ask(again, 'again');
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    const refusal = seenEvents(observations).find(({ step, type }) => step === 'again' && type === 'notUp');
    const request = openingOf(pdus, 'again');
    return {
      clauses: clausesOf({
        taken:
          refusal !== undefined
            ? broken('the product took no second association', refusal.n)
            : request === undefined
              ? unseen('the case did not get there')
              : holds('it took a second association', request.n),
        answered: answered(pdus, 'again', 'XnSetupResponse'),
      }),
    };
  },
};

const TIME_TO_WAIT = { name: 'v1s', ms: 1_000 } as const;
const EARLY: ParameterSpec = {
  type: 'number',
  unit: 'ms',
  about: 'by how much a wait may fall short, for clocks are no two alike',
};

/** Time To Wait of an XN SETUP FAILURE: not a request before it is over, and one after that. */
export const timeToWait: Procedure = {
  id: 'xn.gnb.time-to-wait',
  parameters: { ...BASIC, connectWithinMs: CONNECT_WITHIN, earlyMs: EARLY },
  clauses: ['waited', 'retried'],
  drive: (bench, { signal }) =>
    driveXn(bench, { signal }, async (driver) => {
      let count = 0;
      driver.manners = (message) => {
        if (message.name !== 'XnSetupRequest') return [];
        count += 1;
        const Cause = { misc: 'control-processing-overload' } as const;
        return count === 1
          ? [outgoing('XnSetupFailure', { Cause, TimeToWait: TIME_TO_WAIT.name })]
          : [outgoing('XnSetupResponse', setupResponse(driver.gnb))];
      };
      const door = await driver.welcome();
      await arrivalOf(driver, door);
      const withinMs = TIME_TO_WAIT.ms + bench.number('connectWithinMs');
      for (const end = performance.now() + withinMs; count < 2 && performance.now() < end;)
        await pause(10, { signal });
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const [refusal] = messagesOf(pdus, 'XnSetupFailure', 'sent');
    if (refusal === undefined) return { clauses: clausesOf({ waited: NOT_DONE, retried: NOT_DONE }) };
    const next = messagesOf(pdus, 'XnSetupRequest', 'received').find(({ n }) => n > refusal.n);
    if (next === undefined) {
      const saw = 'no XN SETUP REQUEST came any more';
      return { clauses: clausesOf({ waited: holds(saw, refusal.n), retried: broken(saw, refusal.n) }) };
    }
    const afterMs = Math.round((next.t - refusal.t) * 1_000);
    const saw = `the next XN SETUP REQUEST came after ${afterMs} ms`;
    const isEarly = afterMs < TIME_TO_WAIT.ms - seen.number('earlyMs');
    return {
      clauses: clausesOf({
        waited: isEarly
          ? broken(`${saw} instead of ${TIME_TO_WAIT.ms} ms`, refusal.n, next.n)
          : holds(saw, refusal.n, next.n),
        retried: holds(saw, refusal.n, next.n),
      }),
      measurements: [{ name: 'time to the next setup', value: afterMs, unit: 'ms', min: TIME_TO_WAIT.ms }],
    };
  },
};
