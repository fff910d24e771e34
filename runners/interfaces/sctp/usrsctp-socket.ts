import { type Notification, type NotificationNumbers, readNotification } from './notifications.ts';
import type { SctpSettings } from './settings.ts';
import type { AssociationSocket, Received } from './socket-association.ts';
import type { PeerAddress, SctpMessage, TransportName } from './types.ts';
import type { Usrsctp } from './usrsctp-library.ts';

export interface UsrsctpSocketOptions {
  readonly transport: TransportName;
  readonly library: Usrsctp;
  /** The socket of the library. */
  readonly so: number | bigint;
  readonly peer: PeerAddress;
  readonly settings: SctpSettings;
}

const NUMBERS: NotificationNumbers = {
  ...{ associationChange: 1, peerAddressChange: 2, remoteError: 3, shutdownEvent: 5 },
  changes: [1, 2, 3, 4, 5],
  ...{ addressAvailable: 1, addressUnreachable: 2, causesAreBare: false },
};
const [NOTIFICATION, END_OF_RECORD] = [0x2000, 0x80];
const UNORDERED = 0x0400;
const SNDINFO = 1;
const [SOL_SOCKET, SO_LINGER] = [1, 13];
const [EAGAIN, ECONNRESET, ETIMEDOUT] = [11, 104, 110];
const READ_BYTES = 256 * 1024;
const NOTHING: Received = { type: 'nothing' };

/** An association of the library, by its calls. */
export class UsrsctpSocket implements AssociationSocket {
  readonly #options: UsrsctpSocketOptions;
  readonly #buffer = Buffer.alloc(READ_BYTES);
  readonly #info = Buffer.alloc(64);
  readonly #from = Buffer.alloc(32);
  readonly #words = [new Uint32Array(1), new Uint32Array(1), new Uint32Array(1), new Uint32Array(1)] as const;
  readonly #sendInfo = Buffer.alloc(16);

  constructor(options: UsrsctpSocketOptions) {
    this.#options = options;
  }

  get transport(): TransportName {
    return this.#options.transport;
  }

  get peer(): PeerAddress {
    return this.#options.peer;
  }

  get maxMessageBytes(): number {
    return this.#options.settings.maxMessageBytes;
  }

  get receiveWindowBytes(): number {
    return this.#options.settings.receiveWindowBytes;
  }

  send({ bytes, ppid, stream, unordered }: SctpMessage): boolean {
    const info = this.#sendInfo;
    info.writeUInt16LE(stream, 0);
    info.writeUInt16LE(unordered ? UNORDERED : 0, 2);
    info.writeUInt32BE(ppid, 4);
    const { library, so } = this.#options;
    return Number(library.send(so, bytes, bytes.length, null, 0, info, info.length, SNDINFO, 0)) >= 0;
  }

  receive(): Received {
    const { library, so } = this.#options;
    const [fromLength, infoLength, infoType, flags] = this.#words;
    fromLength[0] = this.#from.length;
    infoLength[0] = this.#info.length;
    flags.fill(0);
    const length = Number(
      library.receive(
        ...[so, this.#buffer, READ_BYTES, this.#from, fromLength, this.#info, infoLength, infoType, flags],
      ),
    );
    if (length === 0) return { type: 'end' };
    if (length < 0) {
      const errno = library.errno();
      return errno === EAGAIN ? NOTHING : { type: 'lost', errno, causes: [] };
    }
    const bytes = new Uint8Array(this.#buffer.subarray(0, length));
    const got = flags[0] ?? 0;
    if ((got & NOTIFICATION) !== 0) return said(readNotification(Buffer.from(bytes.buffer), NUMBERS));
    return { type: 'part', isWhole: (got & END_OF_RECORD) !== 0, part: this.#message(bytes) };
  }

  shutdown(): void {
    this.#options.library.shutdown(this.#options.so, 1);
  }

  abort(): void {
    const { library, so } = this.#options;
    const linger = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
    library.setOption(so, SOL_SOCKET, SO_LINGER, linger, linger.length);
    library.close(so);
  }

  free(): void {
    this.#options.library.close(this.#options.so);
  }

  #message(bytes: Uint8Array): SctpMessage {
    return {
      bytes,
      stream: this.#info.readUInt16LE(0),
      ppid: this.#info.readUInt32BE(8),
      unordered: (this.#info.readUInt16LE(4) & UNORDERED) !== 0,
    };
  }
}

function said(notification: Notification): Received {
  if (notification.type !== 'lost') return { type: 'notification', notification };
  const { byPeer, causes } = notification;
  return { type: 'lost', errno: byPeer ? ECONNRESET : ETIMEDOUT, causes };
}
