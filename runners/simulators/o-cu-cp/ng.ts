import { deadline, pause } from '../../../src/kernel/deadline.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { ApPeer } from '../../interfaces/ap/peer.ts';
import { bitsOf, plmnOctets } from '../../interfaces/ap/values.ts';
import { PROTOCOL } from '../../interfaces/ngap/codec.ts';
import type { AnyAccepted, Ies, NgapShape, Outgoing } from '../../interfaces/ngap/types.ts';
import type { SctpAssociation, SctpTransport } from '../../interfaces/sctp/types.ts';
import type { Target } from '../ap/hook.ts';
import type { CuCpSettings } from './config.ts';

export interface NgDeps {
  readonly settings: CuCpSettings;
  readonly transport: SctpTransport;
  readonly say: (text: string) => void;
  take(message: AnyAccepted): void;
  /** The AMF is gone, and so is what it knew. */
  lost(): void;
}

const CONNECT_WITHIN_MS = 5_000;
const RETRY_MS = 500;
const LIMITS = { entries: 1_000, bytes: 4 * 1024 * 1024 };

/** NG of a gNB towards one AMF. @see TS 38.413 clause 8.7.1 */
export class NgClient {
  readonly #deps: NgDeps;
  #peer: ApPeer<NgapShape> | null = null;
  isSetUp = false;
  #stop = new AbortController();

  constructor(deps: NgDeps) {
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

  /** Sends, unless there is no AMF. */
  async send(message: Outgoing): Promise<void> {
    try {
      if (this.isSetUp) await this.#peer?.send(message);
    } catch (error) {
      if (!(error instanceof HarnessError && error.code === 'SCTP_ENDED')) throw error;
    }
  }

  async #keepConnected(target: Target, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const association = await this.#tryConnect(target, signal);
      if (association !== null) await this.#serve(association, signal);
      await pause(RETRY_MS, { signal }).catch(() => {});
    }
  }

  async #tryConnect(target: Target, signal: AbortSignal): Promise<SctpAssociation | null> {
    using limit = deadline(signal, CONNECT_WITHIN_MS, 'an association for NG');
    try {
      return await this.#deps.transport.connect(target, { signal: limit.signal });
    } catch (error) {
      if (limit.signal.aborted) return null;
      if (['SCTP_REFUSED', 'SCTP_UNREACHABLE'].includes(HarnessError.from(error).code)) return null;
      throw error;
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
      .catch(() => null);
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
      GlobalRANNodeID: { 'globalGNB-ID': { pLMNIdentity, 'gNB-ID': { 'gNB-ID': bitsOf(gnb, 22) } } },
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
