import { errorIndication, failure, outgoing, PROTOCOL } from '../../interfaces/e1ap/codec.ts';
import { isAmong } from '../../interfaces/ap/resets.ts';
import { RESETS } from '../../interfaces/e1ap/resets.ts';
import type { AcceptedMessage, AnyAccepted, E1apShape, Ies, Outgoing } from '../../interfaces/e1ap/types.ts';
import { ApPeer, type EntryIn } from '../../interfaces/ap/peer.ts';
import { timeToWaitMs } from '../../interfaces/ap/time-to-wait.ts';
import type { ApMessage } from '../../interfaces/ap/types.ts';
import { plmnOctets } from '../../interfaces/ap/values.ts';
import type { SctpAssociation, SctpTransport } from '../../interfaces/sctp/types.ts';
import { answersWith, faultAnswer } from '../ap/defects.ts';
import { Redial, type Target } from '../dialling.ts';
import { keepAsking } from '../setting-up.ts';
import type { BearerContext, Bearers } from './bearers.ts';
import type { CuUpSettings } from './config.ts';
import type { CuUpHas } from './defects.ts';

export interface CuUpDeps {
  readonly settings: CuUpSettings;
  readonly has: CuUpHas;
  readonly bearers: Bearers;
  readonly transport: SctpTransport;
  readonly say: (text: string) => void;
}

const ANSWER_WITHIN_MS = 3_000;
const NO_PAUSE_MS = 2;
const LIMITS = { entries: 1_000, bytes: 4 * 1024 * 1024 };

/** A gNB-CU-UP with one gNB-CU-CP at a time. @see TS 37.483 clause 8.2 */
export class CuUp {
  readonly #deps: CuUpDeps;
  peer: ApPeer<E1apShape> | null = null;
  isSetUp = false;
  readonly #redial: Redial;

  constructor(deps: CuUpDeps) {
    this.#deps = deps;
    this.#redial = new Redial({ transport: deps.transport, retryMs: deps.settings.retryMs });
  }

  /** Goes there, and again whenever that is over. @param initiates whether it sets E1 up, or waits for the gNB-CU-CP to do it */
  connect(target: Target, initiates: boolean): void {
    this.#redial.connect(target, (association, signal) => this.#serve(association, { initiates, signal }));
  }

  disconnect(): void {
    this.#redial.disconnect();
  }

