import type { Carrier, CarrierAddress, Timers } from './carrier.ts';

export const PIPE_HOSTS = ['pipe-a', 'pipe-b'] as const;

export interface PipeOptions {
  readonly timers: Timers;
  /** One way, in ms; default 1. */
  readonly delayMs?: number;
  /** Largest packet; default 1452 bytes. */
  readonly mtuBytes?: number;
}

/** Two carriers that reach each other inside this process, as `pipe-a` and `pipe-b`. */
export function makePipe({
  timers,
  delayMs = 1,
  mtuBytes = 1_452,
}: PipeOptions): readonly [Carrier, Carrier] {
  const handlers: (((packet: Uint8Array, from: CarrierAddress) => void) | undefined)[] = [
    undefined,
    undefined,
  ];
  const makeEnd = (own: 0 | 1): Carrier => ({
    transport: 'pipe',
    mtuBytes,
    send: (packet, to) => {
      const other = PIPE_HOSTS.findIndex((host) => host === to.host);
      const from = { host: PIPE_HOSTS[own], port: 0 };
      timers.after(delayMs, () => handlers[other]?.(packet, from));
    },
    receive: (handler) => (handlers[own] = handler),
    resolve: (host) => Promise.resolve(host),
    [Symbol.asyncDispose]: () => {
      handlers[own] = undefined;
      return Promise.resolve();
    },
  });
  return [makeEnd(0), makeEnd(1)];
}
