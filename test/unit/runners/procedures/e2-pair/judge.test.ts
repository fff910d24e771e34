import { describe, expect, it } from 'vitest';
import { outgoing } from '../../../../../runners/interfaces/e2/answers.ts';
import { elementsFor, encodeElements } from '../../../../../runners/interfaces/e2/codec.ts';
import { management } from '../../../../../runners/procedures/e2-pair/management.ts';
import { acceptanceOf } from '../../../../../runners/procedures/e2-node/ric.ts';
import { aCase } from '../../../../support/a-procedure.ts';
import { aSetupRequest } from '../../../../support/e2/messages.ts';
import { messagesSeen, type Passing } from '../../../../support/e2/seen.ts';

const [RIC, NODE] = [0, 1];
const request: Passing = { direction: 'received', message: outgoing('E2setupRequest', aSetupRequest()) };
const acceptance = acceptanceOf(aSetupRequest(), '00101');
const response: Passing = { direction: 'sent', message: outgoing('E2setupResponse', acceptance), answers: 0 };

function judge(passing: readonly Passing[]) {
  const { clauses, attributedTo } = management.judge({
    case: aCase(),
    subjects: [],
    observations: messagesSeen(passing),
    number: () => 4,
    text: () => '',
    flag: () => false,
  });
  return { attributedTo, ...Object.fromEntries(clauses.map(({ id, verdict }) => [id, verdict])) };
}

describe('the management of E2 between two products', () => {
  it('blames nobody for a sound setup, and says nothing of what did not go by', () => {
    expect(judge([request, response])).toMatchObject({
      ...{ setup: 'pass', functions: 'pass', 'node-speech': 'pass', 'ric-speech': 'pass', order: 'pass' },
      ...{ attributedTo: undefined, reset: 'inconc' },
    });
  });

  it('blames the near-RT RIC that leaves out what must be there, not the node that objects', () => {
    const elements = elementsFor('E2setupResponse', acceptance).filter(({ id }) => id !== 4);
    const bad: Passing = { ...response, message: encodeElements('E2setupResponse', elements) };
    const error = outgoing('ErrorIndication', {
      TransactionID: 1,
      Cause: { protocol: 'abstract-syntax-error-reject' },
    });
    const verdicts = judge([request, bad, { direction: 'received', message: error }]);
    expect(verdicts).toMatchObject({
      ...{ setup: 'fail', 'ric-speech': 'fail', order: 'fail', reset: 'none' },
      attributedTo: RIC,
    });
  });

  it('blames whoever answers twice, and whoever does not answer', () => {
    expect(judge([request, response, { ...response, relation: 'again' }])).toMatchObject({
      order: 'fail',
      attributedTo: RIC,
    });
    const reset = outgoing('ResetRequest', { TransactionID: 9, Cause: { misc: 'unspecified' } });
    expect(judge([request, response, { direction: 'sent', message: reset }])).toMatchObject({
      reset: 'fail',
      attributedTo: NODE,
    });
  });

  it('blames the payload protocol identifier on its sender', () => {
    expect(judge([{ ...request, ppid: 0 }, response])).toMatchObject({
      'node-speech': 'fail',
      attributedTo: NODE,
    });
  });
});
