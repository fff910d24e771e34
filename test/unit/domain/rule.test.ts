import { describe, expect, it } from 'vitest';
import { applyRule, parseRule } from '../../../src/domain/rule.ts';
import type { Verdict } from '../../../src/domain/verdict.ts';

const IDS = new Set(['a', 'b', 'c']);
const verdictOf = (rule: string, clauses: Readonly<Record<string, Verdict>>): Verdict => {
  const parsed = parseRule(rule, IDS);
  if (!parsed.ok) throw new Error(parsed.error);
  return applyRule(parsed.value, new Map(Object.entries(clauses)));
};

describe('applyRule', () => {
  it.each<[string, Readonly<Record<string, Verdict>>, Verdict]>([
    ['all', { a: 'pass', b: 'pass', c: 'pass' }, 'pass'],
    ['all', { a: 'pass', b: 'none', c: 'pass' }, 'pass'],
    ['all', { a: 'pass', b: 'inconc', c: 'fail' }, 'fail'],
    ['all', { a: 'none', b: 'none', c: 'none' }, 'none'],
    ['any', { a: 'fail', b: 'pass', c: 'inconc' }, 'pass'],
    ['any', { a: 'fail', b: 'none', c: 'fail' }, 'fail'],
    ['any', { a: 'pass', b: 'error', c: 'pass' }, 'error'],
    ['a and (b or c)', { a: 'pass', b: 'fail', c: 'pass' }, 'pass'],
    ['a and b or c', { a: 'pass', b: 'fail', c: 'pass' }, 'pass'],
    ['a and b or c', { a: 'pass', b: 'fail', c: 'none' }, 'fail'],
    ['a or b', { a: 'fail', b: 'pass', c: 'error' }, 'error'],
    ['a', { a: 'pass', b: 'fail', c: 'fail' }, 'pass'],
  ])('%s over %o is %s', (rule, clauses, verdict) => {
    expect(verdictOf(rule, clauses)).toBe(verdict);
  });
});

describe('parseRule', () => {
  it.each([
    '',
    'a and',
    'a b',
    '(a',
    'a)',
    'and',
    'd',
    'A',
    'a && b',
    'all or a',
    'a or or b',
    `a${' or a'.repeat(200)}`,
  ])('refuses %j', (text) => {
    expect(parseRule(text, IDS).ok).toBe(false);
  });
});
