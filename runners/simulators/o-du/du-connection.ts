import { ApPeer, type EntryIn } from '../../interfaces/ap/peer.ts';
import { timeToWaitMs } from '../../interfaces/ap/time-to-wait.ts';
import { PROTOCOL } from '../../interfaces/f1ap/codec.ts';
import type { AnyAccepted, F1apShape, Ies, Outgoing } from '../../interfaces/f1ap/types.ts';
import type { SctpAssociation, SctpTransport } from '../../interfaces/sctp/types.ts';
import { answersWith, faultAnswer } from '../ap/defects.ts';
import { Redial, type Target } from '../dialling.ts';
import { keepAsking } from '../setting-up.ts';
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

const ANSWER_WITHIN_MS = 3_000;
const NO_PAUSE_MS = 2;
const LIMITS = { entries: 1_000, bytes: 4 * 1024 * 1024 };

/** Keeps a gNB-DU connected with a gNB-CU, and F1 set up. */
export class DuConnection {
  readonly #deps: DuConnectionDeps;
  peer: ApPeer<F1apShape> | null = null;
  isSetUp = false;
  readonly #redial: Redial;

  constructor(deps: DuConnectionDeps) {
    this.#deps = deps;
    this.#redial = new Redial({ transport: deps.transport, retryMs: deps.settings.retryMs });
  }

  connect(target: Target): void {
    this.#redial.connect(target, (association, signal) => this.#serve(association, signal));
  }

  disconnect(): void {
    this.#redial.disconnect();
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
    const waiting = { signal, timeoutMs: ANSWER_WITHIN_MS };
    await keepAsking(
      {
        ask: () => peer.request('F1SetupRequest', this.#deps.presentation(peer.newTransactionId()), waiting),
        granted: () => {
          this.isSetUp = true;
          this.#deps.say('F1 is set up');
        },
        pauseMs: (outcome) =>
          this.#pauseMs(outcome.kind === 'unsuccessful' ? outcome.message.ies.TimeToWait : undefined),
      },
      { signal },
    );
  }

  #pauseMs(told: string | undefined): number {
    const toldMs = timeToWaitMs(told);
    if (toldMs === 0) return this.#deps.settings.retryMs;
    return this.#deps.has('time-to-wait-ignored') ? NO_PAUSE_MS : toldMs;
  }
}
