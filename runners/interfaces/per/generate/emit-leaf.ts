import { type Emitter, literal, type Piece } from './emitter.ts';
import { emitWhole } from './emit-whole.ts';
import { SHORT } from '../interpret-encode-leaf.ts';
import type { EnumeratedType, SchemaType, Size, StringType } from '../schema.ts';
import { codingOf, isStringAligned, placeOf } from '../strings.ts';

type Leaf = Exclude<SchemaType, { kind: 'reference' | 'structure' | 'choice' | 'list' | 'open' }>;

/**
 * Values that contain no others. What is frequent is written in place; what is rare, odd or wrong is left to the functions that
 * the interpreter uses, so that both say the same.
 */
export function emitLeaf(emitter: Emitter, type: Leaf): Piece {
  switch (type.kind) {
    case 'boolean':
      return { write: (value) => `w.bit(rt.truth(${value}));`, read: 'r.bit()===1' };
    case 'null':
      return { write: (value) => `if(${value}!==null)rt.bad('null was expected');`, read: 'null' };
    case 'integer':
      return integer(emitter, type) ?? slow(emitter, type);
    case 'enumerated':
      return enumerated(emitter, type) ?? slow(emitter, type);
    case 'octets':
      return octets(emitter, type) ?? slow(emitter, type);
    case 'bits':
      return type.named ? slow(emitter, type) : (bits(emitter, type) ?? slow(emitter, type));
    case 'string':
      return string(emitter, type) ?? slow(emitter, type);
    default:
      return slow(emitter, type);
  }
}

function slow(emitter: Emitter, type: Leaf): Piece {
  const constant = emitter.constant(literal(type));
  return { write: (value) => `rt.encodeLeaf(w,${constant},${value});`, read: `rt.decodeLeaf(r,${constant})` };
}

interface Fast {
  readonly extensible: boolean;
  /** Whether the value is one of the plain cases. */
  readonly when: (value: string) => string;
  readonly write: (value: string) => string;
  readonly read: string;
}

/** The plain cases fast, with the extension bit that tells them apart; the others slow. */
function withRest(emitter: Emitter, type: Leaf, fast: Fast): Piece {
  const rest = slow(emitter, type);
  const mark = fast.extensible ? 'w.bit(false);' : '';
  return {
    write: (value) => `if(${fast.when(value)}){${mark}${fast.write(value)}}else ${rest.write(value)}`,
    read: fast.extensible ? `(r.skipZero()?${fast.read}:${rest.read})` : fast.read,
  };
}

function integer(emitter: Emitter, type: Leaf & { kind: 'integer' }): Piece | null {
  const [only] = type.ranges;
  if (type.ranges.length !== 1 || only?.min === undefined || only.min === null || only.max === null)
    return null;
  const [min, max] = [Number(only.min), Number(only.max)];
  const whole =
    Number.isSafeInteger(min) && Number.isSafeInteger(max) ? emitWhole(max - min, emitter.aligned) : null;
  if (whole === null) return null;
  const offset = min === 0 ? '' : `-(${min})`;
  return withRest(emitter, type, {
    extensible: type.extensible,
    when: (value) => `Number.isInteger(${value})&&${value}>=${min}&&${value}<=${max}`,
    write: (value) => whole.write(`${value}${offset}`),
    read: min === 0 ? whole.read : `${min}+${whole.read}`,
  });
}

function enumerated(emitter: Emitter, type: EnumeratedType & { kind: 'enumerated' }): Piece | null {
  const whole = emitWhole(type.root.length - 1, emitter.aligned);
  if (whole === null) return null;
  const names = emitter.constant(literal(type.root));
  const places = emitter.constant(`new Map(${names}.map((name,index)=>[name,index]))`);
  const read = whole.read.replace(/^rt\.upTo\(r,(.*),\d+\)$/u, '$1');
  return withRest(emitter, type, {
    extensible: type.extensible,
    when: (value) => `${places}.has(${value})`,
    write: (value) => whole.write(`${places}.get(${value})`),
    read: `rt.item(r,${names},${read})`,
  });
}

