import { type LoggedMessage, messageData } from '../../../src/evidence/message-log.ts';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import type { DecodedPdu } from '../../interfaces/ap/codec.ts';
import type { PduEntry } from '../../interfaces/ap/journal.ts';
import type { ApMessage, ApShape } from '../../interfaces/ap/types.ts';
import { renderTree } from '../../interfaces/per/render.ts';
import type { SctpEvent } from '../../interfaces/sctp/types.ts';
import type { ApInterface } from './ap-interface.ts';

/** Kind of an observation that holds the octets of a message that is too long for one, piece by piece. */
export const MESSAGE_PART = 'message-part';
/** Kind of an observation of what happened to an association. */
export const SCTP_EVENT = 'sctp-event';

/** Octets that one observation holds: in hexadecimal they are what it keeps uncut. */
const PART_OCTETS = 8_000;
/** A tree is for people, the octets are the evidence: it need not hold everything. */
const TREE = { maxOctets: 32, maxNodes: 200 } as const;

export interface Parties {
  /** Of the association, within the case. */
  readonly association: string;
  /** What the tester plays, such as `e2-node`. */
  readonly tester: string;
  /** The role of the product. */
  readonly product: string;
}

/** The observations of one message: the message, and parts of it where it is long. */
export interface MessageObservations {
  readonly message: JsonObject;
  readonly parts: readonly JsonObject[];
}

/** A message as evidence has it: the octets, and what they are as far as they could be read. */
export function messageObservations<S extends ApShape>(
  entry: PduEntry<unknown>,
  parties: Parties,
  spoken: ApInterface<S>,
): MessageObservations {
  const { association, tester, product } = parties;
  const { n, direction, ppid, stream, bytes, decoded, relation, answers } = entry;
  const [from, to] = direction === 'sent' ? [tester, product] : [product, tester];
  const isLong = bytes.length > PART_OCTETS;
  const logged: LoggedMessage = {
    ...{ interface: spoken.name, from, to, protocol: spoken.protocol.rules.protocol },
    name: nameOf(entry.decoded, spoken),
    ...(decoded.envelope === null ? {} : { kind: decoded.envelope.kind }),
    faults: decoded.faults.map(({ path, message }) => `${path === '' ? 'message' : path}: ${message}`),
    ...{ octets: bytes.length, ppid, stream, bytes: isLong ? 'in parts' : hex(bytes) },
  };
  const own = { association, entry: n, direction, relation, answers, tree: treeOf(entry.decoded, spoken) };
  return { message: { ...messageData(logged), ...own }, parts: isLong ? partsOf(entry, association) : [] };
}

/** What happened to an association, with the causes as octets. */
export function eventData(association: string, event: SctpEvent): JsonObject {
  const causes = 'causes' in event ? event.causes : [];
  const shown = causes.map(({ code, value }) => ({ code, value: hex(value.subarray(0, PART_OCTETS)) }));
  return { ...(event as unknown as JsonObject), association, causes: shown };
}

export function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

function nameOf<S extends ApShape>(
  { envelope, message }: DecodedPdu<unknown>,
  { protocol: { rules } }: ApInterface<S>,
): string {
  if (message !== null) return (message as ApMessage).name;
  if (envelope === null) return 'unreadable';
  const procedure = rules.procedureOf(envelope.code) ?? `procedure ${envelope.code}`;
  return `${envelope.kind} message of ${procedure}`;
}

function treeOf<S extends ApShape>({ pdu }: DecodedPdu<unknown>, { schema, protocol }: ApInterface<S>): Json {
  if (pdu === null) return null;
  return renderTree({ schema, type: protocol.codec.pduType }, pdu, TREE) as unknown as Json;
}

function partsOf({ n, bytes }: Pick<PduEntry, 'n' | 'bytes'>, association: string): readonly JsonObject[] {
  const count = Math.ceil(bytes.length / PART_OCTETS);
  return Array.from({ length: count }, (_, index) => {
    const offset = index * PART_OCTETS;
    return { association, entry: n, offset, bytes: hex(bytes.subarray(offset, offset + PART_OCTETS)) };
  });
}
