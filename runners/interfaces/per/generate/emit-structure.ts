import { emitWhole } from './emit-whole.ts';
import { type Emitter, type EmitType, literal, member, type Piece } from './emitter.ts';
import { canBeAbsent } from '../interpret-encode.ts';
import { isSimple } from '../interpret-decode.ts';
import type { Addition, ChoiceType, Member, OpenType, SchemaType, StructureType } from '../schema.ts';

interface Emit {
  readonly emit: EmitType;
  readonly pair: (type: SchemaType) => string;
}

/** Bits of one number that say which components are there. */
const MASK = 24;

/** The bodies of the functions of a SEQUENCE or SET. */
export function emitStructure(emitter: Emitter, type: StructureType, emit: Emit): readonly [string, string] {
  return [writeBody(emitter, type, emit), readBody(emitter, type, emit)];
}

function writeBody(emitter: Emitter, { root, additions, extensible }: StructureType, emit: Emit): string {
  const start = `if(!rt.isObject(v))rt.bad('an object was expected');`;
  if (!extensible) return start + writeMembers(emitter, root, emit);
  const present = additions.map(({ members }) => members.map((each) => isPresent(emitter, each)).join('||'));
  const known = present.map((test, index) => `const p${index}=${test};`).join('');
  const extended = ['u!==undefined', ...present.map((_, index) => `p${index}`)].join('||');
  const unknown = `const u=rt.unknown(v,${additions.length});`;
  const flags = `[${present.map((_, index) => `p${index}`).join(',')}]`;
  const written = additions.map(
    (each, index) => `if(p${index}){const s=w.enter();${writeAddition(emitter, each, emit)}w.leave(s);}`,
  );
  const rest = `if(x){rt.writeFlags(w,${flags},u);${written.join('')}rt.writeUnknown(w,u);}`;
  return `${start}${unknown}${known}const x=${extended};w.bit(x);${writeMembers(emitter, root, emit)}${rest}`;
}

function writeAddition(emitter: Emitter, { group, members }: Addition, emit: Emit): string {
  if (group) return writeMembers(emitter, members, emit);
  return members.map((each) => writeMember(emitter, each, emit)).join('');
}

function writeMembers(emitter: Emitter, members: readonly Member[], emit: Emit): string {
  const absent = members.filter(canBeAbsent);
  const id = emitter.fresh();
  const tests = absent.map((each, index) => `const o${id}_${index}=${isPresent(emitter, each)};`);
  const masks = slices(absent.map((_, index) => `o${id}_${index}`)).map((flags) => {
    const sum = flags.map((flag, at) => `(${flag}?${2 ** (flags.length - 1 - at)}:0)`).join('|');
    return `w.bits(${sum},${flags.length});`;
  });
  const written = members.map((each) => {
    const index = absent.indexOf(each);
    const body = writeMember(emitter, each, emit);
    return index < 0 ? body : `if(o${id}_${index}){${body}}`;
  });
  return [...tests, ...masks, ...written].join('');
}

function isPresent(emitter: Emitter, { name, default: standard }: Member): string {
  const value = member('v', name);
  if (standard === null) return `${value}!==undefined`;
  return `${value}!==undefined&&!rt.sameValue(${value},${emitter.constant(literal(standard.value))})`;
}

function writeMember(emitter: Emitter, { name, type }: Member, emit: Emit): string {
  const value = member('v', name);
  if (type.kind !== 'open') return `{const x=${value};${emit.emit(type).write('x')}}`;
  if (type.table === null) return `rt.writeOpen(w,undefined,${value});`;
  return `rt.writeOpen(w,rt.row(${tableOf(emitter, type, emit)},${keyAt('v', type)}),${value});`;
}

function keyAt(owner: string, { table }: OpenType): string {
  const [first = '', ...rest] = table?.at ?? [];
  return rest.reduce(
    (path, name) => `${path}?.[${JSON.stringify(name)}]`,
    owner === '' ? first : member(owner, first),
  );
}

function tableOf(emitter: Emitter, { table }: OpenType, emit: Emit): string {
  const name = table?.name ?? '';
  const id = emitter.once(`table ${name}`, (number) => {
    const rows = [...(emitter.schema.tables.get(name) ?? [])].map(([key, type]) => {
      const pair = emit.pair(type);
      return `[${Number.isSafeInteger(Number(key)) && String(Number(key)) === key ? key : JSON.stringify(key)},[e${pair},d${pair}]]`;
    });
    emitter.line(`const T${number} = new Map([${rows.join(',')}]);`);
  });
  return `T${id}`;
}

function readBody(emitter: Emitter, { root, additions, extensible }: StructureType, emit: Emit): string {
  const added = additions.flatMap(({ members }) => members);
  const { code, fields } = readMembers(emitter, root, emit);
  const all = [...fields, ...added.map(({ name }) => `${JSON.stringify(name)}:undefined`)];
  const object = `const o={${all.join(',')}};`;
  if (!extensible) return `${code}${object}return o;`;
  const read = additions.map(
    (each, index) =>
      `if(p[${index}]===true){const s=r.enter();${readAddition(emitter, each, emit)}r.leave(s);}`,
  );
  const rest = `if(x){const p=rt.flags(r);${read.join('')}rt.readUnknown(r,o,{present:p,known:${additions.length}});}`;
  const defaults = added.map(({ name, default: standard }) =>
    standard === null
      ? ''
      : `if(${member('o', name)}===undefined)${member('o', name)}=${emitter.constant(literal(standard.value))};`,
  );
  return `const x=r.bit()===1;${code}${object}${rest}${defaults.join('')}return o;`;
}

