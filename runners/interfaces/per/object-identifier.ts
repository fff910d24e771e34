import { badValue } from './error.ts';
import { MAX_NUMBER_OCTETS, type Reader } from './reader.ts';
import type { Writer } from './writer.ts';

const ARCS = /^\d{1,40}(?:\.\d{1,40})*$/u;

/** @see ITU-T X.691 clauses 24 and 25, X.690 clauses 8.19 and 8.20 */
export function writeArcs(writer: Writer, text: string, relative: boolean): void {
  if (!ARCS.test(text)) throw badValue('numbers with dots between them were expected');
  const arcs = text.split('.').map(BigInt);
  const [first = 0n, second] = arcs;
  if (!relative && (second === undefined || first > 2n || (first < 2n && second > 39n)))
    throw badValue('an object identifier begins with 0, 1 or 2, and 0 and 1 go on with at most 39');
  const written = relative || second === undefined ? arcs : [first * 40n + second, ...arcs.slice(2)];
  const octets = Uint8Array.from(written.flatMap(septets));
  if (octets.length > MAX_NUMBER_OCTETS) throw badValue('the object identifier is too long');
  writer.octetsWithLength(octets);
}

function septets(arc: bigint): readonly number[] {
  const digits = [Number(arc & 127n)];
  for (let left = arc >> 7n; left > 0n; left >>= 7n) digits.unshift(Number(left & 127n) | 128);
  return digits;
}

export function readArcs(reader: Reader, relative: boolean): string {
  const octets = reader.octets(reader.wholeLength(MAX_NUMBER_OCTETS));
  const arcs: bigint[] = [];
  let arc = 0n;
  let begun = false;
  for (const octet of octets) {
    if (!begun && octet === 128) reader.complain('an arc takes more octets than it needs');
    arc = (arc << 7n) | BigInt(octet & 127);
    if (bitsTooMany(arc)) reader.fail('an arc is too large');
    begun = (octet & 128) !== 0;
    if (begun) continue;
    arcs.push(arc);
    arc = 0n;
  }
  if (begun || arcs.length === 0) reader.fail('an object identifier ends too early');
  const [first = 0n, ...rest] = arcs;
  if (relative) return arcs.join('.');
  const root = first < 80n ? first / 40n : 2n;
  return [root, first - root * 40n, ...rest].join('.');
}

/** 128 bits hold a UUID, the largest arc in use. */
function bitsTooMany(arc: bigint): boolean {
  return arc >> 130n !== 0n;
}
