import { encodeElements, encodePdu, PDU_TYPE } from '../../runners/interfaces/e2/codec.ts';
import { schema } from '../../runners/interfaces/e2/gen/e2ap-schema.js';
import { messageRule } from '../../runners/interfaces/e2/messages.ts';
import { type MessageName, PROCEDURES } from '../../runners/interfaces/e2/types.ts';
import { RandomValues } from '../../runners/interfaces/per/mutate/random-values.ts';
import type { Saying } from './saying.ts';
import { withSense } from './sense.ts';

export const NAMES: readonly MessageName[] = Object.values(PROCEDURES).flatMap((messages) =>
  Object.values(messages),
);

/** Each message of each procedure twice: with what has to be in it, and with everything. */
export function everyMessage(): readonly Saying[] {
  return NAMES.flatMap((name, seed) => [
    { by: 'node', bytes: messageOf(name, { seed, share: 0 }) },
    { by: 'node', bytes: messageOf(name, { seed, share: 1 }) },
  ]);
}

/**
 * Random messages in turn: one that is made as the standard wants it, and one with any elements, also those that do not belong there
 * or stand there often.
 */
export function randomMessages(count: number, firstSeed: number): readonly Saying[] {
  return Array.from({ length: count }, (_, index) => {
    const seed = firstSeed + index;
    const name = NAMES[(index >> 1) % NAMES.length] ?? 'E2setupRequest';
    return { by: 'node', bytes: index % 2 === 0 ? messageOf(name, { seed, share: 0.5 }) : anyMessage(seed) };
  });
}

/** @param share of the elements that may be left out */
function messageOf(name: MessageName, { seed, share }: { seed: number; share: number }): Uint8Array {
  const random = new RandomValues(schema, seed);
  const types = schema.tables.get(`E2AP.${name}-IEs/&Value`);
  const elements = messageRule(name).elements.flatMap(({ id, criticality, presence }) => {
    const type = types?.get(String(id));
    if (type === undefined) throw new Error(`no type for element ${id} of ${name}`);
    if (presence !== 'mandatory' && random.unit() >= share) return [];
    return [{ id, criticality, value: withSense(random.value(type), random) }];
  });
  return encodeElements(name, elements);
}

function anyMessage(seed: number): Uint8Array {
  const random = new RandomValues(schema, seed);
  return encodePdu(withSense(random.value(PDU_TYPE), random));
}
