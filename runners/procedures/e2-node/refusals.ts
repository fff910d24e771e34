import { pause } from '../../../src/kernel/deadline.ts';
import { outgoing } from '../../interfaces/e2/answers.ts';
import { elementsFor, encodeElements } from '../../interfaces/e2/codec.ts';
import { messageRule } from '../../interfaces/e2/messages.ts';
import type { Ies } from '../../interfaces/e2/types.ts';
import { bitsOf } from '../../interfaces/ap/values.ts';
import { broken, clausesOf, errorIndicated, type Found, holds, undecided, unseen } from '../ap/judging.ts';
import { openingOf, seenEvents } from '../ap/seen-messages.ts';
import { messagesOf, type SeenMessage, seenPdus, type SeenPdu } from '../e2/seen-messages.ts';
import { Blocked, type Procedure, type Seen } from '../procedure.ts';
import { driveNode, isSetup, mustPresent, type NodeDriver } from './node.ts';
import { BASIC, EARLY, MAX_RETRIES, RETRY_WITHIN, SETTLE } from './parameters.ts';
import { acceptanceOf } from './ric.ts';

const OVERLOAD = { misc: 'control-processing-overload' } as const;
const TIME_TO_WAIT = { name: 'v1s', ms: 1_000 } as const;

/** E2TS 6.2.1.3.1: the answer to a setup whose Global RIC ID cannot be decoded is an ERROR INDICATION; the product stays. */
export const transferSyntax: Procedure = {
  id: 'e2.node.transfer-syntax',
  parameters: { ...BASIC, retryWithinMs: RETRY_WITHIN },
  clauses: ['indicated', 'retried'],
  drive: (bench, { signal }) =>
    driveNode(bench, { signal }, async (driver) => {
      const { ric, waiting } = driver;
      let asked: Ies<'E2setupRequest'> | undefined;
      ric.answerSetup = (request, count) => {
        asked = request;
        return count === 1 ? [] : [ric.acceptance(request)];
      };
      const link = await mustArrive(driver);
      if (asked === undefined) throw Blocked.precondition('the product did not set E2 up');
      await link.sendBytes('bad-response', unreadableResponse(asked, ric.plmn));
      await link.waitFor(({ decoded }) => decoded.message?.name === 'ErrorIndication', waiting);
      link.enter('retry');
      await untilSetups(driver, 2, bench.number('retryWithinMs'));
    }),

  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const sent = openingOf(pdus, 'bad-response');
    const again = messagesOf(pdus, 'E2setupRequest', 'received')[1];
    const within = seen.number('retryWithinMs');
    return {
      clauses: clausesOf({
        indicated: errorIndicated(pdus, sent, ['protocol transfer-syntax-error']),
        retried:
          sent === undefined
            ? unseen('the case did not get there')
            : again === undefined
              ? broken(`no E2 SETUP REQUEST came any more within ${within} ms`, sent.n)
              : holds('another E2 SETUP REQUEST came', sent.n, again.n),
      }),
    };
  },
};

/** A Global RIC ID of one octet: a PLMN and 20 bits were to follow. */
function unreadableResponse(request: Ies<'E2setupRequest'>, plmn: string): Uint8Array {
  const elements = elementsFor('E2setupResponse', acceptanceOf(request, plmn));
  const id = messageRule('E2setupResponse').elements.find(({ name }) => name === 'GlobalRIC-ID')?.id;
  return encodeElements(
    'E2setupResponse',
    elements.map((each) => (each.id === id ? { ...each, value: { '...': Uint8Array.of(0) } } : each)),
  );
}