  async #serve(
    association: SctpAssociation,
    { initiates, signal }: { readonly initiates: boolean; readonly signal: AbortSignal },
  ): Promise<void> {
    const { has, bearers } = this.#deps;
    await using peer: ApPeer<E1apShape> = new ApPeer<E1apShape>(PROTOCOL, {
      association,
      limits: LIMITS,
      handle: (message, entry) => answersWith(has, message, this.#answer(message, entry)),
      answerFaults: (entry, standard) =>
        faultAnswer(has, { entry, standard, take: (message) => this.#answer(message as AnyAccepted, entry) }),
    });
    this.peer = peer;
    this.isSetUp = false;
    const stop = (): void => void peer[Symbol.asyncDispose]();
    signal.addEventListener('abort', stop, { once: true });
    if (initiates) await this.#setUp(peer, signal);
    await peer.ended;
    signal.removeEventListener('abort', stop);
    this.isSetUp = false;
    bearers.forget();
  }

  /** A gNB-CU-UP that is refused waits as long as it is told, or as it sees fit. @see clause 8.2.3 */
  async #setUp(peer: ApPeer<E1apShape>, signal: AbortSignal): Promise<void> {
    const waiting = { signal, timeoutMs: ANSWER_WITHIN_MS };
    await keepAsking(
      {
        ask: () =>
          peer.request(
            'GNB-CU-UP-E1SetupRequest',
            { TransactionID: peer.newTransactionId(), ...this.#presentation() },
            waiting,
          ),
        granted: () => {
          this.isSetUp = true;
          this.#deps.say('E1 is set up');
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

  #presentation(): Omit<Ies<'GNB-CU-UP-E1SetupRequest'>, 'TransactionID'> {
    const { id, plmn, sst } = this.#deps.settings;
    return {
      'gNB-CU-UP-ID': id,
      'gNB-CU-UP-Name': `cu-up-${id}`,
      CNSupport: 'c-5gc',
      SupportedPLMNs: [
        {
          'pLMN-Identity': plmnOctets(plmn),
          'slice-Support-List': [{ sNSSAI: { sST: Uint8Array.of(sst) } }],
        },
      ],
    };
  }

  /** Who it is, where it says that alone. */
  named(): Pick<Ies<'GNB-CU-UP-ConfigurationUpdate'>, 'gNB-CU-UP-ID' | 'gNB-CU-UP-Name'> {
    const { id } = this.#deps.settings;
    return { 'gNB-CU-UP-ID': id, 'gNB-CU-UP-Name': `cu-up-${id}` };
  }

  #answer(message: AnyAccepted, entry: EntryIn<E1apShape>): readonly Outgoing[] {
    if (message.name === 'GNB-CU-CP-E1SetupRequest') {
      this.isSetUp = true;
      const TransactionID = message.ies.TransactionID;
      return [outgoing('GNB-CU-CP-E1SetupResponse', { TransactionID, ...this.#presentation() })];
    }
    if (message.name === 'ErrorIndication') return [];
    if (!this.isSetUp) return [early(message, entry)];
    const { bearers } = this.#deps;
    switch (message.name) {
      case 'BearerContextSetupRequest':
        return [bearers.setUp(message)];
      case 'BearerContextModificationRequest':
        return [bearers.modify(message)];
      case 'BearerContextReleaseCommand': {
        const { 'gNB-CU-CP-UE-E1AP-ID': cuCp, 'gNB-CU-UP-UE-E1AP-ID': cuUp } = message.ies;
        const complete = bearers.release(cuCp, cuUp);
        return [complete ?? unknownPair(message, entry)];
      }
      case 'Reset':
        return [this.#reset(message)];
      case 'GNB-CU-CP-ConfigurationUpdate': {
        const { TransactionID } = message.ies;
        return [outgoing('GNB-CU-CP-ConfigurationUpdateAcknowledge', { TransactionID })];
      }
      case 'E1ReleaseRequest': {
        bearers.forget();
        this.isSetUp = false;
        return [outgoing('E1ReleaseResponse', { TransactionID: message.ies.TransactionID })];
      }
      default:
        return [];
    }
  }

  /** It resets the interface, or the connections of some UEs: they are gone for both. @see clause 8.2.1.2.2 */
  async beginReset(peer: ApPeer<E1apShape>, contexts?: readonly BearerContext[]): Promise<void> {
    const { bearers, has } = this.#deps;
    const meant = has('partial-reset-as-full') ? undefined : contexts;
    const named = meant?.map(({ cuCpId, cuUpId }) => ({ upper: cuCpId, lower: cuUpId }));
    if (!has('own-reset-half-done')) bearers.forget((context) => meant?.includes(context) !== false);
    await peer.send(outgoing('Reset', RESETS.request(peer.newTransactionId(), named)));
  }

  #reset({ ies }: AcceptedMessage<'Reset'>): Outgoing {
    const { bearers, has } = this.#deps;
    const named = has('partial-reset-as-full') ? undefined : RESETS.connectionsIn(ies.ResetType);
    if (!has('reset-half-done'))
      bearers.forget(({ cuCpId, cuUpId }) => isAmong(named, { upper: cuCpId, lower: cuUpId }));
    return outgoing('ResetAcknowledge', RESETS.acknowledge(ies));
  }
}

/** Nothing can be done before E1 is set up. */
function early(message: ApMessage, entry: EntryIn<E1apShape>): Outgoing {
  const cause = 'message-not-compatible-with-receiver-state';
  return failure(message, { protocol: cause }) ?? errorIndication(entry.decoded, cause);
}

function unknownPair(message: ApMessage, { decoded }: EntryIn<E1apShape>): Outgoing {
  const { ies } = message as AcceptedMessage<'BearerContextReleaseCommand'>;
  const about = errorIndication(decoded, 'semantic-error') as Extract<Outgoing, { name: 'ErrorIndication' }>;
  return outgoing('ErrorIndication', {
    ...about.ies,
    'gNB-CU-CP-UE-E1AP-ID': ies['gNB-CU-CP-UE-E1AP-ID'],
    'gNB-CU-UP-UE-E1AP-ID': ies['gNB-CU-UP-UE-E1AP-ID'],
    Cause: { radioNetwork: 'unknown-or-inconsistent-pair-of-ue-e1ap-id' },
  });
}
