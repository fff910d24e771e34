import type { KernelPoller } from './kernel-poller.ts';
import { IPPROTO_SCTP, readPeerAddresses, sendBufferBytes, takeError } from './kernel-options.ts';
import { MessageHeader } from './message-header.ts';
import { type Notification, type NotificationNumbers, readNotification } from './notifications.ts';
import type { SctpSettings } from './settings.ts';
import { readSocketAddresses } from './socket-address.ts';
import type { AssociationSocket, Received } from './socket-association.ts';
import type { SocketCalls } from './socket-library.ts';
import type { PeerAddress, SctpMessage } from './types.ts';

export interface KernelSocketOptions {
  readonly calls: SocketCalls;
  readonly poller: KernelPoller;
  readonly buffers: MessageBuffers;
  readonly fd: number;
  readonly peer: PeerAddress;
  readonly settings: SctpSettings;
}

/** For one call at a time, whichever socket makes it. */
export interface MessageBuffers {
  readonly out: MessageHeader;
  readonly in: MessageHeader;
}

const NUMBERS: NotificationNumbers = {
  ...{ associationChange: 0x8001, peerAddressChange: 0x8002, remoteError: 0x8004, shutdownEvent: 0x8005 },
  changes: [0, 1, 2, 3, 4],
  ...{ addressAvailable: 0, addressUnreachable: 1, causesAreBare: true },
};
const [MSG_DONTWAIT, MSG_NOSIGNAL] = [0x40, 0x4000];
const [MSG_END_OF_RECORD, MSG_NOTIFICATION] = [0x80, 0x8000];
const [SNDINFO, RCVINFO] = [2, 3];
const [UNORDERED, ABORT] = [1, 4];
const CONTROL_HEADER_BYTES = 16;
const SNDINFO_BYTES = 16;
const SHUT_WR = 1;
const [EAGAIN, EINTR, ETIMEDOUT] = [11, 4, 110];
const READ_BYTES = 256 * 1024;
const NOTHING: Received = { type: 'nothing' };

export function makeMessageBuffers(): MessageBuffers {
  const out = new MessageHeader(0, CONTROL_HEADER_BYTES + SNDINFO_BYTES);
  out.control.writeUInt32LE(CONTROL_HEADER_BYTES + SNDINFO_BYTES, 0);
  out.control.writeInt32LE(IPPROTO_SCTP, 8);
  out.control.writeInt32LE(SNDINFO, 12);
  return { out, in: new MessageHeader(READ_BYTES, 256) };
}

/** A one-to-one style socket of the kernel, by calls of the C library. @see RFC 6458 §4 */
export class KernelSocket implements AssociationSocket {
  readonly transport = 'sctp:kernel';
  readonly maxMessageBytes: number;
  readonly #options: KernelSocketOptions;
  #addresses: readonly string[] = [];

  constructor(options: KernelSocketOptions) {
    this.#options = options;
    const { settings } = options;
    this.maxMessageBytes = Math.min(settings.maxMessageBytes, sendBufferBytes(options));
  }

  get peer(): PeerAddress {
    return this.#addresses.length === 0
      ? this.#options.peer
      : { ...this.#options.peer, addresses: this.#addresses };
  }

  get receiveWindowBytes(): number {
    return this.#options.settings.receiveWindowBytes;
  }

  send({ bytes, ppid, stream, unordered }: SctpMessage): boolean {
    return this.#transmit(bytes, { ppid, stream, flags: unordered ? UNORDERED : 0 });
  }

  receive(): Received {
    const { calls, fd, buffers } = this.#options;
    const header = buffers.in;
    header.makeRoom();
    const length = Number(calls.receiveMessage(fd, header.bytes, MSG_DONTWAIT));
    if (length < 0) return this.#failed(calls.errno());
    // The peer sends no more; what has become of the association is still to be told.
    if (length === 0 || header.data === undefined) return NOTHING;
    const { flags } = header;
    if ((flags & MSG_NOTIFICATION) !== 0) {
      return this.#said(readNotification(Buffer.from(header.data.subarray(0, length)), NUMBERS));
    }
    const bytes = new Uint8Array(header.data.subarray(0, length));
    return { type: 'part', isWhole: (flags & MSG_END_OF_RECORD) !== 0, part: messageOf(bytes, header) };
  }

  shutdown(): void {
    this.#options.calls.shutdown(this.#options.fd, SHUT_WR);
  }

  abort(why: string): void {
    const reason = new TextEncoder().encode(why).slice(0, 256);
    this.#transmit(reason, { ppid: 0, stream: 0, flags: ABORT });
    this.free();
  }

  free(): void {
    const { calls, poller, fd } = this.#options;
    poller.forget(fd);
    calls.close(fd);
  }

  #transmit(bytes: Uint8Array, info: { ppid: number; stream: number; flags: number }): boolean {
    const { calls, fd, buffers } = this.#options;
    const { out } = buffers;
    out.point(bytes);
    out.control.writeUInt16LE(info.stream, CONTROL_HEADER_BYTES);
    out.control.writeUInt16LE(info.flags, CONTROL_HEADER_BYTES + 2);
    out.control.writeUInt32BE(info.ppid, CONTROL_HEADER_BYTES + 4);
    return Number(calls.sendMessage(fd, out.bytes, MSG_DONTWAIT | MSG_NOSIGNAL)) >= 0;
  }

  #failed(errno: number): Received {
    return errno === EAGAIN || errno === EINTR ? NOTHING : { type: 'lost', errno, causes: [] };
  }

  #said(notification: Notification): Received {
    if (notification.type === 'lost') {
      return { type: 'lost', errno: takeError(this.#options) || ETIMEDOUT, causes: notification.causes };
    }
    if (notification.type === 'up') {
      const known = readPeerAddresses(this.#options);
      this.#addresses = readSocketAddresses(known.subarray(8), known.readUInt32LE(4));
    }
    return { type: 'notification', notification };
  }
}

function messageOf(bytes: Uint8Array, { control, controlLength }: MessageHeader): SctpMessage {
  const hasInfo = controlLength >= CONTROL_HEADER_BYTES + 12 && control.readInt32LE(12) === RCVINFO;
  const at = CONTROL_HEADER_BYTES;
  return {
    bytes,
    stream: hasInfo ? control.readUInt16LE(at) : 0,
    ppid: hasInfo ? control.readUInt32BE(at + 8) : 0,
    unordered: hasInfo && (control.readUInt16LE(at + 4) & UNORDERED) !== 0,
  };
}
