import { outgoing, type Outgoing } from '../../interfaces/e2/answers.ts';
import { KPM } from '../../interfaces/e2sm/kpm/kpm.ts';
import { ntpTimeStamp } from '../../interfaces/e2sm/kpm/time-stamp.ts';
import { kpmMessage } from '../ran-model/kpm-report.ts';
import type { RanModel } from '../ran-model/types.ts';
import type { Has } from './defects.ts';
import { type E2NodeSettings, kpmVersion } from './settings.ts';
import { keyOf, type RequestId, type Subscription } from './subscriptions.ts';

export interface ReporterDeps {
  readonly settings: E2NodeSettings;
  readonly has: Has;
  /** As it is now: controls change it. */
  readonly model: () => RanModel;
  readonly send: (message: Outgoing) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Sends the indications of every subscription, period by period, until it is stopped. */
export class Reporter {
  readonly #deps: ReporterDeps;
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #sequence = 0;

  constructor(deps: ReporterDeps) {
    this.#deps = deps;
  }

  get subscriptions(): ReadonlyMap<string, Subscription> {
    return this.#subscriptions;
  }

  /** Begins to report, or goes on with other actions or another period. */
  start(subscription: Subscription): void {
    const key = keyOf(subscription.requestId);
    this.#stop(key);
    this.#subscriptions.set(key, subscription);
    if (this.#deps.has('silent-function')) return;
    const periodMs = subscription.periodMs * (this.#deps.has('wrong-period') ? 2 : 1);
    this.#wait({ subscription, key, periodMs, dueMs: this.#deps.now() + periodMs });
  }

  /** False when there is no such subscription. */
  end(requestId: RequestId): boolean {
    const key = keyOf(requestId);
    if (!this.#deps.has('indications-after-delete')) this.#stop(key);
    return this.#subscriptions.delete(key);
  }

  /** All of them, as after a reset. */
  endAll(): void {
    if (!this.#deps.has('indications-after-reset')) this.stop();
    this.#subscriptions.clear();
  }

  /** Nothing goes out any more: the association is over. */
  stop(): void {
    for (const key of [...this.#timers.keys()]) this.#stop(key);
  }

  #stop(key: string): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
  }

  /** Due times are counted from the first one: what a busy machine delays does not add up. */
  #wait(due: Due): void {
    const { key, periodMs, dueMs, subscription } = due;
    const timer = setTimeout(
      () => {
        this.#wait({ ...due, dueMs: dueMs + periodMs });
        this.#report(subscription, dueMs);
      },
      Math.max(0, dueMs - this.#deps.now()),
    );
    this.#timers.set(key, timer);
  }

  #report({ requestId, functionId, periodMs, actions }: Subscription, toMs: number): void {
    const { settings, has, model, send } = this.#deps;
    const fromMs = toMs - periodMs;
    const kpm = KPM[has('kpm-timestamp-4-octets') ? 'v2' : kpmVersion(settings)];
    const header = kpm.header.encode({ timeStamp: ntpTimeStamp(fromMs, kpm.timeStampOctets) });
    for (const { id, action } of actions) {
      const { kind, plmn } = settings;
      const message = kpmMessage({ model: model(), kind, plmn, action }, fromMs, toMs);
      if (message === null) continue;
      this.#sequence = (this.#sequence + 1) % 65_536;
      send(
        outgoing('RICindication', {
          RICrequestID: requestId,
          RANfunctionID: functionId,
          RICactionID: id,
          RICindicationSN: this.#sequence,
          RICindicationType: 'report',
          RICindicationHeader: header,
          RICindicationMessage: kpm.message.encode(message),
        }),
      );
    }
  }
}

interface Due {
  readonly subscription: Subscription;
  readonly key: string;
  readonly periodMs: number;
  readonly dueMs: number;
}
