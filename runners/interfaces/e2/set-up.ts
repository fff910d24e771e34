import type { NodeSide } from './node-side.ts';
import type { E2Peer, Outcome } from './peer.ts';
import type { Waiting } from '../ap/peer.ts';
import { timeToWaitMs } from '../ap/time-to-wait.ts';
import { pause } from '../../../src/kernel/deadline.ts';

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
