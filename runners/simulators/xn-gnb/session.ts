import { HarnessError } from '../../../src/kernel/errors.ts';
import type { EntryIn } from '../../interfaces/ap/peer.ts';
import { ApPeer, type OutcomeIn, type Waiting } from '../../interfaces/ap/peer.ts';
import type { IesIn, RequestIn } from '../../interfaces/ap/types.ts';
import type { SctpAssociation } from '../../interfaces/sctp/types.ts';
import { comprehend, outgoing, PROTOCOL, errorIndication } from '../../interfaces/xnap/codec.ts';
import { globalNodeId, setupResponse } from '../../interfaces/xnap/node.ts';
import type { AcceptedIes, AnyAccepted, Ies, Outgoing, XnapShape } from '../../interfaces/xnap/types.ts';
import { answerConfigurationUpdate, neighbourIn, objection, type Neighbour } from './neighbours.ts';
import type { OnXn, TheGnb } from './ports.ts';
import { released, reset, retrieved, statusTold, taken, cancelled } from './mobility.ts';

/** One association with another node, whoever made it. @see 3GPP TS 38.423 clause 8 */
export class Session implements OnXn, AsyncDisposable {
  readonly peer: ApPeer<XnapShape>;
  neighbour: Neighbour | null = null;
  isRemoved = false;
  readonly #gnb: TheGnb;

  constructor(gnb: TheGnb, association: SctpAssociation) {
    this.#gnb = gnb;
    this.peer = new ApPeer<XnapShape>(PROTOCOL, {
      association,
      ...(gnb.has('ppid-zero') ? { ppid: 0 } : {}),
      handle: (message, entry) => this.#answer(message, entry),
      answerFaults: (entry, standard) => this.#answerFaults(entry, standard),
      told: ({ direction, decoded }) => gnb.say(`Xn ${direction} ${decoded.message?.name ?? 'unreadable'}`),
      limits: { entries: 1_000, bytes: 4 * 1024 * 1024 },
    });
  }

  say(message: Outgoing): void {
    this.peer.send(message).catch((error: unknown) => {
      if (!(error instanceof HarnessError && error.code === 'SCTP_ENDED')) throw error;
    });
  }

  ask<Name extends RequestIn<XnapShape>>(
    name: Name,
    ies: IesIn<XnapShape, Name>,
    timeoutMs = this.#gnb.settings.answerWithinMs,
  ): Promise<OutcomeIn<XnapShape, Name>> {
    const waiting: Waiting = { signal: new AbortController().signal, timeoutMs };
    return this.peer.request(name, ies, waiting);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.peer[Symbol.asyncDispose]();
  }

  #answerFaults(entry: EntryIn<XnapShape>, standard: Outgoing | null): Outgoing | null {
    const { has } = this.#gnb;
    const { cause, findings } = comprehend(entry.decoded);
    // The process is gone, as when something is freed twice: no answer, no tear-down.
    if (has('repeated-element-crash') && findings.some(({ kind }) => kind === 'repeated')) process.exit(71);
    if (cause === 'transfer-syntax-error' && has('transfer-syntax-ignored')) return null;
    const { message } = entry.decoded;
    const isStrange = findings.every(({ kind }) => kind === 'notUnderstood');
    if (message?.kind !== 'initiating' || !isStrange || !has('criticality-ignored')) return standard;
    if (cause === 'abstract-syntax-error-reject')
      for (const answer of this.#answer(message as AnyAccepted, entry)) this.say(answer);
    return null;
  }

  #answer(message: AnyAccepted, entry: EntryIn<XnapShape>): readonly Outgoing[] {
    if (message.name === 'ErrorIndication') return [];
    if (message.name === 'XnSetupRequest') return this.#setUp(message.ies);
    if (this.neighbour === null) return [notNow(entry)];
    switch (message.name) {
      case 'NGRANNodeConfigurationUpdate':
        return [answerConfigurationUpdate(this.#gnb, this.neighbour, message.ies)];
      case 'XnRemovalRequest':
        this.#gnb.forget(this);
        return [outgoing('XnRemovalResponse', { 'GlobalNG-RAN-node-ID': globalNodeId(this.#gnb.node) })];
      case 'ResetRequest':
        return [reset(this.#gnb, this, message.ies)];
      case 'RANPaging':
        this.#gnb.paged(cellsOf(message.ies.RANPagingArea));
        return [];
      case 'XnUAddressIndication':
        return [];
      default:
        return this.#mobility(message, entry);
    }
  }

  /** Procedures of UEs. */
  #mobility(message: AnyAccepted, entry: EntryIn<XnapShape>): readonly Outgoing[] {
    const [gnb, at]: readonly [TheGnb, OnXn] = [this.#gnb, this];
    switch (message.name) {
      case 'HandoverRequest':
        return [taken(gnb, at, message.ies)];
      case 'SNStatusTransfer':
        return statusTold(gnb, at, message);
      case 'HandoverCancel':
        return cancelled(gnb, at, message);
      case 'UEContextRelease':
        return released(gnb, at, message);
      case 'RetrieveUEContextRequest':
        return [retrieved(gnb, at, message.ies)];
      default:
        return [notNow(entry)];
    }
  }

  #setUp(request: Ies<'XnSetupRequest'>): readonly Outgoing[] {
    const gnb = this.#gnb;
    const neighbour = neighbourIn(request);
    const refusal = objection(gnb, neighbour) ?? gnb.objectionToReturn(this, neighbour);
    if (refusal !== null) {
      gnb.say(`Xn setup by ${neighbour.name} refused: ${refusal}`);
      return [outgoing('XnSetupFailure', { Cause: { misc: 'unspecified' } })];
    }
    gnb.replaceFormer(this, neighbour);
    this.neighbour = neighbour;
    const response = outgoing('XnSetupResponse', gnb.shown(setupResponse(gnb.node)));
    return gnb.has('setup-answered-twice') ? [response, response] : [response];
  }
}

function notNow({ decoded }: EntryIn<XnapShape>): Outgoing {
  return errorIndication(decoded, 'message-not-compatible-with-receiver-state');
}

function cellsOf({ rANPagingAreaChoice: area }: AcceptedIes<'RANPaging'>['RANPagingArea']): number {
  return 'cell-List' in area ? area['cell-List'].length : 0;
}
