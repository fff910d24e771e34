import { CHUNK, type Tlv } from './chunks.ts';
import { readTlvs } from './packet-reader.ts';
import type { CauseRecord } from './types.ts';

/** What the socket API says between messages, as far as we look at it; the layout is that of the host. @see RFC 6458 §6.1 */
export type Notification =
  | { readonly type: 'up'; readonly outStreams: number; readonly inStreams: number }
  | { readonly type: 'lost'; readonly byPeer: boolean; readonly causes: readonly CauseRecord[] }
  | { readonly type: 'closed' | 'shutdown' | 'restarted' }
  | { readonly type: 'pathDown' | 'pathUp' }
  | { readonly type: 'peerError'; readonly causes: readonly CauseRecord[] }
  | { readonly type: 'other' };

/** Numbers differ between systems. */
export interface NotificationNumbers {
  readonly associationChange: number;
  readonly peerAddressChange: number;
  readonly remoteError: number;
  readonly shutdownEvent: number;
  /** States of an association change: up, lost, restarted, shut down, could not start. */
  readonly changes: readonly [number, number, number, number, number];
  readonly addressAvailable: number;
  readonly addressUnreachable: number;
  /** Where the state of the address stands in its notification. */
  readonly addressStateAt: number;
}

const CHANGE_HEADER_BYTES = 20;
const ERROR_HEADER_BYTES = 16;

export function readNotification(bytes: Buffer, numbers: NotificationNumbers): Notification {
  if (bytes.length < 8) return { type: 'other' };
  const type = bytes.readUInt16LE(0);
  if (type === numbers.associationChange && bytes.length >= CHANGE_HEADER_BYTES) {
    return readChange(bytes, numbers.changes);
  }
  if (type === numbers.peerAddressChange && bytes.length >= numbers.addressStateAt + 4) {
    const state = bytes.readUInt32LE(numbers.addressStateAt);
    if (state === numbers.addressUnreachable) return { type: 'pathDown' };
    return state === numbers.addressAvailable ? { type: 'pathUp' } : { type: 'other' };
  }
  if (type === numbers.remoteError && bytes.length >= ERROR_HEADER_BYTES) {
    return { type: 'peerError', causes: causesOf(bytes.subarray(ERROR_HEADER_BYTES)) };
  }
  return { type: type === numbers.shutdownEvent ? 'shutdown' : 'other' };
}

function readChange(bytes: Buffer, changes: NotificationNumbers['changes']): Notification {
  const [up, lost, restarted, closed, failed] = changes;
  const state = bytes.readUInt16LE(8);
  if (state === up) {
    return { type: 'up', outStreams: bytes.readUInt16LE(12), inStreams: bytes.readUInt16LE(14) };
  }
  if (state === restarted) return { type: 'restarted' };
  if (state === closed) return { type: 'closed' };
  if (state !== lost && state !== failed) return { type: 'other' };
  const abort = bytes.subarray(CHANGE_HEADER_BYTES);
  return { type: 'lost', byPeer: abort[0] === CHUNK.abort, causes: causesOf(abort) };
}

/** @param chunk a whole ABORT or ERROR, or nothing */
function causesOf(chunk: Buffer): readonly CauseRecord[] {
  const tlvs: readonly Tlv[] = chunk.length <= 4 ? [] : (readTlvs(chunk.subarray(4)) ?? []);
  return tlvs.map(({ type, value }) => ({ code: type, value: new Uint8Array(value) }));
}
