import { deadline, pause } from '../../../src/kernel/deadline.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { ApPeer, type EntryIn } from '../../interfaces/ap/peer.ts';
import { PROTOCOL } from '../../interfaces/f1ap/codec.ts';
import type { AnyAccepted, F1apShape, Ies, Outgoing } from '../../interfaces/f1ap/types.ts';
import type { SctpAssociation, SctpTransport } from '../../interfaces/sctp/types.ts';
import { answersWith, faultAnswer } from '../ap/defects.ts';
import type { Target } from '../ap/hook.ts';
import type { DuSettings } from './config.ts';
import type { DuHas } from './defects.ts';

export interface DuConnectionDeps {
  readonly settings: DuSettings;
  readonly has: DuHas;
  readonly transport: SctpTransport;
  readonly say: (text: string) => void;
  readonly presentation: (transaction: number) => Ies<'F1SetupRequest'>;
  readonly answer: (message: AnyAccepted, entry: EntryIn<F1apShape>) => readonly Outgoing[];
  /** The association is over. */
  readonly lost: () => void;
}

const CONNECT_WITHIN_MS = 5_000;
const ANSWER_WITHIN_MS = 3_000;
const SECONDS: Readonly<Record<string, number>> = { v1s: 1, v2s: 2, v5s: 5, v10s: 10, v20s: 20, v60s: 60 };
const NO_PAUSE_MS = 2;
const LIMITS = { entries: 1_000, bytes: 4 * 1024 * 1024 };

/** Keeps a gNB-DU connected with a gNB-CU, and F1 set up. */
export class DuConnection {
  readonly #deps: DuConnectionDeps;
  peer: ApPeer<F1apShape> | null = null;
  isSetUp = false;
  #stop = new AbortController();

  constructor(deps: DuConnectionDeps) {
    this.#deps = deps;
  }

  connect(target: Target): void {
    this.disconnect();
    this.#stop = new AbortController();
    void this.#keepConnected(target, this.#stop.signal);
  }

  disconnect(): void {
    this.#stop.abort(new Error('told to go'));
  }

  async #keepConnected(target: Target, signal: AbortSignal): Promise<void> {
    for (;;) {
      const association = await this.#tryConnect(target, signal);
      if (association !== null) await this.#serve(association, signal);
      await pause(this.#deps.settings.retryMs, { signal }).catch(() => {});
      if (signal.aborted) return;
    }
  }

  async #tryConnect(target: Target, signal: AbortSignal): Promise<SctpAssociation | null> {
    using limit = deadline(signal, CONNECT_WITHIN_MS, 'an association for F1');
    try {
      return await this.#deps.transport.connect(target, { signal: limit.signal });
    } catch (error) {
      if (limit.signal.aborted) return null;
      if (['SCTP_REFUSED', 'SCTP_UNREACHABLE'].includes(HarnessError.from(error).code)) return null;
      throw error;
    }
  }

  async #serve(association: SctpAssociation, signal: AbortSignal): Promise<void> {
    const { has } = this.#deps;
    await using peer: ApPeer<F1apShape> = new ApPeer<F1apShape>(PROTOCOL, {
      association,
      limits: LIMITS,
      handle: (message, entry) => answersWith(has, message, this.#deps.answer(message, entry)),
      answerFaults: (entry, standard) =>
        faultAnswer(has, {
          entry,
          standard,
          take: (message) => this.#deps.answer(message as AnyAccepted, entry),
        }),
    });
    this.peer = peer;
    this.isSetUp = false;
    const stop = (): void => void peer[Symbol.asyncDispose]();
    signal.addEventListener('abort', stop, { once: true });
    await this.#setUp(peer, signal);
    await peer.ended;
    signal.removeEventListener('abort', stop);
    this.isSetUp = false;
    this.#deps.lost();
  }

  /** A gNB-DU that is refused waits as long as it is told, or as it sees fit. @see clause 8.2.3.3 */
  async #setUp(peer: ApPeer<F1apShape>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !peer.isOver) {
      const request = this.#deps.presentation(peer.newTransactionId());
      const outcome = await peer
        .request('F1SetupRequest', request, { signal, timeoutMs: ANSWER_WITHIN_MS })
        .catch(() => null);
      if (outcome === null || outcome.kind === 'ended') return;
      if (outcome.kind === 'successful') {
        this.isSetUp = true;
        this.#deps.say('F1 is set up');
        return;
      }
      const told = outcome.kind === 'unsuccessful' ? outcome.message.ies.TimeToWait : undefined;
      await pause(this.#pauseMs(told), { signal }).catch(() => {});
    }
  }

  #pauseMs(told: string | undefined): number {
    if (told === undefined) return this.#deps.settings.retryMs;
    return this.#deps.has('time-to-wait-ignored') ? NO_PAUSE_MS : (SECONDS[told] ?? 1) * 1_000;
  }
}
