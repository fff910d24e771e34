import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyRule } from '../../src/domain/rule.ts';
import { better, FINDINGS, rollUp, ROLL_UP_ORDER, VERDICTS, worse } from '../../src/domain/verdict.ts';

const verdict = fc.constantFrom(...VERDICTS);

describe('verdict arithmetic', () => {
  it('does not depend on order', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...FINDINGS)), fc.infiniteStream(fc.nat()), (findings, keys) => {
        const shuffled = findings
          .map((finding) => ({ finding, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key);
        expect(rollUp(shuffled.map(({ finding }) => finding))).toBe(rollUp(findings));
      }),
    );
  });

  it('only gets worse inside a case', () => {
    fc.assert(
      fc.property(verdict, verdict, verdict, (a, b, c) => {
        expect(worse(a, b)).toBe(worse(b, a));
        expect(worse(worse(a, b), c)).toBe(worse(a, worse(b, c)));
        expect(VERDICTS.indexOf(worse(a, b))).toBeGreaterThanOrEqual(VERDICTS.indexOf(a));
        expect(better(better(a, b), c)).toBe(better(a, better(b, c)));
      }),
    );
  });

  it('lets an error clause decide, whatever the rule', () => {
    fc.assert(
      fc.property(fc.array(verdict, { minLength: 1 }), fc.constantFrom('all', 'any'), (verdicts, kind) => {
        const clauses = new Map([...verdicts, 'error' as const].map((of, index) => [`c${index}`, of]));
        expect(applyRule({ kind }, clauses)).toBe('error');
      }),
    );
  });

  it('ranks every finding once', () => {
    expect([...ROLL_UP_ORDER].sort()).toEqual([...FINDINGS].sort());
    expect(rollUp([])).toBe('none');
  });
});
