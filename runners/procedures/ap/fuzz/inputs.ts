import type { ApMessage, ApShape, Element, IesIn, NameIn } from '../../../interfaces/ap/types.ts';
import { makeMutator, type Mutator } from '../../../interfaces/per/mutate/mutate.ts';
import { RandomValues } from '../../../interfaces/per/mutate/random-values.ts';
import type { Schema } from '../../../interfaces/per/schema.ts';
import type { ApInterface } from '../ap-interface.ts';

/** What an association has been brought to before a mutated message is sent on it: these two on every interface, and its own. */
export const BEFORE_SETUP = 'before-setup';
export const AFTER_SETUP = 'after-setup';
export type FuzzState = string;

/** What is wrong with a message: octets, a field, the elements and their order, or when it comes. */
export const FUZZ_CLASSES = ['bit', 'field', 'order', 'state'] as const;
export type FuzzClass = (typeof FUZZ_CLASSES)[number];

/** A message that is right, in the states in which it is. */
export interface FuzzTemplate {
  readonly name: string;
  readonly states: readonly FuzzState[];
  readonly bytes: Uint8Array;
}

/** Templates of a protocol. @throws PerError PER_VALUE_INVALID with the path of what does not belong to its type */
export function templatesOn<S extends ApShape>({ protocol: { codec } }: ApInterface<S>) {
  return <Name extends NameIn<S>>(
    name: Name,
    states: readonly FuzzState[],
    ies: IesIn<S, Name>,
  ): FuzzTemplate => ({ name, states, bytes: codec.encodeMessage(name, ies) });
}

export interface FuzzInput {
  readonly index: number;
  readonly state: FuzzState;
  readonly class: FuzzClass;
  readonly template: string;
  /** What was done to the template: the path and the change, for people. */
  readonly how: string;
  readonly bytes: Uint8Array;
}

export interface FuzzCorpus<S extends ApShape> {
  readonly spoken: ApInterface<S>;
  readonly templates: readonly FuzzTemplate[];
  /** Same seed, same octets. */
  readonly seed: number;
  /** Messages by which a sound product leaves, or stays away: no mutant is one of them. */
  readonly spared: readonly NameIn<S>[];
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
 * PerError PER_INVALID for a template that is no message of the protocol
 */
export function makeFuzzInputs<S extends ApShape>(corpus: FuzzCorpus<S>): FuzzInputs {
  const { spoken, templates, seed, spared } = corpus;
  const states = new Set(templates.flatMap((each) => each.states));
  const draws = new Map([...states].map((state) => [state, drawsFor(corpus, state)]));
  const isSpared = (bytes: Uint8Array): boolean => isOneOf(bytes, spared, spoken);
  return (state, index) => {
    const kind = FUZZ_CLASSES[index % FUZZ_CLASSES.length] ?? 'bit';
    const about = { index, state, class: kind };
    const draw = draws.get(state)?.[kind];
    if (draw === undefined) throw new TypeError(`no template is right ${state}`);
    if (kind === 'state') return { ...about, ...draw(seed, index) };
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const drawn = draw((seed + attempt * TRY_STRIDE) >>> 0, index);
      if (!isSpared(drawn.bytes)) return { ...about, ...drawn };
    }
    return { ...about, ...cutOff(draw(seed, index)) };
  };
}

function drawsFor<S extends ApShape>(
  { templates, spoken }: FuzzCorpus<S>,
  state: FuzzState,
): Readonly<Record<FuzzClass, Draw>> {
  const { schema, protocol } = spoken;
  const right = templates.filter(({ states }) => states.includes(state));
  const wrong = templates.filter(({ states }) => !states.includes(state));
  const options = {
    schema,
    variant: 'aligned',
    type: protocol.codec.pduType,
    mostOctets: MOST_OCTETS,
  } as const;
  return {
    bit: mutated(makeMutator({ ...options, templates: right, only: 'octets' }), right),
    field: mutated(makeMutator({ ...options, templates: right, only: 'field' }), right),
    order: (seed, index) => reordered(right, randomOf(schema, [seed, index]), spoken),
    state: (seed, index) => {
      const { name, bytes } = randomOf(schema, [seed, index]).pick(wrong.length === 0 ? right : wrong);
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

function randomOf(schema: Schema, [seed, index]: readonly [number, number]): RandomValues {
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
function reordered<S extends ApShape>(
  templates: readonly FuzzTemplate[],
  random: RandomValues,
  { protocol: { codec } }: ApInterface<S>,
): ReturnType<Draw> {
  const { name, bytes } = random.pick(templates);
  const elements = (codec.decodePdu(bytes).message as ApMessage | null)?.elements ?? [];
  const ways: readonly (() => Order)[] = [
    () => exchanged(elements, random),
    () => repeated(elements, random),
    () => without(elements, random),
    () => withStranger(elements, random),
  ];
  const order = random.pick(ways)();
  return { template: name, how: order.how, bytes: codec.encodeElements(name as NameIn<S>, order.elements) };
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

/** No element of any of the protocols has such an identifier. */
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

function isOneOf<S extends ApShape>(
  bytes: Uint8Array,
  names: readonly NameIn<S>[],
  { protocol: { codec, rules } }: ApInterface<S>,
): boolean {
  const { envelope } = codec.decodePdu(bytes);
  if (envelope === null) return false;
  return names.some((name) => {
    const { kind, code } = rules.message(name);
    return kind === envelope.kind && code === envelope.code;
  });
}

function cutOff({ template, bytes }: ReturnType<Draw>): ReturnType<Draw> {
  return { template, how: 'cut off', bytes: bytes.slice(0, 1) };
}
