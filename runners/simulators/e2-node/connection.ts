import { pause } from '../../../src/kernel/deadline.ts';
import { timeToWaitMs } from '../../interfaces/ap/time-to-wait.ts';
import type { Ies } from '../../interfaces/e2/types.ts';
import type { SctpTransport } from '../../interfaces/sctp/types.ts';
import { type Target, tryConnect } from '../dialling.ts';
import { setupRequest } from './presentation.ts';
import { type NodeState, Visit, waiting } from './visit.ts';

type Tnl = Ies<'E2setupFailure'>['TNLinformation'] & object;

/** With the defect `endless-retries`: no pause, but time to hear what is said. */
const NO_PAUSE_MS = 2;
const FLOOD = { count: 24, everyMs: 15 } as const;
/** After a removal, the RIC may end the association first. */
const LINGER_MS = 200;

export interface Connecting {
  readonly transport: SctpTransport;
  readonly state: NodeState;
  /** Hears of each association, for orders to act on. */
  readonly arrived: (visit: Visit) => void;
}

/** Keeps the node connected with a RIC until the signal aborts or the E2 interface is removed. Never rejects for what the RIC does. */
export async function keepConnected(
  target: Target,
  connecting: Connecting,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const { transport, state, arrived } = connecting;
  let where = target;
  for (;;) {
    const association = await tryConnect(transport, where, signal);
    if (association !== null) {
      await using visit = new Visit(state, association);
      arrived(visit);
      if (state.has('association-flood')) void flood(transport, where, signal);
      const alternative = await untilRejected(visit, state, signal);
      if (visit.removed) return;
      where = alternative === null ? target : elsewhere(where, alternative);
      if (alternative !== null) continue;
    }
    await pause(state.settings.retryMs, { signal }).catch(() => {});
    if (signal.aborted) return;
  }
}

/** Where a RIC wants to be called instead; its UDP port stays. */
export function elsewhere(target: Target, { tnlAddress, tnlPort }: Tnl): Target {
  const octets = [...tnlAddress.bits];
  const host = octets.length === 4 ? octets.join('.') : target.host;
  const port = tnlPort === undefined ? target.port : ((tnlPort.bits[0] ?? 0) << 8) | (tnlPort.bits[1] ?? 0);
  return { ...target, host, port };
}

/** Sets E2 up, as often as it takes, and serves; resolves when the association is over, or has to be made elsewhere. */
async function untilRejected(visit: Visit, state: NodeState, signal: AbortSignal): Promise<Tnl | null> {
  const stop = (): void => void visit[Symbol.asyncDispose]();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const alternative = await setUp(visit, state, signal);
    if (alternative !== null || signal.aborted) return alternative;
    await Promise.race([visit.peer.ended, visit.left]);
    if (visit.removed) await pause(LINGER_MS, { signal }).catch(() => {});
    return null;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** @see O-RAN.WG3.E2AP clause 8.3.1: a refused node waits as long as it is told, or as it sees fit */
async function setUp(visit: Visit, state: NodeState, signal: AbortSignal): Promise<Tnl | null> {
  const { settings, functions } = state;
  while (!signal.aborted) {
    const request = setupRequest(settings, functions, visit.peer.newTransactionId());
    const outcome = await visit.ask('E2setupRequest', request, waiting());
    if (outcome.kind === 'ended') return null;
    if (outcome.kind === 'successful') {
      visit.isSetUp = true;
      return null;
    }
    const failed: Partial<Ies<'E2setupFailure'>> = outcome.kind === 'unsuccessful' ? outcome.message.ies : {};
    if (failed.TNLinformation !== undefined) return failed.TNLinformation;
    await pause(pauseMs(state, failed.TimeToWait), { signal }).catch(() => {});
  }
  return null;
}

function pauseMs({ settings, has }: NodeState, timeToWait: string | undefined): number {
  const told = timeToWaitMs(timeToWait);
  if (told > 0 && !has('time-to-wait-ignored')) return told;
  if (has('endless-retries') || told > 0) return NO_PAUSE_MS;
  return settings.retryMs;
}

/** The defect `association-flood`. */
async function flood(transport: SctpTransport, target: Target, signal: AbortSignal): Promise<void> {
  for (let count = 0; count < FLOOD.count && !signal.aborted; count += 1) {
    await tryConnect(transport, target, signal);
    await pause(FLOOD.everyMs, { signal }).catch(() => {});
  }
}