/** Time To Wait of an E2 SETUP FAILURE: not a request before it is over, and one after that. */
export const timeToWait: Procedure = {
  id: 'e2.node.time-to-wait',
  parameters: { ...BASIC, retryWithinMs: RETRY_WITHIN, earlyMs: EARLY },
  clauses: ['waited', 'retried'],
  drive: (bench, { signal }) =>
    driveNode(bench, { signal }, async (driver) => {
      refuseFirst(driver, { TimeToWait: TIME_TO_WAIT.name });
      await mustArrive(driver);
      await untilSetups(driver, 2, TIME_TO_WAIT.ms + bench.number('retryWithinMs'));
    }),

  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const [refusal] = messagesOf(pdus, 'E2setupFailure', 'sent');
    const next = nextSetup(pdus, refusal);
    if (refusal === undefined)
      return {
        clauses: clausesOf({ waited: unseen('nothing was refused'), retried: unseen('nothing was refused') }),
      };
    if (next === undefined) {
      const saw = `no E2 SETUP REQUEST came within ${TIME_TO_WAIT.ms + seen.number('retryWithinMs')} ms`;
      return { clauses: clausesOf({ waited: holds(saw, refusal.n), retried: broken(saw, refusal.n) }) };
    }
    const afterMs = Math.round((next.t - refusal.t) * 1_000);
    const saw = `the next E2 SETUP REQUEST came after ${afterMs} ms`;
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

/** Without a Time To Wait a refused product may try again as it sees fit, but must leave the near-RT RIC alone in between. */
export const refused: Procedure = {
  id: 'e2.node.refused',
  parameters: { ...BASIC, settleMs: SETTLE, maxRetriesCount: MAX_RETRIES },
  clauses: ['paced'],
  drive: (bench, { signal }) =>
    driveNode(bench, { signal }, async (driver) => {
      driver.ric.answerSetup = ({ TransactionID }) => [
        outgoing('E2setupFailure', { TransactionID, Cause: OVERLOAD }),
      ];
      await mustArrive(driver);
      await untilSetups(driver, bench.number('maxRetriesCount') + 2, bench.number('settleMs'));
    }),

  judge: (seen) => {
    const requests = messagesOf(seenPdus(seen.observations), 'E2setupRequest', 'received');
    const [first] = requests;
    const most = seen.number('maxRetriesCount');
    const saw = `set up again ${Math.max(0, requests.length - 1)} time(s) in ${seen.number('settleMs')} ms`;
    const paced = (): Found => {
      if (first === undefined) return unseen('the product did not set E2 up');
      const shownBy = requests.map(({ n }) => n);
      return requests.length - 1 <= most ? holds(saw, ...shownBy) : broken(`${saw}, or more`, ...shownBy);
    };
    return { clauses: clausesOf({ paced: paced() }) };
  },
};

/** Transport Layer Information of an E2 SETUP FAILURE: the product goes there. */
export const elsewhere: Procedure = {
  id: 'e2.node.elsewhere',
  parameters: { ...BASIC, retryWithinMs: RETRY_WITHIN },
  clauses: ['moved'],
  drive: (bench, { signal }) =>
    driveNode(bench, { signal }, async (driver) => {
      const { door } = driver;
      const port = door.port + 1;
      await door.openAlso(port);
      const octets = door.host.split('.').map(Number);
      if (octets.length !== 4 || octets.some((each) => !(each >= 0 && each <= 255)))
        throw new Blocked(
          { code: 'IXIT_MISSING', text: 'endpoint.tester.host must be the IPv4 address of the tester' },
          'notSupportedByTestbed',
        );
      refuseFirst(driver, {
        TNLinformation: {
          tnlAddress: { bits: Uint8Array.from(octets), length: 32 },
          tnlPort: bitsOf(port, 16),
        },
      });
      await mustArrive(driver);
      await untilSetups(driver, 2, bench.number('retryWithinMs'));
    }),

  judge: (seen) => ({ clauses: clausesOf({ moved: judgeMove(seen) }) }),
};

function judgeMove(seen: Seen): Found {
  const pdus = seenPdus(seen.observations);
  const [refusal] = messagesOf(pdus, 'E2setupFailure', 'sent');
  if (refusal === undefined) return unseen('nothing was refused');
  const next = nextSetup(pdus, refusal);
  if (next === undefined) return undecided('no E2 SETUP REQUEST came any more', refusal.n);
  const arrivals = seenEvents(seen.observations).filter(({ type }) => type === 'arrived');
  const portOf = ({ association }: SeenPdu) =>
    numberOf(arrivals.find((arrival) => arrival.association === association)?.data['port']);
  const [from, to] = [portOf(refusal), portOf(next)];
  return from !== to
    ? holds(`the next E2 SETUP REQUEST came at port ${to}`, refusal.n, next.n)
    : broken(`the next E2 SETUP REQUEST came at port ${to} again`, refusal.n, next.n);
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : -1;
}

function nextSetup(
  pdus: readonly SeenPdu[],
  refusal: SeenMessage<'E2setupFailure'> | undefined,
): SeenMessage<'E2setupRequest'> | undefined {
  return messagesOf(pdus, 'E2setupRequest', 'received').find(
    ({ n }) => refusal !== undefined && n > refusal.n,
  );
}

function refuseFirst({ ric }: NodeDriver, more: Partial<Ies<'E2setupFailure'>>): void {
  ric.answerSetup = (request, count) =>
    count === 1
      ? [outgoing('E2setupFailure', { TransactionID: request.TransactionID, Cause: OVERLOAD, ...more })]
      : [ric.acceptance(request)];
}

/** The product connected, and asked to set E2 up. @throws Blocked */
async function mustArrive(driver: NodeDriver) {
  const { bench, door, signal } = driver;
  await driver.connect();
  const withinMs = bench.number('connectWithinMs');
  const link = await door.arrival(0, { withinMs, signal });
  if (link === null) throw Blocked.precondition(`the product did not connect within ${withinMs} ms`);
  await link.waitFor(isSetup, { withinMs, signal, from: 0 });
  await mustPresent(driver, link);
  return link;
}

/** On whichever association; the clock runs from now. */
async function untilSetups({ ric, signal }: NodeDriver, count: number, withinMs: number): Promise<void> {
  const end = performance.now() + withinMs;
  while (ric.setups < count && performance.now() < end) await pause(10, { signal });
}
