import { isJsonObject, type Json, type JsonObject } from '../../../src/kernel/json.ts';
import { Blocked, type Procedure, type Seen } from '../procedure.ts';
import { broken, clausesOf, type Found, holds, unseen, worstOf } from '../ap/judging.ts';
import { RESPONSE_TIME, SETTLE } from '../ap/parameters.ts';
import { driveRic } from './ric-driver.ts';
import { needsReport } from './ric-hook.ts';
import { askHook, isDone } from '../hook.ts';
import { alive, begun, ordersIn } from './ric-judging.ts';
import { seenPdus } from './seen-messages.ts';
import { KPM_FUNCTION, OFFERED } from './tester-node.ts';

const VALID = { ranFunctionId: KPM_FUNCTION, measurements: OFFERED.map(({ name }) => name), periodMs: 1_000 };
const NOT_IMPLEMENTED = 501;

interface Attempt {
  readonly step: string;
  readonly clause: string;
  readonly request: JsonObject;
}

function without(name: keyof typeof VALID): JsonObject {
  return Object.fromEntries(Object.entries(VALID).filter(([each]) => each !== name));
}

const WRONG: readonly Attempt[] = [
  { step: 'unknown-member', clause: 'unknown', request: { ...VALID, surprise: true } },
  { step: 'no-function', clause: 'missing', request: without('ranFunctionId') },
  { step: 'no-measurements', clause: 'missing', request: without('measurements') },
  { step: 'text-as-number', clause: 'format', request: { ...VALID, periodMs: 'often' } },
  { step: 'list-as-text', clause: 'format', request: { ...VALID, measurements: 'RRU.PrbTotDl' } },
  { step: 'below-range', clause: 'boundaries', request: { ...VALID, ranFunctionId: -1 } },
  { step: 'above-range', clause: 'boundaries', request: { ...VALID, ranFunctionId: 4_096 } },
  { step: 'no-period', clause: 'boundaries', request: { ...VALID, periodMs: 0 } },
];

/** WG11 7.6.4: what an application asks for is looked at before it becomes a message of E2. */
export const xappInput: Procedure = {
  id: 'e2.ric.xapp-input',
  parameters: { responseTimeMs: RESPONSE_TIME, settleMs: SETTLE },
  clauses: ['valid', 'unknown', 'missing', 'format', 'boundaries', 'nothing-sent', 'alive'],
  drive: (bench, { signal }) =>
    driveRic(bench, { signal }, async (driver) => {
      const url = needsReport(driver.product);
      const node = await driver.ready();
      const ask = async (step: string, request: JsonObject): Promise<boolean> => {
        node.link.enter(step);
        const order = { action: 'xappRequest', node: node.name, request };
        const answer = await askHook({ bench, url, step }, order, { signal });
        if (answer.status === NOT_IMPLEMENTED)
          throw new Blocked(
            { code: 'IXIT_MISSING', text: 'the prepare hook takes no requests of applications' },
            'notSupportedByTestbed',
          );
        return isDone(answer);
      };
      const from = node.link.next;
      if (await ask('valid', VALID)) await node.awaits('RICsubscriptionRequest', { from });
      for (const { step, request } of WRONG) await ask(step, request);
      await node.settle(bench.number('settleMs'));
      await node.probe();
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const sent = begun(
      pdus,
      'RICsubscriptionRequest',
      WRONG.map(({ step }) => step),
    );
    const [first] = begun(pdus, 'RICsubscriptionRequest', ['valid']);
    return {
      clauses: clausesOf({
        valid:
          first === undefined
            ? broken('what is right did not reach the node')
            : holds('it reached the node', first.n),
        unknown: refusedWithCause(seen, 'unknown'),
        missing: refusedWithCause(seen, 'missing'),
        format: refusedWithCause(seen, 'format'),
        boundaries: refusedWithCause(seen, 'boundaries'),
        'nothing-sent':
          sent.length === 0
            ? holds('nothing of what is wrong reached the node')
            : broken(`${sent.length} request(s) reached the node`, ...sent.map(({ n }) => n)),
        alive: alive(pdus),
      }),
    };
  },
};

/** The application was told that it asked for something wrong, and what. */
function refusedWithCause(seen: Seen, clause: string): Found {
  const steps = WRONG.filter((attempt) => attempt.clause === clause).map(({ step }) => step);
  const findings = steps.map((step) => {
    const [answer] = ordersIn(seen, step);
    if (answer === undefined) return unseen('it was not asked for');
    const { status, body, n } = answer;
    const isError = status !== null && status >= 400 && status < 500;
    if (!isError) return broken(`${step} was answered with ${status ?? 'nothing'}`, n);
    return hasCause(body)
      ? holds(`${step} was refused with ${status}`, n)
      : broken(`${step} was refused without a cause`, n);
  });
  return worstOf(findings);
}

function hasCause(body: Json): boolean {
  return isJsonObject(body) && typeof body['cause'] === 'string' && body['cause'] !== '';
}
