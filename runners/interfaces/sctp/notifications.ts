import { CHUNK, type Tlv } from './chunks.ts';
import { readTlvs } from './packet-reader.ts';
import { isIpAddress, readSocketAddress } from './socket-address.ts';
import type { CauseRecord } from './types.ts';

/** What the socket API says between messages, as far as we look at it; the layout is that of the host. @see RFC 6458 §6.1 */
export type Notification =
  | { readonly type: 'up'; readonly outStreams: number; readonly inStreams: number }
  | { readonly type: 'lost'; readonly byPeer: boolean; readonly causes: readonly CauseRecord[] }
  | { readonly type: 'closed' }
  | { readonly type: 'shutdown' }
  | { readonly type: 'restarted' }
  | { readonly type: 'pathDown' | 'pathUp'; readonly address?: string }
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
  /** Causes of an ABORT come without the header of the chunk, and an ERROR as one cause: its code and its value. */
  readonly causesAreBare: boolean;
}

const CHANGE_HEADER_BYTES = 20;
const ERROR_HEADER_BYTES = 16;
const ERROR_CODE_AT = 8;
const ADDRESS_AT = 8;
const ADDRESS_STATE_AT = 8 + 128;
const CHUNK_HEADER_BYTES = 4;

export function readNotification(bytes: Buffer, numbers: NotificationNumbers): Notification {
  if (bytes.length < 8) return { type: 'other' };
  const type = bytes.readUInt16LE(0);
  if (type === numbers.associationChange && bytes.length >= CHANGE_HEADER_BYTES) {
    return readChange(bytes, numbers);
  }
  if (type === numbers.peerAddressChange && bytes.length >= ADDRESS_STATE_AT + 4) {
    return readPathChange(bytes, numbers);
  }
  if (type === numbers.remoteError && bytes.length >= ERROR_HEADER_BYTES) {
    return { type: 'peerError', causes: readErrorCauses(bytes, numbers) };
  }
  return { type: type === numbers.shutdownEvent ? 'shutdown' : 'other' };
}

function readChange(bytes: Buffer, { changes, causesAreBare }: NotificationNumbers): Notification {
  const [up, lost, restarted, closed, failed] = changes;
  const state = bytes.readUInt16LE(8);
  if (state === up) {
    return { type: 'up', outStreams: bytes.readUInt16LE(12), inStreams: bytes.readUInt16LE(14) };
  }
  if (state === restarted) return { type: 'restarted' };
  if (state === closed) return { type: 'closed' };
  if (state !== lost && state !== failed) return { type: 'other' };
  const abort = bytes.subarray(CHANGE_HEADER_BYTES);
  return {
    type: 'lost',
    byPeer: abort[0] === CHUNK.abort,
    causes: causesOf(causesAreBare ? abort : abort.subarray(CHUNK_HEADER_BYTES)),
  };
}

function readPathChange(bytes: Buffer, numbers: NotificationNumbers): Notification {
  const state = bytes.readUInt32LE(ADDRESS_STATE_AT);
  const socketAddress = bytes.subarray(ADDRESS_AT);
  const address = isIpAddress(socketAddress) ? { address: readSocketAddress(socketAddress) } : {};
  if (state === numbers.addressUnreachable) return { type: 'pathDown', ...address };
  return state === numbers.addressAvailable ? { type: 'pathUp', ...address } : { type: 'other' };
}

function readErrorCauses(bytes: Buffer, { causesAreBare }: NotificationNumbers): readonly CauseRecord[] {
  const what = bytes.subarray(ERROR_HEADER_BYTES);
  if (!causesAreBare) return causesOf(what.subarray(CHUNK_HEADER_BYTES));
  return [{ code: bytes.readUInt16BE(ERROR_CODE_AT), value: new Uint8Array(what) }];
}

function causesOf(bytes: Buffer): readonly CauseRecord[] {
  const tlvs: readonly Tlv[] = readTlvs(bytes) ?? [];
  return tlvs.map(({ type, value }) => ({ code: type, value: new Uint8Array(value) }));
}
