import { describe, expect, it } from 'vitest';
import { outgoing } from '../../../../../runners/interfaces/e2/answers.ts';
import {
  answeredOnce,
  answeredWith,
  errorIndicated,
  wellFormed,
  worstOf,
} from '../../../../../runners/procedures/ap/judging.ts';
import { sentIn } from '../../../../../runners/procedures/ap/seen-messages.ts';
import { seenPdus } from '../../../../../runners/procedures/e2/seen-messages.ts';
import { octetsOf, traceOf } from '../../../../../src/evidence/message-log.ts';
import { hex } from '../../../../../runners/procedures/ap/message-observation.ts';
import { capJson } from '../../../../../src/evidence/cap.ts';
import { aSetupRequest, aRanFunction } from '../../../../support/e2/messages.ts';
import { wrapItems } from '../../../../../runners/interfaces/e2/messages.ts';
import { messagesSeen, octetsOfMessage, type Passing } from '../../../../support/e2/seen.ts';

const RESET = outgoing('ResetRequest', { TransactionID: 5, Cause: { misc: 'unspecified' } });
const RESPONSE = outgoing('ResetResponse', { TransactionID: 5 });
const ERROR = outgoing('ErrorIndication', { Cause: { protocol: 'transfer-syntax-error' } });
const asked: Passing = { direction: 'sent', step: 'reset', message: RESET };
const answered: Passing = { direction: 'received', step: 'reset', message: RESPONSE, answers: 0 };
const seen = (...passing: readonly Passing[]) => seenPdus(messagesSeen(passing));

describe('messages among observations', () => {
  it('come back as they were, also for those who know no E2AP', () => {
    const observations = messagesSeen([asked, answered]);
    const [first, second] = seenPdus(observations);
    expect(first).toMatchObject({ direction: 'sent', step: 'reset', entry: 0, ppid: 70 });
    expect(second).toMatchObject({
      relation: 'answer',
      answers: 0,
      decoded: { message: { name: 'ResetResponse' } },
    });
    expect(traceOf(observations)).toMatchObject([
      { from: 'e2-node', to: 'near-rt-ric', protocol: 'E2AP', name: 'ResetRequest', kind: 'initiating' },
      { from: 'near-rt-ric', to: 'e2-node', name: 'ResetResponse', kind: 'successful' },
    ]);
    expect(octetsOf(observations)).toEqual([octetsOfMessage(RESET), octetsOfMessage(RESPONSE)]);
  });

  it('are whole however long they are, and no observation is cut', () => {
    const functions = Array.from({ length: 40 }, (_, index) =>
      aRanFunction({ ranFunctionID: index + 1, ranFunctionDefinition: new Uint8Array(1_000) }),
    );
    const RANfunctionsAdded = wrapItems('RANfunction-Item', functions);
    const setup = outgoing('E2setupRequest', aSetupRequest({ RANfunctionsAdded }));
    const observations = messagesSeen([{ direction: 'sent', message: setup }]);
    expect(observations.length).toBeGreaterThan(5);
    expect(observations.filter(({ data }) => capJson(data, 64 * 1024).cut)).toEqual([]);
    expect(seenPdus(observations).map(({ bytes }) => hex(bytes))).toEqual([hex(octetsOfMessage(setup))]);
    expect(octetsOf(observations)).toEqual([null]);
  });

  it('that have lost octets are not there', () => {
    const [observation] = messagesSeen([asked]);
    const data = { ...(observation?.data as object), bytes: '0001' };
    expect(seenPdus([{ n: 0, t: 0, step: '', kind: 'message', data }])).toEqual([]);
  });
});

describe('judging a request', () => {
  it('passes with the right answer and shows both', () => {
    const pdus = seen(asked, answered);
    const found = answeredWith(pdus, sentIn(pdus, 'reset'), ['ResetResponse']);
    expect(found).toEqual({ verdict: 'pass', saw: 'ResetResponse', shownBy: [0, 1] });
  });

  it('fails with another answer, with none, and with one that belongs to nothing', () => {
    const other = seen(asked, { ...answered, message: ERROR });
    expect(answeredWith(other, other[0], ['ResetResponse'])).toMatchObject({
      verdict: 'fail',
      saw: expect.stringMatching(/ErrorIndication 000240/u) as string,
    });
    const silent = seen(asked);
    expect(answeredWith(silent, silent[0], ['ResetResponse'])).toMatchObject({
      verdict: 'fail',
      shownBy: [0],
    });
    const { answers: _, ...stray } = answered;
    const strange = seen(asked, { ...stray, relation: 'unasked' });
    expect(answeredWith(strange, strange[0], ['ResetResponse']).saw).toContain(
      'no answer belongs to ResetRequest',
    );
    expect(answeredOnce(strange)).toMatchObject({ verdict: 'fail', shownBy: [1] });
  });

  it('that was not sent says nothing', () => {
    expect(answeredWith([], undefined, ['ResetResponse'])).toMatchObject({ verdict: 'none' });
    expect(errorIndicated([], undefined, [])).toMatchObject({ verdict: 'none' });
  });

  it('sees a second answer', () => {
    expect(answeredOnce(seen(asked, answered))).toMatchObject({ verdict: 'pass' });
    const twice = seen(asked, answered, { ...answered, relation: 'again' });
    expect(answeredOnce(twice)).toMatchObject({ verdict: 'fail', shownBy: [2] });
  });

  it('wants the right cause of an error indication', () => {
    const pdus = seen(asked, { direction: 'received', message: ERROR });
    expect(errorIndicated(pdus, pdus[0], ['protocol transfer-syntax-error'])).toMatchObject({
      verdict: 'pass',
    });
    expect(errorIndicated(pdus, pdus[0], ['protocol semantic-error'])).toMatchObject({ verdict: 'fail' });
    expect(errorIndicated(seen(asked), pdus[0], [])).toMatchObject({ verdict: 'fail' });
  });
});

describe('judging what the product sends', () => {
  it('names the rule that is broken, and shows the octets', () => {
    expect(wellFormed(seen(asked, answered))).toMatchObject({ verdict: 'pass' });
    const incomplete = Uint8Array.of(0x20, 3, 0, 3, 0, 0, 0);
    expect(wellFormed(seen(asked, { ...answered, message: incomplete }))).toMatchObject({
      verdict: 'fail',
      saw: 'TransactionID is missing; octets: ResetResponse 20030003000000',
      shownBy: [1],
    });
    expect(wellFormed(seen({ ...answered, message: Uint8Array.of(0xff) }))).toMatchObject({
      verdict: 'fail',
    });
    expect(wellFormed(seen({ ...answered, ppid: 0 }))).toMatchObject({
      saw: expect.stringContaining('payload protocol identifier 0 instead of 70') as string,
    });
    expect(wellFormed(seen(asked))).toMatchObject({ verdict: 'none' });
  });

  it('the worst of several findings counts', () => {
    const verdicts = ['pass', 'none', 'inconc', 'fail'] as const;
    for (const [index, verdict] of verdicts.entries())
      expect(
        worstOf(verdicts.slice(0, index + 1).map((each) => ({ verdict: each, saw: each }))),
      ).toMatchObject({ verdict });
    expect(worstOf([])).toMatchObject({ verdict: 'none' });
  });
});
