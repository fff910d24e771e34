import { describe, expect, it } from 'vitest';
import { coversCase, coversSection, scopeWithin } from '../../../src/domain/co-signer.ts';

describe('the scope of a co-signature', () => {
  it('covers everything with *', () => {
    expect(coversCase(['*'], 'a1-producer:A1-003#2')).toBe(true);
    expect(coversSection(['*'], 'items')).toBe(true);
  });

  it('covers a case every time that it was run, and no other', () => {
    const scope = ['case:a1-producer:A1-003'];
    expect(coversCase(scope, 'a1-producer:A1-003')).toBe(true);
    expect(coversCase(scope, 'a1-producer:A1-003#2')).toBe(true);
    expect(coversCase(scope, 'a1-producer:A1-0031')).toBe(false);
    expect(coversSection(scope, 'items')).toBe(false);
  });

  it('loses the cases that a report does not have, and only those', () => {
    const cases = new Set(['a1-producer:A1-001']);
    expect(scopeWithin(['items', 'case:a1-producer:A1-001', 'case:e2:E2-1'], cases)).toEqual([
      'items',
      'case:a1-producer:A1-001',
    ]);
    expect(scopeWithin(['case:e2:E2-1'], cases)).toEqual([]);
    expect(scopeWithin(['*'], cases)).toEqual(['*']);
  });
});
