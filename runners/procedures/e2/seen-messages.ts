import { MESSAGE } from '../../../src/evidence/message-log.ts';
import type { Observation } from '../../../src/evidence/observation.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/kernel/json.ts';
import { decodePdu, type DecodedPdu } from '../../interfaces/e2/codec.ts';
import { comprehend, type Comprehension } from '../../interfaces/e2/comprehension.ts';
import type { Relation } from '../../interfaces/ap/journal.ts';
import type { AnyMessage, E2Message, MessageName } from '../../interfaces/e2/types.ts';
import { MESSAGE_PART, SCTP_EVENT } from './message-observation.ts';

/** A message of E2AP among what a case observed, decoded again from its octets. */
export interface SeenPdu {
  /** Of its observation. */
  readonly n: number;
  /** Seconds since the case began. */
  readonly t: number;
  readonly step: string;
  readonly association: string;
  readonly direction: 'sent' | 'received';
  /** Its place in its association; `answers` is the place of the request that it answers. */
  readonly entry: number;
  readonly answers: number | null;
  readonly relation: Relation;
  readonly ppid: number;
  readonly stream: number;
  readonly bytes: Uint8Array;
  readonly decoded: DecodedPdu;
  /** What a receiver has to make of it. */
  readonly comprehension: Comprehension;
}

/** One that is known to be a message of that name. */
export type SeenMessage<Name extends MessageName> = SeenPdu & { readonly message: E2Message<Name> };

/** What happened to an association. */
export interface SeenEvent {
  readonly n: number;
  readonly t: number;
  readonly step: string;
  readonly association: string;
  /** Such as `closed` or `lost`. */
  readonly type: string;
  readonly data: JsonObject;
}

/** The messages of a case in the order in which they were seen. Those whose octets are not whole in the evidence are left out. */
export function seenPdus(observations: readonly Observation[]): readonly SeenPdu[] {
  const parts = partsIn(observations);
  return observations.flatMap((observation) => {
    const { kind, data } = observation;
    if (kind !== MESSAGE || !isJsonObject(data) || data['interface'] !== 'e2') return [];
    const pdu = seenPdu(observation, data, parts);
    return pdu === undefined ? [] : [pdu];
  });
}

export function seenEvents(observations: readonly Observation[]): readonly SeenEvent[] {
  return observations.flatMap(({ n, t, step, kind, data }) => {
    if (kind !== SCTP_EVENT || !isJsonObject(data)) return [];
    return [{ n, t, step, association: textOf(data['association']), type: textOf(data['type']), data }];
  });
}

export function isMessage(pdu: SeenPdu, name: MessageName): boolean {
  return pdu.decoded.message?.name === name;
}

/** Those of a name, with what they hold. */
export function messagesOf<Name extends MessageName>(
  pdus: readonly SeenPdu[],
  name: Name,
  direction?: SeenPdu['direction'],
): readonly SeenMessage<Name>[] {
  return pdus.flatMap((pdu) => {
    const message: AnyMessage | null = pdu.decoded.message;
    if (message?.name !== name || (direction !== undefined && pdu.direction !== direction)) return [];
    return [{ ...pdu, message: message as unknown as E2Message<Name> }];
  });
}

/** The last message that the tester sent in a step; undefined when the case did not get there. */
export function sentIn(pdus: readonly SeenPdu[], step: string): SeenPdu | undefined {
  return pdus.findLast((pdu) => pdu.direction === 'sent' && pdu.step === step);
}

/** What came as the answer to a message, as the association knew it. */
export function answerTo(pdus: readonly SeenPdu[], { association, entry }: SeenPdu): SeenPdu | undefined {
  return pdus.find((pdu) => pdu.association === association && pdu.answers === entry);
}

/** What the product sent on that association after this message. */
export function receivedAfter(pdus: readonly SeenPdu[], { association, n }: SeenPdu): readonly SeenPdu[] {
  return pdus.filter((pdu) => pdu.association === association && pdu.direction === 'received' && pdu.n > n);
}

type Parts = ReadonlyMap<string, Uint8Array>;

function seenPdu({ n, t, step }: Observation, data: JsonObject, parts: Parts): SeenPdu | undefined {
  const { association, entry, octets, direction, relation, answers, ppid, stream } = data;
  const bytes = fromHex(data['bytes']) ?? parts.get(keyOf(data));
  if (bytes === undefined || bytes.length !== octets) return undefined;
  const decoded = decodePdu(bytes);
  return {
    ...{ n, t, step, bytes, decoded },
    association: textOf(association),
    direction: direction === 'sent' ? 'sent' : 'received',
    entry: numberOf(entry),
    answers: typeof answers === 'number' ? answers : null,
    relation: textOf(relation) as Relation,
    ppid: numberOf(ppid),
    stream: numberOf(stream),
    comprehension: comprehend(decoded),
  };
}

function partsIn(observations: readonly Observation[]): Parts {
  const parts = new Map<string, Uint8Array>();
  for (const { kind, data } of observations) {
    if (kind !== MESSAGE_PART || !isJsonObject(data)) continue;
    const key = keyOf(data);
    const before = parts.get(key) ?? new Uint8Array();
    const piece = fromHex(data['bytes']);
    if (piece !== undefined && data['offset'] === before.length) parts.set(key, joined(before, piece));
  }
  return parts;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function keyOf({ association, entry }: JsonObject): string {
  return `${textOf(association)} ${numberOf(entry)}`;
}

function fromHex(text: Json | undefined): Uint8Array | undefined {
  if (typeof text !== 'string' || !/^(?:[0-9a-f]{2})*$/u.test(text)) return undefined;
  return new Uint8Array(Buffer.from(text, 'hex'));
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: Json | undefined): number {
  return typeof value === 'number' ? value : -1;
}
