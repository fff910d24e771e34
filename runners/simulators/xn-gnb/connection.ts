import { pause } from '../../../src/kernel/deadline.ts';
import { timeToWaitMs } from '../../interfaces/ap/time-to-wait.ts';
import type { SctpTransport } from '../../interfaces/sctp/types.ts';
import { setupRequest } from '../../interfaces/xnap/node.ts';
import { tryConnect } from '../dialling.ts';
import { AmfLink } from './amf.ts';
import type { Gnb } from './gnb.ts';
import { neighbourIn } from './neighbours.ts';
import type { Target } from './orders.ts';
import type { Session } from './session.ts';

/** With the defect `time-to-wait-ignored`: no pause, but time to hear what is said. */
const NO_PAUSE_MS = 2;

export interface Connecting {
  readonly gnb: Gnb;
  readonly transport: SctpTransport;
  readonly target: Target;
  readonly signal: AbortSignal;
}

/** Keeps Xn with a neighbour up until the signal aborts or Xn is removed. Never rejects for what the neighbour does. */
export async function keepXn({ gnb, transport, target, signal }: Connecting): Promise<void> {
  for (;;) {
    const association = await tryConnect(transport, target, signal);
    if (association !== null) {
      await using session = gnb.open(association);
      await untilOver(gnb, session, signal);
      if (session.isRemoved) return;
    }
    await pause(gnb.settings.retryMs, { signal }).catch(() => {});
    if (signal.aborted) return;
  }
}

/** Keeps NG with an AMF up until the signal aborts. */
export async function keepNg({ gnb, transport, target, signal }: Connecting): Promise<void> {
  const { settings, say, node } = gnb;
  for (;;) {
    const association = await tryConnect(transport, target, signal);
    if (association !== null) {
      const released = (ranUeId: number): void => {
        const ue = gnb.contexts.ues.find((each) => each.ranUeId === ranUeId);
        if (ue !== undefined) gnb.contexts.leave(ue);
      };
      const { answerWithinMs } = settings;
      await using link = new AmfLink({ association, gnb: node, answerWithinMs, say, released });
      gnb.amf = link;
      await whileWanted(link, signal, async () => {
        if (await link.setUp()) await link.peer.ended;
      });
    }
    await pause(settings.retryMs, { signal }).catch(() => {});
    if (signal.aborted) return;
  }
}

/** Sets Xn up, as often as it takes, and serves until the association is over. */
async function untilOver(gnb: Gnb, session: Session, signal: AbortSignal): Promise<void> {
  await whileWanted(session, signal, async () => {
    await setUp(gnb, session, signal);
    if (session.neighbour !== null) await session.peer.ended;
  });
}

async function whileWanted(
  link: AsyncDisposable,
  signal: AbortSignal,
  serve: () => Promise<void>,
): Promise<void> {
  const stop = (): void => void link[Symbol.asyncDispose]();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await serve();
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** @see 3GPP TS 38.423 clause 8.4.1: a refused node waits as long as it is told, or as it sees fit */
async function setUp(gnb: Gnb, session: Session, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const outcome = await session.ask('XnSetupRequest', gnb.shown(setupRequest(gnb.node)));
    if (outcome.kind === 'ended') return;
    if (outcome.kind === 'successful') {
      gnb.replaceFormer(session, (session.neighbour = neighbourIn(outcome.message.ies)));
      return;
    }
    const told = outcome.kind === 'unsuccessful' ? outcome.message.ies.TimeToWait : undefined;
    await pause(pauseMs(gnb, told), { signal }).catch(() => {});
  }
}

function pauseMs({ settings, has }: Gnb, timeToWait: string | undefined): number {
  const told = timeToWaitMs(timeToWait);
  if (told === 0) return settings.retryMs;
  return has('time-to-wait-ignored') ? NO_PAUSE_MS : told;
}
