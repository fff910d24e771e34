import { expect, it } from 'vitest';
import { outgoing } from '../../../../../runners/interfaces/e2/answers.ts';
import { E2Link } from '../../../../../runners/procedures/e2/link.ts';
import { seenEvents } from '../../../../../runners/procedures/ap/seen-messages.ts';
import { seenPdus } from '../../../../../runners/procedures/e2/seen-messages.ts';
import type { Bench } from '../../../../../runners/procedures/procedure.ts';
import type { Observation } from '../../../../../src/evidence/observation.ts';
import { anAssociation, soon } from '../../../../support/e2/peers.ts';
import { E2Peer } from '../../../../../runners/interfaces/e2/peer.ts';

const PARTIES = { association: 'e2-node', tester: 'e2-node', product: 'near-rt-ric' };
const RESET = { TransactionID: 5, Cause: { misc: 'unspecified' } } as const;

it('observes every message and event under the step of its time', async () => {
  const observations: Observation[] = [];
  const observe: Bench['observe'] = (step, kind, data) => {
    const seen = { n: observations.length, t: 0, step, kind, data };
    observations.push(seen);
    return seen;
  };
  await using both = await anAssociation();
  const handle = () => [outgoing('ResetResponse', { TransactionID: 5 })];
  await using ric = new E2Peer({ association: both.server, handle });
  const bench = { observe } as Bench;
  await using link = new E2Link({ bench, association: both.client, parties: PARTIES, step: 'up' });
  const { signal, timeoutMs: withinMs } = soon();
  const outcome = await link.request('reset', { name: 'ResetRequest', ies: RESET }, { signal, withinMs });
  expect(outcome.kind).toBe('successful');
  await link.close();
  await ric.ended;
  expect(seenPdus(observations)).toMatchObject([
    { step: 'reset', direction: 'sent' },
    { step: 'reset', direction: 'received', answers: 0, association: 'e2-node' },
  ]);
  expect(seenEvents(observations)).toMatchObject([
    { step: expect.stringMatching(/up|reset/u) as string, type: 'up' },
    { step: 'close', type: 'closed' },
  ]);
});
