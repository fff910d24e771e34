import { emitWhole } from './emit-whole.ts';
import { type Emitter, type EmitType, literal } from './emitter.ts';
import { SHORT } from '../interpret-encode-leaf.ts';
import type { SchemaType } from '../schema.ts';

/** The bodies of the functions of a SEQUENCE OF. */
export function emitList(
  emitter: Emitter,
  { element, size }: SchemaType & { kind: 'list' },
  emit: EmitType,
): readonly [string, string] {
  const { min, max, extensible } = size;
  const piece = emit(element);
  const sizes = emitter.constant(literal(size));
  const whole = max !== null && max < SHORT ? emitWhole(max - min, emitter.aligned) : null;
  const writeItems = `for(let i=f;i<t;i++){const x=v[i];${piece.write('x')}}`;
  const readItems = `for(let i=0;i<n;i++)a.push(${piece.read});`;
  const writeAll = `w.fragments(v.length,(f,t)=>{${writeItems}});`;
  const readAll = `for(let n=16384;n>=16384;){n=r.length();r.take(n);${readItems}}rt.checkCount(r,${sizes},{count:a.length,outside:X});return a;`;
  const start = `if(!Array.isArray(v))rt.bad('a list was expected');const inRoot=rt.isCount(${sizes},v.length);`;
  const mark = extensible
    ? 'w.bit(!inRoot);'
    : `if(!inRoot)rt.bad('a length of '+v.length+' is not allowed');`;
  if (whole === null) {
    const outside = extensible ? 'r.bit()===1' : 'false';
    return [`${start}${mark}${writeAll}`, `const a=[],X=${outside};${readAll}`];
  }
  const writeShort = `${whole.write(`v.length-${min}`)}{const f=0,t=v.length;${writeItems}}`;
  const readShort = `const n=${min}+${whole.read};${size.ranges.length > 1 ? `rt.checkCount(r,${sizes},{count:n,outside:false});` : ''}r.take(n);${readItems}return a;`;
  if (!extensible) return [`${start}${mark}${writeShort}`, `const a=[];${readShort}`];
  return [
    `${start}${mark}if(inRoot){${writeShort}}else ${writeAll}`,
    `const a=[];if(r.bit()===1){const X=true;${readAll}}${readShort}`,
  ];
}
