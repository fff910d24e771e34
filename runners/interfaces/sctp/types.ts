import type { Heartbeats } from './heartbeats.ts';

/** How the packets of an association travel; it stands in every verdict. */
export const TRANSPORT_NAMES = [
  'sctp:kernel',
  'sctp:usrsctp',
  'sctp:usrsctp-raw',
  'sctp:ts-udp',
  'sctp:ts-raw',
  'pipe',
] as const;
export type TransportName = (typeof TRANSPORT_NAMES)[number];

/** SCTP as procedures and simulators see it, whoever carries it. Disposing it aborts every association. */
export interface SctpTransport extends AsyncDisposable {
  readonly name: TransportName;
  /** `SCTP_PORT_TAKEN` when something listens there already. */
  listen(options: ListenOptions): Promise<SctpListener>;
  /** Resolves when the association is up; `SCTP_REFUSED`, `SCTP_UNREACHABLE`, or the signal's own reason. */
  connect(options: ConnectOptions, limit: { readonly signal: AbortSignal }): Promise<SctpAssociation>;
}

export interface ListenOptions {
  readonly port: number;
  /** Associations that wait to be taken; more are refused. Default 64. */
  readonly backlog?: number;
  /** Addresses of ours, all of one association (multi-homing); only with `sctp:kernel`. Default: that of the transport. */
  readonly localAddresses?: readonly string[];
}

export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  /** Default: a free one. */
  readonly localPort?: number;
  /** UDP port of the peer, where packets travel in UDP; default 9899. @see RFC 6951 §4.1 */
  readonly remoteUdpPort?: number;
  /** Further addresses of the peer (multi-homing); only with `sctp:kernel`. */
  readonly addresses?: readonly string[];
  /** Addresses of ours, as in {@link ListenOptions}. */
  readonly localAddresses?: readonly string[];
}

export interface SctpListener extends AsyncDisposable {
  readonly port: number;
  readonly associations: AsyncIterable<SctpAssociation>;
}

export interface PeerAddress {
  readonly host: string;
  readonly port: number;
  /** Where packets travel in UDP: the port they last came from. */
  readonly udpPort?: number;
  /** All that the association knows of, where there may be several. */
  readonly addresses?: readonly string[];
}

/** Disposing it aborts it, unless it has ended. */
export interface SctpAssociation extends AsyncDisposable {
  readonly transport: TransportName;
  readonly peer: PeerAddress;
  readonly outStreams: number;
  readonly inStreams: number;
  /**
   * Resolves when the message is in the send buffer, which waits while that is full.
   * Bytes are copied. `SCTP_MESSAGE_REFUSED` for one that cannot be sent, `SCTP_ENDED` when the association has ended.
   */
  send(bytes: Uint8Array, options?: SendOptions): Promise<void>;
  /** In order within each stream. Until they are taken they fill the receive window. Ends with the association. */
  readonly messages: AsyncIterable<SctpMessage>;
  /** Everything that happens to the association, from `up` to `closed` or `lost`. */
  readonly events: AsyncIterable<SctpEvent>;
  /** Absent where the stack lets nobody: `sctp:kernel`. */
  readonly heartbeats?: Heartbeats | undefined;
  /** Sends what is buffered, then shuts down. Resolves when the association has ended, whichever way. */
  close(): Promise<void>;
  /** Ends it at once, and tells the peer why. */
  abort(why?: string): void;
}

export interface SendOptions {
  /** Payload protocol identifier, 32 bits. Default 0. */
  readonly ppid?: number;
  /** Default 0. */
  readonly stream?: number;
  /** May overtake others of its stream. */
  readonly unordered?: boolean;
}

export interface SctpMessage {
  readonly bytes: Uint8Array;
  readonly ppid: number;
  readonly stream: number;
  readonly unordered: boolean;
}

/** `undelivered` counts messages that were given to `send` and whose arrival nobody has confirmed. */
export type SctpEvent =
  | { readonly type: 'up'; readonly outStreams: number; readonly inStreams: number }
  | { readonly type: 'restarted'; readonly undelivered: number }
  /** `address` tells which path, where there may be several. */
  | { readonly type: 'pathDown' | 'pathUp'; readonly address?: string }
  | { readonly type: 'peerError'; readonly causes: readonly CauseRecord[] }
  /** The peer has begun to shut down. */
  | { readonly type: 'shutdown' }
  | { readonly type: 'closed' }
  | {
      readonly type: 'lost';
      readonly why: LossReason;
      readonly text: string;
      readonly causes: readonly CauseRecord[];
      readonly undelivered: number;
    };

export const LOSS_REASONS = ['peerAborted', 'unreachable', 'peerViolation', 'aborted'] as const;
export type LossReason = (typeof LOSS_REASONS)[number];

/** An error cause as it came. @see RFC 9260 §3.3.10 */
export interface CauseRecord {
  readonly code: number;
  readonly value: Uint8Array;
}
