/** What RFC 9260 leaves to whoever runs the stack. @see RFC 9260 §16 */
export interface SctpSettings {
  readonly outStreams: number;
  readonly inStreams: number;
  readonly rtoInitialMs: number;
  readonly rtoMinMs: number;
  readonly rtoMaxMs: number;
  readonly maxInitRetransmits: number;
  readonly associationMaxRetransmits: number;
  readonly pathMaxRetransmits: number;
  readonly heartbeatIntervalMs: number;
  /** At most 500. */
  readonly sackDelayMs: number;
  readonly cookieLifeMs: number;
  readonly maxBurstPackets: number;
  /** What is received and not taken yet, in bytes. */
  readonly receiveWindowBytes: number;
  /** Above this, `send` waits. */
  readonly sendBufferBytes: number;
  /** Larger messages are not sent, and end the association when they come. At most `receiveWindowBytes`. */
  readonly maxMessageBytes: number;
}

export const DEFAULT_SETTINGS: SctpSettings = {
  outStreams: 32,
  inStreams: 2048,
  rtoInitialMs: 1_000,
  rtoMinMs: 1_000,
  rtoMaxMs: 60_000,
  maxInitRetransmits: 8,
  associationMaxRetransmits: 10,
  pathMaxRetransmits: 5,
  heartbeatIntervalMs: 30_000,
  sackDelayMs: 200,
  cookieLifeMs: 60_000,
  maxBurstPackets: 4,
  receiveWindowBytes: 2 * 1024 * 1024,
  sendBufferBytes: 1024 * 1024,
  maxMessageBytes: 1024 * 1024,
};
