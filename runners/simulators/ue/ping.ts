import { randomInt } from 'node:crypto';
import { pause } from '../../../src/kernel/deadline.ts';
import { decodeEcho, encodeEcho } from '../../interfaces/gtpu/icmp.ts';

/** What carries the packets of a session from and to its UE. */
export interface PacketPath {
  send(packet: Uint8Array): Promise<void>;
  /** What comes for the UE from now on goes to `take`, too, until what is returned is called. */
  hear(take: (packet: Uint8Array) => void): () => void;
}

export interface Ping {
  /** Of the UE, and whom it pings: addresses of IPv4. */
  readonly from: string;
  readonly to: string;
  readonly withinMs: number;
  readonly signal: AbortSignal;
}

const PING_OCTETS = 32;
const PING_EVERY_MS = 200;
const POLL_MS = 5;

/**
 * Milliseconds until a ping through the session has come back; `null` when none has. It goes out again and again: the way down may
 * be open only a moment later than the way up.
 * @throws the reason of the signal
 */
export async function ping(path: PacketPath, { from, to, withinMs, signal }: Ping): Promise<number | null> {
  const identifier = randomInt(1, 0xffff);
  const data = new Uint8Array(PING_OCTETS).fill(0x61);
  const sentAt: number[] = [];
  const tookMs: number[] = [];
  const stop = path.hear((packet) => {
    const echo = decodeEcho(packet);
    const at = echo?.kind === 'reply' && echo.identifier === identifier ? sentAt[echo.sequence] : undefined;
    if (at !== undefined) tookMs.push(performance.now() - at);
  });
  try {
    for (const end = performance.now() + withinMs; tookMs.length === 0 && performance.now() < end;) {
      if (performance.now() - (sentAt.at(-1) ?? -PING_EVERY_MS) >= PING_EVERY_MS) {
        const packet = encodeEcho({ kind: 'request', from, to, identifier, sequence: sentAt.length, data });
        sentAt.push(performance.now());
        await path.send(packet);
      }
      await pause(POLL_MS, { signal });
    }
  } finally {
    stop();
  }
  return tookMs[0] ?? null;
}
