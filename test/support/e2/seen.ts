import type { Outgoing } from '../../../runners/interfaces/e2/answers.ts';
import { E2 } from '../../../runners/procedures/ap/interfaces/e2.ts';
import { decodePdu, encodeMessage } from '../../../runners/interfaces/e2/codec.ts';
import { comprehend } from '../../../runners/interfaces/e2/comprehension.ts';
import type { PduEntry } from '../../../runners/interfaces/e2/journal.ts';
import type { Ies } from '../../../runners/interfaces/e2/types.ts';
import { MESSAGE_PART, messageObservations } from '../../../runners/procedures/ap/message-observation.ts';
import { MESSAGE } from '../../../src/evidence/message-log.ts';
import type { Observation } from '../../../src/evidence/observation.ts';
import type { Json } from '../../../src/kernel/json.ts';

export interface Passing {
  readonly direction: PduEntry['direction'];
  readonly step?: string;
  readonly t?: number;
  readonly association?: string;
  readonly message: Outgoing | Uint8Array;
  readonly relation?: PduEntry['relation'];
  readonly answers?: number;
  readonly ppid?: number;
}

export function octetsOfMessage(message: Outgoing | Uint8Array): Uint8Array {
  if (message instanceof Uint8Array) return message;
  return encodeMessage(message.name, message.ies as Ies<typeof message.name>);
}

/** Observations of messages as they went by, as they come back from the store. */
export function messagesSeen(passing: readonly Passing[]): readonly Observation[] {
  const observations: Observation[] = [];
  const next = new Map<string, number>();
  for (const { step = 'step', t = 0, association = 'e2-node', ...one } of passing) {
    const n = next.get(association) ?? 0;
    next.set(association, n + 1);
    const parties = { association, tester: 'e2-node', product: 'near-rt-ric' };
    const { message, parts } = messageObservations(entryOf(n, one), parties, E2);
    const add = (kind: string, data: Json): void => {
      observations.push({
        n: observations.length,
        t,
        step,
        kind,
        data: JSON.parse(JSON.stringify(data)) as Json,
      });
    };
    for (const part of parts) add(MESSAGE_PART, part);
    add(MESSAGE, message);
  }
  return observations;
}

function entryOf(
  n: number,
  { direction, message, relation, answers, ppid = 70 }: Omit<Passing, 'step' | 't'>,
): PduEntry {
  const bytes = octetsOfMessage(message);
  const decoded = decodePdu(bytes);
  return {
    ...{ n, atMs: 0, direction, ppid, stream: 0, bytes, decoded },
    comprehension: direction === 'sent' ? null : comprehend(decoded),
    relation:
      relation ??
      (decoded.message?.kind === 'initiating' ? 'initiating' : answers === undefined ? 'unknown' : 'answer'),
    answers: answers ?? null,
  };
}
