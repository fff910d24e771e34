import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeRedactor } from '../../../src/evidence/redact.ts';
import type { Json } from '../../../src/kernel/json.ts';

const mark = (value: string): string => createHmac('sha256', 'key').update(value).digest('hex').slice(0, 8);
const redactor = (...secrets: string[]) => {
  const made = makeRedactor({ mark });
  for (const secret of secrets) made.know(secret);
  return made;
};
const JWT = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln';
const IMSI = '001010123456789';

describe('redacted text', () => {
  it.each([
    [
      `Authorization: Bearer ${JWT}\r\nHost: x`,
      `Authorization: Bearer [redacted authorization ${mark(JWT)}]\r\nHost: x`,
    ],
    ['Cookie: a=b; c="d"', `Cookie: [redacted cookie ${mark('a=b; c="d"')}]`],
    [`got ${JWT}!`, `got [redacted token ${mark(JWT)}]!`],
    ['sent bearer abcdef123', `sent bearer [redacted token ${mark('abcdef123')}]`],
    [`GET /ues/imsi-${IMSI}/x`, `GET /ues/imsi-[redacted supi ${mark(IMSI)}]/x`],
    ['msisdn-491701234567', `msisdn-[redacted msisdn ${mark('491701234567')}]`],
    ['imei-490154203237518', `imei-[redacted imei ${mark('490154203237518')}]`],
    [`{"ueId": "${IMSI}"}`, `{"ueId": "[redacted supi ${mark(IMSI)}]"}`],
    [`{"imsi":${IMSI}}`, `{"imsi":"[redacted supi ${mark(IMSI)}]"}`],
    [
      String.raw`{"body":"{\"password\":\"abc\"}"}`,
      String.raw`{"body":"{\"password\":\"[redacted password ${mark('abc')}]\"}"}`,
    ],
    ['client_secret=abc&scope=x', `client_secret=[redacted secret ${mark('abc')}]&scope=x`],
  ])('%s', (raw, expected) => {
    expect(redactor().text(raw)).toBe(expected);
    expect(redactor().text(expected)).toBe(expected);
  });

  it.each([
    'WWW-Authenticate: Bearer realm="x", error="invalid_token"',
    'Bearer error_description="the token is expired"',
    'HTTP Basic authentication is required',
    '{"ueId":"ue-1","qosObjectives":{"priorityLevel":1}}',
    '{"tokenUrl":"https://x/token"}',
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
  ])('leaves alone what is harmless: %s', (text) => {
    expect(redactor().text(text)).toBe(text);
  });

  it('has no private key, whole or cut off', () => {
    const pem = '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEI\nabc\n-----END EC PRIVATE KEY-----';
    expect(redactor().text(`x ${pem} y`)).toBe(`x [redacted private-key ${mark(pem)}] y`);
    expect(redactor().text(pem.slice(0, 45))).not.toContain('MHcC');
    expect(redactor().text(JSON.stringify({ pem }))).not.toContain('MHcC');
  });

  it('stays quick on hostile text', () => {
    const started = performance.now();
    for (const piece of [
      'eyJ-',
      'eyJa.',
      '"password":"',
      'Bearer ',
      '-----BEGIN PRIVATE KEY-----',
      '\\\\\\',
      'cookie:',
    ])
      redactor('swordfish').text(piece.repeat(65_536 / piece.length));
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe('redacted JSON', () => {
  it.each<[Json, Json]>([
    [
      { headers: [['authorization', 'Basic dTpw']] },
      { headers: [['authorization', `Basic [redacted authorization ${mark('dTpw')}]`]] },
    ],
    [
      ['Host', 'x', 'Cookie', 'a=b'],
      ['Host', 'x', 'Cookie', `[redacted cookie ${mark('a=b')}]`],
    ],
    [
      { 'Set-Cookie': ['a', 'b'] },
      { 'Set-Cookie': [`[redacted cookie ${mark('a')}]`, `[redacted cookie ${mark('b')}]`] },
    ],
    [{ access_token: 'x1' }, { access_token: `[redacted token ${mark('x1')}]` }],
    [{ supi: `imsi-${IMSI}` }, { supi: `imsi-[redacted supi ${mark(IMSI)}]` }],
    [{ imsi: Number('901010123456789') }, { imsi: `[redacted supi ${mark('901010123456789')}]` }],
    [{ ueIds: [IMSI, 'ue-1'] }, { ueIds: [`[redacted supi ${mark(IMSI)}]`, 'ue-1'] }],
    [{ [`imsi-${IMSI}`]: 1 }, { [`imsi-[redacted supi ${mark(IMSI)}]`]: 1 }],
    [
      { status: 201, ok: true, none: null },
      { status: 201, ok: true, none: null },
    ],
  ])('%j', (raw, expected) => {
    expect(redactor().json(raw)).toEqual(expected);
    expect(redactor().json(expected)).toEqual(expected);
  });

  it('marks the same value the same in text, in JSON and in JSON inside text', () => {
    const clean = redactor().json({ ueId: IMSI, body: { text: `{"ueId":"${IMSI}"}` } }) as {
      ueId: string;
      body: { text: string };
    };
    expect((JSON.parse(clean.body.text) as { ueId: string }).ueId).toBe(clean.ueId);
  });

  it('finds a known secret in numbers, names and at any depth that it keeps', () => {
    let deep: Json = 'swordfish';
    for (let depth = 0; depth < 1000; depth++) deep = [deep];
    const clean = JSON.stringify(redactor('swordfish', '123456').json({ a: 123456, swordfish: 1, deep }));
    expect(clean).not.toMatch(/swordfish|123456[^0-9a-f]/u);
    expect(clean).toContain('[nested too deeply]');
  });

  it('keeps a member called __proto__ a member', () => {
    const hostile = JSON.parse('{"__proto__":{"password":"x"}}') as Json;
    expect(JSON.stringify(redactor().json(hostile))).toBe(
      `{"__proto__":{"password":"[redacted password ${mark('x')}]"}}`,
    );
  });
});

it('refuses a secret that is too short to be told from chance', () => {
  expect(() => redactor('abc')).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }) as Error);
});
