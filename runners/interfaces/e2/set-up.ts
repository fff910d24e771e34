import type { NodeSide } from './node-side.ts';
import type { E2Peer, Outcome } from './peer.ts';
import type { Ies } from './types.ts';
import type { Waiting } from '../ap/peer.ts';
import { pause } from '../../../src/kernel/deadline.ts';

type TimeToWait = NonNullable<Ies<'E2setupFailure'>['TimeToWait']>;

const WAITS: Readonly<Record<string, number>> = {
  v1s: 1_000,
  v2s: 2_000,
  v5s: 5_000,
  v10s: 10_000,
  v20s: 20_000,
  v60s: 60_000,
};

/** How long a node that was refused has to wait, in ms; 0 when it was not told, or in a way that came later. @see clause 9.2.5 */
export function timeToWaitMs(word: TimeToWait | undefined): number {
  return word === undefined ? 0 : (WAITS[word] ?? 0);
}

export interface SetUpLimits extends Waiting {
  /** Requests in all; default 3. */
  readonly attempts?: number;
  /** Between requests when the RIC says nothing; default 1 s. */
  readonly pauseMs?: number;
}

/**
 * Sets E2 up for a node, and again when that was refused or nobody answered, not before the RIC wants it.
 *
 * @returns the outcome of the last request
 * @throws the reason of the signal
 * @see O-RAN.WG3.E2AP clause 8.3.1
 */
export async function setUp(
  peer: E2Peer,
  node: NodeSide,
  { attempts = 3, pauseMs = 1_000, ...waiting }: SetUpLimits,
): Promise<Outcome<'E2setupRequest'>> {
  for (let left = attempts - 1; ; left -= 1) {
    const outcome = await peer.request('E2setupRequest', node.setUpRequest(), waiting);
    node.setUpEnded(outcome.kind === 'successful');
    if (left <= 0 || outcome.kind === 'successful' || outcome.kind === 'ended') return outcome;
    const wanted = outcome.kind === 'unsuccessful' ? timeToWaitMs(outcome.message.ies.TimeToWait) : 0;
    await pause(Math.max(wanted, pauseMs), waiting);
  }
}
