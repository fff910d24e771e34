import type { Field } from '../interpret-decode.ts';
import type { RandomValues } from './random-values.ts';

/** A change, and a short name of what it is. */
export interface Changed<T> {
  readonly how: string;
  readonly to: T;
}

type Way = (bytes: Uint8Array, random: RandomValues) => Uint8Array;

const PIECE = 32;
/** First octets of length determinants: short, of two octets, of fragments, and none that is allowed. */
const LENGTHS = [0x00, 0x01, 0x7f, 0x80, 0x81, 0xbf, 0xc0, 0xc1, 0xc4, 0xc5, 0xff] as const;
const EXTREMES = [0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff] as const;

const WAYS: Readonly<Record<string, Way>> = {
  'a bit': (bytes, random) =>
    changedAt(bytes, place(bytes, random), (octet) => octet ^ (1 << random.below(8))),
  'some bits': (bytes, random) => {
    const changed = bytes.slice();
    for (let left = 2 + random.below(6); left > 0; left -= 1) {
      const at = place(bytes, random);
      changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
    }
    return changed;
  },
  'an octet': (bytes, random) => changedAt(bytes, place(bytes, random), () => random.below(256)),
  'an extreme octet': (bytes, random) => changedAt(bytes, place(bytes, random), () => random.pick(EXTREMES)),
  'an octet one more or less': (bytes, random) =>
    changedAt(bytes, place(bytes, random), (octet) => octet + random.pick([-1, 1])),
  'an octet that reads as a length': (bytes, random) =>
    changedAt(bytes, place(bytes, random), () => random.pick(LENGTHS)),
  'an octet less': (bytes, random) => spliced(bytes, place(bytes, random), { drop: 1 }),
  'an octet more': (bytes, random) =>
    spliced(bytes, random.below(bytes.length + 1), { put: random.octets(1) }),
  'cut off': (bytes, random) => bytes.slice(0, place(bytes, random)),
  'more behind the end': (bytes, random) =>
    spliced(bytes, bytes.length, { put: random.octets(1 + random.below(PIECE)) }),
  'a piece twice': (bytes, random) => {
    const from = place(bytes, random);
    return spliced(bytes, from, { put: bytes.slice(from, from + 1 + random.below(PIECE)) });
  },
  'a piece elsewhere': (bytes, random) => {
    const from = place(bytes, random);
    const piece = bytes.slice(from, from + 1 + random.below(PIECE));
    const rest = spliced(bytes, from, { drop: piece.length });
    return spliced(rest, random.below(rest.length + 1), { put: piece });
  },
  'a piece of one octet': (bytes, random) => {
    const from = place(bytes, random);
    return bytes.slice().fill(random.pick(EXTREMES), from, from + 1 + random.below(PIECE));
  },
};

const NAMES = Object.keys(WAYS);

/** One change of octets, whatever they mean. */
export function changeOctets(bytes: Uint8Array, random: RandomValues): Changed<Uint8Array> {
  const how = random.pick(NAMES);
  return { how, to: WAYS[how]?.(bytes, random) ?? bytes };
}

function place(bytes: Uint8Array, random: RandomValues): number {
  return random.below(bytes.length);
}

function changedAt(bytes: Uint8Array, at: number, change: (octet: number) => number): Uint8Array {
  const changed = bytes.slice();
  if (at < changed.length) changed[at] = change(changed[at] ?? 0);
  return changed;
}

interface Splice {
  readonly drop?: number;
  readonly put?: Uint8Array;
}

function spliced(bytes: Uint8Array, at: number, { drop = 0, put = new Uint8Array() }: Splice): Uint8Array {
  const whole = new Uint8Array(Math.max(bytes.length - drop, 0) + put.length);
  whole.set(bytes.subarray(0, at));
  whole.set(put, at);
  whole.set(bytes.subarray(at + drop), at + put.length);
  return whole;
}

/** Kinds that begin with a length or count. */
const COUNTED: ReadonlySet<string> = new Set(['open', 'octets', 'bits', 'string', 'list']);

/** One change of the bits of a field, or of the length before it; what stands around it stays where it is. */
export function changeField(
  bytes: Uint8Array,
  fields: readonly Field[],
  random: RandomValues,
): Changed<Uint8Array> {
  const { path, kind, from, to } = random.pick(fields);
  const [how, change] = COUNTED.has(kind) && random.unit() < 0.5 ? lengthChange(random) : bitsChange(random);
  const changed = bytes.slice();
  // A length that takes octets begins with the next whole one.
  const [first, last] = how.startsWith('length') ? [(from + 7) & ~7, ((from + 7) & ~7) + 8] : [from, to];
  for (let at = first; at < Math.min(last, bytes.length * 8, first + MOST_BITS); at += 1)
    setBit(changed, at, change(at - first, bitAt(bytes, at)));
  return { how: `${path}: ${how}`, to: changed };
}

const MOST_BITS = 4_096;

type BitChange = readonly [how: string, change: (index: number, bit: number) => number];

function lengthChange(random: RandomValues): BitChange {
  const octet = random.unit() < 0.5 ? random.pick(LENGTHS) : random.below(256);
  return [`length ${octet}`, (index) => (octet >> (7 - index)) & 1];
}

function bitsChange(random: RandomValues): BitChange {
  const ways: readonly BitChange[] = [
    ['zeros', () => 0],
    ['ones', () => 1],
    ['turned over', (_, bit) => 1 - bit],
    ['random bits', () => random.below(2)],
  ];
  return random.pick(ways);
}

function bitAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1;
}

function setBit(bytes: Uint8Array, at: number, bit: number): void {
  const mask = 0x80 >> (at & 7);
  bytes[at >> 3] = bit === 1 ? (bytes[at >> 3] ?? 0) | mask : (bytes[at >> 3] ?? 0) & ~mask;
}