interface Counted {
  readonly when: (count: string) => string;
  readonly write: (count: string) => string;
  readonly read: string;
  readonly fixed: boolean;
}

/** Counts of one range that are whole numbers with limits. */
function counted({ ranges, min, max }: Size, aligned: boolean): Counted | null {
  if (ranges.length !== 1 || max === null || max >= SHORT) return null;
  const whole = emitWhole(max - min, aligned);
  if (whole === null) return null;
  return {
    when: (count) => (min === max ? `${count}===${min}` : `${count}>=${min}&&${count}<=${max}`),
    write: (count) => whole.write(min === 0 ? count : `${count}-${min}`),
    read: min === 0 ? whole.read : `${min}+${whole.read}`,
    fixed: min === max,
  };
}

function isUnlimited({ ranges, min, max, extensible }: Size): boolean {
  return ranges.length === 1 && min === 0 && max === null && !extensible;
}

function octets(emitter: Emitter, type: Leaf & { kind: 'octets' }): Piece | null {
  const { size } = type;
  const isOctets = (value: string) => `${value} instanceof Uint8Array`;
  if (isUnlimited(size)) {
    const write = (value: string) => `w.octetsWithLength(${value});`;
    return withRest(emitter, type, {
      extensible: false,
      when: isOctets,
      write,
      read: 'r.octetsWithLength()',
    });
  }
  const count = counted(size, emitter.aligned);
  if (count === null) return null;
  const aligned = emitter.aligned && !(count.fixed && (size.max ?? 0) <= 2);
  return withRest(emitter, type, {
    extensible: size.extensible,
    when: (value) => `${isOctets(value)}&&${count.when(`${value}.length`)}`,
    write: (value) => `${count.write(`${value}.length`)}w.${aligned ? 'alignedOctets' : 'octets'}(${value});`,
    read: `r.${aligned ? 'alignedOctets' : 'octets'}(${count.read})`,
  });
}

function bits(emitter: Emitter, type: Leaf & { kind: 'bits' }): Piece | null {
  const count = counted(type.size, emitter.aligned);
  if (count === null) return null;
  const aligned = emitter.aligned && !(count.fixed && (type.size.max ?? 0) <= 16);
  return withRest(emitter, type, {
    extensible: type.size.extensible,
    when: (value) => `rt.isBitString(${value})&&${count.when(`${value}.length`)}`,
    write: (value) => `${count.write(`${value}.length`)}w.bitString(${value},${aligned});`,
    read: `r.bitString(${count.read},${aligned})`,
  });
}

/** Characters that stand for themselves in at most eight bits. */
function string(emitter: Emitter, type: StringType & { kind: 'string' }): Piece | null {
  const { alphabet, size } = type;
  const count = counted(size, emitter.aligned);
  if (alphabet === null || count === null) return null;
  const coding = codingOf(alphabet, emitter.aligned);
  if (!coding.direct || coding.bits > 8 || coding.bits === 0) return null;
  const allowed = Array.from({ length: 256 }, (_, code) => (placeOf(alphabet, code) >= 0 ? 1 : 0));
  const table = emitter.constant(`Uint8Array.of(${allowed.join(',')})`);
  const aligned = emitter.aligned && isStringAligned(type, coding.bits);
  const shape = emitter.constant(`{bits:${coding.bits},aligned:${aligned},allowed:${table}}`);
  return withRest(emitter, type, {
    extensible: size.extensible,
    when: (value) => `rt.isAllowed(${value},${table})&&${count.when(`${value}.length`)}`,
    write: (value) => `${count.write(`${value}.length`)}w.text(${value},${coding.bits},${aligned});`,
    read: `rt.text(r,${count.read},${shape})`,
  });
}
