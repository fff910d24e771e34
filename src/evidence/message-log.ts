import {
  MESSAGE_KINDS,
  type MessageKind,
  type SeenMessage,
  type TraceMessage,
} from '../domain/trace-message.ts';
import { isJsonObject, type Json, type JsonObject } from '../kernel/json.ts';
import type { Observation } from './observation.ts';

/** The kind of an observation that is one message, sent or received. */
export const MESSAGE = 'message';

/** The data of such an observation; whoever judges may add members of his own. */
export interface LoggedMessage extends SeenMessage {
  /** Such as `e2`. */
  readonly interface: string;
  /** The octets, in hexadecimal. */
  readonly bytes: string;
}

/** A message as observations have it. */
export function messageData(message: LoggedMessage): JsonObject {
  return Object.fromEntries(
    Object.entries(message).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );
}

/** The messages among what a case observed, in their order. What does not have the shape of one is none. */
export function traceOf(observations: readonly Observation[]): readonly TraceMessage[] {
  return observations.flatMap(({ kind, data, t }) => {
    const message = kind === MESSAGE ? readMessage(data) : undefined;
    return message === undefined ? [] : [{ ...message, t }];
  });
}

/** The octets of each message of {@link traceOf}, in the same order; `null` where they were cut. */
export function octetsOf(observations: readonly Observation[]): readonly (Uint8Array | null)[] {
  return observations.flatMap(({ kind, data }) =>
    kind === MESSAGE && readMessage(data) !== undefined && isJsonObject(data) ? [fromHex(data['bytes'])] : [],
  );
}

function readMessage(data: Json): SeenMessage | undefined {
  if (!isJsonObject(data)) return undefined;
  const { from, to, protocol, name, octets, faults = [], kind, ppid, stream } = data;
  if (typeof from !== 'string' || typeof to !== 'string' || typeof octets !== 'number') return undefined;
  if (typeof protocol !== 'string' || typeof name !== 'string' || !Array.isArray(faults)) return undefined;
  return {
    ...{ from, to, protocol, name, octets },
    faults: faults.filter((fault) => typeof fault === 'string'),
    ...(isKind(kind) ? { kind } : {}),
    ...(typeof ppid === 'number' ? { ppid } : {}),
    ...(typeof stream === 'number' ? { stream } : {}),
  };
}

function isKind(kind: Json | undefined): kind is MessageKind {
  return MESSAGE_KINDS.some((each) => each === kind);
}

function fromHex(text: Json | undefined): Uint8Array | null {
  if (typeof text !== 'string' || !/^(?:[0-9a-f]{2})*$/u.test(text)) return null;
  return Uint8Array.from({ length: text.length / 2 }, (_, index) =>
    Number.parseInt(text.slice(2 * index, 2 * index + 2), 16),
  );
}
