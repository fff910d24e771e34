import type { Carrier, CarrierAddress, Timers } from '../../../runners/interfaces/sctp/carrier.ts';

export interface Sent {
  readonly packet: Uint8Array;
  readonly from: string;
  readonly to: string;
}

type Handler = (packet: Uint8Array, from: CarrierAddress) => void;

/** More at one instant is a storm: two ends that answer each other without end. */
const MAX_STEPS = 20_000;

/** A network and a clock that do nothing by themselves. Throws when an instant does not come to an end. */
export class World {
  readonly timers: Timers;
  /** All that was sent, delivered or not. */
  readonly sent: Sent[] = [];
  /** What is not delivered. */
  drops: (sent: Sent) => boolean = () => false;
  readonly #handlers = new Map<string, Handler>();
  readonly #due: (() => void)[] = [];
  #entries: { readonly at: number; readonly run: () => void }[] = [];
  #now = 0;

  constructor() {
    this.timers = {
      now: () => this.#now,
      after: (ms, run) => {
        const entry = { at: this.#now + ms, run };
        this.#entries.push(entry);
        return () => {
          this.#entries = this.#entries.filter((other) => other !== entry);
        };
      },
      soon: (run) => void this.#due.push(run),
    };
  }

  carrier(host: string): Carrier {
    return {
      transport: 'pipe',
      mtuBytes: 1_452,
      send: (packet, to) => {
        const sent = { packet, from: host, to: to.host };
        this.sent.push(sent);
        if (!this.drops(sent)) this.#due.push(() => this.inject(packet, to.host, { host, port: 0 }));
      },
      receive: (handler) => void this.#handlers.set(host, handler),
      resolve: (name) => Promise.resolve(name),
      [Symbol.asyncDispose]: () => {
        this.#handlers.delete(host);
        return Promise.resolve();
      },
    };
  }

  inject(packet: Uint8Array, to: string, from: CarrierAddress): void {
    this.#handlers.get(to)?.(packet, from);
  }

  /** Everything that follows from what has happened, at this instant. Promises of those who wait come after it. */
  settle(): void {
    for (let step = 0; this.#due.length > 0; step += 1) {
      if (step > MAX_STEPS) throw new Error(`${MAX_STEPS} steps, and still something to do at one instant`);
      for (const run of this.#due.splice(0)) run();
    }
  }

  /** Nothing is due, and those who wait for promises have had their turn. */
  async #rest(): Promise<void> {
    do {
      this.settle();
      for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
    } while (this.#due.length > 0);
  }

  /** Lets time go on, at most `ms`, as long as something is due by then. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      await this.#rest();
      const next = this.#entries.reduce<number>((least, { at }) => Math.min(least, at), Infinity);
      if (next > until) break;
      this.#now = Math.max(this.#now, next);
      const ripe = this.#entries.filter(({ at }) => at <= this.#now);
      this.#entries = this.#entries.filter(({ at }) => at > this.#now);
      for (const { run } of ripe) run();
      this.settle();
    }
    this.#now = until;
    // Whoever reads messages one by one has read all of them.
    await new Promise((resolve) => setImmediate(resolve));
    this.settle();
  }
}
