import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64, toBase64Url, toHex } from '../../../../src/attest/format/base64.ts';

describe('base64', () => {
  it.each(['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar', '\u{1f600}?>~'])(
    'writes and reads %j as Node does',
    (text) => {
      const bytes = new TextEncoder().encode(text);
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
      expect(fromBase64(toBase64Url(bytes))).toEqual(bytes);
      expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
    },
  );

  it.each([
    ['a digit of no alphabet', 'Zm9*'],
    ['white space', 'Zm9v\n'],
    ['both alphabets at once', '+_+_'],
    ['one digit', 'Z'],
    ['one digit too many', 'Zm9vY'],
    ['padding in the middle', 'Zg==Zg=='],
    ['too much padding', 'Zm8==='],
    ['too little padding', 'Zg='],
    ['padding alone', '===='],
    ['unused bits that are not zero', 'Zh=='],
    ['a character beyond ASCII', 'Zm9\u0161'],
  ])('refuses %s', (_, text) => {
    expect(fromBase64(text)).toBeUndefined();
  });
});
