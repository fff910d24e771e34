/** Types of chunks. @see RFC 9260 §3.2 */
export const CHUNK = {
  data: 0,
  init: 1,
  initAck: 2,
  sack: 3,
  heartbeat: 4,
  heartbeatAck: 5,
  abort: 6,
  shutdown: 7,
  shutdownAck: 8,
  error: 9,
  cookieEcho: 10,
  cookieAck: 11,
  shutdownComplete: 14,
  /** Of messages that take turns. @see RFC 8260 §2.1 */
  iData: 64,
} as const;

/** Flags of DATA. @see RFC 9260 §3.3.1 */
export const DATA_FLAG = { ending: 1, beginning: 2, unordered: 4, immediate: 8 } as const;
/** The T bit of ABORT and SHUTDOWN COMPLETE: the tag is the one the receiver had sent with. @see RFC 9260 §8.5.1 */
export const REFLECTED = 1;

/** @see RFC 9260 §3.3.2, §3.3.3, §3.3.5 */
export const PARAMETER = {
  heartbeatInfo: 1,
  ipv4: 5,
  ipv6: 6,
  stateCookie: 7,
  unrecognized: 8,
  cookiePreservative: 9,
  hostName: 11,
  supportedAddressTypes: 12,
  ecnCapable: 0x8000,
  supportedExtensions: 0x8008,
} as const;

/** @see RFC 9260 §3.3.10 */
export const CAUSE = {
  invalidStream: 1,
  missingParameter: 2,
  staleCookie: 3,
  outOfResource: 4,
  unresolvableAddress: 5,
  unrecognizedChunk: 6,
  invalidParameter: 7,
  unrecognizedParameters: 8,
  noUserData: 9,
  cookieWhileShuttingDown: 10,
  restartWithNewAddresses: 11,
  userInitiated: 12,
  protocolViolation: 13,
} as const;

/** A parameter of INIT and INIT ACK, or an error cause: both are type, length, value. */
export interface Tlv {
  readonly type: number;
  readonly value: Uint8Array;
}

export interface DataChunk {
  readonly kind: 'data';
  readonly tsn: number;
  readonly stream: number;
  readonly ssn: number;
  readonly ppid: number;
  /** {@link DATA_FLAG} */
  readonly flags: number;
  /** A view of the packet it came in. */
  readonly bytes: Uint8Array;
}

export interface InitChunk {
  readonly kind: 'init' | 'initAck';
  readonly tag: number;
  readonly rwnd: number;
  readonly outStreams: number;
  readonly inStreams: number;
  readonly tsn: number;
  readonly parameters: readonly Tlv[];
}

export interface SackChunk {
  readonly kind: 'sack';
  readonly cumulativeTsn: number;
  readonly rwnd: number;
  /** First and last, as offsets from the cumulative TSN. */
  readonly gaps: readonly (readonly [first: number, last: number])[];
  readonly duplicates: readonly number[];
}

export type Chunk =
  | DataChunk
  | InitChunk
  | SackChunk
  /** `info` is the whole parameter, header and all, to be sent back as it is. */
  | { readonly kind: 'heartbeat' | 'heartbeatAck'; readonly info: Uint8Array }
  | { readonly kind: 'abort'; readonly reflected: boolean; readonly causes: readonly Tlv[] }
  | { readonly kind: 'shutdown'; readonly cumulativeTsn: number }
  | { readonly kind: 'shutdownAck' | 'cookieAck' }
  | { readonly kind: 'error'; readonly causes: readonly Tlv[] }
  | { readonly kind: 'cookieEcho'; readonly cookie: Uint8Array }
  | { readonly kind: 'shutdownComplete'; readonly reflected: boolean }
  | { readonly kind: 'unknown'; readonly type: number; readonly bytes: Uint8Array }
  /** Of a known type, but it cannot be read. */
  | { readonly kind: 'malformed'; readonly type: number; readonly why: string };

export interface Packet {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly tag: number;
  readonly chunks: readonly Chunk[];
}

/** What the two highest bits of an unknown type ask for. @see RFC 9260 §3.2, §3.2.1 */
export function unknownAction(
  type: number,
  bits: 8 | 16,
): { readonly stop: boolean; readonly report: boolean } {
  const high = type >>> (bits - 2);
  return { stop: (high & 2) === 0, report: (high & 1) === 1 };
}
