import { createHash, randomBytes } from 'node:crypto';
import type { Digests } from '../campaigns/digests.ts';
import type { Clock, Ids } from '../campaigns/ports.ts';
import { type Digest, instant } from '../domain/ids.ts';

/** Wall-clock time at start, carried on by the monotonic clock: setting the system clock moves no deadline. */
export function makeSteadyClock(
  wallMs: () => number = Date.now,
  monotonicMs: () => number = () => performance.now(),
): Clock {
  const offset = wallMs() - monotonicMs();
  return { now: () => instant(Math.floor(offset + monotonicMs())) };
}

const BASE32 = '0123456789abcdefghjkmnpqrstvwxyz';

/** Sortable by time (48 bits of milliseconds), unguessable (80 random bits), like ULIDs. */
export function makeIds(clock: Clock): Ids {
  return {
    next: (kind) =>
      `${kind}-${base32(BigInt(clock.now()), 10)}${base32(BigInt(`0x${randomBytes(10).toString('hex')}`), 16)}`,
    random: (bytes) => randomBytes(bytes).toString('base64url'),
  };
}

function base32(value: bigint, digits: number): string {
  let text = '';
  for (let left = value, n = 0; n < digits; n += 1, left >>= 5n)
    text = `${BASE32[Number(left & 31n)] ?? ''}${text}`;
  return text;
}

export function makeDigests(): Digests {
  const hex = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  return {
    ofText: (text) => hex(text),
    ofBytes: (bytes) => `sha256:${hex(bytes)}` as Digest,
  };
}
