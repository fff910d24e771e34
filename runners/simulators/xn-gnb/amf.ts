import { HarnessError } from '../../../src/kernel/errors.ts';
import { ApPeer, type OutcomeIn } from '../../interfaces/ap/peer.ts';
import { bitsOf, plmnOctets } from '../../interfaces/ap/values.ts';
import { outgoing, PROTOCOL } from '../../interfaces/ngap/codec.ts';
import type { AnyAccepted, Ies, NgapShape, Outgoing } from '../../interfaces/ngap/types.ts';
import type { SctpAssociation } from '../../interfaces/sctp/types.ts';
import type { XnGnb } from '../../interfaces/xnap/node.ts';

export interface AmfOptions {
  readonly association: SctpAssociation;
  readonly gnb: XnGnb;
  readonly answerWithinMs: number;
  readonly say: (text: string) => void;
  /** The AMF releases the UE with that identifier of ours. */
  readonly released: (ranUeId: number) => void;
}

/** The NG interface of this node, as far as UEs that move need it. */
export class AmfLink implements AsyncDisposable {
  readonly peer: ApPeer<NgapShape>;
  readonly #options: AmfOptions;
  #isSetUp = false;

  constructor(options: AmfOptions) {
    this.#options = options;
    this.peer = new ApPeer<NgapShape>(PROTOCOL, {
      association: options.association,
      handle: (message) => this.#answer(message),
      told: ({ direction, decoded }) =>
        options.say(`NG ${direction} ${decoded.message?.name ?? 'unreadable'}`),
    });
  }

  get isSetUp(): boolean {
    return this.#isSetUp && !this.peer.isOver;
  }

  async setUp(): Promise<boolean> {
    const { kind } = await this.peer.request(
      'NGSetupRequest',
      setupRequest(this.#options.gnb),
      this.#waiting,
    );
    this.#isSetUp = kind === 'successful';
    return this.#isSetUp;
  }

  switchPath(request: Ies<'PathSwitchRequest'>): Promise<OutcomeIn<NgapShape, 'PathSwitchRequest'>> {
    return this.peer.request('PathSwitchRequest', request, this.#waiting);
  }

  /** Nobody waits for an answer: the AMF releases the UE when it sees fit. */
  async askRelease(ids: { readonly amf: number; readonly ran: number }): Promise<void> {
    try {
      await this.peer.send(
        outgoing('UEContextReleaseRequest', {
          'AMF-UE-NGAP-ID': ids.amf,
          'RAN-UE-NGAP-ID': ids.ran,
          Cause: { radioNetwork: 'txnrelocoverall-expiry' },
        }),
      );
    } catch (error) {
      if (!(error instanceof HarnessError && error.code === 'SCTP_ENDED')) throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.peer[Symbol.asyncDispose]();
  }

  get #waiting(): { readonly signal: AbortSignal; readonly timeoutMs: number } {
    return { signal: new AbortController().signal, timeoutMs: this.#options.answerWithinMs };
  }

  #answer(message: AnyAccepted): readonly Outgoing[] {
    switch (message.name) {
      case 'NGReset':
        return [outgoing('NGResetAcknowledge', {})];
      case 'AMFConfigurationUpdate':
        return [outgoing('AMFConfigurationUpdateAcknowledge', {})];
      case 'UEContextReleaseCommand': {
        const { 'UE-NGAP-IDs': ids } = message.ies;
        if (!('uE-NGAP-ID-pair' in ids)) return [];
        const { 'aMF-UE-NGAP-ID': amf, 'rAN-UE-NGAP-ID': ran } = ids['uE-NGAP-ID-pair'];
        this.#options.released(ran);
        return [outgoing('UEContextReleaseComplete', { 'AMF-UE-NGAP-ID': amf, 'RAN-UE-NGAP-ID': ran })];
      }
      default:
        return [];
    }
  }
}

/** @see 3GPP TS 38.413 clause 9.2.6.1 */
function setupRequest({ plmn, id, cells, slices }: XnGnb): Ies<'NGSetupRequest'> {
  const pLMNIdentity = plmnOctets(plmn);
  const tAISliceSupportList = slices.map(({ sst }) => ({ 's-NSSAI': { sST: Uint8Array.of(sst) } }));
  return {
    GlobalRANNodeID: { 'globalGNB-ID': { pLMNIdentity, 'gNB-ID': { 'gNB-ID': bitsOf(id, 32) } } },
    SupportedTAList: [...new Set(cells.map(({ tac }) => tac))].map((tac) => ({
      tAC: bitsOf(tac, 24).bits,
      broadcastPLMNList: [{ pLMNIdentity, tAISliceSupportList }],
    })),
    DefaultPagingDRX: 'v128',
  };
}
