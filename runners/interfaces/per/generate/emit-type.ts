import { emitLeaf } from './emit-leaf.ts';
import { emitList } from './emit-list.ts';
import { emitChoice, emitStructure } from './emit-structure.ts';
import { type Emitter, literal, type Piece } from './emitter.ts';
import type { SchemaType } from '../schema.ts';

/** A type wherever it stands; what has a name, or is large, becomes a pair of functions. */
export function emitType(emitter: Emitter, type: SchemaType): Piece {
  switch (type.kind) {
    case 'reference':
      return reference(emitter, type);
    case 'structure':
    case 'choice':
    case 'list':
      return called(emitFunctions(emitter, type, emitter.fresh()));
    case 'octets':
      return type.contents === null ? emitLeaf(emitter, type) : contents(emitter, type, type.contents);
    case 'open':
      return {
        write: () => "rt.bad('an open type stands in no SEQUENCE');",
        read: "r.fail('an open type stands in no SEQUENCE')",
      };
    default:
      return emitLeaf(emitter, type);
  }
}

/** The functions `e` and `d` of a named type, by their number. */
export function emitNamed(emitter: Emitter, name: string): string {
  return emitter.once(name, (id) => {
    const type = emitter.schema.types.get(name);
    if (type === undefined) throw new TypeError(`the schema has no ${name}`);
    emitFunctions(emitter, type, id);
  });
}

/** A pair of functions for a type without a name: as a row of a table wants them. */
export function emitPair(emitter: Emitter, type: SchemaType): string {
  const piece = emitType(emitter, type);
  const id = emitter.fresh();
  emitter.line(`function e${id}(w,v){${piece.write('v')}}function d${id}(r){return ${piece.read};}`);
  return id;
}

function reference(emitter: Emitter, { name, recursive }: SchemaType & { kind: 'reference' }): Piece {
  const id = emitNamed(emitter, name);
  if (!recursive) return called(id);
  return { write: (value) => `w.down();e${id}(w,${value});w.up();`, read: `rt.deeper(r,d${id})` };
}

function called(id: string): Piece {
  return { write: (value) => `e${id}(w,${value});`, read: `d${id}(r)` };
}

function emitFunctions(emitter: Emitter, type: SchemaType, id: string): string {
  const emit = (inner: SchemaType) => emitType(emitter, inner);
  const [write, read] = bodies(emitter, type, emit);
  emitter.line(`function e${id}(w,v){${write}}\nfunction d${id}(r){${read}}`);
  return id;
}

function bodies(
  emitter: Emitter,
  type: SchemaType,
  emit: (inner: SchemaType) => Piece,
): readonly [string, string] {
  if (type.kind === 'structure')
    return emitStructure(emitter, type, { emit, pair: (inner) => emitPair(emitter, inner) });
  if (type.kind === 'choice') return emitChoice(emitter, type, emit);
  if (type.kind === 'list') return emitList(emitter, type, emit);
  const piece = emit(type);
  return [piece.write('v'), `return ${piece.read};`];
}

function contents(emitter: Emitter, type: SchemaType & { kind: 'octets' }, inner: SchemaType): Piece {
  const outer = emitter.constant(literal({ ...type, contents: null }));
  const id = emitPair(emitter, inner);
  return {
    write: (value) =>
      `rt.encodeLeaf(w,${outer},${value} instanceof Uint8Array?${value}:rt.whole(w,e${id},${value}));`,
    read: `rt.inside(r,rt.decodeLeaf(r,${outer}),d${id})`,
  };
}
