import { describe, expect, it } from 'vitest';
import { deriveText } from '../../../../../runners/interfaces/a1/derive-text.ts';

describe('a text of a pattern', () => {
  it.each([
    '^[a-z][a-z0-9-]{2,30}$',
    '^[0-9]{5,6}$',
    String.raw`^\d{3}$`,
    '^([A-Fa-f0-9]{9})$',
    String.raw`^(imsi-[0-9]{5,15}|nai-.+)$`,
    '^(?:ab?c*)+x$',
    '^[^a0]$',
    String.raw`^[\]\-x]+\.$`,
    '.',
    '^é{3}$',
  ])('%s fits it', (pattern) => {
    expect(deriveText({ pattern }, 0)).toMatch(new RegExp(pattern, 'u'));
  });

  it.each(['(?=x)', '(', ')', '[', 'a{', String.raw`(a)\1`, '[z-a]', '+'])(
    '%s is given up, not thrown',
    (pattern) => {
      expect(deriveText({ pattern }, 2)).toBe('aa');
    },
  );

  it('does not grow without limit', () => {
    expect(deriveText({ pattern: '((a{999}){999}){999}' }, 0).length).toBeLessThan(10_000);
  });

  it('knows the formats of JSON Schema, and pads what has neither', () => {
    expect(deriveText({ format: 'ipv4' }, 0)).toBe('192.0.2.1');
    expect(deriveText({ format: 'constructor' }, 3)).toBe('aaa');
  });
});
