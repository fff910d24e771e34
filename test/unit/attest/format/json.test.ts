import canonicalize from 'canonicalize';
import { describe, expect, it } from 'vitest';
import { canonicalBytes, isCanonical } from '../../../../src/kernel/canonical-json.ts';
import { MAX_JSON_DEPTH } from '../../../../src/attest/format/json-reader.ts';
import { parseStrictJson } from '../../../../src/attest/format/strict-json.ts';
import type { Json } from '../../../../src/kernel/json.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const codeOf = (text: string | Uint8Array): string => {
  const read = parseStrictJson(typeof text === 'string' ? bytes(text) : text);
  return read.ok ? 'read' : read.error.code;
};

describe('canonical JSON', () => {
  it.each<[string, Json]>([
    [
      'members in the order of their UTF-16 code units',
      { b: 1, a: 2, '\u20ac': 3, '\u{1f600}': 4, '\ufb33': 5 },
    ],
    ['numbers as ECMAScript writes them', [0, -0, 1e-7, 0.1, 333333333.33333329, 4.5e-324]],
    ['texts with the short escapes', '\u0000\b\t\n\f\r"\\/é\u2028'],
    ['nested values', { a: [{}, [], { z: null, a: [true, false] }] }],
    ['members that look like numbers', { 10: 1, 9: 2, b: 3, '-1': 4, '': 5 }],
    [
      'texts and names longer than a chunk',
      { [`é${'n'.repeat(20_000)}`]: 'v'.repeat(40_000), a: 'é'.repeat(9_000) },
    ],
    [
      'objects of many shapes in one place',
      [{ a: 1 }, { b: 2, a: 1 }, { a: 1, b: 2 }, {}, { c: { a: 1 } }, { a: 1 }],
    ],
    ['more than a chunk of small things', Array.from({ length: 9_000 }, (_, n) => ({ n, a: [n % 2 === 0] }))],
  ])('writes %s, as another implementation does', (_, value) => {
    expect(new TextDecoder().decode(canonicalBytes(value))).toBe(canonicalize(value));
  });

  it.each<[string, unknown]>([
    ['undefined', { a: undefined }],
    ['NaN', [Number.NaN]],
    ['infinity', { a: { b: -Infinity } }],
    ['an integer that a double cannot tell from its neighbour', [2 ** 53]],
    ['half a surrogate pair', '\ud800'],
    ['half a surrogate pair in a name', { '\udc00': 1 }],
  ])('refuses %s', (_, value) => {
    expect(() => canonicalBytes(value as Json)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});

describe('a text', () => {
  const value = { a: [1, 'é'], b: { c: null } };

  it('is canonical when nothing about it could be otherwise', () => {
    expect(isCanonical(value, canonicalBytes(value), 8)).toBe(true);
  });

  it.each([
    ['white space', '{"a":[1, "é"],"b":{"c":null}}'],
    ['another order', '{"b":{"c":null},"a":[1,"é"]}'],
    ['a repeated member', '{"a":[1,"é"],"a":[1,"é"],"b":{"c":null}}'],
    ['another spelling of a number', '{"a":[1.0,"é"],"b":{"c":null}}'],
    ['an escape without need', '{"a":[1,"\\u00e9"],"b":{"c":null}}'],
    ['something behind it', '{"a":[1,"é"],"b":{"c":null}} '],
    ['nothing at all', ''],
  ])('is not canonical with %s', (_, text) => {
    expect(isCanonical(value, bytes(text), 8)).toBe(false);
  });

  it('is not canonical when it is nested too deep', () => {
    expect(isCanonical([[[]]], bytes('[[[]]]'), 3)).toBe(true);
    expect(isCanonical([[[[]]]], bytes('[[[[]]]]'), 3)).toBe(false);
  });
});

describe('strict JSON', () => {
  it('reads what JSON.parse reads', () => {
    const text =
      ' { "a" : [1, -2.5e3, "\\u00e9\\n\\ud83d\\ude00", true, false, null, {}, [ ] ] , "__proto__": 1 }\n';
    const read = parseStrictJson(bytes(text));
    expect(read).toEqual({ ok: true, value: JSON.parse(text) as Json });
  });

  it.each([
    ['VERIFY_UTF8_INVALID', 'a byte that is not UTF-8', Uint8Array.from([0x22, 0xff, 0x22])],
    ['VERIFY_UTF8_INVALID', 'an overlong form', Uint8Array.from([0x22, 0xc0, 0xaf, 0x22])],
    ['VERIFY_JSON_INVALID', 'a byte order mark', '\ufeff{}'],
    ['VERIFY_JSON_INVALID', 'nothing', ''],
    ['VERIFY_JSON_INVALID', 'a text that breaks off', '{"a":"b'],
    ['VERIFY_JSON_INVALID', 'an object that breaks off', '{"a":1'],
    ['VERIFY_JSON_INVALID', 'an array that breaks off', '[1,'],
    ['VERIFY_JSON_INVALID', 'a comma too many', '[1,]'],
    ['VERIFY_JSON_INVALID', 'a comma too many in an object', '{"a":1,}'],
    ['VERIFY_JSON_INVALID', 'two values', '{}{}'],
    ['VERIFY_JSON_INVALID', 'a line feed in a text', '"a\nb"'],
    ['VERIFY_JSON_INVALID', 'an unknown escape', '"\\x"'],
    ['VERIFY_JSON_INVALID', 'a leading zero', '01'],
    ['VERIFY_JSON_INVALID', 'a plus sign', '+1'],
    ['VERIFY_JSON_INVALID', 'NaN', 'NaN'],
    ['VERIFY_JSON_INVALID', 'a name without quotes', '{a:1}'],
    ['VERIFY_JSON_INVALID', 'deep nesting', '['.repeat(MAX_JSON_DEPTH + 1)],
    ['VERIFY_DUPLICATE_MEMBER', 'a repeated member', '{"a":1,"b":2,"a":1}'],
    ['VERIFY_DUPLICATE_MEMBER', 'a repeated member in another spelling', '{"a":1,"\\u0061":1}'],
    ['VERIFY_SURROGATE', 'half a surrogate pair', '"\\ud800"'],
    ['VERIFY_SURROGATE', 'the halves the wrong way round', '"\\udc00\\ud800"'],
    ['VERIFY_NUMBER', 'a number beyond every double', '1e400'],
    ['VERIFY_NUMBER', 'an integer beyond 2^53', '9007199254740993'],
  ])('refuses with %s: %s', (code, _, text) => {
    expect(codeOf(text)).toBe(code);
  });

  it('reads a million opening brackets without running out of stack', () => {
    expect(codeOf('['.repeat(1_000_000))).toBe('VERIFY_JSON_INVALID');
  });
});
