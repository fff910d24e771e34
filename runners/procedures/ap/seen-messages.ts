import { MESSAGE } from '../../../src/evidence/message-log.ts';
import type { Observation } from '../../../src/evidence/observation.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/kernel/json.ts';
import type { DecodedPdu } from '../../interfaces/ap/codec.ts';
import type { Comprehension } from '../../interfaces/ap/comprehension.ts';
import type { Relation } from '../../interfaces/ap/journal.ts';
import type { AnyMessageIn, ApMessage, ApShape, MessageIn, NameIn } from '../../interfaces/ap/types.ts';
import type { ApInterface } from './ap-interface.ts';
import { MESSAGE_PART, SCTP_EVENT } from './message-observation.ts';

/** A message among what a case observed, decoded again from its octets. */
export interface SeenPdu<Message = ApMessage> {
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
  /** What the payload protocol identifier should be. */
  readonly rightPpid: number;
  readonly stream: number;
  readonly bytes: Uint8Array;
  readonly decoded: DecodedPdu<Message>;
  /** What a receiver has to make of it. */
  readonly comprehension: Comprehension;
}

/** One that is known to be a message of that name. */
export type SeenMessageIn<S extends ApShape, Name extends NameIn<S>> = SeenPdu<AnyMessageIn<S>> & {
  readonly message: MessageIn<S, Name>;
};

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

/** What a case saw of the messages of an interface. */
export interface SeenOn<S extends ApShape> {
  /** In the order in which they were seen. Those whose octets are not whole in the evidence are left out. */
  readonly seenPdus: (observations: readonly Observation[]) => readonly SeenPdu<AnyMessageIn<S>>[];
  readonly isMessage: (pdu: SeenPdu<AnyMessageIn<S>>, name: NameIn<S>) => boolean;
  /** Those of a name, with what they hold. */
  readonly messagesOf: <Name extends NameIn<S>>(
    pdus: readonly SeenPdu<AnyMessageIn<S>>[],
    name: Name,
    direction?: SeenPdu['direction'],
  ) => readonly SeenMessageIn<S, Name>[];
}

export function seenOn<S extends ApShape>(spoken: ApInterface<S>): SeenOn<S> {
  return {
    seenPdus: (observations) => {
      const parts = partsIn(observations);
      return observations.flatMap((observation) => {
        const { kind, data } = observation;
        if (kind !== MESSAGE || !isJsonObject(data) || data['interface'] !== spoken.name) return [];
        const bytes = bytesOf(data, parts);
        return bytes === undefined ? [] : [{ ...aboutPdu(observation, data), ...readPdu(bytes, spoken) }];
      });
    },
    isMessage: ({ decoded }, name) => nameOf(decoded) === name,
    messagesOf: <Name extends NameIn<S>>(
      pdus: readonly SeenPdu<AnyMessageIn<S>>[],
      name: Name,
      direction?: SeenPdu['direction'],
    ) =>
      pdus.flatMap((pdu) => {
        if (nameOf(pdu.decoded) !== name || (direction !== undefined && pdu.direction !== direction))
          return [];
        return [{ ...pdu, message: pdu.decoded.message as unknown as MessageIn<S, Name> }];
      }),
  };
}

function nameOf({ message }: DecodedPdu<unknown>): string | undefined {
  return (message as ApMessage | null)?.name;
}

function readPdu<S extends ApShape>(
  bytes: Uint8Array,
  { protocol }: ApInterface<S>,
): Pick<SeenPdu<AnyMessageIn<S>>, 'bytes' | 'decoded' | 'comprehension' | 'rightPpid'> {
  const decoded = protocol.codec.decodePdu(bytes);
  return { bytes, decoded, comprehension: protocol.comprehend(decoded), rightPpid: protocol.ppid };
}

export function seenEvents(observations: readonly Observation[]): readonly SeenEvent[] {
  return observations.flatMap(({ n, t, step, kind, data }) => {
    if (kind !== SCTP_EVENT || !isJsonObject(data)) return [];
    return [{ n, t, step, association: textOf(data['association']), type: textOf(data['type']), data }];
  });
}

/** The last message that the tester sent in a step; undefined when the case did not get there. */
export function sentIn<Pdu extends Place>(pdus: readonly Pdu[], step: string): Pdu | undefined {
  return pdus.findLast((pdu) => pdu.direction === 'sent' && pdu.step === step);
}

/** The first message that the tester sent in a step: what it answers later in it is another matter. */
export function openingOf<Pdu extends Place>(pdus: readonly Pdu[], step: string): Pdu | undefined {
  return pdus.find((pdu) => pdu.direction === 'sent' && pdu.step === step);
}

/** What came as the answer to a message, as the association knew it. */
export function answerTo<Pdu extends Place>(
  pdus: readonly Pdu[],
  { association, entry }: Place,
): Pdu | undefined {
  return pdus.find((pdu) => pdu.association === association && pdu.answers === entry);
}

/** What the product sent on that association after this message. */
export function receivedAfter<Pdu extends Place>(
  pdus: readonly Pdu[],
  { association, n }: Pick<Place, 'association' | 'n'>,
): readonly Pdu[] {
  return pdus.filter((pdu) => pdu.association === association && pdu.direction === 'received' && pdu.n > n);
}

type Place = Omit<SeenPdu, 'decoded'>;
type Parts = ReadonlyMap<string, Uint8Array>;

function bytesOf(data: JsonObject, parts: Parts): Uint8Array | undefined {
  const bytes = fromHex(data['bytes']) ?? parts.get(keyOf(data));
  return bytes?.length === data['octets'] ? bytes : undefined;
}

function aboutPdu(
  { n, t, step }: Observation,
  data: JsonObject,
): Omit<SeenPdu, 'bytes' | 'decoded' | 'comprehension' | 'rightPpid'> {
  const { association, entry, direction, relation, answers, ppid, stream } = data;
  return {
    ...{ n, t, step },
    association: textOf(association),
    direction: direction === 'sent' ? 'sent' : 'received',
    entry: numberOf(entry),
    answers: typeof answers === 'number' ? answers : null,
    relation: textOf(relation) as Relation,
    ppid: numberOf(ppid),
    stream: numberOf(stream),
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
