import type { TransportName } from './types.ts';

/** Where packets go to and come from. `port` is a UDP port; 0 where packets do not travel in UDP. */
export interface CarrierAddress {
  readonly host: string;
  readonly port: number;
}

/** What carries packets, and may lose, repeat and reorder them. */
export interface Carrier extends AsyncDisposable {
  readonly transport: TransportName;
  /** Largest packet, in bytes. */
  readonly mtuBytes: number;
  /** The address whose packets this carrier gets whatever their port, as every other such carrier does; absent where its packets are its own. */
  readonly sharedAddress?: string;
  send(packet: Uint8Array, to: CarrierAddress): void;
  /** Called once, before anything else. */
  receive(handler: (packet: Uint8Array, from: CarrierAddress) => void): void;
  /** The address of `host`, written as packets that come from there have it; `SCTP_UNREACHABLE` when it has none. */
  resolve(host: string): Promise<string>;
}

/** Time as the stack sees it. */
export interface Timers {
  /** In ms, from any beginning; never goes back. */
  now(): number;
  /** Returns what stops it. */
  after(ms: number, run: () => void): () => void;
  /** After what is under way now. */
  soon(run: () => void): void;
}

export const SYSTEM_TIMERS: Timers = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  soon: (run) => void setImmediate(run),
};
