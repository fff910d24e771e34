import { outgoing } from '../../interfaces/e2/answers.ts';
import { wrapItems } from '../../interfaces/e2/messages.ts';
import type { Outcome } from '../../interfaces/e2/peer.ts';
import type { Item } from '../../interfaces/e2/types.ts';
import { ueOfGnb } from '../../interfaces/e2sm/identity.ts';
import { decodeDefinition } from '../../interfaces/e2sm/kpm/definition.ts';
import { KPM } from '../../interfaces/e2sm/kpm/kpm.ts';
import { NO_LABEL } from '../../interfaces/e2sm/kpm/types.ts';
import { encodeControl } from '../../interfaces/e2sm/rc/control.ts';
import { serviceModel } from '../../interfaces/e2sm/service-models.ts';
import { pause } from '../../../src/kernel/deadline.ts';
import { type NodeRecord, type RanFunction, requestKey, type Subscription } from './node-record.ts';
import { type Order, readXappRequest, type XappRequest } from './orders.ts';
import type { Ric } from './ric.ts';
import type { Session } from './session.ts';

/** Why an order is not carried out; `unable` when the node has not what it takes. */
export interface Refusal {
  readonly refused: 'unknown-node' | 'unable' | 'invalid';
  readonly cause: string;
}

const DEFAULT_PERIOD_MS = 100;
const MAX_MEASUREMENTS = 4;
/** Of applications on this RIC. */
const REQUESTOR = 1_021;
const RETRY_AFTER_MS = 150;
const ACTION_ID = 1;

/** The application on the RIC: it does what its script or whoever gives orders says. */
export class Xapp {
  readonly #ric: Ric;
  readonly #signal: AbortSignal;
  #instance = 0;

  constructor(ric: Ric, { signal }: { signal: AbortSignal }) {
    this.#ric = ric;
    this.#signal = signal;
  }

  /** Sends what the order wants; what comes of it is not waited for. Null when it is on its way. */
  async carryOut(order: Order): Promise<Refusal | null> {
    const session = this.#ric.sessionOf(order.node);
    const node = session?.node;
    if (session === undefined || node === undefined)
      return { refused: 'unknown-node', cause: 'no such node has set up' };
    switch (order.action) {
      case 'subscribe':
        return this.#subscribeToAll(session, node, order.periodMs ?? DEFAULT_PERIOD_MS);
      case 'xappRequest':
        return this.#onRequest(session, node, order);
      case 'deleteSubscriptions':
        return this.#deleteSubscriptions(session, node);
      case 'control':
        return this.#control(session, node);
      case 'query':
        return this.#query(session, node);
      case 'reset':
        if (!this.#ric.behaviour.keepsSubscriptions) node.subscriptions.clear();
        return this.#global(session, 'ResetRequest');
      case 'remove':
        return this.#global(session, 'E2RemovalRequest');
      case 'serviceQuery': {
        const TransactionID = session.peer.newTransactionId();
        await session.send(outgoing('RICserviceQuery', { TransactionID, ...acceptedOf(node) }));
        return null;
      }
      case 'connectionUpdate':
        return this.#connectionUpdate(session, order);
    }
  }

  async #subscribeToAll(session: Session, node: NodeRecord, periodMs: number): Promise<Refusal | null> {
    const kpm = functionOf(node, 'E2SM-KPM');
    if (kpm === undefined) return { refused: 'unable', cause: 'the node has no KPM function' };
    const { reportStyles } = decodeDefinition(kpm.ranFunctionDefinition);
    const offered = reportStyles.find(({ style }) => style === 1)?.measurements ?? [];
    const measurements = offered.slice(0, MAX_MEASUREMENTS).map(({ name }) => name);
    if (measurements.length === 0) return { refused: 'unable', cause: 'the node offers no measurements' };
    await this.#subscribe(session, node, { ranFunctionId: kpm.ranFunctionID, measurements, periodMs });
    return null;
  }

