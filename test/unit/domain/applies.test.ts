import { describe, expect, it } from 'vitest';
import { conditionHolds, type Facts, factsOf, inapplicable } from '../../../src/domain/applies.ts';
import type { Equipment } from '../../../src/domain/equipment.ts';
import type { Condition } from '../../../src/domain/plan.ts';

const facts = (changes: Partial<Facts> = {}): Facts => ({ ics: {}, ixit: {}, tls: false, ...changes });
const because = (condition: Condition | undefined, given: Partial<Facts> = {}): string => {
  const finding = conditionHolds(condition, facts(given));
  return finding.holds ? 'holds' : finding.because;
};

describe('a condition', () => {
  it('holds when it asks for nothing', () => {
    expect(because(undefined)).toBe('holds');
    expect(because({})).toBe('holds');
  });

  it.each([
    [undefined, 'ics'],
    [null, 'ics'],
    [false, 'ics'],
    ['', 'ics'],
    [0, 'ics'],
    [[], 'ics'],
    [{}, 'ics'],
    [true, 'holds'],
    ['v3', 'holds'],
    [2, 'holds'],
    [['x'], 'holds'],
    [{ x: 1 }, 'holds'],
  ] as const)('takes the claim %j as: %s', (claim, expected) => {
    expect(because({ ics: 'k' }, claim === undefined ? {} : { ics: { k: claim } })).toBe(expected);
  });

  it.each([
    [['a'], 2, 'ics'],
    [['a', 'b'], 2, 'holds'],
    [1, 2, 'ics'],
    [2, 2, 'holds'],
    [{ a: 1, b: 2 }, 2, 'holds'],
    [true, 2, 'ics'],
    [true, 1, 'holds'],
    [[], 0, 'ics'],
  ] as const)('counts %j against at least %d: %s', (claim, atLeast, expected) => {
    expect(because({ ics: 'k', atLeast }, { ics: { k: claim } })).toBe(expected);
  });

  it('takes any IXIT that is present, even false', () => {
    expect(because({ ixit: 'k' }, { ixit: { k: false } })).toBe('holds');
    expect(because({ ixit: 'k' })).toBe('ixit');
  });

  it('does not take inherited members for claims', () => {
    expect(because({ ics: 'constructor' })).toBe('ics');
    expect(because({ ixit: 'toString' })).toBe('ixit');
  });

  it('compares TLS both ways', () => {
    expect(because({ tls: true })).toBe('tls');
    expect(because({ tls: true }, { tls: true })).toBe('holds');
    expect(because({ tls: false }, { tls: true })).toBe('tls');
    expect(because({ tls: false })).toBe('holds');
  });

  it('needs all of its parts', () => {
    const all: Condition = { ics: 'a', ixit: 'b', tls: true };
    expect(because(all, { ics: { a: true }, ixit: { b: 1 }, tls: true })).toBe('holds');
    expect(because(all, { ics: { a: true }, ixit: { b: 1 } })).toBe('tls');
    expect(because(all, { ics: { a: true }, tls: true })).toBe('ixit');
  });
});

describe('a case that does not apply', () => {
  const disposition = (condition: Condition, requirement: 'M' | 'O') =>
    inapplicable({ appliesWhen: condition, requirement }, facts())?.disposition;

  it('is decided by what is missing', () => {
    expect(disposition({ ics: 'a' }, 'M')).toBe('notSupportedByDut');
    expect(disposition({ ics: 'a' }, 'O')).toBe('notApplicable');
    expect(disposition({ ixit: 'a' }, 'M')).toBe('notSupportedByTestbed');
    expect(disposition({ tls: true }, 'M')).toBe('notApplicable');
    expect(inapplicable({ requirement: 'M' }, facts())).toBeNull();
  });
});

describe('the facts of a pairing', () => {
  const subject = (ics: Equipment['ics'], url: string) =>
    ({ ics, ixit: {}, interfaces: { a1: { endpoint: { url } } } }) as unknown as Equipment;

  it('are those of both subjects, the first one winning', () => {
    const both = [subject({ a: 1 }, 'http://x'), subject({ a: 2, b: 3 }, 'HTTPS://y')];
    expect(factsOf(both, ['a1'])).toEqual({ ics: { a: 1, b: 3 }, ixit: {}, tls: true });
    expect(factsOf(both, ['o1']).tls).toBe(false);
  });
});
