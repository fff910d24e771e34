/** What a message does in its procedure; protocols of the RAN in ASN.1 have these three. */
export const MESSAGE_KINDS = ['initiating', 'successful', 'unsuccessful'] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** A message between two parties as somebody saw it: a tester that took part, or a capture that anybody made. */
export interface SeenMessage {
  /** Whoever sent it, in a word or as an address. */
  readonly from: string;
  readonly to: string;
  /** Such as `E2AP`; empty where nobody knows. */
  readonly protocol: string;
  /** What the protocol calls it, such as `E2setupRequest`. */
  readonly name: string;
  readonly kind?: MessageKind;
  /** What is wrong with its encoding, a sentence each. */
  readonly faults: readonly string[];
  /** How many it is long. */
  readonly octets: number;
  readonly ppid?: number;
  readonly stream?: number;
}

/** One message of a trace. */
export interface TraceMessage extends SeenMessage {
  /** Seconds since the trace began: the case, or the first message of a capture. */
  readonly t: number;
}
