import { decodePdu, type Envelope, encodeElements, PDU_TYPE } from '../../../interfaces/e2/codec.ts';
import { schema } from '../../../interfaces/e2/gen/e2ap-schema.js';
import { messageRule } from '../../../interfaces/e2/messages.ts';
import type { Element, MessageName } from '../../../interfaces/e2/types.ts';
import { makeMutator, type Mutator } from '../../../interfaces/per/mutate/mutate.ts';
import { RandomValues } from '../../../interfaces/per/mutate/random-values.ts';

/** What an association has been brought to before a mutated message is sent on it. */
export const FUZZ_STATES = ['before-setup', 'after-setup', 'subscribed'] as const;
export type FuzzState = (typeof FUZZ_STATES)[number];

/** What is wrong with a message: octets, a field, the elements and their order, or when it comes. */
export const FUZZ_CLASSES = ['bit', 'field', 'order', 'state'] as const;
export type FuzzClass = (typeof FUZZ_CLASSES)[number];

/** A message that is right, in the states in which it is. */
export interface FuzzTemplate {
  readonly name: MessageName;
  readonly states: readonly FuzzState[];
  readonly bytes: Uint8Array;
}

export interface FuzzInput {
  readonly index: number;
  readonly state: FuzzState;
  readonly class: FuzzClass;
  readonly template: MessageName;
  /** What was done to the template: the path and the change, for people. */
  readonly how: string;
  readonly bytes: Uint8Array;
}

export interface FuzzCorpus {
  readonly templates: readonly FuzzTemplate[];
  /** Same seed, same octets. */
  readonly seed: number;
  /** Messages by which a sound product leaves, or stays away: no mutant is one of them. */
  readonly spared: readonly MessageName[];
}

/** The input with that number, to be sent in that state. */
export type FuzzInputs = (state: FuzzState, index: number) => FuzzInput;

/** So that no input takes longer to carry than to read. */
const MOST_OCTETS = 16_384;
/** Tries at an input that is not spared. */
const TRIES = 20;
const TRY_STRIDE = 0x9e37_79b9;

type Draw = (seed: number, index: number) => Pick<FuzzInput, 'template' | 'how' | 'bytes'>;

/**
 * The classes take turns. @throws TypeError when no template is right in a state that is asked for;
 * PerError PER_INVALID for a template that is no E2AP
 */
export function makeFuzzInputs({ templates, seed, spared }: FuzzCorpus): FuzzInputs {
  const draws = new Map(FUZZ_STATES.map((state) => [state, drawsFor(templates, state)]));
  return (state, index) => {
    const kind = FUZZ_CLASSES[index % FUZZ_CLASSES.length] ?? 'bit';
    const about = { index, state, class: kind };
    const draw = draws.get(state)?.[kind];
    if (draw === undefined) throw new TypeError(`no template is right ${state}`);
    if (kind === 'state') return { ...about, ...draw(seed, index) };
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const drawn = draw((seed + attempt * TRY_STRIDE) >>> 0, index);
      if (!isSpared(drawn.bytes, spared)) return { ...about, ...drawn };
    }
    return { ...about, ...cutOff(draw(seed, index)) };
  };
}

function drawsFor(
  templates: readonly FuzzTemplate[],
  state: FuzzState,
): Readonly<Record<FuzzClass, Draw>> | undefined {
  const right = templates.filter(({ states }) => states.includes(state));
  if (right.length === 0) return undefined;
  const wrong = templates.filter(({ states }) => !states.includes(state));
  const options = { schema, variant: 'aligned', type: PDU_TYPE, mostOctets: MOST_OCTETS } as const;
  return {
    bit: mutated(makeMutator({ ...options, templates: right, only: 'octets' }), right),
    field: mutated(makeMutator({ ...options, templates: right, only: 'field' }), right),
    order: (seed, index) => reordered(right, randomOf(seed, index)),
    state: (seed, index) => {
      const { name, bytes } = randomOf(seed, index).pick(wrong.length === 0 ? right : wrong);
      return { template: name, how: `as it is, ${state}`, bytes };
    },
  };
}

function mutated(mutator: Mutator, templates: readonly FuzzTemplate[]): Draw {
  return (seed, index) => {
    const { name, template, bytes } = mutator(seed, index);
    const from = templates[template];
    if (from === undefined) throw new TypeError('a mutant of no template');
    return { template: from.name, how: name.slice(from.name.length + 2), bytes };
  };
}

function randomOf(seed: number, index: number): RandomValues {
  return new RandomValues(
    schema,
    (Math.imul(seed ^ 0x51ed_270b, 0x85eb_ca6b) ^ Math.imul(index + 1, TRY_STRIDE)) >>> 0,
  );
}

interface Order {
  readonly how: string;
  readonly elements: readonly Element[];
}

/** The elements of a message exchanged, repeated, left out, or with one among them that nobody knows. */
function reordered(templates: readonly FuzzTemplate[], random: RandomValues): ReturnType<Draw> {
  const { name, bytes } = random.pick(templates);
  const elements = decodePdu(bytes).message?.elements ?? [];
  const ways: readonly (() => Order)[] = [
    () => exchanged(elements, random),
    () => repeated(elements, random),
    () => without(elements, random),
    () => withStranger(elements, random),
  ];
  const order = random.pick(ways)();
  return { template: name, how: order.how, bytes: encodeElements(name, order.elements) };
}

function exchanged(elements: readonly Element[], random: RandomValues): Order {
  const first = random.below(elements.length);
  const second = (first + 1 + random.below(Math.max(1, elements.length - 1))) % Math.max(1, elements.length);
  const [a, b] = [elements[first], elements[second]];
  if (a === undefined || b === undefined || a === b) return repeated(elements, random);
  const changed = elements.with(first, b).with(second, a);
  return { how: `elements ${a.id} and ${b.id} exchanged`, elements: changed };
}

function repeated(elements: readonly Element[], random: RandomValues): Order {
  const again = random.pick(elements);
  const at = random.below(elements.length + 1);
  return { how: `element ${again.id} twice`, elements: elements.toSpliced(at, 0, again) };
}

function without(elements: readonly Element[], random: RandomValues): Order {
  const at = random.below(elements.length);
  return { how: `without element ${elements[at]?.id ?? ''}`, elements: elements.toSpliced(at, 1) };
}

/** No element of E2AP has such an identifier. */
const UNKNOWN_FROM = 60_000;

function withStranger(elements: readonly Element[], random: RandomValues): Order {
  const id = UNKNOWN_FROM + random.below(5_000);
  const criticality = random.pick(['reject', 'ignore', 'notify'] as const);
  const length = random.pick([0, 1, 200]);
  const at = random.below(elements.length + 1);
  const stranger = { id, criticality, value: { '...': random.octets(length) } };
  return {
    how: `unknown element ${id}, ${criticality}, of ${length} octets`,
    elements: elements.toSpliced(at, 0, stranger),
  };
}

function isSpared(bytes: Uint8Array, spared: readonly MessageName[]): boolean {
  const { envelope } = decodePdu(bytes);
  return envelope !== null && spared.some((name) => isOf(envelope, name));
}

function isOf({ kind, code }: Envelope, name: MessageName): boolean {
  const rule = messageRule(name);
  return rule.kind === kind && rule.code === code;
}

function cutOff({ template, bytes }: ReturnType<Draw>): ReturnType<Draw> {
  return { template, how: 'cut off', bytes: bytes.slice(0, 1) };
}
