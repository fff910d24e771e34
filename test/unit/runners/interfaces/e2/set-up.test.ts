import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IndicationWatch } from '../../../../../runners/interfaces/e2/indications.ts';
import type { E2Peer, Outcome } from '../../../../../runners/interfaces/e2/peer.ts';
import { timeToWaitMs } from '../../../../../runners/interfaces/ap/time-to-wait.ts';
import { setUp } from '../../../../../runners/interfaces/e2/set-up.ts';
import type { AcceptedMessage, Ies } from '../../../../../runners/interfaces/e2/types.ts';
import { A_REQUEST_ID, anIndication } from '../../../../support/e2/messages.ts';
import { twoPeers } from '../../../../support/e2/peers.ts';
import { aNode, aRic } from '../../../../support/e2/sides.ts';

type SetUpOutcome = Outcome<'E2setupRequest'>;
const refused = (TimeToWait?: Ies<'E2setupFailure'>['TimeToWait']) =>
  ({
    kind: 'unsuccessful',
    tookMs: 1,
    message: { name: 'E2setupFailure', ies: { TransactionID: 1, TimeToWait } },
  }) as unknown as SetUpOutcome;
const accepted = {
  kind: 'successful',
  tookMs: 1,
  message: { name: 'E2setupResponse', ies: {} },
} as unknown as SetUpOutcome;
const silent = { kind: 'silent', tookMs: 1 } as const;

/** A peer whose requests end as listed, and when they were made. */
function scripted(...outcomes: readonly SetUpOutcome[]) {
  const askedAt: number[] = [];
  const request = () => {
    askedAt.push(Date.now());
    return Promise.resolve(outcomes[askedAt.length - 1] ?? silent);
  };
  return { askedAt, peer: { request } as unknown as E2Peer };
}

describe('set-up that is tried again', () => {
  beforeEach(() => vi.useFakeTimers({ now: 0 }));
  afterEach(() => vi.useRealTimers());

  const limits = () => ({ signal: new AbortController().signal, timeoutMs: 100 });

  it('waits as long as the RIC wants, and a second when that says nothing', async () => {
    const { peer, askedAt } = scripted(refused('v5s'), silent, accepted);
    const done = setUp(peer, aNode(), limits());
    await vi.runAllTimersAsync();
    expect(await done).toBe(accepted);
    expect(askedAt).toEqual([0, 5_000, 6_000]);
  });

  it('is given up in the end', async () => {
    const { peer, askedAt } = scripted(refused(), refused(), refused('v1s'), accepted);
    const node = aNode();
    const done = setUp(peer, node, limits());
    await vi.runAllTimersAsync();
    expect((await done).kind).toBe('unsuccessful');
    expect([askedAt.length, node.link]).toEqual([3, 'down']);
  });

  it('knows the words for times', () => {
    expect((['v1s', 'v60s', undefined, '...9'] as const).map(timeToWaitMs)).toEqual([1_000, 60_000, 0, 0]);
  });
});

it('sets E2 up over an association', async () => {
  const [node, ric] = [aNode(), aRic()];
  await using both = await twoPeers({ ric: { handle: (message) => ric.handle(message) } });
  const outcome = await setUp(both.node, node, { signal: AbortSignal.timeout(5_000), timeoutMs: 2_000 });
  expect(outcome).toMatchObject({ kind: 'successful', message: { name: 'E2setupResponse' } });
  expect([node.link, ric.link]).toEqual(['up', 'up']);
});

describe('a watch over indications', () => {
  const watch = () => {
    const made = new IndicationWatch();
    made.subscribed(A_REQUEST_ID, { functionId: 2, actions: [1, 2] });
    return made;
  };
  const seen = (changes: Partial<Ies<'RICindication'>>) =>
    ({ name: 'RICindication', ies: anIndication(changes) }) as unknown as AcceptedMessage<'RICindication'>;
  const serials = (numbers: readonly number[], actions: readonly number[] = []) => {
    const over = watch();
    return numbers.map((RICindicationSN, index) =>
      over
        .check(seen({ RICindicationSN, RICactionID: actions[index] ?? 1 }))
        .map(({ kind }) => kind)
        .join(),
    );
  };

  it('follows their numbers, which go round', () => {
    expect(serials([5, 6, 8, 9, 9, 10])).toEqual(['', '', 'gap', '', 'repeated', '']);
    expect(serials([65_534, 65_535, 0, 1])).toEqual(['', '', '', '']);
  });

  it('lets them count over the subscription and over each action', () => {
    expect(serials([0, 1, 2, 3], [1, 2, 1, 2])).toEqual(['', '', '', '']);
    expect(serials([0, 0, 1, 1], [1, 2, 1, 2])).toEqual(['', '', '', '']);
  });

  it('says when one belongs to nothing', () => {
    const over = watch();
    expect(over.check(seen({ RANfunctionID: 3, RICactionID: 7 }))).toEqual([
      { kind: 'wrongFunction', expected: 2, got: 3 },
      { kind: 'unknownAction', got: 7 },
    ]);
    over.unsubscribed(A_REQUEST_ID);
    expect(over.check(seen({}))).toEqual([{ kind: 'unknownSubscription' }]);
  });
});
