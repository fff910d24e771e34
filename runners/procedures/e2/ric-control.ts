import type { Ies } from '../../interfaces/e2/types.ts';
import { decodeControl } from '../../interfaces/e2sm/rc/control.ts';
import { PerError } from '../../interfaces/per/error.ts';
import type { Procedure } from '../procedure.ts';
import { broken, clausesOf, type Found, holds, shown, unseen, wellFormed } from '../ap/judging.ts';
import { RESPONSE_TIME, TRIGGER_WITHIN } from '../ap/parameters.ts';
import { driveRic } from './ric-driver.ts';
import { needsTrigger } from './ric-hook.ts';
import { alive, begun, requested } from './ric-judging.ts';
import { seenPdus, type SeenMessage } from './seen-messages.ts';
import { RC_FUNCTION } from './tester-node.ts';

const REQUEST = 'RICcontrolRequest';

/** E2TS 5.2.2.5.1: the product controls, once with success, once without. */
export const control: Procedure = {
  id: 'e2.ric.control',
  parameters: { responseTimeMs: RESPONSE_TIME, triggerWithinMs: TRIGGER_WITHIN },
  clauses: ['requested', 'well-formed', 'definitions', 'failure-borne'],
  drive: (bench, { signal }) =>
    driveRic(bench, { signal }, async (driver) => {
      needsTrigger(driver.product, 'control');
      const withinMs = bench.number('triggerWithinMs');
      const node = await driver.ready();
      for (const step of ['control', 'control-refused'] as const) {
        node.manners = step === 'control' ? {} : { control: 'refuse' };
        const inWords = 'send a RIC CONTROL REQUEST to the RC function of the E2 node';
        const from = await driver.trigger(node, { step, action: 'control', inWords });
        if ((await node.awaits(REQUEST, { from, withinMs })) === null) break;
      }
      await node.probe();
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const requests = begun(pdus, REQUEST, ['control', 'control-refused']);
    return {
      clauses: clausesOf({
        requested: requested({ seen, pdus }, REQUEST, ['control']),
        'well-formed': wellFormed(pdus),
        definitions: definitions(requests[0]),
        'failure-borne': requests.length < 2 ? unseen('there was no second request') : alive(pdus),
      }),
    };
  },
};

function definitions(request: SeenMessage<typeof REQUEST> | undefined): Found {
  if (request === undefined) return unseen('there is no request');
  const { RANfunctionID, RICcontrolHeader, RICcontrolMessage }: Partial<Ies<typeof REQUEST>> =
    request.message.ies;
  if (RANfunctionID !== RC_FUNCTION)
    return broken(
      `RAN function ${RANfunctionID ?? 'none'} controls nothing; octets: ${shown(request)}`,
      request.n,
    );
  try {
    const octets = {
      header: RICcontrolHeader ?? new Uint8Array(),
      message: RICcontrolMessage ?? new Uint8Array(),
    };
    return holds(`control of kind ${decodeControl(octets).command.kind}`, request.n);
  } catch (error) {
    if (!(error instanceof PerError)) throw error;
    return broken(`${error.message}; octets: ${shown(request)}`, request.n);
  }
}

/** A query, which came with E2AP v03. */
export const query: Procedure = {
  id: 'e2.ric.query',
  parameters: { responseTimeMs: RESPONSE_TIME, triggerWithinMs: TRIGGER_WITHIN },
  clauses: ['requested', 'well-formed', 'failure-borne'],
  drive: (bench, { signal }) =>
    driveRic(bench, { signal }, async (driver) => {
      needsTrigger(driver.product, 'query');
      const node = await driver.ready();
      const inWords = 'send a RIC QUERY REQUEST to the E2 node';
      const from = await driver.trigger(node, { step: 'query', action: 'query', inWords });
      await node.awaits('RICQueryRequest', { from, withinMs: bench.number('triggerWithinMs') });
      await node.probe();
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    return {
      clauses: clausesOf({
        requested: requested({ seen, pdus }, 'RICQueryRequest', ['query']),
        'well-formed': wellFormed(begun(pdus, 'RICQueryRequest', ['query'])),
        'failure-borne': alive(pdus),
      }),
    };
  },
};