function readAddition(emitter: Emitter, { group, members }: Addition, emit: Emit): string {
  if (!group)
    return members
      .map((each) => `${member('o', each.name)}=${readMember(emitter, each, { emit, keys: 'o' })};`)
      .join('');
  const { code, fields } = readMembers(emitter, members, emit);
  return `${code}Object.assign(o,{${fields.join(',')}});`;
}

/** Components become constants first, so that the object is made in one go and always has the same shape. */
function readMembers(
  emitter: Emitter,
  members: readonly Member[],
  emit: Emit,
): { code: string; fields: readonly string[] } {
  const absent = members.filter(canBeAbsent);
  const id = emitter.fresh();
  const masks = slices(absent).map(
    (part, index) => `const m${id}_${index}=${part.length === 1 ? 'r.bit()' : `r.bits(${part.length})`};`,
  );
  const variables = new Map(members.map(({ name }, index) => [name, `f${id}_${index}`]));
  const read = members.map((each, index) => {
    const value = readMember(emitter, each, { emit, keys: variables });
    const place = absent.indexOf(each);
    if (place < 0) return `const f${id}_${index}=${value};`;
    const slice = Math.floor(place / MASK);
    const bit = 2 ** (Math.min(MASK, absent.length - slice * MASK) - 1 - (place % MASK));
    const missing = each.default === null ? 'undefined' : emitter.constant(literal(each.default.value));
    return `const f${id}_${index}=(m${id}_${slice}&${bit})!==0?${value}:${missing};`;
  });
  const fields = members.map(({ name }, index) => `${JSON.stringify(name)}:f${id}_${index}`);
  return { code: [...masks, ...read].join(''), fields };
}

function readMember(
  emitter: Emitter,
  { type, default: standard }: Member,
  at: { emit: Emit; keys: 'o' | ReadonlyMap<string, string> },
): string {
  const { emit, keys } = at;
  if (type.kind === 'open') {
    if (type.table === null) return 'r.octetsWithLength()';
    const [first = '', ...rest] = type.table.at;
    const start = keys === 'o' ? member('o', first) : (keys.get(first) ?? 'undefined');
    const key = rest.reduce((path, name) => `${path}?.[${JSON.stringify(name)}]`, start);
    return `rt.readOpen(r,rt.row(${tableOf(emitter, type, emit)},${key}))`;
  }
  const { read } = emit.emit(type);
  if (standard === null || !isSimple(type)) return read;
  return `rt.notDefault(r,${read},${emitter.constant(literal(standard.value))})`;
}

function slices<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / MASK) }, (_, index) =>
    items.slice(index * MASK, (index + 1) * MASK),
  );
}

/** The bodies of the functions of a CHOICE. */
export function emitChoice(
  emitter: Emitter,
  { root, additions, extensible }: ChoiceType,
  emit: EmitType,
): readonly [string, string] {
  const whole = emitWhole(root.length - 1, emitter.aligned) ?? { write: () => '', read: '0' };
  const index = whole.read.replace(/^rt\.upTo\(r,(.*),\d+\)$/u, '$1');
  const pieces = (all: ChoiceType['root']): readonly (readonly [string, Piece])[] =>
    all.map(({ name, type }) => [name, emit(type)]);
  const [known, added] = [pieces(root), pieces(additions)];
  const write = known.map(
    ([name, piece], at) =>
      `case ${JSON.stringify(name)}:{const x=${member('v', name)};${extensible ? 'w.bit(false);' : ''}${whole.write(String(at))}${piece.write('x')}return;}`,
  );
  const writeAdded = added.map(
    ([name, piece], at) =>
      `case ${JSON.stringify(name)}:{const x=${member('v', name)};w.bit(true);w.small(${at});const s=w.enter();${piece.write('x')}w.leave(s);return;}`,
  );
  const writeUnknown = extensible
    ? `case '...':return rt.writeAlternative(w,v['...'],${additions.length});`
    : '';
  const read = known.map(([name, piece], at) => `case ${at}:return{${JSON.stringify(name)}:${piece.read}};`);
  const readAdded = added.map(
    ([name, piece], at) =>
      `case ${at}:{const s=r.enter();const x=${piece.read};r.leave(s);return{${JSON.stringify(name)}:x};}`,
  );
  const readMore = extensible
    ? `if(r.bit()===1){const i=r.small();switch(i){${readAdded.join('')}}return{'...':{index:i,bytes:r.octetsWithLength()}};}`
    : '';
  return [
    `const k=rt.only(v);switch(k){${[...write, ...writeAdded].join('')}${writeUnknown}}rt.bad('there is no alternative '+k);`,
    `${readMore}switch(${index}){${read.join('')}}return r.fail('there is no such alternative');`,
  ];
}