  async #onRequest(session: Session, node: NodeRecord, { request }: Order): Promise<Refusal | null> {
    const read = readXappRequest(request);
    const wanted = typeof read === 'string' && !this.#ric.behaviour.checksXapps ? asItComes(node) : read;
    if (typeof wanted === 'string') {
      this.#ric.log('xapp-request-refused', session, wanted);
      return { refused: 'invalid', cause: wanted };
    }
    await this.#subscribe(session, node, wanted);
    return null;
  }

  async #subscribe(session: Session, node: NodeRecord, wanted: XappRequest): Promise<void> {
    const subscription: Subscription = {
      requestId: { ricRequestorID: REQUESTOR, ricInstanceID: (this.#instance += 1) },
      functionId: wanted.ranFunctionId,
      actionId: ACTION_ID,
      measurements: wanted.measurements,
      state: 'asked',
    };
    node.subscriptions.set(requestKey(subscription.requestId), subscription);
    void this.#untilSubscribed(session, { node, subscription, periodMs: wanted.periodMs });
    return Promise.resolve();
  }

  async #untilSubscribed(session: Session, asked: Asked): Promise<void> {
    const { node, subscription } = asked;
    const key = requestKey(subscription.requestId);
    for (;;) {
      const outcome = await this.#ask(session, asked);
      if (outcome === null || outcome.kind === 'ended') return;
      if (outcome.kind === 'successful') {
        subscription.state = 'active';
        return;
      }
      if (!this.#ric.behaviour.retries) {
        if (node.subscriptions.get(key) === subscription) node.subscriptions.delete(key);
        return;
      }
      await pause(RETRY_AFTER_MS, { signal: this.#signal }).catch(() => {});
      if (this.#signal.aborted) return;
    }
  }

  async #ask(
    session: Session,
    { subscription, periodMs }: Asked,
  ): Promise<Outcome<'RICsubscriptionRequest'> | null> {
    const { requestId, functionId, measurements } = subscription;
    const timeoutMs = this.#ric.settings.answerWithinMs;
    const details = {
      ricEventTriggerDefinition: KPM[this.#ric.settings.kpm].periodMs.encode(periodMs),
      'ricAction-ToBeSetup-List': wrapItems('RICaction-ToBeSetup-Item', [actionFor(measurements, periodMs)]),
    };
    const ies = { RICrequestID: requestId, RANfunctionID: functionId, RICsubscriptionDetails: details };
    return this.#quietly(
      session.peer.request('RICsubscriptionRequest', ies, { signal: this.#signal, timeoutMs }),
    );
  }

  async #deleteSubscriptions(session: Session, node: NodeRecord): Promise<Refusal | null> {
    if (node.subscriptions.size === 0) return { refused: 'unable', cause: 'there is no subscription' };
    for (const [key, { requestId, functionId }] of node.subscriptions) {
      node.subscriptions.delete(key);
      await session.send(
        outgoing('RICsubscriptionDeleteRequest', { RICrequestID: requestId, RANfunctionID: functionId }),
      );
    }
    return null;
  }

  /** A quota for a slice, which any RC function of a gNB should know. */
  async #control(session: Session, node: NodeRecord): Promise<Refusal | null> {
    const rc = functionOf(node, 'E2SM-RC');
    if (rc === undefined) return { refused: 'unable', cause: 'the node has no RC function' };
    const plmn = '00101';
    const ue = ueOfGnb({ amfUeNgapId: 1, plmn, amf: { region: 1, set: 1, pointer: 1 } });
    const members = [{ plmn, slice: { sst: 1 } }];
    const policies = [{ members, minPercent: 10, maxPercent: 80, dedicatedPercent: 0 }];
    const { header, message } = encodeControl({ ue, command: { kind: 'sliceQuota', policies } });
    const requestId = { ricRequestorID: REQUESTOR, ricInstanceID: (this.#instance += 1) };
    await session.send(
      outgoing('RICcontrolRequest', {
        RICrequestID: requestId,
        RANfunctionID: rc.ranFunctionID,
        RICcontrolHeader: header,
        RICcontrolMessage: message,
        RICcontrolAckRequest: 'ack',
      }),
    );
    return null;
  }

  async #query(session: Session, node: NodeRecord): Promise<Refusal | null> {
    const rc = functionOf(node, 'E2SM-RC');
    if (rc === undefined) return { refused: 'unable', cause: 'the node has no RC function' };
    const RICrequestID = { ricRequestorID: REQUESTOR, ricInstanceID: (this.#instance += 1) };
    const empty = { RICqueryHeader: Uint8Array.of(0), RICqueryDefinition: Uint8Array.of(0) };
    await session.send(
      outgoing('RICQueryRequest', { RICrequestID, RANfunctionID: rc.ranFunctionID, ...empty }),
    );
    return null;
  }

  async #global(session: Session, name: 'ResetRequest' | 'E2RemovalRequest'): Promise<Refusal | null> {
    const TransactionID = session.peer.newTransactionId();
    await session.send(
      name === 'ResetRequest'
        ? outgoing(name, { TransactionID, Cause: { misc: 'om-intervention' } })
        : outgoing(name, { TransactionID }),
    );
    return null;
  }

  async #connectionUpdate(session: Session, { address = '', port = 0 }: Order): Promise<Refusal | null> {
    const octets = address.split('.').map(Number);
    if (octets.length !== 4 || !octets.every((octet) => Number.isInteger(octet) && octet >= 0 && octet < 256))
      return { refused: 'invalid', cause: 'address is no IPv4 address' };
    const tnlInformation = {
      tnlAddress: { bits: Uint8Array.from(octets), length: 32 },
      tnlPort: { bits: Uint8Array.of(port >> 8, port & 0xff), length: 16 },
    };
    const items = [{ tnlInformation, tnlUsage: 'both' as const }];
    const TransactionID = session.peer.newTransactionId();
    const E2connectionUpdateAdd = wrapItems('E2connectionUpdate-Item', items);
    await session.send(outgoing('E2connectionUpdate', { TransactionID, E2connectionUpdateAdd }));
    return null;
  }

  /** When the process is told to end, nobody waits for answers any more. */
  async #quietly<T>(asked: Promise<T>): Promise<T | null> {
    try {
      return await asked;
    } catch (error) {
      if (this.#signal.aborted) return null;
      throw error;
    }
  }
}

interface Asked {
  readonly node: NodeRecord;
  readonly subscription: Subscription;
  readonly periodMs: number;
}

function functionOf({ functions }: NodeRecord, model: string): RanFunction | undefined {
  return [...functions.values()].find(({ ranFunctionOID }) => serviceModel(ranFunctionOID).name === model);
}

function acceptedOf({ functions }: NodeRecord): {
  readonly RANfunctionsAccepted?: ReturnType<typeof wrapItems<'RANfunctionID-Item'>>;
} {
  const ids = [...functions.values()].map(({ ranFunctionID, ranFunctionRevision }) => ({
    ranFunctionID,
    ranFunctionRevision,
  }));
  return ids.length === 0 ? {} : { RANfunctionsAccepted: wrapItems('RANfunctionID-Item', ids) };
}

function actionFor(measurements: readonly string[], granularityMs: number): Item<'RICaction-ToBeSetup-Item'> {
  const wanted = measurements.map((name) => ({ measurement: { name }, labels: [NO_LABEL] }));
  const definition = { style: 1, format: 1, subscription: { measurements: wanted, granularityMs } } as const;
  return {
    ricActionID: ACTION_ID,
    ricActionType: 'report',
    ricActionDefinition: KPM.v3.action.encode(definition),
  };
}

/** The defect: what an application asked for goes out, whatever it was. */
function asItComes({ functions }: NodeRecord): XappRequest {
  const [ranFunctionId = 1] = functions.keys();
  return { ranFunctionId, measurements: [''.padEnd(1, '?')], periodMs: DEFAULT_PERIOD_MS };
}
