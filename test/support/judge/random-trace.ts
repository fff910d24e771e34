import type { Formula, TraceProperty } from '../../../src/domain/trace-property.ts';
import type { JudgedMessage, Side } from '../../../src/judge/happening.ts';
import type { Event, TraceOfOne } from './reference.ts';

/** Numbers from 0 up to 1, the same for the same seed. */
export type Random = () => number;

/** mulberry32 */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const NAMES = ['Ask', 'Answer', 'Refuse', 'Tell'] as const;

export function pick<T>(random: Random, from: readonly T[]): T {
  const chosen = from[Math.floor(random() * from.length)];
  if (chosen === undefined) throw new Error('nothing to pick from');
  return chosen;
}

export function aMessage(
  changes: Partial<JudgedMessage> & { values?: Readonly<Record<string, string | number>> } = {},
): JudgedMessage {
  const { values = {}, ...rest } = changes;
  const side = changes.side ?? 0;
  return {
    ...{ n: 1, atMs: 0, association: 1, side, protocol: 'TEST', name: 'Ask', isDamaged: false },
    ...{ from: `end ${side}`, to: `end ${1 - side}`, value: (path: string) => values[path] },
    ...rest,
  };
}

/** A trace of one association: few names, ids and times, so that they meet; with messages that are missing or cannot be read. */
export function randomTrace(random: Random, { isWhole = false } = {}): TraceOfOne {
  const count = Math.floor(random() * 14);
  const isJoined = !isWhole && random() < 0.25;
  const lossShare = isWhole ? 0 : pick(random, [0, 0, 0.1, 0.3]);
  const events: Event[] = [];
  let atMs = 0;
  for (let n = 1; n <= count; n += 1) {
    atMs += pick(random, [0, 1, 1, 2, 5]);
    const side: Side = random() < 0.5 ? 0 : 1;
    if (events.length > 0 && random() < lossShare) events.push({ kind: 'gap', association: 1, side, atMs });
    const isRead = random() >= lossShare / 3;
    const hasId = random() >= 0.1;
    const values: Record<string, number> = {
      b: Math.floor(random() * 2),
      ...(hasId ? { id: Math.floor(random() * 2) } : {}),
    };
    const isDamaged = random() < 0.3;
    events.push({
      kind: 'message',
      ...aMessage({ n, atMs, side, name: isRead ? pick(random, NAMES) : '', values, isDamaged }),
    });
  }
  const first = events[0];
  return {
    events,
    joinedAtMs: isJoined && first !== undefined ? first.atMs : undefined,
    endMs: atMs + pick(random, [0, 1, 10]),
    isComplete: random() < 0.4,
  };
}

export function randomProperty(random: Random): TraceProperty {
  return {
    ...{ id: 'test/random', protocol: 'TEST', says: 'anything', references: [] },
    forEvery: pick(random, [[], ['id'], ['id', 'b']]),
    when: random() < 0.7 ? randomAtom(random) : randomPast(random, 2),
    then: randomThen(random, 2),
    blames: pick(random, ['self', 'peer'] as const),
  };
}

function randomThen(random: Random, depth: number): Formula {
  const withinMs = pick(random, [0, 1, 2, 3, 6]);
  const inner = (): Formula => randomPast(random, 1);
  const ways: (() => Formula)[] = [
    () => ({ answeredBy: pick(random, [['Answer', 'Refuse'], 'Answer']), withinMs }),
    () => ({ eventually: inner(), withinMs }),
    () => ({ never: inner(), withinMs }),
    () => ({ always: inner(), withinMs }),
    () => ({ until: { hold: inner(), reach: inner() }, withinMs }),
    () => randomPast(random, 2),
  ];
  if (depth > 0 && random() < 0.3) {
    const parts = (): Formula[] => [randomThen(random, depth - 1), randomThen(random, depth - 1)];
    ways.push(
      () => ({ all: parts() }),
      () => ({ any: parts() }),
      () => ({ not: randomThen(random, depth - 1) }),
    );
  }
  return pick(random, ways)();
}

function randomPast(random: Random, depth: number): Formula {
  if (depth === 0) return randomAtom(random);
  const inner = (): Formula => randomPast(random, depth - 1);
  const within = random() < 0.4 ? { withinMs: pick(random, [0, 1, 2, 4]) } : {};
  return pick<() => Formula>(random, [
    () => randomAtom(random),
    () => ({ not: inner() }),
    () => ({ all: [inner(), inner()] }),
    () => ({ any: [inner(), inner()] }),
    () => ({ previously: inner() }),
    () => ({ once: inner(), ...within }),
    () => ({ since: { from: inner(), hold: inner() }, ...within }),
    () => ({ answers: 'Ask', with: ['Answer', 'Refuse'] }),
  ])();
}

function randomAtom(random: Random): Formula {
  const by = pick(random, [{}, { by: 'self' } as const, { by: 'peer' } as const]);
  const having = random() < 0.1 ? { having: { b: 1 } } : {};
  const message = random() < 0.7 ? pick(random, NAMES) : [pick(random, NAMES), pick(random, NAMES)];
  return { message, ...by, ...having };
}
