import type { MessageKind } from '../../../src/domain/trace-message.ts';
import type { Scalar } from '../../../src/domain/trace-property.ts';
import type { TreeNode } from '../per/render.ts';

/** A message as its protocol reads it. */
export interface ReadMessage {
  /** What the protocol calls it; empty where the octets do not tell. */
  readonly name: string;
  readonly kind?: MessageKind;
  /** What is wrong with its encoding, a sentence each. */
  readonly faults: readonly string[];
  /** All that is in it, as far as it could be read. */
  readonly tree: TreeNode | null;
}

/** What is judged of a message. */
export interface JudgedContent {
  /** Empty where the octets do not tell. */
  readonly name: string;
  /** It breaks the rules of its encoding. */
  readonly isDamaged: boolean;
  /** What stands at a path (`RICrequestID.ricRequestorID`); of several paths (`a|b`), at the first that is there. */
  value(path: string): Scalar | undefined;
}

/** Reads the messages of one association, in both directions: what was said before may tell what is meant now. */
export interface ProtocolReader {
  /** Never throws, whatever the octets are. */
  read(bytes: Uint8Array): ReadMessage;
}

/** A protocol whose messages can be read. */
export interface Protocol {
  readonly name: string;
  /** Payload protocol identifiers of SCTP that say it. */
  readonly ppids: readonly number[];
  /** Ports of SCTP on which it is spoken when the identifier says nothing. */
  readonly ports: readonly number[];
  /** A reader for one association. */
  readonly open: () => ProtocolReader;
  /** What is judged of a message, without all that is in it; never throws. */
  readonly look: (bytes: Uint8Array) => JudgedContent;
}
