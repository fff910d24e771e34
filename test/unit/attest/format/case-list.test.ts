import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../../../src/attest/format/base64.ts';
import { ByteColumn } from '../../../../src/attest/format/byte-column.ts';
import { CaseList, collectCases } from '../../../../src/attest/format/case-list.ts';
import type { Json } from '../../../../src/kernel/json.ts';

const digest = (n: number): string => toBase64Url(new Uint8Array(32).fill(n & 255).fill(n >> 8, 0, 8));
const entry = (n: number): Json => [`plan:T-${n}`, 'mandatory', 'pass', { '...': digest(n) }];
const collected = (items: readonly Json[]): unknown => {
  const collector = collectCases();
  for (const item of items) collector.take(item);
  return collector.done();
};

describe('the cases of a report that was read', () => {
  it('come out as they went in, however many they are', () => {
    const items = Array.from({ length: 10_000 }, (_, n) => entry(n));
    const cases = collected(items) as CaseList;
    expect(cases).toBeInstanceOf(CaseList);
    expect([...cases]).toEqual(items);
    expect(JSON.stringify(cases)).toBe(JSON.stringify(items));
    expect([cases.repeatedNumber, cases.hasRepeatedDigest]).toEqual([undefined, false]);
    expect([cases.hasDigest(digest(9_999)), cases.hasDigest(digest(10_000))]).toEqual([true, false]);
    expect(() => cases.kindAt(10_000)).toThrow(RangeError);
  });

  it('show a number and a commitment that are there twice', () => {
    const twice = collected([
      entry(1),
      entry(2),
      ['plan:T-1', 'optional', 'fail', { '...': digest(2) }],
    ]) as CaseList;
    expect([twice.repeatedNumber, twice.hasRepeatedDigest]).toEqual(['plan:T-1', true]);
  });

  it.each<[string, Json]>([
    ['no list', { a: 1 }],
    ['too many items', ['a', 'mandatory', 'pass', { '...': digest(3) }, 1]],
    ['another status', ['a', 'vital', 'pass', { '...': digest(3) }]],
    ['another finding', ['a', 'mandatory', 'maybe', { '...': digest(3) }]],
    ['a number that is none', ['a b', 'mandatory', 'pass', { '...': digest(3) }]],
    ['a number that is too long', ['a'.repeat(300), 'mandatory', 'pass', { '...': digest(3) }]],
    ['a digest of another length', ['a', 'mandatory', 'pass', { '...': digest(3).slice(1) }]],
    ['a digest whose unused bits are not zero', ['a', 'mandatory', 'pass', { '...': `${'A'.repeat(42)}B` }]],
    ['something beside the digest', ['a', 'mandatory', 'pass', { '...': digest(3), x: 1 }]],
  ])('are plain values for a schema to refuse once there is %s', (_, odd) => {
    expect(collected([entry(1), odd, entry(2)])).toEqual([entry(1), odd, entry(2)]);
  });
});

it('a column keeps strings of any short length apart', () => {
  const column = new ByteColumn();
  for (let n = 0; n < 3_000; n += 1) column.push(n % 256, (place) => place.fill(n >> 8));
  expect(column.at(2_815)).toEqual(new Uint8Array(255).fill(10));
  expect(column.at(3_000)).toEqual(new Uint8Array(0));
  // The empty string is the only one that comes again.
  expect(column.repeated).toEqual(new Uint8Array(0));
  expect(() => column.push(256, () => undefined)).toThrow(RangeError);
});
