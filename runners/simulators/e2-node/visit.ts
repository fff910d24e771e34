import { errorIndication, outgoing, type Outgoing } from '../../interfaces/e2/answers.ts';
import { comprehend } from '../../interfaces/e2/comprehension.ts';
import type { PduEntry } from '../../interfaces/e2/journal.ts';
import { unwrapItems, wrapItems } from '../../interfaces/e2/messages.ts';
import type { Waiting } from '../../interfaces/ap/peer.ts';
import { E2Peer, type Outcome } from '../../interfaces/e2/peer.ts';
import type { AnyMessage, Ies, Item, MessageName, RequestName } from '../../interfaces/e2/types.ts';
import type { KpmAction } from '../../interfaces/e2sm/kpm/types.ts';
import type { SctpAssociation } from '../../interfaces/sctp/types.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { refusals } from '../ran-model/kpm-offer.ts';
import type { RanModel } from '../ran-model/types.ts';
import { control } from './control.ts';
import type { Has } from './defects.ts';
import { bytesOf } from './outgoing-bytes.ts';
import { CONTROLS_OF, functionItem, type RanFunction, REVISION } from './presentation.ts';
import { Reporter } from './reporter.ts';
import type { E2NodeSettings } from './settings.ts';
import { decideModification, decideSubscription, keyOf, NO_SUCH_FUNCTION } from './subscriptions.ts';

/** What outlives an association. */
export interface NodeState {
  readonly settings: E2NodeSettings;
  readonly has: Has;
  readonly functions: readonly RanFunction[];
  /** Controls put another one in its place. */
  model: RanModel;
  /** Opens further associations with the same RIC; false when that was not possible. */
  readonly connectAlso: (tnl: Ies<'E2setupFailure'>['TNLinformation'] & object) => Promise<boolean>;
  readonly say: (text: string) => void;
}

/** How long the RIC may take to answer what the node asks. */
const ANSWER_WITHIN_MS = 5_000;

/** One association with a RIC, from the E2 setup to its end. @see O-RAN.WG3.E2AP clause 8 */
export class Visit implements AsyncDisposable {
  readonly peer: E2Peer;
  /** Resolves when the E2 interface is removed: there is no coming back. */
  readonly left: Promise<void>;
  isSetUp = false;
  readonly #leave: () => void;
  #removed = false;
  readonly #state: NodeState;
  readonly #reporter: Reporter;

