import { PerError } from '../error.ts';
import { decodeValue, type Field } from '../interpret-decode.ts';
import type { Schema, SchemaType } from '../schema.ts';
import type { Variant } from '../writer.ts';
import { type Changed, changeField, changeOctets } from './change-octets.ts';
import { changeValue } from './change-value.ts';
import { RandomValues } from './random-values.ts';

/** A sound message to start from. */
export interface Template {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Mutant {
  /** The template and what was done to it, for people. */
  readonly name: string;
  /** Place of the template in the list. */
  readonly template: number;
  readonly bytes: Uint8Array;
}

export interface MutatorOptions {
  readonly schema: Schema;
  readonly variant: Variant;
  readonly type: SchemaType;
  /** Sound encodings of that type. */
  readonly templates: readonly Template[];
  /** Longest mutant, in octets; 64 KiB without it. */
  readonly mostOctets?: number;
  /** One change of that kind and nothing else: of octets whatever they mean, or of a field and its value. Absent: all kinds. */
  readonly only?: 'octets' | 'field';
}

const MOST_OCTETS = 65_536;

/** The mutant with a number; the same seed and number always give the same one. */
export type Mutator = (seed: number, index: number) => Mutant;

/** Tries at one mutant before noise takes its place; a few are enough, for most succeed. */
const TRIES = 20;

/**
 * Messages that are wrong in one place or two: values at the ends of their ranges and beyond, elements that are missing, repeated or out of
 * order, lengths that lie, bits turned over, pieces moved, unknown alternatives and additions, and noise.
 *
 * @throws PerError PER_INVALID for a template that is no encoding of the type
 */
export function makeMutator(options: MutatorOptions): Mutator {
  const { schema, variant, type } = options;
  const sources = options.templates.map(({ name, bytes }): Source => {
    const fields: Field[] = [];
    const { value } = decodeValue(bytes, {
      ...{ schema, variant, type, mode: 'strict' },
      seen: (field) => {
        fields.push(field);
      },
    });
    return { name, bytes, value, fields: fields.filter(({ from, to }) => to > from) };
  });
  return (seed, index) => {
    const random = new RandomValues(schema, mixed(seed, index));
    const template = random.below(sources.length);
    const source = sources[template];
    if (source === undefined) throw new TypeError('there is no template to start from');
    const { how, to } = mutated(options, source, random);
    return { name: `${source.name}: ${how}`, template, bytes: to };
  };
}

interface Source extends Template {
  readonly value: unknown;
  readonly fields: readonly Field[];
}

function mutated(options: MutatorOptions, source: Source, random: RandomValues): Changed<Uint8Array> {
  const { mostOctets = MOST_OCTETS } = options;
  for (let left = TRIES; left > 0; left -= 1) {
    const changed = tried(options, source, random);
    if (changed === null || changed.to.length > mostOctets) continue;
    if (!sameOctets(changed.to, source.bytes)) return changed;
  }
  return noise(random);
}

/** `null` where the change made no value of the type. */
function tried(options: MutatorOptions, source: Source, random: RandomValues): Changed<Uint8Array> | null {
  if (options.only === 'octets') return changeOctets(source.bytes, random);
  if (options.only === 'field') {
    if (random.unit() < 0.5 && source.fields.length > 0)
      return changeField(source.bytes, source.fields, random);
    return changedValue(options, source, random);
  }
  const way = random.unit();
  if (way < 0.05) return noise(random);
  if (way < 0.35) return twice(changeOctets(source.bytes, random), random);
  if (way < 0.6 && source.fields.length > 0)
    return twice(changeField(source.bytes, source.fields, random), random);
  const changed = changedValue(options, source, random);
  return changed === null ? null : twice(changed, random);
}

function changedValue(
  options: MutatorOptions,
  { value }: Source,
  random: RandomValues,
): Changed<Uint8Array> | null {
  try {
    return changeValue({ ...options, random }, options.type, value);
  } catch (error) {
    if (error instanceof PerError && error.code === 'PER_VALUE_INVALID') return null;
    throw error;
  }
}

/** Now and then another change of the octets. */
function twice({ how, to }: Changed<Uint8Array>, random: RandomValues): Changed<Uint8Array> {
  if (random.unit() < 0.75) return { how, to };
  const second = changeOctets(to, random);
  return { how: `${how} + ${second.how}`, to: second.to };
}

function noise(random: RandomValues): Changed<Uint8Array> {
  return { how: 'noise', to: random.octets(random.below(random.pick([8, 64, 600]))) };
}

/** Neighbouring numbers have nothing to do with each other. */
function mixed(seed: number, index: number): number {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35);
  state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
  return (state ^ (state >>> 13)) >>> 0;
}

function sameOctets(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((octet, index) => octet === right[index]);
}
