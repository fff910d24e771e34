import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeRedactor } from '../../../src/evidence/redact.ts';

const mark = (value: string): string => createHmac('sha256', 'key').update(value).digest('hex').slice(0, 8);
const secretText = fc
  .string({ minLength: 8, maxLength: 40, unit: 'grapheme' })
  .map((text) => text.trim())
  .filter((text) => text.length >= 8 && !/^[\s[\]a-f0-9-]*$/u.test(text) && !/\p{Cs}/u.test(text));

const WRITTEN = {
  plain: (s: string) => s,
  json: (s: string) => JSON.stringify(s),
  'json in json': (s: string) => JSON.stringify(JSON.stringify(s)),
  'ascii json': (s: string) =>
    s.replace(/[^\x20-\x7e]|["\\]/gu, (c) =>
      c
        .split('')
        .map((u) => `\\u${u.charCodeAt(0).toString(16).padStart(4, '0')}`)
        .join(''),
    ),
  percent: (s: string) => encodeURIComponent(s),
  form: (s: string) => new URLSearchParams({ s }).toString().slice(2),
  'percent, all of it': (s: string) =>
    [...Buffer.from(s)].map((b) => `%${b.toString(16).padStart(2, '0')}`).join(''),
  hex: (s: string) => Buffer.from(s).toString('hex').toUpperCase(),
} as const;

it('leaves no known secret in text, however it is written', () => {
  fc.assert(
    fc.property(secretText, fc.string(), fc.string(), (secret, before, after) => {
      const redactor = makeRedactor({ mark });
      redactor.know(secret);
      for (const [form, write] of Object.entries(WRITTEN)) {
        const clean = redactor.text(`${before}${write(secret)}${after}`);
        expect(clean.includes(write(secret)), form).toBe(false);
        expect(clean.includes(secret), form).toBe(false);
      }
    }),
    { numRuns: 300 },
  );
});

it('leaves no known secret in base64 of anything that contains it', () => {
  const around = fc.tuple(fc.string(), fc.string());
  fc.assert(
    fc.property(
      secretText,
      around,
      fc.constantFrom('base64', 'base64url'),
      (secret, [before, after], form) => {
        const redactor = makeRedactor({ mark });
        redactor.know(secret);
        const clean = redactor.text(Buffer.from(`${before}${secret}${after}`).toString(form));
        const pieces = clean.split(/\[redacted [a-z-]+ [0-9a-f]{8}\]/u);
        expect(pieces.length).toBeGreaterThan(1);
        for (const piece of pieces) expect(Buffer.from(piece, form).includes(secret)).toBe(false);
      },
    ),
    { numRuns: 300 },
  );
});

it('leaves no known secret in JSON, in names or in values', () => {
  fc.assert(
    fc.property(secretText, fc.jsonValue({ maxDepth: 3 }), (secret, other) => {
      const redactor = makeRedactor({ mark });
      redactor.know(secret);
      const clean = redactor.json({ other, [secret]: [secret, { deep: `x${secret}y` }] } as never);
      expect(JSON.stringify(clean)).not.toContain(JSON.stringify(secret).slice(1, -1));
    }),
    { numRuns: 300 },
  );
});