  constructor(state: NodeState, association: SctpAssociation) {
    this.#state = state;
    const { settings, has } = state;
    const { promise, resolve } = withResolver();
    this.left = promise;
    this.#leave = resolve;
    this.#reporter = new Reporter({
      settings,
      has,
      model: () => state.model,
      send: (message) => this.say(message),
      now: () => Date.now(),
    });
    this.peer = new E2Peer({
      association,
      ...(has('ppid-zero') ? { ppid: 0 } : {}),
      handle: (message, entry) => {
        for (const answer of this.#answersTo(message, entry)) this.say(answer);
        return [];
      },
      answerFaults: (entry, standard) => this.#answerFaults(entry, standard),
      told: (entry) => state.say(`${entry.direction} ${entry.decoded.message?.name ?? 'unreadable'}`),
    });
    void this.peer.ended.then(() => this.#reporter.stop());
  }

  /** Sends what nobody waits for an answer to. */
  say(message: Outgoing): void {
    this.peer.sendBytes(bytesOf(message, this.#state.has)).catch(unlessEnded);
  }

  ask<Name extends RequestName>(name: Name, ies: Ies<Name>, waiting: Waiting): Promise<Outcome<Name>> {
    return this.peer.requestBytes<Name>(bytesOf(outgoing(name, ies), this.#state.has), waiting);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#reporter.stop();
    await this.peer[Symbol.asyncDispose]();
  }

  get removed(): boolean {
    return this.#removed;
  }

  /** The E2 interface is over, whoever asked for it. */
  remove(): void {
    this.#removed = true;
    this.forgetSubscriptions();
    this.#leave();
  }

  /** The subscriptions end with a reset, whoever asked for it. */
  forgetSubscriptions(): void {
    this.#reporter.endAll();
  }

  #answerFaults(entry: PduEntry, standard: Outgoing | null): Outgoing | null {
    const { has } = this.#state;
    const { cause, findings } = comprehend(entry.decoded);
    // The process is gone, as when something is freed twice: no answer, no tear-down.
    if (has('repeated-element-crash') && findings.some(({ kind }) => kind === 'repeated')) process.exit(71);
    if (cause === 'transfer-syntax-error' && has('transfer-syntax-ignored')) return null;
    const { message } = entry.decoded;
    const isStrange = findings.every(({ kind }) => kind === 'notUnderstood');
    if (message?.kind !== 'initiating' || !isStrange || !has('criticality-ignored')) return standard;
    if (cause === 'abstract-syntax-error-reject')
      for (const answer of this.#answersTo(message, entry)) this.say(answer);
    return null;
  }

  #answersTo(message: AnyMessage, entry: PduEntry): readonly Outgoing[] {
    if (message.name === 'ErrorIndication') return [];
    if (!this.isSetUp) return [notNow(entry)];
    switch (message.name) {
      case 'ResetRequest': {
        this.forgetSubscriptions();
        return [outgoing('ResetResponse', { TransactionID: whole<'ResetRequest'>(message).TransactionID })];
      }
      case 'E2RemovalRequest': {
        this.remove();
        const { TransactionID } = whole<'E2RemovalRequest'>(message);
        return [outgoing('E2RemovalResponse', { TransactionID })];
      }
      case 'RICserviceQuery':
        if (!this.#state.has('service-query-ignored')) this.#answerQuery(whole<'RICserviceQuery'>(message));
        return [];
      case 'E2connectionUpdate':
        void this.#updateConnections(whole<'E2connectionUpdate'>(message));
        return [];
      default:
        return this.#functional(message, entry);
    }
  }

  /** Procedures of RAN functions. */
  #functional(message: AnyMessage, entry: PduEntry): readonly Outgoing[] {
    switch (message.name) {
      case 'RICsubscriptionRequest':
        return this.#subscribe(whole<'RICsubscriptionRequest'>(message));
      case 'RICsubscriptionModificationRequest':
        return this.#modify(whole<'RICsubscriptionModificationRequest'>(message));
      case 'RICsubscriptionDeleteRequest':
        return this.#unsubscribe(whole<'RICsubscriptionDeleteRequest'>(message));
      case 'RICcontrolRequest':
        return this.#control(whole<'RICcontrolRequest'>(message));
      case 'RICQueryRequest': {
        const { RICrequestID, RANfunctionID } = whole<'RICQueryRequest'>(message);
        const isThere = this.#functionOf(RANfunctionID) !== undefined;
        const Cause = isThere ? ({ ricRequest: 'invalid-information-request' } as const) : NO_SUCH_FUNCTION;
        return [outgoing('RICQueryFailure', { RICrequestID, RANfunctionID, Cause })];
      }
      default:
        return [notNow(entry)];
    }
  }

  #subscribe(request: Ies<'RICsubscriptionRequest'>): readonly Outgoing[] {
    const { RICrequestID, RANfunctionID } = request;
    const found = this.#functionOf(RANfunctionID);
    if (found?.model !== 'kpm') {
      const Cause =
        found === undefined ? NO_SUCH_FUNCTION : ({ ricRequest: 'action-not-supported' } as const);
      return [outgoing('RICsubscriptionFailure', { RICrequestID, RANfunctionID, Cause })];
    }
    const { answer, subscription } = decideSubscription(request, {
      open: this.#reporter.subscriptions,
      can: this.#can,
    });
    if (subscription !== null) this.#reporter.start(subscription);
    return [answer];
  }

  #modify(request: Ies<'RICsubscriptionModificationRequest'>): readonly Outgoing[] {
    const { RICrequestID, RANfunctionID } = request;
    const before = this.#reporter.subscriptions.get(keyOf(RICrequestID));
    if (before?.functionId !== RANfunctionID) {
      const known = this.#functionOf(RANfunctionID) !== undefined;
      const Cause = known ? ({ ricRequest: 'request-id-unknown' } as const) : NO_SUCH_FUNCTION;
      return [outgoing('RICsubscriptionModificationFailure', { RICrequestID, RANfunctionID, Cause })];
    }
    const { answer, subscription } = decideModification(request, { before, can: this.#can });
    if (subscription !== null && subscription !== before) this.#reporter.start(subscription);
    return [answer];
  }

  #unsubscribe({ RICrequestID, RANfunctionID }: Ies<'RICsubscriptionDeleteRequest'>): readonly Outgoing[] {
    const reference = { RICrequestID, RANfunctionID };
    const isThere = this.#functionOf(RANfunctionID) !== undefined;
    if (isThere && this.#reporter.end(RICrequestID))
      return [outgoing('RICsubscriptionDeleteResponse', reference)];
    const Cause =
      isThere && !this.#state.has('wrong-cause')
        ? ({ ricRequest: 'request-id-unknown' } as const)
        : NO_SUCH_FUNCTION;
    return [outgoing('RICsubscriptionDeleteFailure', { ...reference, Cause })];
  }

  #control(request: Ies<'RICcontrolRequest'>): readonly Outgoing[] {
    const { RICrequestID, RANfunctionID } = request;
    const found = this.#functionOf(RANfunctionID);
    if (found?.model !== 'rc') {
      const Cause =
        found === undefined ? NO_SUCH_FUNCTION : ({ ricRequest: 'action-not-supported' } as const);
      return [outgoing('RICcontrolFailure', { RICrequestID, RANfunctionID, Cause })];
    }
    const { has, settings, model } = this.#state;
    const done = control(request, {
      ...{ model, has, controls: CONTROLS_OF[settings.kind] },
      atMs: Date.now(),
    });
    this.#state.model = done.model;
    return done.answer === null ? [] : [done.answer];
  }

  readonly #can = (action: KpmAction, periodMs: number): boolean => {
    const { model, settings } = this.#state;
    return refusals(model, { kind: settings.kind, action, periodMs }).length === 0;
  };

  #functionOf(id: number): RanFunction | undefined {
    return this.#state.functions.find((each) => each.id === id);
  }

  /** What the RIC does not know yet is added, what it knows and is not there is deleted. @see clause 8.3.5 */
  #answerQuery({ RANfunctionsAccepted }: Ies<'RICserviceQuery'>): void {
    const known = unwrapItems('RANfunctionID-Item', RANfunctionsAccepted);
    const { functions } = this.#state;
    const added = functions.filter(({ id }) => !known.some((each) => each.ranFunctionID === id));
    const deleted = known.filter(({ ranFunctionID }) => !functions.some(({ id }) => id === ranFunctionID));
    const update = {
      TransactionID: this.peer.newTransactionId(),
      ...(added.length === 0
        ? {}
        : {
            RANfunctionsAdded: wrapItems(
              'RANfunction-Item',
              added.map((each) => functionItem(each, REVISION)),
            ),
          }),
      ...(deleted.length === 0 ? {} : { RANfunctionsDeleted: wrapItems('RANfunctionID-Item', deleted) }),
    };
    this.ask('RICserviceUpdate', update, waiting()).catch(unlessEnded);
  }

  async #updateConnections(request: Ies<'E2connectionUpdate'>): Promise<void> {
    const wanted = unwrapItems('E2connectionUpdate-Item', request.E2connectionUpdateAdd);
    const done: (typeof wanted)[number][] = [];
    const failed: Item<'E2connectionSetupFailed-Item'>[] = [];
    for (const item of wanted) {
      const { tnlInformation } = item;
      if (await this.#state.connectAlso(tnlInformation)) done.push(item);
      else failed.push({ tnlInformation, cause: { transport: 'transport-resource-unavailable' } });
    }
    this.say(
      outgoing('E2connectionUpdateAcknowledge', {
        TransactionID: request.TransactionID,
        ...(done.length === 0 ? {} : { E2connectionSetup: wrapItems('E2connectionUpdate-Item', done) }),
        ...(failed.length === 0
          ? {}
          : { E2connectionSetupFailed: wrapItems('E2connectionSetupFailed-Item', failed) }),
      }),
    );
  }
}

function withResolver(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

export function waiting(): Waiting {
  return { signal: new AbortController().signal, timeoutMs: ANSWER_WITHIN_MS };
}

function notNow({ decoded }: PduEntry): Outgoing {
  return errorIndication(decoded, 'message-not-compatible-with-receiver-state');
}

/** The rules of the protocol have let the message through: what must be there is there. */
function whole<Name extends MessageName>(message: AnyMessage & { readonly name: Name }): Ies<Name> {
  return message.ies as unknown as Ies<Name>;
}

/** Of an association that has ended, nobody waits for anything. */
function unlessEnded(error: unknown): void {
  if (!(error instanceof HarnessError && error.code === 'SCTP_ENDED')) throw error;
}
