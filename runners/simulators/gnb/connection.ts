import { pause } from '../../../src/kernel/deadline.ts';
import { ApPeer } from '../../interfaces/ap/peer.ts';
import { timeToWaitMs } from '../../interfaces/ap/time-to-wait.ts';
import { PROTOCOL } from '../../interfaces/ngap/codec.ts';
import type { NgapShape } from '../../interfaces/ngap/types.ts';
import type { SctpAssociation, SctpTransport } from '../../interfaces/sctp/types.ts';
import { type Target, tryConnect } from '../dialling.ts';
import { unlessAborted } from '../setting-up.ts';
import type { Gnb } from './gnb.ts';

const ANSWER_WITHIN_MS = 3_000;
/** No pause, but time to hear what is said. */
const NO_PAUSE_MS = 5;

export interface KeepConnected {
  readonly transport: SctpTransport;
  readonly gnb: Gnb;
  /** Between attempts, in ms. */
  readonly retryMs: number;
  /** NG is set up. */
  readonly up: () => void;
}

/** Keeps the gNB connected with an AMF until the signal aborts. Never rejects for what the AMF does. */
export async function keepConnected(
  target: Target,
  keeping: KeepConnected,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const { transport, gnb, retryMs } = keeping;
  for (let isFirst = true; !signal.aborted && (isFirst || gnb.behaviour.reconnects);) {
    const association = await tryConnect(transport, target, signal);
    if (association !== null) {
      isFirst = false;
      await visit(association, keeping, signal);
    }
    await pause(retryMs, { signal }).catch(() => {});
  }
}

async function visit(
  association: SctpAssociation,
  { gnb, retryMs, up }: KeepConnected,
  signal: AbortSignal,
): Promise<void> {
  const { handle, answerFaults, behaviour } = gnb;
  await using peer = new ApPeer<NgapShape>(PROTOCOL, {
    ...{ association, ppid: behaviour.ppid, handle, answerFaults },
  });
  gnb.use(peer);
  const stop = (): void => void peer[Symbol.asyncDispose]();
  signal.addEventListener('abort', stop, { once: true });
  while (!signal.aborted && !peer.isOver) {
    const outcome = await gnb.setUp({ signal, timeoutMs: ANSWER_WITHIN_MS }).catch(unlessAborted(signal));
    if (outcome?.kind === 'successful') {
      up();
      break;
    }
    const told = outcome?.kind === 'unsuccessful' ? outcome.message.ies.TimeToWait : undefined;
    const waitMs = timeToWaitMs(told);
    const isPatient = behaviour.honoursTimeToWait;
    await pause(isPatient ? Math.max(waitMs, retryMs) : NO_PAUSE_MS, { signal }).catch(() => {});
  }
  await peer.ended;
  signal.removeEventListener('abort', stop);
  gnb.lost();
}
