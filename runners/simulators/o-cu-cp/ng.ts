import { HarnessError } from '../../../src/kernel/errors.ts';
import { ApPeer } from '../../interfaces/ap/peer.ts';
import { bitsOf, plmnOctets } from '../../interfaces/ap/values.ts';
import { PROTOCOL } from '../../interfaces/ngap/codec.ts';
import type { AnyAccepted, Ies, NgapShape, Outgoing } from '../../interfaces/ngap/types.ts';
import type { SctpAssociation, SctpTransport } from '../../interfaces/sctp/types.ts';
import { Redial, type Target } from '../dialling.ts';
import { unlessAborted } from '../setting-up.ts';
import { type CuCpSettings, GNB_BITS } from './config.ts';

export interface NgDeps {
  readonly settings: CuCpSettings;
  readonly transport: SctpTransport;
  readonly say: (text: string) => void;
  take(message: AnyAccepted): void;
  /** The AMF is gone, and so is what it knew. */
  lost(): void;
}

const RETRY_MS = 500;
const LIMITS = { entries: 1_000, bytes: 4 * 1024 * 1024 };

/** NG of a gNB towards one AMF. @see TS 38.413 clause 8.7.1 */
export class NgClient {
  readonly #deps: NgDeps;
  #peer: ApPeer<NgapShape> | null = null;
  isSetUp = false;
  readonly #redial: Redial;

  constructor(deps: NgDeps) {
    this.#deps = deps;
    this.#redial = new Redial({ transport: deps.transport, retryMs: RETRY_MS });
  }

  connect(target: Target): void {
    this.#redial.connect(target, (association, signal) => this.#serve(association, signal));
  }

  disconnect(): void {
    this.#redial.disconnect();
  }

  /** Sends, unless there is no AMF. */
  async send(message: Outgoing): Promise<void> {
    try {
      if (this.isSetUp) await this.#peer?.send(message);
    } catch (error) {
      if (!(error instanceof HarnessError && error.code === 'SCTP_ENDED')) throw error;
    }
  }

  async #serve(association: SctpAssociation, signal: AbortSignal): Promise<void> {
    await using peer: ApPeer<NgapShape> = new ApPeer<NgapShape>(PROTOCOL, {
      association,
      limits: LIMITS,
      handle: (message) => {
        this.#deps.take(message);
        return [];
      },
    });
    this.#peer = peer;
    const stop = (): void => void peer[Symbol.asyncDispose]();
    signal.addEventListener('abort', stop, { once: true });
    const timeoutMs = this.#deps.settings.answerWithinMs;
    const outcome = await peer
      .request('NGSetupRequest', this.#presentation(), { signal, timeoutMs })
      .catch(unlessAborted(signal));
    this.isSetUp = outcome?.kind === 'successful';
    if (this.isSetUp) this.#deps.say('NG is set up');
    if (this.isSetUp) await peer.ended;
    signal.removeEventListener('abort', stop);
    this.isSetUp = false;
    this.#deps.lost();
  }

  #presentation(): Ies<'NGSetupRequest'> {
    const { plmn, gnb, tac, sst } = this.#deps.settings;
    const pLMNIdentity = plmnOctets(plmn);
    const slices = [{ 's-NSSAI': { sST: Uint8Array.of(sst) } }];
    return {
      GlobalRANNodeID: { 'globalGNB-ID': { pLMNIdentity, 'gNB-ID': { 'gNB-ID': bitsOf(gnb, GNB_BITS) } } },
      RANNodeName: `gnb-${gnb}`,
      SupportedTAList: [
        { tAC: tacOctets(tac), broadcastPLMNList: [{ pLMNIdentity, tAISliceSupportList: slices }] },
      ],
      DefaultPagingDRX: 'v128',
    };
  }
}

export function tacOctets(tac: number): Uint8Array {
  return Uint8Array.of(tac >> 16, (tac >> 8) & 0xff, tac & 0xff);
}
